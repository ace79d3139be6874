"""Places that a write changes while they are needed: indexes that must be kept as they were."""

from __future__ import annotations

from dataclasses import replace

from backprose.ir.names import NameSupply
from backprose.ir.nodes import (
    Assign,
    Augment,
    Block,
    Compare,
    Expr,
    For,
    Function,
    If,
    Logic,
    Stmt,
    Subscript,
    Tuple,
    While,
    children,
)
from backprose.ir.walk import base, reads


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
            changing = set() if array is None else {array.id}

            def hold(index: Expr, stmt: Assign | Augment = stmt, changing: set[str] = changing) -> Expr:
                if isinstance(index, Tuple):
                    return Tuple(tuple(map(hold, index.items)))
                if not _compares(index) and not reads(index) & changing:
                    return index
                held = supply.temporary()
                result.append(Assign(held, index, span=stmt.span))
                return held

            stmt = replace(stmt, target=Subscript(stmt.target.value, hold(stmt.target.index)))
        result.append(stmt)
    return tuple(result)


def _compares(expr: Expr) -> bool:
    return isinstance(expr, (Compare, Logic)) or any(map(_compares, children(expr)))
