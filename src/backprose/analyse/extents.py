"""Lengths of axes that are not known before the program runs: symbols, what is derived from them, what is proved equal.

A symbol stands for one number at each point of the program. Inside a loop it is the number of the present turn, so
each symbol carries the loops that bind it anew (``Symbols.loops_of``): proofs and joins look at these.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace

from backprose.ir.types import Dim, Extent, Type

LONGEST = 60  # a derived name longer than this becomes a fresh symbol, so that names stay linear in the program


def not_one(dim: Dim) -> bool:
    """Proved different from 1."""
    return dim != 1 if isinstance(dim, int) else dim.not_one


def same(a: Dim, b: Dim) -> bool:
    """Proved equal by their names alone."""
    if isinstance(a, Extent) and isinstance(b, Extent):
        return a.symbol == b.symbol and a.less == b.less
    return a == b


def weaker(a: Dim, b: Dim) -> Dim:
    """Of two ``same`` extents the one that claims less."""
    return a if isinstance(a, int) or not a.not_one else b


INSIDE = "inside:"  # begins the symbols of lengths that a callee makes up, until its caller has symbols for them


class Symbols:
    """Makes symbols for the types of one program; this base knows no loops and proves nothing."""

    _numbers = itertools.count(1)  # shared by all: two symbols made apart are never the same number

    def fresh(self, not_one: bool = False) -> Extent:
        """A length of which nothing else is known."""
        return Extent(f"?{next(Symbols._numbers)}", not_one=not_one)

    def derived(self, text: str, dims: Iterable[Dim], not_one: bool = False) -> Extent:  # noqa: ARG002  for inference
        """A length that is a function of ``dims``: ``text`` says which, so that equal texts are equal numbers."""
        return self.fresh(not_one) if len(text) > LONGEST else Extent(text, not_one=not_one)

    def prove(self, a: Dim, b: Dim) -> None:
        """Told that the operation at hand raises unless ``a`` equals ``b``."""

    def perhaps(self) -> AbstractContextManager[None]:
        """What is typed here may not be evaluated when the program runs."""
        return nullcontext()


def spell(dim: Dim) -> str:
    """A dim inside the name of a derived symbol (``not_one`` is no part of the number)."""
    if isinstance(dim, int):
        return str(dim)
    return f"({dim.symbol}-{dim.less})" if dim.less else dim.symbol


def broadcast_dims(symbols: Symbols, a: Dim, b: Dim) -> Dim:
    """The length of the axis that results; two that are both not 1 are proved equal."""
    if same(a, b):
        return a if not_one(a) else b
    if a == 1:
        return b
    if b == 1:
        return a
    if not_one(a) and not_one(b):
        if isinstance(a, int) and isinstance(b, int):
            return symbols.fresh()  # raises when it runs
        symbols.prove(a, b)
        return b if isinstance(b, int) else a
    if not_one(a):
        return a
    if not_one(b):
        return b
    return symbols.fresh()


def broadcast(symbols: Symbols, *shapes: tuple[Dim, ...] | None) -> tuple[Dim, ...] | None:
    """NumPy's broadcasting of shapes; None where a rank is unknown."""
    result: tuple[Dim, ...] = ()
    for shape in shapes:
        if shape is None:
            return None
        if not (shape and result):
            result = result or shape
            continue
        short, long = sorted((result, shape), key=len)
        lead = len(long) - len(short)
        result = long[:lead] + tuple(broadcast_dims(symbols, a, b) for a, b in zip(long[lead:], short, strict=True))
    return result


def must_equal(symbols: Symbols, a: Dim, b: Dim) -> Dim:
    """The one length of two axes that an operation demands to be equal."""
    if not same(a, b):
        symbols.prove(a, b)
    if isinstance(a, int):
        return a
    return b if isinstance(b, int) or (b.not_one and not a.not_one) else a


def product(symbols: Symbols, dims: Sequence[Dim]) -> Dim:
    """The number of elements of a shape."""
    known = 1
    others: list[Extent] = []
    for dim in dims:
        if isinstance(dim, int):
            known *= dim
        else:
            others.append(dim)
    if not others or known == 0:
        return known
    if known == 1 and len(others) == 1:
        return others[0]
    text = "*".join(([str(known)] if known != 1 else []) + [spell(dim) for dim in others])
    # A product of natural numbers is 1 only where each of them is.
    return symbols.derived(f"({text})", others, not_one=known != 1 or any(map(not_one, others)))


def total(symbols: Symbols, dims: Sequence[Dim]) -> Dim:
    """The sum of lengths, as ``concatenate`` gives."""
    known = sum(dim for dim in dims if isinstance(dim, int))
    others = [dim for dim in dims if isinstance(dim, Extent)]
    if not others:
        return known
    if known == 0 and len(others) == 1:
        return others[0]
    text = "+".join(([str(known)] if known else []) + [spell(dim) for dim in others])
    return symbols.derived(f"({text})", others, not_one=known >= 2 or (known == 0 and all(map(not_one, others))))


