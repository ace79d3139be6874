"""``try``: what the tried statements may have changed half way, where one of them raises."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from backprose.analyse.activity import Activity
from backprose.analyse.liveness import Liveness
from backprose.ir.nodes import (
    Assign,
    Attribute,
    Augment,
    Block,
    Const,
    Expr,
    Function,
    Global,
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
    Tuple,
)
from backprose.ir.walk import base, call_writes, rebinds, statements, writes


def half_done(function: Function, activity: Activity) -> Mapping[int, frozenset[str]]:
    """For a ``try`` (by the ``id`` of its first handler) the variables that a derivative passes through, that the
    statements tried may change before one of them raises, and that are read afterwards.

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
    [frozenset({'x'})]
    """
    liveness = Liveness({}, frozenset(), function.outside)
    liveness.block(function.body, set(), None)
    found: dict[int, frozenset[str]] = {}
    for stmt in statements(function.body):
        if isinstance(stmt, Try) and not stmt.continued:
            attempt = tried(stmt)
            varied: set[str] = set()
            for inner in statements(attempt):
                varied |= activity.varied_before[id(inner)] | activity.varied_after[id(inner)]
            read: set[str] = set()
            for handler in handlers(stmt):
                if not (handler.body and isinstance(handler.body[-1], Raise)):
                    read |= liveness.at_handler.get(id(handler), set())
            lost = changed_early(attempt, catches_arithmetic(stmt)) & read & varied
            if lost:
                found[id(stmt)] = frozenset(lost)
    return found


def handlers(stmt: Try) -> Iterator[Try]:
    """The handlers of a ``try``, of which ``stmt`` is the first."""
    yield stmt
    match stmt.orelse:
        case (Try(continued=True) as other,):
            yield from handlers(other)


LOOKUPS = frozenset({"KeyError", "IndexError", "LookupError", "TypeError", "LinAlgError"})
ARITHMETIC = frozenset({"ArithmeticError", "FloatingPointError", "OverflowError", "ZeroDivisionError"})


def catches_arithmetic(stmt: Try) -> bool:
    """Whether a handler may take the FloatingPointError of an operation in place, which has changed its array."""
    return any(not _is_one_of(handler.caught, LOOKUPS | {"ValueError"}) for handler in handlers(stmt))


def catches_values(stmt: Try) -> bool:
    """Whether a handler may take a ValueError."""
    return any(not _is_one_of(handler.caught, LOOKUPS | ARITHMETIC) for handler in handlers(stmt))


def _is_one_of(caught: Expr | None, kinds: frozenset[str]) -> bool:
    if isinstance(caught, Tuple):
        return all(_is_one_of(item, kinds) for item in caught.items)
    name = caught.id if isinstance(caught, Global) else caught.attr if isinstance(caught, Attribute) else None
    return name in kinds


def tried(stmt: Try) -> Block:
    """The statements whose exceptions a handler takes."""
    for position, inner in enumerate(stmt.orelse):
        if isinstance(inner, Mark) and inner.kind == "else":
            return stmt.orelse[:position]
        if isinstance(inner, Try) and inner.continued:
            return tried(inner)
    return stmt.orelse


def changed_early(block: Block, arithmetic: bool = True) -> set[str]:
    """The variables that a block may have changed where a statement of it raises.

    The last statement that can raise binds its name, or writes its part of an array, only where it does not; so does an
    operation in place, if it is not ``arithmetic`` that may have raised. What stands in ``finally`` runs all the same.
    """
    found: set[str] = set()
    at_end = True
    always = 0  # how many ``finally`` are open here
    for stmt in reversed(block):
        if isinstance(stmt, Mark):
            always += {"end": 1, "finally": -1}.get(stmt.kind, 0)
        if always:
            at_end = at_end and _passes(stmt)
        elif at_end and _passes(stmt):
            continue
        elif at_end:
            at_end = False
            if isinstance(stmt, Assign) and isinstance(stmt.target, Name | Subscript):
                found |= {array.id for place in call_writes(stmt) if (array := base(place)) is not None}
                continue
            if (isinstance(stmt, Augment) and not arithmetic) or isinstance(stmt, Push):
                continue
            if isinstance(stmt, If) and not isinstance(stmt, Try):
                found |= changed_early(stmt.body, arithmetic) | changed_early(stmt.orelse, arithmetic)
                continue
        for inner in statements((stmt,)):
            found.update(rebinds(inner))
            found.update(writes(inner))
    return found


def pushed_early(block: Block) -> set[str]:
    """The stacks of ours that a block may have pushed to where a statement of it raises."""
    found: set[str] = set()
    at_end = True
    always = 0
    for stmt in reversed(block):
        if isinstance(stmt, Mark):
            always += {"end": 1, "finally": -1}.get(stmt.kind, 0)
        if not always and at_end and (_passes(stmt) or isinstance(stmt, Push)):
            continue
        if not always and at_end and isinstance(stmt, If) and not isinstance(stmt, Try):
            found |= pushed_early(stmt.body) | pushed_early(stmt.orelse)
        else:
            found |= {one.stack.id for one in statements((stmt,)) if isinstance(one, Push) and one.ours}
        at_end = at_end and always > 0 and _passes(stmt)
    return found


def _passes(stmt: Stmt) -> bool:
    """Whether a statement cannot raise."""
    if isinstance(stmt, Assign):
        return isinstance(stmt.target, Name) and isinstance(stmt.value, Const | Name)
    if isinstance(stmt, Push):
        return isinstance(stmt.value, Const | Name)
    return isinstance(stmt, Remark | Pass | Mark) or (isinstance(stmt, Leave) and stmt.again is not None)
