"""Checks of dtypes: an array that is written with what is differentiated holds floats, where no type says so.

NumPy cuts off what is written into integers: the derivative of that is 0, and a text that takes the array for one of
floats would be wrong. Where that is not proved, the text makes sure, once, where the array is bound.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator
from dataclasses import replace

from backprose.analyse.activity import Activity
from backprose.analyse.dependence import flows
from backprose.analyse.field import Field
from backprose.analyse.inexact import Inexact
from backprose.differentiate.places import source_of
from backprose.ir.nodes import (
    Assign,
    Attribute,
    Augment,
    Block,
    Call,
    Compare,
    Const,
    Evaluate,
    Expr,
    For,
    Function,
    If,
    List,
    Logic,
    Name,
    Ours,
    Pop,
    Push,
    Raise,
    Span,
    Stmt,
    Subscript,
    Tuple,
)
from backprose.ir.types import Type
from backprose.ir.walk import (
    base,
    blocks,
    bound,
    call_writes,
    inplace_target,
    map_blocks,
    statements,
    targets,
    whole_of,
)

NOT_ARRAYS = ("python", "scalar", "tuple", "dict", "object", "function", "none", "str")
# The kinds of dtypes that a text of real numbers is right for, and one of complex ones (objects are kept as they are).
FLOATS, NUMBERS = "fO", "fcO"


def with_dtypes_checked(
    function: Function, facts: Activity, given: Collection[str], checked: Collection[str] = ()
) -> Function:
    """The function with checks; itself where none are needed.

    ``given``: parameters that hold what is differentiated; ``checked``: those that the caller has made sure of.
    """
    written = list(_written(function, facts))
    return _Checks(function, given, checked).made(written) if written else function


def _written(function: Function, facts: Activity) -> Iterator[tuple[Expr, Stmt]]:
    """The arrays of dtypes that are not known into which something varied is written, and where."""
    for stmt in statements(function.body):
        if not flows(stmt).sources & facts.varied_before[id(stmt)]:
            continue
        for array in _arrays(stmt):
            owner = base(array)
            if owner is not None and owner.id in facts.useful_after[id(stmt)] and _is_open(owner.type):
                yield array, stmt


def _is_open(type: Type) -> bool:
    type = type.item if type.kind == "list" and type.item is not None else type
    return type.kind not in NOT_ARRAYS and type.dtype is None


def _arrays(stmt: Stmt) -> Iterator[Expr]:
    """The arrays that a statement writes into. (``y *= x`` of an array of integers is an error of NumPy's.)"""
    match stmt:
        case Assign(target=Subscript(value=array)) | Augment(target=Subscript(value=array)):
            yield array
        case Pop(target=Subscript(value=array)):
            yield array
        case Assign(target=Tuple(items=items)) | Pop(target=Tuple(items=items)):
            yield from (item.value for item in items if isinstance(item, Subscript))
        case Evaluate(value=value) if (changed := inplace_target(value)) is not None:
            yield changed
    yield from call_writes(stmt)


class _Checks:
    def __init__(self, function: Function, given: Collection[str], checked: Collection[str]) -> None:
        self.function = function
        self.field = Field(function)
        self.parameters = {one.name: Name(one.name, one.type) for one in function.parameters}
        sure = {name for name in self.parameters if self._is_checked(function.body[:1], name)}
        made = frozenset(id(stmt) for block in _blocks(function.body) for stmt in self._made_sure(block))
        self.inexact = Inexact(function, {*given, *sure}, made)
        self.sure = {*checked, *self.inexact.names}
        self.bindings: dict[str, list[tuple[Stmt, Expr | None]]] = {}
        for stmt in statements(function.body):
            self._note(stmt)
        self.at_start: list[Name] = []
        self.after: dict[int, list[tuple[Name, Stmt]]] = {}
        self.before: dict[int, list[Expr]] = {}

    def _note(self, stmt: Stmt) -> None:
        match stmt:
            case Augment():
                return
            case Assign(target=Name(id=name), value=value) | Push(stack=Name(id=name), value=value):
                self.bindings.setdefault(name, []).append((stmt, value))
                return
        for name in (name for target in targets(stmt) for name in bound(target)):
            self.bindings.setdefault(name, []).append((stmt, None))

    def made(self, written: list[tuple[Expr, Stmt]]) -> Function:
        for array, stmt in written:
            self.need(array, stmt)
        if not (self.at_start or self.after or self.before):
            return self.function
        start = tuple(self.check(name, None) for name in self.at_start)
        return replace(self.function, body=(*start, *self.block(self.function.body)))

    # ------------------------------------------------------------ where they are needed
    def need(self, array: Expr, stmt: Stmt) -> None:
        """An array that the statement writes into has to hold floats."""
        owner = base(array)
        assert owner is not None
        if owner.id in self.sure:
            return
        if owner.type.kind != "list":
            self.need_variable(owner)
        elif array != owner and not self.need_items(owner):
            self.before.setdefault(id(stmt), []).append(_item(array))

    def need_variable(self, variable: Name) -> None:
        name = variable.id
        if name in self.sure:
            return
        self.sure.add(name)
        if name in self.parameters:
            self.at_start.append(variable)
        for stmt, value in self.bindings.get(name, ()):
            if id(stmt) in self.inexact.checked or (value is not None and self.inexact.holds(value)):
                continue
            source = None if value is None else source_of(value)
            if source is not None and source.type.kind == "array" and not source.temporary:
                self.need_variable(source)
            else:
                self.after.setdefault(id(stmt), []).append((variable, stmt))

    def need_items(self, variable: Name) -> bool:
        """Whether the arrays in a list are variables, and made sure of where these are bound."""
        arrays: list[Name] = []
        for stmt, value in self.bindings.get(variable.id, ()):
            items = value.items if isinstance(value, List) and isinstance(stmt, Assign) else (value,)
            arrays.extend(item for item in items if isinstance(item, Name) and item.type.kind == "array")
            if any(not isinstance(item, Name) or item.type.kind != "array" for item in items):
                return False
        if variable.id in self.parameters:
            return False
        self.sure.add(variable.id)
        for array in arrays:
            self.need_variable(array)
        return True

    # ------------------------------------------------------------ the checks
    def kinds(self, array: Expr) -> str:
        return NUMBERS if self.field.may_be_complex(array) else FLOATS

    def check(self, array: Expr, span: Span | None) -> Stmt:
        kinds = self.kinds(array)
        owner = base(array)
        name = array.id if isinstance(array, Name) and not array.temporary else "an array"
        if name == "an array" and owner is not None and not owner.temporary:
            name = f"an array of {owner.id}"
        message = f"{name} is written with what is differentiated, and holds no floats: give it dtype=float"
        error = Call(Ours("ValueError"), (Const(message),))
        return If(_test(array, kinds), (Raise(error, span=span, ours=True),), span=span)

    def _made_sure(self, block: Block) -> Iterator[Stmt]:
        """The bindings that a check follows: that of a text of ours, which is differentiated again."""
        for stmt, following in itertools.pairwise(block):
            names = [name for target in targets(stmt) for name in bound(target)]
            if len(names) == 1 and self._is_checked((following,), names[0]):
                yield stmt

    def _is_checked(self, block: Block, name: str) -> bool:
        match block:
            case (If(test=test, body=(Raise(),), orelse=()), *_):
                while isinstance(test, Logic) and test.op == "and":
                    test = test.operands[-1]
                allowed = (FLOATS, NUMBERS) if self.kinds(Name(name)) == NUMBERS else (FLOATS,)
                return any(test == _of_kind(Name(name), kinds) for kinds in allowed)
        return False

    def block(self, block: Block) -> Block:
        result: list[Stmt] = []
        for stmt in block:
            result.extend(self.check(array, stmt.span) for array in self.before.get(id(stmt), ()))
            inner = map_blocks(stmt, self.block)
            checks = tuple(self.check(name, at.span) for name, at in self.after.get(id(stmt), ()))
            if isinstance(inner, For):
                result.append(replace(inner, body=(*checks, *inner.body)))
            else:
                result += [inner, *checks]
        return tuple(result)


def _test(array: Expr, kinds: str) -> Expr:
    test = _of_kind(array, kinds)
    if isinstance(array, Name) and array.type.kind == "array":
        return test
    is_array = Call(Ours("isinstance"), (array, Attribute(Ours("np"), "ndarray")))
    return Logic("and", (is_array, test))


def _of_kind(array: Expr, kinds: str) -> Expr:
    kind = Attribute(Attribute(array, "dtype"), "kind")
    return Compare((kind, Const(kinds)), ("not in",))


def _item(array: Expr) -> Expr:
    """The item of a list that a part is of."""
    while (inner := whole_of(array)) is not None and not isinstance(inner, Name):
        array = inner
    return array


def _blocks(block: Block) -> Iterator[Block]:
    yield block
    for stmt in block:
        for inner in blocks(stmt):
            yield from _blocks(inner)