def times(symbols: Symbols, dim: Dim, count: int) -> Dim:
    """``count`` times a length."""
    return product(symbols, (count, dim)) if count > 0 else 0


def minus(dim: Dim, less: int) -> Dim:
    """``max(dim - less, 0)`` for ``less`` that is not negative."""
    if less == 0:
        return dim
    return max(dim - less, 0) if isinstance(dim, int) else Extent(dim.symbol, dim.less + less)


def sliced(symbols: Symbols, dim: Dim, lower: int | None, upper: int | None, step: int | None) -> Dim:
    """The length of ``x[lower:upper:step]`` along an axis of length ``dim``."""
    if step == 0:
        return symbols.fresh()  # raises when it runs
    if isinstance(dim, int):
        return len(range(*slice(lower, upper, step).indices(dim)))
    step = 1 if step is None else step
    if lower is None and upper is None and step == -1:
        return dim
    if step == 1:
        start = lower or 0
        if start >= 0 and upper is None:
            return minus(dim, start)
        if start >= 0 and upper is not None and upper < 0:
            return minus(dim, start - upper)
        if start >= 0 and upper is not None and start >= upper:
            return 0
    bounds = ":".join("" if bound is None else str(bound) for bound in (lower, upper, step))
    return symbols.derived(f"{spell(dim)}[{bounds}]", (dim,))


# ---------------------------------------------------------------- proofs
@dataclass
class Scope:
    """What certainly runs together: a block. Proofs of a block hold in it and in the blocks inside it."""

    parent: Scope | None = None
    loops: frozenset[int] = frozenset()
    equal: list[tuple[Dim, Dim]] = field(default_factory=list)
    open: bool = True  # no statement so far could have left the block (``break``)
    _found: dict[str, Dim] = field(default_factory=dict)
    _not_one: set[str] = field(default_factory=set)

    def unite(self, a: Dim, b: Dim, order: dict[str, int]) -> None:
        """Remember that two lengths (symbols with ``less == 0``, or numbers) are equal in this block."""
        self.equal.append((a, b))
        self._merge(a, b, order)

    def settle(self, order: dict[str, int]) -> None:
        """Work the proofs out again, now that those of the enclosing blocks are complete."""
        self._found.clear()
        for a, b in self.equal:
            self._merge(a, b, order)

    def _merge(self, a: Dim, b: Dim, order: dict[str, int]) -> None:
        a, b = self.find(a), self.find(b)
        if not same(a, b) and not (isinstance(a, int) and isinstance(b, int)):
            # Numbers stand for symbols, older symbols (those of the signature first) for younger ones.
            keep, drop = sorted(
                (a, b), key=lambda dim: (-1, "") if isinstance(dim, int) else (order[dim.symbol], dim.symbol)
            )
            if isinstance(drop, Extent):
                self._found[drop.symbol] = keep
        for dim in (a, b):
            if isinstance(dim, Extent) and (not_one(a) or not_one(b)):
                self._not_one.add(dim.symbol)

    def find(self, dim: Dim) -> Dim:
        """The canonical form of a length in this block."""
        while isinstance(dim, Extent):
            found = self._step(dim)
            if found is None:
                return dim
            dim = found
        return dim

    def _step(self, dim: Extent) -> Dim | None:
        scope: Scope | None = self
        while scope is not None:
            found = scope._found.get(dim.symbol)
            if found is not None:
                if isinstance(found, int):
                    return max(found - dim.less, 0)
                return Extent(found.symbol, dim.less, (found.not_one or dim.not_one) and dim.less == 0)
            if not dim.not_one and dim.less == 0 and dim.symbol in scope._not_one:
                return replace(dim, not_one=True)
            scope = scope.parent
        return None

    def knows_nothing(self) -> bool:
        scope: Scope | None = self
        while scope is not None:
            if scope._found or scope._not_one:
                return False
            scope = scope.parent
        return True

    def canonical(self, type: Type) -> Type:
        """The type with each length in canonical form."""
        if (type.shape is None and type.items is None and type.extent is None) or self.knows_nothing():
            return type
        return map_dims(type, self.find)


def map_dims(type: Type, change: Callable[[Dim], Dim]) -> Type:
    """The type with every length changed."""
    shape, items, extent = type.shape, type.items, type.extent
    if shape:
        shape = tuple(map(change, shape))
    if items:
        items = tuple(map_dims(item, change) for item in items)
    if isinstance(extent, Extent):
        extent = change(extent)
    if shape == type.shape and items == type.items and extent == type.extent:
        return type
    return replace(type, shape=shape, items=items, extent=extent)


def taken_over(type: Type, symbols: Symbols) -> Type:
    """The type of a call's result with symbols of the caller's for the lengths that the callee made up."""
    known: dict[Dim, Dim] = {}

    def change(dim: Dim) -> Dim:
        if isinstance(dim, int) or not dim.symbol.startswith(INSIDE):
            return dim
        if dim not in known:
            known[dim] = symbols.fresh(dim.not_one)
        return known[dim]

    return map_dims(type, change)
