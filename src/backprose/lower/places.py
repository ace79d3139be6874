"""Places that a write changes while they are needed: indexes that must be kept as they were."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from backprose.ir.check import is_operand
from backprose.ir.names import NameSupply
from backprose.ir.nodes import (
    Apply,
    Assign,
    Attribute,
    Augment,
    Block,
    Compare,
    Expr,
    For,
    Function,
    If,
    Logic,
    Name,
    Slice,
    Span,
    Stmt,
    Subscript,
    Tuple,
    While,
    children,
)
from backprose.ir.walk import base, place_reads, reads, rebuild

SHAPE = ("shape", "size", "ndim")


def fix_places(function: Function, supply: NameSupply) -> Function:
    """``x[x > 1] = v`` as ``_t1 = x > 1; x[_t1] = v``: an index that the write may change is evaluated before it.

    >>> from backprose.emit import emit
    >>> from backprose.ir.names import NameSupply
    >>> from backprose.ir.nodes import Program
    >>> from backprose.lower import lower
    >>> from backprose.parse import parse
    >>> supply = NameSupply(())
    >>> def f(x):
    ...     x[x > 1] = 0.0
    ...     return x
    >>> print(emit(Program((fix_places(lower(parse(f), supply), supply),))).text, end="")
    def f(x):
        _t1 = x > 1
        x[_t1] = 0.0
        return x
    """
    return replace(function, body=_fix(function.body, supply))


def _fix(block: Block, supply: NameSupply) -> Block:
    result: list[Stmt] = []
    for stmt in block:
        if isinstance(stmt, (If, For, While)):
            stmt = replace(stmt, body=_fix(stmt.body, supply), orelse=_fix(stmt.orelse, supply))
        elif isinstance(stmt, (Assign, Augment)) and isinstance(stmt.target, Subscript):
            array = base(stmt.target)
            place = _Place(supply, frozenset() if array is None else frozenset((array.id,)), stmt.span)
            stmt = replace(stmt, target=Subscript(stmt.target.value, place.steady(stmt.target.index)))
            result.extend(place.held)
        result.append(stmt)
    return tuple(result)


@dataclass
class _Place:
    """One place that is written; ``held``: the parts of its index that are evaluated before."""

    supply: NameSupply
    changing: frozenset[str]
    span: Span | None
    held: list[Stmt] = field(default_factory=list)

    def steady(self, index: Expr) -> Expr:
        """The index, what the write may change of it held; of a slice its bounds."""
        if isinstance(index, Tuple):
            return rebuild(index, self.steady)
        if isinstance(index, Slice):
            return rebuild(index, lambda bound: self.hold(bound) if _content(bound) & self.changing else bound)
        return self.hold(index) if _compares(index) or reads(index) & self.changing else index

    def hold(self, expr: Expr) -> Name:
        held = self.supply.temporary()
        if isinstance(expr, Apply | Subscript):  # one operation a statement
            expr = rebuild(expr, lambda part: part if is_operand(part) else self.hold(part))
        self.held.append(Assign(held, expr, span=self.span))
        return held


def _compares(expr: Expr) -> bool:
    return isinstance(expr, (Compare, Logic)) or any(map(_compares, children(expr)))


def _content(expr: Expr) -> frozenset[str]:
    """The variables whose content a bound depends on: a write leaves the shape of an array as it is."""
    match expr:
        case Attribute(value=value, attr=attr) if attr in SHAPE and base(value) is not None:
            return place_reads(value)
        case Apply(op=op, args=(value,)) if op in (*SHAPE, "len") and base(value) is not None:
            return place_reads(value)
    parts = children(expr)
    return frozenset().union(*map(_content, parts)) if parts else reads(expr)
