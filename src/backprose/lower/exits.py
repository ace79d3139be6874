"""Early exits made structural: ``continue``, ``break`` and ``return`` anywhere become values and nested blocks.

Afterwards there is one ``Return``, last; a ``Break`` is the last thing that a turn of its loop does, on any way
through its body, and stands in no other loop, nor in the ``else`` of one; there is no ``continue``. Code is never
duplicated. What follows an ``if`` that exits on one side is nested under its other side; what follows an ``if`` that
exits on some ways through only is guarded by a flag. After a dozen levels flags are used as well, so that 300 exits
in a row stay flat.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

import gast

from backprose.ir.data import data
from backprose.ir.names import NameSupply
from backprose.ir.nodes import (
    Assign,
    Block,
    Break,
    Const,
    Enter,
    Expr,
    For,
    Global,
    If,
    Leave,
    Logic,
    Mark,
    Name,
    Pass,
    Raise,
    Remark,
    Return,
    Stmt,
    Try,
    Verbatim,
    While,
)
from backprose.ir.walk import blocks
from backprose.lower.comments import as_remarks
from backprose.lower.forms import is_returnable, negated

DEEPEST = 12  # levels of else that exits in a row may make

Exit: TypeAlias = Literal["return", "break", "continue"]
FLAGS: Mapping[Exit, str] = {"return": "returned", "break": "stopped", "continue": "skipped"}


class Continue(Break):
    """``continue``: only in the drafts that this module takes away."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Way:
    """How an exit is written where nothing follows it: a flag is set, the loop around it is left, both or nothing."""

    flag: str | None = None
    leave: bool = False


@data(frozen=True, slots=True, eq=False, kw_only=True)
class Within(Pass):
    """``with`` and its body: only in the drafts that this module makes flat. No exit stands in a body afterwards."""

    enter: Enter
    body: Block

    @property
    def blocks(self) -> tuple[Block, ...]:
        return (self.body,)


@dataclass(frozen=True, slots=True)
class Handler:
    """``except caught as name: body``."""

    caught: Expr | None
    name: Name | None
    body: Block


@data(frozen=True, slots=True, eq=False, kw_only=True)
class Attempt(Pass):
    """``try`` as the user wrote it: only in drafts, as ``Within``."""

    body: Block
    handlers: tuple[Handler, ...]
    orelse: Block
    final: Block

    @property
    def blocks(self) -> tuple[Block, ...]:
        return (self.body, *(handler.body for handler in self.handlers), self.orelse, self.final)


RAISED = Verbatim(gast.Constant("raised", None), ())  # the test of a ``Try``


Ways: TypeAlias = Mapping[Exit, Way]


@dataclass(frozen=True, slots=True)
class Facts:
    exits: frozenset[Exit] = frozenset()  # out of the statement, taken on some way through it
    ends: bool = False  # nothing after the statement is reached
    inside: bool = False  # there is something to do in it: exits, perhaps of loops in it, or code after a raise


NONE = Facts()


@dataclass(frozen=True, slots=True)
class Item:
    """A statement of a sequence of which the rest may be nested in it: ``body``/``orelse`` is the side that exits."""

    kind: Literal["plain", "exit", "body", "orelse", "both", "loop", "flagged loop", "whole"]
    stmt: Stmt


def structure(body: Block, supply: NameSupply, *, flat: bool = True) -> Block:
    """A function's body with structured exits; ``flat``: what is returned is an atom or a tuple of atoms.

    >>> from backprose.ir.nodes import Global
    >>> early = If(Name("c"), (Return(Name("x")),))
    >>> nested, last = structure((early, Return(Name("y"))), NameSupply("cxy"))
    >>> nested.body[0].target.id, nested.orelse[0].value.id, last.value.id
    ('result', 'y', 'result')
    """
    facts = _all_facts(body)
    if not any(facts[stmt].ends for stmt in body):
        end = Return(None)
        facts[end] = Facts(frozenset(["return"]), True)
        body = (*body, end)
    body = _reachable(body, facts)
    last = body[-1]
    early = not isinstance(last, Return) or any("return" in facts[stmt].exits for stmt in body[:-1])
    if not early or not any("return" in facts[stmt].exits for stmt in body):
        rest = body[:-1] if isinstance(last, Return) else body
        done = _Structure(facts, supply, None).block(rest, {})
        if not isinstance(last, Return):
            return (*done, Return(None))
        if flat and last.value is not None and not is_returnable(last.value):
            value = supply.temporary()
            return (*done, Assign(value, last.value, last.span), replace(last, value=value))
        return (*done, last)
    result = supply.fresh("result")
    done = _Structure(facts, supply, result).block(body, {"return": Way()})
    return (*done, Return(Name(result)))


