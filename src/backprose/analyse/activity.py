"""Activity: which variables depend on the arguments differentiated (varied) and matter to the result (useful).

The two classical passes (Hascoet, Naumann, Pascual, "To be recorded" analysis, 2005): varied forwards, useful
backwards, over the structured program with sets of names; loops are repeated until nothing changes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from backprose.analyse.dependence import flows, through
from backprose.ir.nodes import Block, Break, Call, For, Function, If, Raise, Return, Stmt, Try, While
from backprose.ir.walk import all_names, bound, expressions, reads, rebinds, statement_reads, statements

NONE: frozenset[str] = frozenset()


@dataclass
class Activity:
    """Sets of names before and after each statement (by identity); equal sets are shared."""

    varied_before: dict[int, frozenset[str]] = field(default_factory=dict)
    varied_after: dict[int, frozenset[str]] = field(default_factory=dict)
    useful_before: dict[int, frozenset[str]] = field(default_factory=dict)
    useful_after: dict[int, frozenset[str]] = field(default_factory=dict)

    def active_before(self, stmt: Stmt) -> frozenset[str]:
        return self.varied_before[id(stmt)] & self.useful_before[id(stmt)]

    def active_after(self, stmt: Stmt) -> frozenset[str]:
        return self.varied_after[id(stmt)] & self.useful_after[id(stmt)]


def activity(function: Function, wrt: Iterable[str], of: Iterable[str] = ()) -> Activity:
    """Activity of ``function`` with respect to the parameters ``wrt``; ``of``: also these variables are results.

    >>> from backprose.emit import print_statement
    >>> from backprose.ir.names import NameSupply
    >>> from backprose.lower import lower
    >>> from backprose.parse import parse
    >>> def f(x, n):
    ...     a = 2.0 * n
    ...     b = x * a
    ...     c = b + x
    ...     return b
    >>> function = lower(parse(f), NameSupply(()))
    >>> facts = activity(function, ["x"])
    >>> for stmt in function.body:
    ...     print(f"{print_statement(stmt)}  # active after it: {', '.join(facts.active_after(stmt)) or 'nothing'}")
    a = 2.0 * n  # active after it: x
    b = x * a  # active after it: b
    c = b + x  # active after it: b
    return b  # active after it: nothing
    """
    facts, wrt, of = Activity(), frozenset(wrt), frozenset(of)
    _varied_body(function.body, wrt, facts, wrt | of)
    _useful(function.body, of, facts, [])
    return facts


def _varied_body(body: Block, varied: frozenset[str], facts: Activity, kept: frozenset[str]) -> None:
    """A function's body: names are forgotten after the statement that mentions them last, so that what is noted for
    each statement stays small; ``kept``: these are not."""
    last = {name: position for position, stmt in enumerate(body) for name in all_names((stmt,))}
    gone: dict[int, list[str]] = {}
    for name, position in last.items():
        if name not in kept:
            gone.setdefault(position, []).append(name)
    for position, stmt in enumerate(body):
        varied = _varied((stmt,), varied, facts, [])
        if not varied.isdisjoint(gone.get(position, ())):
            varied = varied.difference(gone[position])


def _varied(block: Block, varied: frozenset[str], facts: Activity, exits: list[frozenset[str]]) -> frozenset[str]:
    for stmt in block:
        facts.varied_before[id(stmt)] = varied
        match stmt:
            case If():
                orelse = _varied(stmt.orelse, varied, facts, exits)
                if isinstance(stmt, Try):  # what was tried may have come to any point
                    varied = varied.union(*(facts.varied_after[id(inner)] for inner in statements(stmt.orelse)))
                    varied = varied | {stmt.name.id} if stmt.name is not None and _carried(stmt, facts) else varied
                varied = _varied(stmt.body, varied, facts, exits) | orelse
            case For() | While():
                varied = _varied_loop(stmt, varied, facts)
                varied |= _varied(stmt.orelse, varied, facts, exits)
            case Break():
                exits.append(varied)
            case _:
                varied = _varied_simple(stmt, varied)
        facts.varied_after[id(stmt)] = varied
    return varied


def _carried(stmt: Try, facts: Activity) -> bool:
    """Whether an exception may hold a varied value: one that is raised with it, or by a function that is given it."""
    for inner in statements(stmt.orelse):
        raised = isinstance(inner, Raise) or any(isinstance(expr, Call) for expr in expressions(inner))
        if raised and statement_reads(inner) & facts.varied_before[id(inner)]:
            return True
    return False


def _varied_loop(stmt: For | While, varied: frozenset[str], facts: Activity) -> frozenset[str]:
    while True:
        inside = varied
        if isinstance(stmt, For):
            source = {name.id for name in through(stmt.iterable)} & varied
            inside = inside | set(bound(stmt.target)) if source else inside - set(bound(stmt.target))
        exits: list[frozenset[str]] = []
        after = varied.union(_varied(stmt.body, inside, facts, exits), *exits)
        if after == varied:
            return varied
        varied = after


def _varied_simple(stmt: Stmt, varied: frozenset[str]) -> frozenset[str]:
    flow = flows(stmt)
    moved = flow.bound | flow.kept if flow.sources & varied else frozenset()
    still = frozenset(rebinds(stmt)) - flow.kept - moved
    return (varied - still) | moved if still & varied or moved - varied else varied


def _useful(
    block: Block, useful: frozenset[str], facts: Activity, breaks: list[frozenset[str]], caught: frozenset[str] = NONE
) -> frozenset[str]:
    """``caught``: useful where a handler begins that takes what the block raises, which it may do at any point."""
    for stmt in reversed(block):
        if isinstance(stmt, Break):
            useful = breaks[-1]
        useful |= caught
        facts.useful_after[id(stmt)] = useful
        match stmt:
            case If():
                body = _useful(stmt.body, useful, facts, breaks, caught)
                taken = caught | body if isinstance(stmt, Try) else caught
                useful = body | _useful(stmt.orelse, useful, facts, breaks, taken)
            case For() | While():
                useful = _useful_loop(stmt, useful, facts, breaks, caught)
            case Return(value=value):
                useful = useful | {name.id for name in through(value)} if value is not None else useful
            case _:
                useful = _useful_simple(stmt, useful)
        facts.useful_before[id(stmt)] = useful
    return useful


def _useful_loop(
    stmt: For | While, useful: frozenset[str], facts: Activity, breaks: list[frozenset[str]], caught: frozenset[str]
) -> frozenset[str]:
    after = useful
    useful = _useful(stmt.orelse, after, facts, breaks, caught)
    while True:
        before = useful | _useful(stmt.body, useful, facts, [*breaks, after], caught)
        if isinstance(stmt, For) and set(bound(stmt.target)) & before:
            before = (before | reads(stmt.iterable)) - set(bound(stmt.target))
        if before == useful:
            return useful
        useful = before


def _useful_simple(stmt: Stmt, useful: frozenset[str]) -> frozenset[str]:
    flow = flows(stmt)
    if not (flow.bound | flow.kept) & useful:
        return useful
    return (useful - set(rebinds(stmt))) | (flow.kept & useful) | flow.sources
