"""What reverse mode makes of a function: its statements, each with the adjoint statements that undo it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from backprose.ir.nodes import (
    Call,
    Expr,
    For,
    Global,
    If,
    Stmt,
    While,
)
from backprose.ir.walk import (
    all_names,
    map_block,
    map_statement,
    rebuild,
    substitute,
)


@dataclass
class Step:
    """A statement and its adjoint. ``old``: the adjoint reads the target as it was before the statement. ``pair``: both
    call the pair of a function that writes into its arguments, named when it is known what has to be restored.
    ``shared``: variables that the statement may change without naming them, of which the backward sweep may read."""

    stmt: Stmt
    backward: list[Stmt] = field(default_factory=list)
    old: bool = False
    pair: Pair | None = None
    shared: frozenset[str] = frozenset()


@dataclass
class Branch:
    """``zeros``: adjoints set to zero at the end of a reversed branch, because the other one sets them."""

    stmt: If
    body: list[AnyStep]
    orelse: list[AnyStep]
    body_zeros: list[Stmt]
    orelse_zeros: list[Stmt]


@dataclass
class Loop:
    """``start``: adjoints set to zero before the reversed loop; ``zeros``: at the end of each reversed turn."""

    stmt: For | While
    body: list[AnyStep]
    orelse: list[AnyStep]
    orelse_zeros: list[Stmt]  # where the loop was left by a break
    start: list[Stmt]
    zeros: list[Stmt]
    iterable: Expr | None = None  # what the backward sweep runs over, in reverse


AnyStep = Step | Branch | Loop


def adjoint_names(step: AnyStep) -> set[str]:
    """What the adjoint statements of a step and of those in it name."""
    match step:
        case Step(backward=backward):
            return all_names(backward)
        case Branch():
            found = all_names((*step.body_zeros, *step.orelse_zeros))
        case Loop():
            found = all_names((*step.start, *step.zeros, *step.orelse_zeros))
    return found.union(*map(adjoint_names, (*step.body, *step.orelse)))


def substitute_in_adjoints(steps: Iterable[AnyStep], values: Mapping[str, Expr]) -> None:
    """Expressions in the place of names, in all adjoint statements of the steps."""
    for step in steps:
        match step:
            case Step():
                blocks = [step.backward]
            case Branch():
                blocks = [step.body_zeros, step.orelse_zeros]
            case Loop():
                blocks = [step.start, step.zeros, step.orelse_zeros]
        for block in blocks:
            block[:] = map_block(tuple(block), lambda expr: substitute(expr, values))
        if not isinstance(step, Step):
            substitute_in_adjoints((*step.body, *step.orelse), values)


@dataclass(frozen=True)
class Wanted:
    """What a derivative of a call is asked for, by the positions of the arguments.

    ``active``: those whose adjoints are returned; ``shadowed``: those that are written into, whose adjoints are changed
    in place. ``seeded``: the result has an adjoint; ``ignored``: nobody reads the result; ``again``: the same function
    is called elsewhere too.
    """

    active: tuple[int, ...]
    shadowed: tuple[int, ...] = ()
    seeded: bool = True
    ignored: bool = False
    again: bool = False


@dataclass(frozen=True)
class Pair:
    """The forward and the backward function for a call. ``names``: theirs, where the backward function puts the
    arguments that were written into back as they were, and where it need not; ``nothing``: there is no result;
    ``parameters``: the callee's own names of the active arguments."""

    function: str
    nothing: bool
    names: Callable[[bool], tuple[str, str]]
    parameters: tuple[str, ...]


# the pair for a call, or None: it is not a user's function
CallPair = Callable[[Call, Wanted], "Pair | None"]
FORWARD, BACKWARD = "<forward>", "<backward>"  # until they have names


def named(stmt: Any, forward: str, backward: str) -> Any:
    """The statement with the names of the pair in it."""
    names = {FORWARD: forward, BACKWARD: backward}

    def change(expr: Expr) -> Expr:
        if isinstance(expr, Global):
            return replace(expr, id=names.get(expr.id, expr.id))
        return rebuild(expr, change)

    return map_statement(stmt, change)