# ---------------------------------------------------------------- facts
def _all_facts(body: Block) -> dict[Stmt, Facts]:
    """The facts of every statement, inner ones first, without recursion: chains of ``elif`` may be long."""
    facts: dict[Stmt, Facts] = {}
    pending: list[tuple[Stmt, bool]] = [(stmt, False) for stmt in body]
    while pending:
        stmt, seen = pending.pop()
        if seen or not isinstance(stmt, (If, For, While, Within, Attempt)):
            facts[stmt] = _facts(stmt, facts)
        else:
            pending.append((stmt, True))
            parts = stmt.blocks if isinstance(stmt, (Within, Attempt)) else blocks(stmt)
            pending.extend((inner, False) for block in parts for inner in block)
    return facts


def _facts(stmt: Stmt, facts: Mapping[Stmt, Facts]) -> Facts:
    match stmt:
        case Return():
            return Facts(frozenset(["return"]), True, True)
        case Continue():
            return Facts(frozenset(["continue"]), True, True)
        case Break():
            return Facts(frozenset(["break"]), True, True)
        case Raise():
            return Facts(frozenset(), True)
        case If(body=body, orelse=orelse):
            first, second = _block_facts(body, facts), _block_facts(orelse, facts)
            return Facts(first.exits | second.exits, first.ends and second.ends, first.inside or second.inside)
        case Within(body=body):
            return replace(_block_facts(body, facts), inside=True)
        case Attempt():
            tried, *handled, after, final = (_block_facts(block, facts) for block in stmt.blocks)
            ends = (tried.ends or after.ends) and all(one.ends for one in handled)
            exits = tried.exits.union(after.exits, final.exits, *(one.exits for one in handled))
            return Facts(exits, ends or final.ends, True)
        case For(body=body, orelse=orelse) | While(body=body, orelse=orelse):
            turn, after = _block_facts(body, facts), _block_facts(orelse, facts)
            forever = isinstance(stmt, While) and isinstance(stmt.test, Const) and bool(stmt.test.value)
            ends = "break" not in turn.exits and (forever or after.ends)
            return Facts((turn.exits & {"return"}) | after.exits, ends, turn.inside or after.inside)
    return NONE


def _block_facts(block: Block, facts: Mapping[Stmt, Facts]) -> Facts:
    """The facts of a block: the union of its statements' up to the first that ends it."""
    exits: frozenset[Exit] = frozenset()
    inside = False
    for stmt in block:
        own = facts[stmt]
        exits |= own.exits
        inside = inside or own.inside
        if own.ends:
            return Facts(exits, True, inside or stmt is not block[-1])  # what follows is to be dropped
    return Facts(exits, False, inside)


def _reachable(block: Iterable[Stmt], facts: Mapping[Stmt, Facts]) -> Block:
    """The block up to the first statement that ends it."""
    kept: list[Stmt] = []
    for stmt in block:
        kept.append(stmt)
        if facts[stmt].ends:
            break
    return tuple(kept)


