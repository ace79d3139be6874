"""Short callees written out in place: a function that is one expression reads better in its caller's text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import FunctionType

from backprose.ir.names import NameSupply
from backprose.ir.nodes import (
    Apply,
    Assign,
    Block,
    Call,
    Const,
    Dict,
    Expr,
    For,
    Function,
    If,
    Lambda,
    List,
    Name,
    Return,
    Starred,
    Stmt,
    Tuple,
    Verbatim,
    While,
)
from backprose.ir.walk import all_names, globals_in, parts_of, reads, substitute
from backprose.parse.imports import imports_of

MOST_STATEMENTS = 8
TAKE_LISTS = frozenset({"array", "asarray", "stack", "concatenate", "hstack", "vstack"})


def inline(
    function: Function,
    callee: Callable[[Expr], FunctionType | None],
    lower: Callable[[FunctionType], Function | None],
    supply: NameSupply,
) -> Function:
    """The flat function with calls of one-expression functions of the same module replaced by that expression.

    >>> from backprose.emit import emit
    >>> from backprose.ir.names import NameSupply
    >>> from backprose.ir.nodes import Program
    >>> from backprose.lower import lower
    >>> from backprose.parse.imports import imports_of
    >>> from backprose.parse import parse
    >>> def half(x):
    ...     return 0.5 * x
    >>> def f(x):
    ...     y = half(x + 1.0)
    ...     return y
    >>> supply = NameSupply(())
    >>> flat = lower(parse(f), supply)
    >>> done = inline(flat, lambda call: half, lambda function: lower(parse(function), NameSupply(())), supply)
    >>> print(emit(Program((done,))).text, end="")
    def f(x):
        _t1 = x + 1.0
        y = 0.5 * _t1
        return y
    """
    return replace(function, body=_Inliner(function, callee, lower, supply).block(function.body))


class _Inliner:
    def __init__(
        self,
        function: Function,
        callee: Callable[[Expr], FunctionType | None],
        lower: Callable[[FunctionType], Function | None],
        supply: NameSupply,
    ) -> None:
        self.home, self.callee, self.lower, self.supply = function.home, callee, lower, supply
        self.own = all_names(function.body) | {parameter.name for parameter in function.parameters}
        self.known: dict[FunctionType, Function | None] = {}

    def block(self, block: Block) -> Block:
        result: list[Stmt] = []
        for stmt in block:
            if isinstance(stmt, Assign) and isinstance(stmt.target, Name) and isinstance(stmt.value, Call):
                result.extend(self.call(stmt, stmt.target, stmt.value))
            elif isinstance(stmt, (If, For, While)):
                result.append(replace(stmt, body=self.block(stmt.body), orelse=self.block(stmt.orelse)))
            else:
                result.append(stmt)
        return tuple(result)

    def call(self, stmt: Assign, target: Name, call: Call) -> list[Stmt]:
        found = self.callee(call.function)
        if found is None or found is self.home:
            return [stmt]
        if found not in self.known:
            self.known[found] = self.expression_function(found)
        body = self.known[found]
        values = None if body is None else arguments(body, call)
        if body is None or values is None:
            return [stmt]
        result: list[Stmt] = []
        for part in body.body:
            if isinstance(part, Return):
                value = substitute(part.value or Const(None), values)
                last = result[-1] if result else None
                if isinstance(value, Name) and value.temporary and isinstance(last, Assign) and last.target == value:
                    result.pop()
                    value = last.value
                if target.id in reads(value):
                    held = self.supply.temporary()
                    result.append(Assign(held, value, span=stmt.span))
                    value = held
                result.append(replace(stmt, value=value))
            else:
                assert isinstance(part, Assign)
                assert isinstance(part.target, Name)
                fresh = self.supply.temporary()
                result.append(Assign(fresh, substitute(part.value, values), span=stmt.span))
                values[part.target.id] = fresh
        return result

    def expression_function(self, function: FunctionType) -> Function | None:
        if function.__globals__ is not self.home.__globals__ or function.__closure__:
            return None
        lowered = self.lower(function)
        if imports_of(function) or imports_of(self.home):  # a name may mean something else there
            return None
        if lowered is None or len(lowered.body) > MOST_STATEMENTS or globals_in(lowered.body) & self.own:
            return None
        for stmt in lowered.body[:-1]:
            if not (isinstance(stmt, Assign) and isinstance(stmt.target, Name) and stmt.target.temporary):
                return None
            if isinstance(stmt.value, Call):
                return None
        if any(isinstance(part, Verbatim) and part.reads for part in parts_of(lowered.body)):
            return None  # names are not replaced in it
        made = any(isinstance(getattr(stmt, "value", None), List) for stmt in lowered.body)
        if made or any(map(is_structure, parts_of(lowered.body))):
            return None  # structures are followed before calls are written out
        return lowered if lowered.body and isinstance(lowered.body[-1], Return) else None


def is_structure(part: Expr) -> bool:
    return isinstance(part, Dict | Lambda | Starred) or (isinstance(part, Apply) and has_lists(part))


def has_lists(operation: Apply) -> bool:
    """Whether a list is an operand, other than of what makes an array of it: ``[x] * 3``."""
    whole = (*operation.args, *(value for _, value in operation.keywords))
    made = [arg for arg in whole if isinstance(arg, List) or (isinstance(arg, Tuple) and is_operator(operation))]
    return bool(made) and (is_operator(operation) or operation.op not in TAKE_LISTS)


def is_operator(operation: Apply) -> bool:
    return operation.spelling.startswith("operator")


def arguments(function: Function, call: Call) -> dict[str, Expr] | None:
    """The arguments of a call by parameter name, defaults included; None where they do not fit plainly."""
    parameters = function.parameters
    if any(parameter.kind not in ("positional", "positional-only", "keyword-only") for parameter in parameters):
        return None
    positional = [parameter.name for parameter in parameters if parameter.kind != "keyword-only"]
    if len(call.args) > len(positional):
        return None
    values: dict[str, Expr] = dict(zip(positional, call.args, strict=False))
    names = {parameter.name for parameter in parameters}
    for key, value in call.keywords:
        if key in values or key not in names:
            return None
        values[key] = value
    for parameter in parameters:
        if parameter.name not in values:
            if not isinstance(parameter.default, Const):
                return None
            values[parameter.name] = parameter.default
    return values
