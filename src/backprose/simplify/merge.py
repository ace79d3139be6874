"""Branches that say the same on both sides need no test."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

from backprose.ir.nodes import Block, Break, Function, If, Remark, Stmt
from backprose.ir.walk import kept, map_blocks, with_body


def merge_branches(function: Function) -> Function:
    """An adjoint ``if`` with two equal branches becomes the branch.

    >>> from backprose.emit import emit
    >>> from backprose.ir.names import NameSupply
    >>> from backprose.ir.nodes import Program
    >>> from backprose.lower import lower
    >>> from backprose.parse import parse
    >>> def f(x_bar, taken):
    ...     if taken:
    ...         y_bar = x_bar
    ...     else:
    ...         y_bar = x_bar
    ...     return y_bar
    >>> function = lower(parse(f), NameSupply(()))
    >>> function = replace(function, body=tuple(replace(stmt, ours=True) for stmt in function.body))
    >>> print(emit(Program((merge_branches(function),))).text, end="")
    def f(x_bar, taken):
        y_bar = x_bar
        return y_bar
    """
    return with_body(function, _merge(function.body))


def _merge(block: Block) -> Block:
    result: list[Stmt] = []
    for stmt in block:
        stmt = map_blocks(stmt, _merge)
        if isinstance(stmt, If) and stmt.ours and _key(stmt.body) == _key(stmt.orelse):
            result.extend(stmt.body)
        else:
            result.append(stmt)
    return kept(block, result)


def unnest(function: Function) -> Function:
    """``if test: break`` and then the rest, instead of the rest under ``else``.

    >>> from backprose.emit import emit
    >>> from backprose.ir.names import NameSupply
    >>> from backprose.ir.nodes import Program
    >>> from backprose.lower import lower
    >>> from backprose.parse import parse
    >>> def f(x):
    ...     for i in range(3):
    ...         if x > i:
    ...             break
    ...         x = x + i
    ...     return x
    >>> print(emit(Program((unnest(lower(parse(f), NameSupply(()))),))).text, end="")
    def f(x):
        for i in range(3):
            if x > i:
                break
            _t1 = x + i
            x = _t1
        return x
    """
    return with_body(function, _unnest(function.body))


def _unnest(block: Block) -> Block:
    result: list[Stmt] = []
    for stmt in block:
        stmt = map_blocks(stmt, _unnest)
        if isinstance(stmt, If) and stmt.orelse and stmt.body and isinstance(stmt.body[-1], Break):
            result += [replace(stmt, orelse=()), *stmt.orelse]
        else:
            result.append(stmt)
    return kept(block, result)


def without_empty_sweep(function: Function) -> Function:
    """No heading over a forward sweep of which nothing is left."""
    body = function.body
    if len(body) > 1 and isinstance(body[0], Remark) and isinstance(body[1], Remark):
        return replace(function, body=body[2:])
    return function


def _key(block: Sequence[Stmt]) -> tuple[Any, ...]:
    """What a block says, places and comments aside."""
    return tuple(
        (
            type(stmt),
            *(
                _key(value) if field.name in ("body", "orelse") else value
                for field in fields(stmt)
                if field.name not in ("span", "comments", "ours")
                for value in (getattr(stmt, field.name),)
            ),
        )
        for stmt in block
    )
