"""Liveness: which variables may still be read, and the program without what nobody reads.

Strong liveness over the structured program: what a dead statement reads is not live, so that an accumulator that only
feeds itself goes too. Effect-free statements only: a call of something without a rule is never dead.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from backprose.ir.nodes import (
    Apply,
    Assign,
    Augment,
    Block,
    Break,
    Call,
    Cut,
    Enter,
    Evaluate,
    Expr,
    For,
    If,
    Leave,
    Mark,
    Name,
    Pass,
    Pop,
    Push,
    Remark,
    Return,
    Stmt,
    Subscript,
    Try,
    Verbatim,
    While,
    children,
    once,
)
from backprose.ir.walk import (
    base,
    bound,
    inplace_target,
    kept,
    reads,
    rebinds,
    statement_reads,
    statements,
    with_blocks,
)
from backprose.rules.registry import may_act


@once("_effect")
def has_effect(expr: Expr) -> bool:
    """Whether evaluating may do more than give a value: a call of something that has no rule, or a user's."""
    if isinstance(expr, (Call, Verbatim)) or inplace_target(expr) is not None:
        return True
    if isinstance(expr, Apply) and (expr.op == "observed" or may_act(expr.op)):
        return True
    return any(map(has_effect, children(expr)))


class Liveness:
    """``outside``: parameters whose content is read after the function's end; ``shared``: names of parts of what is
    outside, of which each write is an effect."""

    def __init__(
        self,
        pops: dict[str, bool],
        removed: frozenset[str],
        outside: Iterable[str] = (),
        shared: Iterable[str] = (),
    ) -> None:
        self.pops, self.removed, self.outside, self.shared = pops, removed, frozenset(outside), frozenset(shared)
        self.at_handler: dict[int, set[str]] = {}  # what is live where the handler of each ``Try`` begins
        self.caught: set[str] = set()  # what is live where a handler begins that takes what is raised here
        self.trying = 0  # in what is tried every statement of the primal's stays: it may be what raises
        self.read_finally: set[str] = set()  # what a ``finally`` reads, which may follow on any statement

    def block(self, block: Block, live: set[str], at_break: set[str] | None) -> tuple[Block, set[str]]:
        """The block without dead statements, and what is live before it (``live`` is not changed)."""
        live = set(live)
        made: list[Stmt] = []
        ends: list[int] = []  # where in ``made`` the bodies of ``with`` end that are open here
        outer: list[set[str]] = []
        for stmt in reversed(block):
            live |= self.caught  # the statement after it may be the one that raises
            match stmt:
                case Mark(kind="finally"):
                    outer.append(self.read_finally)
                    self.read_finally = self.read_finally | live
                case Mark(kind="try"):
                    self.read_finally = outer.pop()
                case Mark(kind="else"):
                    self.trying += 1
            if isinstance(stmt, Leave):
                ends.append(len(made))
            if (
                isinstance(stmt, Enter)
                and not _says_anything(made[(end := ends.pop()) + 1 :])
                and stmt.again is not None
            ):
                made[end:] = made[end + 1 :]
                continue
            found = self.statement(stmt, live, at_break)
            live |= self.read_finally
            if found is not None:
                made.append(found)
        return kept(block, made[::-1]), live

    def stays(self, stmt: Stmt) -> bool:
        return self.trying > 0 and not stmt.ours

    def is_read(self, array: Name, live: set[str]) -> bool:
        return array.id in live or array.id in self.shared

    def statement(self, stmt: Stmt, live: set[str], at_break: set[str] | None) -> Stmt | None:
        """The statement, or None where it is dead; ``live`` becomes what is live before it."""
        match stmt:
            case Break():
                live.clear()
                live.update(at_break or ())
                return stmt
            case If():
                return self.branch(stmt, live, at_break)
            case For() | While():
                return self.loop(stmt, live)
            case Assign(target=target, value=value):
                names = bound(target)
                place = base(target) if not isinstance(target, Name) else None
                if names:
                    unread = not any(name in live or name in self.read_finally for name in names)
                    if unread and not has_effect(value) and not self.stays(stmt):
                        return None
                    live.difference_update(names)
                elif (
                    place is not None
                    and isinstance(target, Subscript)
                    and not self.is_read(place, live)
                    and not has_effect(value)
                    and not self.stays(stmt)
                ):
                    return None
                live |= statement_reads(stmt)
                return stmt
            case Augment(target=target, value=value):
                place = base(target)
                if (
                    place is not None
                    and not self.is_read(place, live)
                    and not has_effect(value)
                    and not self.stays(stmt)
                ):
                    return None
            case Push(stack=stack):
                if stack.id in self.removed:
                    return None
                if not self.is_read(stack, live) and not self.stays(stmt):
                    return None
            case Cut(stack=stack) if stack.id in self.removed or stack.id not in live:
                return None
            case Pop(target=target, stack=stack):
                if stack.id in self.removed:
                    return None
                place = base(target)
                used = place is not None and place.id in live
                self.pops[stack.id] = self.pops.get(stack.id, False) or used
                if not used and stmt.ours and stack.id not in live and isinstance(target, Name):
                    return None
                if isinstance(target, Name):
                    live.discard(target.id)
                if not used and (stmt.ours or isinstance(target, Name)):  # the stack still has to be popped
                    live.add(stack.id)
                    return stmt if isinstance(target, Name) else replace(stmt, target=Name("_"))
            case Evaluate(value=Apply() as value) if (changed := inplace_target(value)) is not None:
                place = base(changed)
                if place is not None and not self.is_read(place, live) and not self.stays(stmt):
                    return None
            case Evaluate(value=value) if not has_effect(value) and not self.stays(stmt):
                return None
            case Remark() | Pass() | Leave() | Mark():
                return stmt
            case Enter(target=Name(id=name)):
                live.discard(name)
            case Return():
                live.clear()
                live |= self.outside
        live |= statement_reads(stmt)
        return stmt

    def branch(self, stmt: If, live: set[str], at_break: set[str] | None) -> Stmt | None:
        body, live_body = self.block(stmt.body, live, at_break)
        if isinstance(stmt, Try):
            self.at_handler[id(stmt)] = set(live_body)
            live_body = live_body - set(rebinds(stmt))
        trying, caught = self.trying, self.caught
        if isinstance(stmt, Try):
            self.caught = caught | live_body
        orelse, live_orelse = self.block(stmt.orelse, live, at_break)
        self.trying, self.caught = trying, caught
        empty = not _says_anything(body) and not _says_anything(orelse)
        if empty and not has_effect(stmt.test) and not self.stays(stmt):
            return None
        live.clear()
        live |= live_body | live_orelse | statement_reads(stmt)
        return with_blocks(stmt, body, orelse)

    def loop(self, stmt: For | While, live: set[str]) -> Stmt | None:
        after = set(live)
        orelse, head = self.block(stmt.orelse, after, None)
        target = set(bound(stmt.target)) if isinstance(stmt, For) else set()
        own = reads(stmt.test) if isinstance(stmt, While) else set()
        head = head | own
        while True:
            body, start = self.block(stmt.body, head, after)
            start = (start - target) | own
            if start <= head:
                break
            head = head | start
        endless = isinstance(stmt, While) and _says_anything(stmt.body)
        effect = isinstance(stmt, For) and has_effect(stmt.iterable)
        said = _says_anything((*body, *orelse)) or self.stays(stmt)
        if not (said or endless or effect or target & after):
            return None
        live.clear()
        live |= head
        if isinstance(stmt, For):
            live |= reads(stmt.iterable)
        return with_blocks(stmt, body, orelse)


def _says_anything(block: Sequence[Stmt]) -> bool:
    return any(not isinstance(stmt, (Pass, Remark)) for stmt in statements(block))


def live_before(block: Sequence[Stmt], outside: Iterable[str] = ()) -> set[str]:
    """The names that a block may read before it binds them.

    >>> from backprose.emit import print_statement
    >>> from backprose.ir.names import NameSupply
    >>> from backprose.lower import lower
    >>> from backprose.parse import parse
    >>> def f(x, y):
    ...     for i in range(x):
    ...         y = y * 2.0
    ...         z = y
    ...     return z
    >>> function = lower(parse(f), NameSupply(()))
    >>> for position, stmt in enumerate(function.body):
    ...     print("# live:", *sorted(live_before(function.body[position:])))
    ...     print(print_statement(stmt))
    # live: x y z
    for i in range(x):
        _t1 = y * 2.0
        y = _t1
        z = y
    # live: z
    return z
    """
    return without_dead(block, outside)[1]


def without_dead(block: Sequence[Stmt], outside: Iterable[str] = ()) -> tuple[Block, set[str]]:
    """A block without the statements that nobody reads, and ``live_before`` of it."""
    return Liveness({}, frozenset(), outside).block(tuple(block), set(), None)