# ---------------------------------------------------------------- the rewriting
class _Structure:
    """``block`` rewrites a sequence after which nothing of its function or loop body follows."""

    def __init__(self, facts: dict[Stmt, Facts], supply: NameSupply, result: str | None) -> None:
        self.facts = facts
        self.supply = supply
        self.result = result
        self.returned: str | None = None  # one flag serves all returns of a function

    def block(self, stmts: Sequence[Stmt], ways: Ways) -> Block:
        segments = self.segments(stmts, ways)
        if len(segments) == 1:
            return self.build(segments[0], ways)
        exits = {e for segment in segments[:-1] for item in segment for e in self.facts[item.stmt].exits}
        flagged: dict[Exit, Way] = dict(ways)
        start: list[Stmt] = []
        for kind in sorted(exits):
            flag = ways[kind].flag
            if flag is None:
                flag = self.flag(kind)
                start.append(Assign(Name(flag), Const(False)))
            flagged[kind] = Way(flag)
        taken = {kind: flagged[kind].flag or "" for kind in sorted(exits)}
        start += self.build(segments[0], flagged)
        for segment in segments[1:-1]:
            start.append(If(_not_any(taken.values()), _filled(self.build(segment, flagged))))
        rest = self.build(segments[-1], ways)
        leaving = [flag for kind, flag in taken.items() if ways[kind].leave]
        staying = [flag for kind, flag in taken.items() if not ways[kind].leave]
        if rest and staying:
            rest = (If(_not_any(staying), _filled(rest)),)
        if leaving:
            rest = (If(_any(leaving), (Break(),), rest),)
        return (*start, *rest)

    def flag(self, kind: Exit) -> str:
        if kind != "return":
            return self.supply.fresh(FLAGS[kind])
        if self.returned is None:
            self.returned = self.supply.fresh(FLAGS[kind])
        return self.returned

    def segments(self, stmts: Sequence[Stmt], ways: Ways) -> list[list[Item]]:
        """The sequence with the sides that do not exit put in line, cut where a flag must guard what follows."""
        segments: list[list[Item]] = [[]]
        depth = 0
        pending = deque(stmts)
        while pending:
            stmt = pending.popleft()
            if isinstance(stmt, (For, While)) and stmt.orelse and not self.breaks(stmt):
                pending.extendleft(reversed(stmt.orelse))  # it always follows
                stmt = replace(stmt, orelse=())
                self.facts[stmt] = _facts(stmt, self.facts)
            facts = self.facts[stmt]
            if facts.ends:
                pending.clear()
            if depth == DEEPEST:
                segments.append([])
                depth = 0
            segment = segments[-1]
            if not facts.exits:
                segment.append(Item("plain", stmt))
            elif isinstance(stmt, (Within, Attempt)):
                segment.append(Item("whole", stmt))
                skips = isinstance(stmt, Attempt) and stmt.orelse and _block_facts(stmt.body, self.facts).exits
                if pending or skips or any(ways[kind].leave for kind in facts.exits):
                    segments.append([])  # a loop is left after the body, not in it
                    depth = 0
            elif isinstance(stmt, If):
                if _block_facts(stmt.body, self.facts).ends:
                    segment.append(Item("body", stmt))
                    pending.extendleft(reversed(stmt.orelse))
                    depth += 1
                elif _block_facts(stmt.orelse, self.facts).ends:
                    segment.append(Item("orelse", stmt))
                    pending.extendleft(reversed(stmt.body))
                    depth += 1
                else:
                    segment.append(Item("both", stmt))
                    if pending:
                        segments.append([])
                        depth = 0
            elif isinstance(stmt, (For, While)):
                leaves_two = "return" in _block_facts(stmt.body, self.facts).exits and ways["return"].leave
                leaves_two = leaves_two or any(ways[kind].leave for kind in _block_facts(stmt.orelse, self.facts).exits)
                if not facts.ends and (leaves_two or (self.breaks(stmt) and pending)):
                    segment.append(Item("flagged loop", stmt))
                    segments.append([])
                    depth = 0
                else:
                    segment.append(Item("loop", stmt))
                    depth += 1
            else:
                segment.append(Item("exit", stmt))
        return segments

    def build(self, items: Sequence[Item], ways: Ways) -> Block:
        """A segment as nested blocks, made from its end."""
        backwards: list[Stmt] = []
        for item in reversed(items):
            stmt = item.stmt
            match item.kind, stmt:
                case "exit", _:
                    backwards = list(reversed(self.exit(stmt, ways)))
                case "whole", _:
                    backwards.extend(reversed(self.whole(stmt, ways)))
                case "body", If():
                    rest = tuple(reversed(backwards))
                    backwards = [*reversed(_branch(stmt, self.block(stmt.body, ways), rest))]
                case "orelse", If():
                    rest = tuple(reversed(backwards))
                    backwards = [*reversed(_branch(stmt, rest, self.block(stmt.orelse, ways)))]
                case "both", If():
                    sides = self.block(stmt.body, ways), self.block(stmt.orelse, ways)
                    backwards = [*reversed(_branch(stmt, *sides))]
                case (("loop" | "flagged loop"), (For() | While())):
                    rest = tuple(reversed(backwards))
                    way = ways.get("return", Way())  # none in a finally without one
                    if self.facts[stmt].ends and way.leave:
                        backwards = [Break(), self.loop(stmt, way)]
                    else:
                        rest = rest or self.block(stmt.orelse, ways)
                        backwards = [replace(self.loop(stmt, way), orelse=_filled(rest) if rest else ())]
                case _:
                    backwards.extend(reversed(self.inner(stmt)))
        return _without_pass(reversed(backwards))

    def loop(self, stmt: For | While, way: Way = Way()) -> For | While:
        """A loop; a return in it leaves it."""
        ways: Ways = {"continue": Way(), "break": Way(leave=True), "return": Way(way.flag, leave=True)}
        return replace(stmt, body=_filled(self.block(stmt.body, ways)))

    def breaks(self, stmt: For | While) -> bool:
        """Whether the loop has a ``break`` of its own."""
        return "break" in _block_facts(stmt.body, self.facts).exits

    def whole(self, stmt: Stmt, ways: Ways) -> Block:
        """A ``with`` statement in line, between its marks; a ``try`` statement as a branch."""
        if isinstance(stmt, Within):
            enter = replace(stmt.enter, span=stmt.span, comments=stmt.comments)
            return (enter, *self.block(stmt.body, ways), Leave(enter.again, stmt.span))
        assert isinstance(stmt, Attempt)
        exits = sorted(_block_facts(stmt.body, self.facts).exits)
        after = self.block(stmt.orelse, ways)
        if after and exits:
            after = (If(_not_any(ways[kind].flag or "" for kind in exits), _filled(after)),)
        made: Block = self.block(stmt.body, ways)
        if stmt.handlers:
            made = (*made, Mark("else", stmt.span), *after)
        for handler in reversed(stmt.handlers):
            first = handler is stmt.handlers[0]
            body = _filled(self.block(handler.body, ways))
            comments = stmt.comments if first else None
            made = (
                Try(
                    RAISED, body, made, stmt.span, comments,
                    caught=handler.caught, name=handler.name, continued=not first,
                ),
            )  # fmt: skip
        if not stmt.final:
            return made
        leaving = sorted(_block_facts(stmt.final, self.facts).exits)
        flags = {kind: Way(self.supply.fresh("left")) for kind in leaving}
        made = (
            Mark("try", stmt.span),
            *made,
            Mark("finally", stmt.span),
            *self.block(stmt.final, flags),
            Mark("end", stmt.span),
        )
        return self.ending(stmt, made, flags, ways) if leaving else made

    def ending(self, stmt: Attempt, made: Block, flags: Ways, ways: Ways) -> Block:
        """A ``try`` whose ``finally`` has exits: these end exceptions, and take the place of other exits."""
        names = [way.flag or "" for way in flags.values()]
        again = If(_not_any(names), (Raise(None, span=stmt.span),), span=stmt.span)
        outer = Try(RAISED, (again,), (*made, Mark("else", stmt.span)), stmt.span, caught=Global("BaseException"))
        taken = [
            If(Name(flags[kind].flag or ""), (Assign(Name(flag), Const(True), stmt.span),), span=stmt.span)
            for kind in flags
            if (flag := ways[kind].flag) is not None
        ]
        return (*(Assign(Name(name), Const(False), stmt.span) for name in names), outer, *taken)

    def inner(self, stmt: Stmt) -> Block:
        """A statement that no exit leaves, but in which loops may have exits of their own."""
        if isinstance(stmt, (Within, Attempt)):
            return self.whole(stmt, {})
        if not self.facts[stmt].inside or not isinstance(stmt, (If, For, While)):
            return (stmt,)
        if not isinstance(stmt, If):
            orelse = self.block(stmt.orelse, {})
            return (replace(self.loop(stmt), orelse=_filled(orelse) if orelse else ()),)
        chain = [stmt]
        while len(chain[-1].orelse) == 1 and isinstance(chain[-1].orelse[0], If):
            chain.append(chain[-1].orelse[0])
        rest = self.block(chain[-1].orelse, {})
        for link in reversed(chain):
            rest = (replace(link, body=self.block(link.body, {}), orelse=rest),)
        return rest

    def exit(self, stmt: Stmt, ways: Ways) -> list[Stmt]:
        written: list[Stmt] = []
        kind: Exit = "return" if isinstance(stmt, Return) else "continue" if isinstance(stmt, Continue) else "break"
        if isinstance(stmt, Return):
            value = Const(None) if stmt.value is None else stmt.value
            written.append(Assign(Name(self.result or ""), value, stmt.span, stmt.comments))
        else:
            written += as_remarks(stmt.comments, stmt.span)
        way = ways[kind]
        if way.flag is not None:
            written.append(Assign(Name(way.flag), Const(True), stmt.span))
        if way.leave:
            written.append(Break(stmt.span))
        return written


