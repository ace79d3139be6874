"""Local lists of any length: what is known of the items that go in is known of those that come out."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from backprose.analyse.extents import Symbols, map_dims, not_one
from backprose.analyse.joining import join_all
from backprose.ir.nodes import (
    Apply,
    Assign,
    Augment,
    Block,
    Break,
    Cut,
    Each,
    Expr,
    For,
    If,
    List,
    Name,
    Pop,
    Push,
    Return,
    Subscript,
    While,
)
from backprose.ir.types import ANY, UNKNOWN, Dim, Extent, Type
from backprose.ir.walk import base, expressions, reads, rebinds, statements


class Stacks:
    """The type of the items of each of ``names``, the same at every place of the program.

    ``stale``: an item that does not fit went in after something had been told, so that this was wrong; ``again`` gives
    a table that starts with what is known by now.
    """

    def __init__(self, names: Collection[str], known: Mapping[str, Type] | None = None) -> None:
        self.names = names
        self._items: dict[str, Type] = dict(known or {})
        self._told: dict[str, Type | None] = {}

    @property
    def stale(self) -> bool:
        return any(told != self._items.get(name) for name, told in self._told.items())

    def again(self) -> Stacks:
        return Stacks(self.names, self._items)

    def put(self, symbols: Symbols, name: str, item: Type, fixed: Collection[str]) -> None:
        """``fixed``: the symbols of the arguments; other lengths may differ from item to item."""
        if name not in self.names:
            return
        item = _for_every_item(item, fixed)
        old = self._items.get(name)
        if old is not None and old != item:
            item = _for_every_item(join_all(symbols, (old, item)), fixed)
        self._items[name] = item

    def spoil(self, name: str) -> None:
        """The variable may hold something else than a list."""
        if name in self.names:
            self._items[name] = UNKNOWN

    def item(self, symbols: Symbols, name: str) -> Type:
        """The type of an item that is read now."""
        return an_item(symbols, self.list_type(name))

    def list_type(self, name: str) -> Type:
        known = self._items.get(name)
        self._told[name] = known
        return Type("list", item=known or UNKNOWN)


def an_item(symbols: Symbols, known: Type) -> Type:
    """One item of a list: lengths that differ from item to item are symbols of their own."""

    def renewed(dim: Dim) -> Dim:
        return symbols.fresh(not_one(dim)) if isinstance(dim, Extent) and dim.symbol == ANY else dim

    return UNKNOWN if known.item is None else map_dims(known.item, renewed)


def _for_every_item(item: Type, fixed: Collection[str]) -> Type:
    def widened(dim: Dim) -> Dim:
        known = isinstance(dim, int) or dim.symbol in fixed
        return dim if known else Extent(ANY, not_one=not_one(dim))

    if item.kind in ("tuple", "list") and item.item is None:
        return Type(item.kind)
    return map_dims(replace(item, extent=None), widened)


def lists_of(body: Block) -> frozenset[str]:
    """Variables that hold lists which change, or whose number of items is not known."""
    found: set[str] = set()
    shown: set[str] = set()
    for stmt in statements(body):
        match stmt:
            case Push(stack=stack) | Pop(stack=stack):
                found.add(stack.id)
            case Assign(target=Name(id=name), value=List()):
                shown.add(name)
            case Assign(target=Name(id=name), value=Each() | Apply(op="list" | "sections" | "unsliced")):
                found.add(name)
            case Assign(target=Name(id=name), value=Apply(op="multiply", args=(List(), _))):
                found.add(name)
    for stmt in statements(body):
        if isinstance(stmt, Assign | Augment) and isinstance(stmt.target, Subscript):
            place = base(stmt.target)
            found |= {place.id} & shown if place is not None else set()
    return frozenset(found)


def emptied(body: Block) -> frozenset[str]:
    """Stacks of which everything comes off again, as far as the loops around pushes and pops tell."""
    pushed: dict[str, list[tuple[Expr | None, ...]]] = {}
    popped: dict[str, list[tuple[Expr | None, ...]]] = {}

    def visit(block: Block, around: tuple[Expr | None, ...]) -> None:
        for stmt in block:
            match stmt:
                case Push(stack=stack):
                    pushed.setdefault(stack.id, []).append(around)
                case Pop(stack=stack):
                    popped.setdefault(stack.id, []).append(around)
                case For() | While():
                    visit(stmt.body, (*around, _turns_of(stmt)))
                    visit(stmt.orelse, around)
                case If():
                    visit(stmt.body, around)
                    visit(stmt.orelse, around)

    visit(body, ())
    return frozenset(name for name in stacks_of(body) if _fit(pushed.get(name, []), popped.get(name, [])))


def _turns_of(stmt: For | While) -> Expr | None:
    """What a loop runs over, its direction aside; None: a number of turns that is found out, or counted before."""
    if isinstance(stmt, While) or any(isinstance(inner, Break) for inner in statements(stmt.body)):
        return None
    iterable = stmt.iterable
    if isinstance(iterable, Apply) and iterable.op == "reversed":
        iterable = iterable.args[0]
    return iterable


def _fit(pushed: list[tuple[Expr | None, ...]], popped: list[tuple[Expr | None, ...]]) -> bool:
    left = list(popped)
    for one in pushed:
        fitting = [other for other in left if len(other) == len(one) and all(map(_same_turns, one, other))]
        if not fitting:
            return False
        left.remove(fitting[0])
    return not left


def _same_turns(one: Expr | None, other: Expr | None) -> bool:
    return one is None or other is None or one == other


def stacks_of(body: Block) -> frozenset[str]:
    """Local lists that start empty and are only pushed to, popped from and handed out."""
    made: set[str] = set()
    spoiled: set[str] = set()
    for stmt in statements(body):
        if isinstance(stmt, Assign) and isinstance(stmt.target, Name) and stmt.value == List(()):
            made.add(stmt.target.id)
            continue
        spoiled.update(rebinds(stmt))
        if not isinstance(stmt, Return):
            parts = [stmt.value] if isinstance(stmt, Push) else [] if isinstance(stmt, Pop | Cut) else expressions(stmt)
            spoiled.update(name for part in parts for name in reads(part))
    return frozenset(made - spoiled)
