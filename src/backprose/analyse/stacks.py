"""Local lists used as stacks: what is known of the items that are pushed is known of those popped."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from backprose.analyse.extents import Symbols
from backprose.analyse.joining import join_all
from backprose.ir.nodes import Assign, Block, List, Name, Pop, Push, Return
from backprose.ir.types import UNKNOWN, Extent, Type
from backprose.ir.walk import expressions, reads, rebinds, statements


class Stacks:
    """The types of what was pushed so far on each of ``names``; of other lists nothing is known.

    ``stale``: something else was pushed after a pop had been typed, so that the pop's type was wrong.
    """

    def __init__(self, names: Collection[str]) -> None:
        self.names = names
        self.stale = False
        self._pushed: dict[str, Type] = {}
        self._popped: set[str] = set()

    def push(self, symbols: Symbols, stack: str, type: Type, fixed: Collection[str]) -> None:
        """``fixed``: the symbols of the arguments; other lengths may differ from push to push."""
        if stack not in self.names:
            return
        type = replace(type, extent=None, items=None)
        if any(isinstance(dim, Extent) and dim.symbol not in fixed for dim in type.shape or ()):
            type = UNKNOWN
        old = self._pushed.get(stack)
        new = type if old is None or old == type else join_all(symbols, (old, type)) if type.shape == () else UNKNOWN
        if new != old:
            self.stale = self.stale or stack in self._popped
            self._pushed[stack] = new

    def pop(self, stack: str) -> Type:
        self._popped.add(stack)
        return self._pushed.get(stack, UNKNOWN)


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
            parts = [stmt.value] if isinstance(stmt, Push) else [] if isinstance(stmt, Pop) else expressions(stmt)
            spoiled.update(name for part in parts for name in reads(part))
    return frozenset(made - spoiled)
