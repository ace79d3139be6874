"""Slices of one array that NumPy assigns to each other without a copy, though they overlap.

Of what overlaps NumPy assigns a copy, but for one axis and steps of the same direction: there it goes through the
elements from one end. With equal steps it takes the right end; with others it may read what it has written.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping

import numpy as np

from backprose.analyse.types import type_of
from backprose.ir.nodes import Apply, Const, Expr, Slice, Subscript, Tuple

LENGTHS = range(2, 13)  # of the axis, and values of bounds that are not written there, that are tried
BOUNDS = range(6)
STEPS = (1, 2, 3)


def may_read_what_it_wrote(target: Expr, value: Expr) -> bool:
    """Whether an assignment of one part of an array to another may not give what one of a copy gives.

    >>> from backprose.ir.nodes import Name
    >>> def part(*bounds): return Subscript(Name("y"), Slice(*(None if one is None else Const(one) for one in bounds)))
    >>> may_read_what_it_wrote(part(None, None, 2), part(None, 3, None))
    True
    >>> may_read_what_it_wrote(part(None, 3, None), part(None, None, 2))
    False
    >>> may_read_what_it_wrote(part(1, None, None), part(None, -1, None))
    False
    """
    pair = _along_one_axis(target, value)
    if pair is None or type_of(target).rank not in (None, 1):
        return False
    to, source = pair
    if _number(to.step, 1) == _number(source.step, 1) is not None or to.step == source.step:
        return False
    unknown: dict[Expr, range | tuple[int, ...]] = {}
    for part in (to, source):
        for bound in (part.lower, part.upper):
            if bound is not None and _number(bound, 0) is None:
                unknown[bound] = BOUNDS
        if part.step is not None and _number(part.step, 1) is None:
            unknown[part.step] = STEPS
    for values in itertools.product(*unknown.values()):
        known = dict(zip(unknown, values, strict=True))
        if any(_differs(length, _slice(to, known), _slice(source, known)) for length in LENGTHS):
            return True
    return False


def _along_one_axis(target: Expr, value: Expr) -> tuple[Slice, Slice] | None:
    """The two slices, where they are of the same axis of the same array, and one element of each other axis."""
    target, value = _part(target), _part(value)
    if not (isinstance(target, Subscript) and isinstance(value, Subscript) and target.value == value.value):
        return None
    entries = [part.index.items if isinstance(part.index, Tuple) else (part.index,) for part in (target, value)]
    if len(entries[0]) != len(entries[1]):
        return None
    slices = [(a, b) for a, b in zip(*entries, strict=True) if isinstance(a, Slice) and isinstance(b, Slice)]
    others = [(a, b) for a, b in zip(*entries, strict=True) if not (isinstance(a, Slice) and isinstance(b, Slice))]
    if len(slices) != 1 or any(isinstance(one, Slice) for pair in others for one in pair):
        return None
    apart = any(isinstance(a, Const) and isinstance(b, Const) and a != b for a, b in others)
    return None if apart else slices[0]


def _part(place: Expr) -> Expr:
    """A part of an array without what takes all of it: ``y[::2]`` of ``y[::2][...]``."""
    while isinstance(place, Subscript) and place.index in (Const(...), Slice(None, None, None)):
        if not isinstance(place.value, Subscript):
            break
        place = place.value
    return place


def _number(bound: Expr | None, default: int) -> int | None:
    match bound:
        case None | Const(value=None):
            return default
        case Const(value=int() as value):
            return value
        case Apply(op="negative", args=(Const(value=int() as value),)):
            return -value
    return None


def _slice(part: Slice, known: Mapping[Expr, int]) -> slice:
    """The slice as Python has it, with values for what is not written there."""
    lower, upper, step = (
        None if bound is None or bound == Const(None) else known[bound] if bound in known else _number(bound, 0)
        for bound in (part.lower, part.upper, part.step)
    )
    return slice(lower, upper, step)


def _differs(length: int, to: slice, source: slice) -> bool:
    """Whether NumPy's result is another one than with a copy, for an axis of this length."""
    found, copied = np.arange(length), np.arange(length)
    if len(range(length)[to]) != len(range(length)[source]):
        return False
    found[to] = found[source]
    copied[to] = copied[source].copy()
    return not np.array_equal(found, copied)
