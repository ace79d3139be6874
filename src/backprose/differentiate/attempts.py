"""``try`` statements that may end half way, after they have changed what is read later.

Where an exception ends the statements tried, the backward sweep has to undo those that were carried out. Straight-line
code is cut into attempts of which each changes such a variable as its last act, or not at all. Of loops, calls and the
like it is noted that they were begun: where an exception follows, the backward sweep raises an error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from backprose.analyse.attempts import catches_arithmetic, catches_values, changed_early, handlers, tried
from backprose.ir.names import NameSupply
from backprose.ir.nodes import (
    Assign,
    Block,
    Call,
    Compare,
    Const,
    Enter,
    For,
    Function,
    Global,
    If,
    Leave,
    Mark,
    Name,
    Ours,
    Pass,
    Raise,
    Span,
    Stmt,
    Try,
)
from backprose.ir.types import PYTHON_BOOL
from backprose.ir.walk import base, call_writes, calls, expressions, map_blocks, rebinds, statements, writes
from backprose.lower.exits import RAISED

MOST = 4  # attempts that one ``try`` is cut into


def cut_attempts(
    function: Function, lost: Mapping[int, frozenset[str]], supply: NameSupply
) -> tuple[Function, dict[int, Raise]]:
    """The function with the attempts apart of each ``try`` in ``lost`` (as ``half_done`` gives it); and statements, by
    ``id``, that are reached where it is not known what to undo, with what the backward sweep raises there.

    >>> from backprose.analyse.activity import activity
    >>> from backprose.analyse.attempts import half_done
    >>> from backprose.emit import emit
    >>> from backprose.ir.nodes import Program
    >>> from backprose.lower import lower
    >>> from backprose.parse import parse
    >>> def f(x):
    ...     try:
    ...         x = x * 2
    ...         y = 1 / x
    ...     except ZeroDivisionError:
    ...         y = x
    ...     return y
    >>> supply = NameSupply(("x", "y"))
    >>> program = lower(parse(f), supply)
    >>> cut, _ = cut_attempts(program, half_done(program, activity(program, ["x"])), supply)
    >>> print(emit(Program((cut,))).text, end="")
    def f(x):
        error = None
        try:
            _t1 = x * 2
            x = _t1
        except ZeroDivisionError as caught:
            error = caught
        try:
            if error is not None:
                raise error
            y = 1 / x
        except ZeroDivisionError:
            y = x
        return y
    """
    unknown: dict[int, Raise] = {}
    error = _not_known(function)

    def block(stmts: Block) -> Block:
        result: list[Stmt] = []
        for stmt in stmts:
            inner = map_blocks(stmt, block)
            names = lost.get(id(stmt))
            if names is None or not isinstance(inner, Try):
                result.append(inner)
            else:
                result += _apart(inner, names, supply) or _guarded(inner, names, supply, noted)
        return tuple(result)

    def noted(span: Span | None) -> Stmt:
        note = Pass(span, ours=True)
        unknown[id(note)] = error
        return note

    return (replace(function, body=block(function.body)) if lost else function), unknown


def guard_attempts(function: Function, lost: Mapping[int, frozenset[str]], supply: NameSupply) -> Function:
    """The function for forward mode, where tangents go with their variables, statement by statement.

    What a loop or a call in a ``try`` of ``lost`` changes half way has no known tangent: the text raises there.
    """

    def block(stmts: Block) -> Block:
        result: list[Stmt] = []
        for stmt in stmts:
            names, inner = lost.get(id(stmt), frozenset[str]()), map_blocks(stmt, block)
            if isinstance(stmt, Try) and isinstance(inner, Try) and _changes_inside(stmt, names):
                result += _guarded(inner, names, supply, lambda span: replace(_not_known(function), span=span))
            else:
                result.append(inner)
        return tuple(result)

    return replace(function, body=block(function.body)) if lost else function


def is_guarded(stmt: Stmt) -> bool:
    """Whether ``guard_attempts`` has seen to a ``try``: each handler raises where something was changed half way."""
    return isinstance(stmt, Try) and all(
        any(isinstance(one, If) and one.ours and isinstance(one.body[0], Raise) for one in handler.body[:1])
        for handler in handlers(stmt)
    )


def _not_known(function: Function) -> Raise:
    text = f"an exception ended a try statement of {function.name} half way: its derivative is not known"
    return Raise(Call(Ours("ValueError"), (Const(text),)), ours=True)


def _changes_inside(stmt: Try, names: frozenset[str]) -> bool:
    """Whether one of the statements tried changes a variable in the middle of it: a loop, a call."""
    for inner in statements(tried(stmt)):
        bound = set(rebinds(inner)) if isinstance(inner, For | Try | Enter) else set()
        written = {array.id for place in call_writes(inner) if (array := base(place)) is not None}
        if not names.isdisjoint(bound | written):
            return True
    return False


def _apart(stmt: Try, names: frozenset[str], supply: NameSupply) -> list[Stmt]:
    """Straight-line code, one attempt after the other; the last one has the handlers. Nothing where it is not that."""
    arithmetic = catches_arithmetic(stmt)
    attempts: list[list[Stmt]] = [[]]
    for inner in tried(stmt):
        if isinstance(inner, Enter | Leave | Mark) or changed_early((inner,), arithmetic) & names:
            return []
        if changed_early((*attempts[-1], inner), arithmetic) & names:
            attempts.append([])
        attempts[-1].append(inner)
    if len(attempts) > MOST:
        return []
    error, caught = Name(supply.fresh("error")), Name(supply.fresh("caught"))
    only = tuple(handlers(stmt))
    kind = only[0].caught if len(only) == 1 else None
    failed = Compare((error, Const(None)), ("is not",))
    again: list[Stmt] = [If(failed, (Raise(error, span=stmt.span),), span=stmt.span)]
    result: list[Stmt] = [Assign(error, Const(None), stmt.span)]
    for position, attempt in enumerate(attempts):
        body = tuple(attempt if position == 0 else [*again, *attempt])
        if position == len(attempts) - 1:
            result.append(_with_tried(stmt, body))
        else:
            body = (*body, Mark("else", stmt.span))
            kept = Assign(error, caught, stmt.span)
            result.append(
                Try(
                    RAISED, (kept,), body, stmt.span, stmt.comments if position == 0 else None,
                    caught=kind or Global("BaseException"), name=caught,
                )
            )  # fmt: skip
    return [*result[:-1], replace(result[-1], comments=None)]


def _guarded(stmt: Try, names: frozenset[str], supply: NameSupply, note: Callable[[Span | None], Stmt]) -> list[Stmt]:
    """A flag tells that a variable may have been changed; ``note`` makes what is reached where it is set."""
    flag = Name(supply.fresh("half_done"), PYTHON_BOOL)
    body = list(tried(stmt))
    first = next(position for position, inner in enumerate(body) if _changes(inner, names))
    body.insert(first, Assign(flag, Const(True), stmt.span))

    def noted(handler: Try) -> Try:
        test = If(flag, (note(stmt.span),), span=stmt.span, ours=True)
        rest = handler.orelse
        match rest:
            case (Try(continued=True) as other,):
                rest = (noted(other),)
        return replace(handler, body=(test, *handler.body), orelse=rest)

    return [Assign(flag, Const(False), stmt.span), noted(_with_tried(stmt, tuple(body)))]


def _changes(stmt: Stmt, names: frozenset[str]) -> bool:
    return any(not names.isdisjoint((*rebinds(inner), *writes(inner))) for inner in statements((stmt,)))


def _with_tried(stmt: Try, body: Sequence[Stmt]) -> Try:
    """The ``try`` with other statements tried."""
    match stmt.orelse:
        case (Try(continued=True) as other,):
            return replace(stmt, orelse=(_with_tried(other, body),))
    return replace(stmt, orelse=(*body, *stmt.orelse[len(tried(stmt)) :]))


# ---------------------------------------------------------------- checks of ours
def caught_checks(functions: Sequence[Function]) -> Iterator[tuple[Function, Stmt]]:
    """Where a check of ours stands among statements that are tried, or in a function that is called there.

    The program's own handlers would take its ValueError, and go on with what the function does not compute.
    """
    checking: set[str] = set()
    while True:
        found = {one.name for one in functions if any(_checks(stmt, checking) for stmt in statements(one.body))}
        if found == checking:
            break
        checking = found
    for function in functions:
        for attempt in statements(function.body):
            if isinstance(attempt, Try) and catches_values(attempt):
                yield from ((function, stmt) for stmt in statements(tried(attempt)) if _checks(stmt, checking))


def _checks(stmt: Stmt, checking: set[str]) -> bool:
    called = (call.function for expr in expressions(stmt) for call in calls(expr))
    return (isinstance(stmt, Raise) and stmt.ours) or any(
        isinstance(one, Global) and one.id in checking for one in called
    )