def _branch(stmt: If, body: Block, orelse: Block) -> list[Stmt]:
    """An ``if`` with new sides, turned round where its first does nothing."""
    if _does_something(body):
        if _does_something(orelse):
            return [replace(stmt, body=body, orelse=orelse)]
        return [*orelse, replace(stmt, body=body, orelse=())]  # what is left of it are comments
    if not _does_something(orelse):
        return [replace(stmt, body=(*body, *orelse, Pass()), orelse=())]
    return [replace(stmt, test=negated(stmt.test), body=(*body, *orelse), orelse=())]


def _does_something(block: Block) -> bool:
    return any(not isinstance(stmt, Remark) for stmt in block)


def _without_pass(stmts: Iterable[Stmt]) -> Block:
    """A sequence without ``pass``, where something else is in it."""
    block = tuple(stmts)
    kept = tuple(stmt for stmt in block if not isinstance(stmt, Pass) or stmt.comments is not None)
    return kept if _does_something(kept) else block


def _filled(block: Block) -> Block:
    return block if _does_something(block) else (*block, Pass())


def _any(flags: Iterable[str]) -> Expr:
    first, *others = map(Name, flags)
    return Logic("or", (first, *others)) if others else first


def _not_any(flags: Iterable[str]) -> Expr:
    return negated(_any(flags))
