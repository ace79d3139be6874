"""The stage on one page: a function whose parameters are numbers and arrays only, and what they stand for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import FunctionType
from typing import Any

from backprose.expand.blocks import Blocks
from backprose.expand.calls import bound_often, plain_stacks
from backprose.expand.frames import Frame, State
from backprose.expand.values import Struct, Value, is_leaf
from backprose.ir.names import NameSupply
from backprose.ir.nodes import (
    Apply,
    Attribute,
    Block,
    Call,
    Const,
    Expr,
    Function,
    Global,
    Lambda,
    Name,
    Parameter,
    Return,
    Subscript,
    Tuple,
    children,
)
from backprose.ir.types import UNKNOWN, Type
from backprose.ir.walk import all_names, bound, expressions, statement_reads, statements, targets
from backprose.lower.fence import Refusal, refuse
from backprose.parse import Parsed


@dataclass(frozen=True, slots=True)
class Leaf:
    """A number or array inside an argument: the variable that it is, and how it is read (``params["W"][0]``)."""

    name: str
    path: Expr
    type: Type
    constant: bool = False  # an attribute of the class


@dataclass(frozen=True, slots=True)
class Expanded:
    """``function`` takes leaves; ``leaves`` are those of each parameter of the user's that is a structure."""

    function: Function
    leaves: Mapping[str, tuple[Leaf, ...]]


def expand(
    function: Function,
    parsed: Parsed,
    signature: Mapping[str, Type],
    supply: NameSupply,
    lowered: Callable[[FunctionType, NameSupply], Function],
) -> Expanded:
    """The function without structures and without functions as values.

    >>> from backprose.lower import lower
    >>> from backprose.parse import parse
    >>> def f(x):
    ...     pair = (x, 2 * x)
    ...     square = lambda y: y * y
    ...     return square(pair[1])
    >>> supply = NameSupply(())
    >>> flat = expand(lower(parse(f), supply), parse(f), {}, supply, lambda _function, _supply: None).function
    >>> from backprose.emit import emit
    >>> from backprose.ir.nodes import Program
    >>> print(emit(Program((flat,))).text, end="")
    def f(x):
        _t1 = 2 * x
        _t5 = _t1 * _t1
        return _t5
    """
    if not _concerned(function, signature):
        return Expanded(function, {})
    local = frozenset(p.name for p in function.parameters) | _assigned(function.body)
    frame = Frame(parsed, local, outermost=True, many=bound_often(function, local), stacks=plain_stacks(function.body))
    state = State()
    blocks = Blocks(supply, state, lowered)
    blocks.frame = frame
    blocks.given |= all_names(function.body) | local | globals_of(function)
    leaves: dict[str, tuple[Leaf, ...]] = {}
    parameters: list[Parameter] = []
    for parameter in function.parameters:
        known = signature.get(parameter.name, UNKNOWN)
        if not known.is_structure:
            parameters.append(parameter)
            if parameter.kind in ("starred", "double-starred"):
                refuse(parsed, parsed.tree, _starred(parameter))
            continue
        found: list[Leaf] = []
        state.bindings[parameter.name] = _structure(known, Name(parameter.name), parameter.name, supply, found, blocks)
        leaves[parameter.name] = tuple(found)
        parameters += [Parameter(leaf.name, "keyword-only", None, leaf.type) for leaf in found]
    *body, last = function.body
    made = blocks.run(tuple(body), frame)
    assert isinstance(last, Return)
    result = None if last.value is None else _result(blocks.value(last.value, frame, last), blocks, last)
    closing = blocks.take()
    left = {name for stmt in (*made, *closing) for name in statement_reads(stmt)} & blocks.were_structures
    if left:
        name = min(left)
        why = "it is not bound on every way that comes here"
        refuse(parsed, parsed.tree, Refusal(f"a use of {name}", why, "bind it before the loop", "containers"))
    flat = replace(function, parameters=_in_order(parameters), body=(*made, *closing, replace(last, value=result)))
    return Expanded(flat, leaves)


def _concerned(function: Function, signature: Mapping[str, Type]) -> bool:
    """Whether there is anything to expand."""
    if any(known.is_structure for known in signature.values()) or Blocks.needed(function):
        return True
    pending = [expr for stmt in statements(function.body) for expr in expressions(stmt)]
    while pending:
        expr = pending.pop()
        if isinstance(expr, Call) and isinstance(expr.function, Global | Attribute):
            return True
        pending.extend(children(expr))
    return False


def _result(value: Value, blocks: Blocks, last: Return) -> Expr:
    if isinstance(value, Struct) and value.kind == "tuple" and all(map(is_leaf, value.slots.values())):
        return Tuple(tuple(blocks.leaf(one, last) for one in value.slots.values()))
    return blocks.leaf(value, last)


def _structure(
    known: Type, path: Expr, wish: str, supply: NameSupply, leaves: list[Leaf], blocks: Blocks, constant: bool = False
) -> Value:
    """What an argument of this type is: a variable for each number and array in it."""
    if not known.is_structure:
        name = supply.fresh(wish)
        leaves.append(Leaf(name, path, known, constant))
        blocks.slot_names.add(name)
        return Name(name, known)
    if known.kind == "function":
        return blocks.known(known.value)
    slots: dict[Any, Value] = {}
    items = known.items or ()
    for place, (key, item) in enumerate(zip(known.keys or range(len(items)), items, strict=True)):
        inner = Attribute(path, str(key)) if known.kind == "object" else Subscript(path, Const(key))
        if known.kind == "tuple" and known.value is not None:
            inner = Attribute(path, known.value._fields[key])
            part = known.value._fields[key]
        else:
            part = str(key)
        label = part if part.isidentifier() and known.kind != "list" else f"{wish}_{part}"
        label = label if label.isidentifier() else f"{wish}_part"
        slots[key] = _structure(
            item, inner, label, supply, leaves, blocks, constant or place >= len(items) - known.fixed
        )
    kind: Any = known.kind
    own = {one.id for one in slots.values() if isinstance(one, Name)}
    return Struct(kind, slots, known.value, wish, own)


def _in_order(parameters: list[Parameter]) -> tuple[Parameter, ...]:
    """Leaves stand after the other parameters, by name: the text that users see has their own parameters."""
    plain = [p for p in parameters if p.kind != "keyword-only"]
    return (*plain, *(p for p in parameters if p.kind == "keyword-only"))


def _starred(parameter: Parameter) -> Refusal:
    star = "*" if parameter.kind == "starred" else "**"
    return Refusal(
        f"the parameter {star}{parameter.name}", "how many arguments it takes is not known", "name the parameters",
        "starred",
    )  # fmt: skip


def globals_of(function: Function) -> set[str]:
    """The first names of what the function reads from outside."""
    found: set[str] = set()
    pending: list[Any] = [expr for stmt in statements(function.body) for expr in expressions(stmt)]
    while pending:
        expr = pending.pop()
        if isinstance(expr, Global):
            found.add(expr.id)
        if isinstance(expr, Apply):
            found.add(expr.spelling.rpartition(":")[2].partition(".")[0])
        if isinstance(expr, Lambda):
            found |= globals_of(expr.function) | all_names(expr.function.body)
        pending.extend(children(expr))
    return found


def _assigned(body: Block) -> frozenset[str]:
    return frozenset(name for stmt in statements(body) for target in targets(stmt) for name in bound(target))
