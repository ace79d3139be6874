"""``x += e`` of a number binds ``x`` anew: only arrays are changed in place."""

from __future__ import annotations

from dataclasses import replace

from backprose.analyse.types import type_of
from backprose.ir.names import NameSupply
from backprose.ir.nodes import Apply, Assign, Augment, Block, For, Function, If, Name, Stmt, While


def rebind_numbers(function: Function, supply: NameSupply) -> Function:
    """``x += e`` as ``_t1 = x + e; x = _t1`` where ``x`` is proved to be a number before and after."""
    return replace(function, body=_rebind(function.body, supply))


def _rebind(block: Block, supply: NameSupply) -> Block:
    result: list[Stmt] = []
    for stmt in block:
        match stmt:
            case If() | For() | While():
                stmt = replace(stmt, body=_rebind(stmt.body, supply), orelse=_rebind(stmt.orelse, supply))
            case Augment(target=Name() as target, op=op, value=value):
                whole = Apply(op, (target, value), spelling="operator")
                type = type_of(whole)
                if target.type.is_immutable_scalar:
                    held = supply.temporary(type)
                    result.append(Assign(held, whole, span=stmt.span, ours=stmt.ours))
                    stmt = Assign(replace(target, type=type), held, stmt.span, stmt.comments, stmt.ours)
        result.append(stmt)
    return tuple(result)
