"""Exits that all hand out the same value: the value is taken once, after the loop."""

from __future__ import annotations

from dataclasses import replace

from backprose.ir.nodes import Assign, Block, Break, For, Function, If, Name, Return, Stmt, While


def hoist_exits(function: Function) -> Function:
    """``result = x; break`` in a loop and ``else: result = x`` at its end as one ``result = x`` after the loop.

    >>> from backprose.emit import emit
    >>> from backprose.ir.names import NameSupply
    >>> from backprose.ir.nodes import Program
    >>> from backprose.lower import lower
    >>> from backprose.parse import parse
    >>> def f(x):
    ...     for i in range(3):
    ...         if x > i:
    ...             return x
    ...         x = x + i
    ...     return x
    >>> print(emit(Program((hoist_exits(lower(parse(f), NameSupply(()))),))).text, end="")
    def f(x):
        for i in range(3):
            if x > i:
                break
            else:
                _t1 = x + i
                x = _t1
        return x
    """
    return replace(function, body=_hoist(function.body))


def _hoist(block: Block) -> Block:
    result: list[Stmt] = []
    for stmt in block:
        if isinstance(stmt, (If, For, While)):
            stmt = replace(stmt, body=_hoist(stmt.body), orelse=_hoist(stmt.orelse))
        if isinstance(stmt, (For, While)) and len(stmt.orelse) == 1:
            last = stmt.orelse[0]
            if _is_exit(last) and _all_breaks_after(stmt.body, last):
                result += [replace(stmt, body=_without_exits(stmt.body), orelse=()), last]
                continue
        previous = result[-1] if result else None
        if (
            isinstance(stmt, Return)
            and isinstance(previous, Assign)
            and _is_exit(previous)
            and stmt.value == previous.target
        ):
            result.pop()
            stmt = replace(stmt, value=previous.value)
        result.append(stmt)
    return tuple(result)


def _is_exit(stmt: Stmt) -> bool:
    return isinstance(stmt, Assign) and isinstance(stmt.target, Name) and isinstance(stmt.value, Name)


def _same(stmt: Stmt, other: Stmt) -> bool:
    return (
        isinstance(stmt, Assign)
        and isinstance(other, Assign)
        and stmt.target == other.target
        and stmt.value == other.value
    )


def _all_breaks_after(block: Block, wanted: Stmt) -> bool:
    """Whether each ``break`` of this loop stands right after a statement like ``wanted``."""
    for position, stmt in enumerate(block):
        if isinstance(stmt, Break) and (position == 0 or not _same(block[position - 1], wanted)):
            return False
        if isinstance(stmt, If) and not (
            _all_breaks_after(stmt.body, wanted) and _all_breaks_after(stmt.orelse, wanted)
        ):
            return False
    return True


def _without_exits(block: Block) -> Block:
    result: list[Stmt] = []
    for stmt in block:
        if isinstance(stmt, Break):
            result.pop()
        if isinstance(stmt, If):
            stmt = replace(stmt, body=_without_exits(stmt.body), orelse=_without_exits(stmt.orelse))
        result.append(stmt)
    return tuple(result)
