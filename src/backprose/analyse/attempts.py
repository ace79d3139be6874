"""``try``: what the tried statements may have changed half way, where one of them raises."""

from __future__ import annotations

from collections.abc import Mapping

from backprose.analyse.activity import Activity
from backprose.analyse.liveness import Liveness
from backprose.ir.nodes import (
    Assign,
    Block,
    Const,
    Function,
    If,
    Leave,
    Mark,
    Name,
    Pass,
    Push,
    Raise,
    Remark,
    Stmt,
    Subscript,
    Try,
)
from backprose.ir.walk import base, call_writes, rebinds, statements, writes


def half_done(function: Function, activity: Activity) -> Mapping[int, str]:
    """For a handler (by the ``id`` of its ``Try``) a variable that a derivative passes through, that the statements
    tried may change before one of them raises, and that is read afterwards: its derivative would be unknown.

    >>> from backprose.analyse.activity import activity
    >>> from backprose.ir.names import NameSupply
    >>> from backprose.lower import lower
    >>> from backprose.parse import parse
    >>> def f(x):
    ...     try:
    ...         x = x * 2
    ...         x = x / x
    ...     except ZeroDivisionError:
    ...         x = x + 1
    ...     return x
    >>> program = lower(parse(f), NameSupply(()))
    >>> list(half_done(program, activity(program, ["x"])).values())
    ['x']
    """
    liveness = Liveness({}, frozenset())
    liveness.block(function.body, set(), None)
    found: dict[int, str] = {}
    for stmt in statements(function.body):
        if isinstance(stmt, Try) and not (stmt.body and isinstance(stmt.body[-1], Raise)):
            attempt = tried(stmt)
            varied: set[str] = set()
            for inner in statements(attempt):
                varied |= activity.varied_before[id(inner)] | activity.varied_after[id(inner)]
            lost = changed_early(attempt) & liveness.at_handler.get(id(stmt), set()) & varied
            if lost:
                found[id(stmt)] = min(lost)
    return found


def tried(stmt: Try) -> Block:
    """The statements whose exceptions a handler takes."""
    for position, inner in enumerate(stmt.orelse):
        if isinstance(inner, Mark) and inner.kind == "else":
            return stmt.orelse[:position]
        if isinstance(inner, Try) and inner.continued:
            return tried(inner)
    return stmt.orelse


def changed_early(block: Block) -> set[str]:
    """The variables that a block may have changed where a statement of it raises.

    The last statement that can raise binds its name, or writes its part of an array, only where it does not.
    """
    found: set[str] = set()
    at_end = True
    for stmt in reversed(block):
        if at_end and _passes(stmt):
            continue
        if at_end:
            at_end = False
            if isinstance(stmt, Assign) and isinstance(stmt.target, Name | Subscript):
                found |= {array.id for place in call_writes(stmt) if (array := base(place)) is not None}
                continue
            if isinstance(stmt, If) and not isinstance(stmt, Try):
                found |= changed_early(stmt.body) | changed_early(stmt.orelse)
                continue
        for inner in statements((stmt,)):
            found.update(rebinds(inner))
            found.update(writes(inner))
    return found


def pushed_early(block: Block) -> set[str]:
    """The stacks of ours that a block may have pushed to where a statement of it raises."""
    found: set[str] = set()
    at_end = True
    for stmt in reversed(block):
        if at_end and (_passes(stmt) or isinstance(stmt, Push)):
            continue
        if at_end and isinstance(stmt, If) and not isinstance(stmt, Try):
            found |= pushed_early(stmt.body) | pushed_early(stmt.orelse)
        else:
            found |= {one.stack.id for one in statements((stmt,)) if isinstance(one, Push) and one.ours}
        at_end = False
    return found


def _passes(stmt: Stmt) -> bool:
    """Whether a statement cannot raise."""
    if isinstance(stmt, Assign):
        return isinstance(stmt.target, Name) and isinstance(stmt.value, Const | Name)
    if isinstance(stmt, Push):
        return isinstance(stmt.value, Const | Name)
    return isinstance(stmt, Remark | Pass | Mark) or (isinstance(stmt, Leave) and stmt.again is not None)
