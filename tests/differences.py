"""Numerical references that know nothing of the compiler: slopes by differences, each with an estimate of its error.

Arguments are trees: floats and complex numbers, arrays, NumPy scalars, and tuples, lists, dicts and objects of these.
Anything else (integers, strings, None) is carried along unchanged. Functions get fresh copies, so that they may write
into their arguments. A complex number counts as two, its real and its imaginary part.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from types import FunctionType as Function
from types import ModuleType as Module
from typing import Any

import numpy as np

STEPS = tuple(1e-2 / 4.0**k for k in range(7))  # the table of differences starts here; steps are relative to the scale
PROBES = (1e-4, 1e-5, 1e-6)  # where one-sided slopes are compared


# ---------------------------------------------------------------- trees of arguments
def is_inexact(leaf: object) -> bool:
    """Whether a leaf can be moved: a float or complex number, or an array or NumPy scalar of these."""
    return isinstance(leaf, (float, complex, np.ndarray, np.inexact)) and np.asarray(leaf).dtype.kind in "fc"


def is_object(tree: object) -> bool:
    """Whether this is an object of a user's class, with attributes that may be moved."""
    return hasattr(tree, "__dict__") and not isinstance(tree, (np.ndarray, np.generic, Enum, type, Function, Module))


def parts(tree: Any) -> dict[Any, Any] | None:
    """What a structure holds, by index, key or attribute; None for a leaf."""
    if isinstance(tree, (tuple, list)):
        return dict(enumerate(tree))
    if isinstance(tree, dict):
        return tree
    return vars(tree) if is_object(tree) else None


def tree_map(function: Callable[..., Any], tree: Any, *others: Any) -> Any:
    """``function`` of each leaf, beside the same leaves of the other trees."""
    inner = parts(tree)
    if inner is None:
        return function(tree, *others)
    parallel = [parts(other) or {} for other in others]
    assert all(other.keys() == inner.keys() for other in parallel), "trees of different forms"
    mapped = {key: tree_map(function, part, *(other[key] for other in parallel)) for key, part in inner.items()}
    return rebuilt(tree, mapped)


def rebuilt(tree: Any, inner: dict[Any, Any]) -> Any:
    """A structure of the same kind with these parts."""
    if isinstance(tree, dict):
        return inner
    if isinstance(tree, (tuple, list)):
        return tree._make(inner.values()) if hasattr(tree, "_make") else type(tree)(inner.values())
    made = copy.copy(tree)
    vars(made).update(inner)
    return made


def leaves(tree: Any) -> Iterator[Any]:
    """The leaves, from left to right."""
    inner = parts(tree)
    if inner is None:
        yield tree
        return
    for part in inner.values():
        yield from leaves(part)


def fresh(tree: Any) -> Any:
    """A copy that shares no memory, and lies in memory as the tree's arrays do."""
    return tree_map(lambda leaf: laid_out(leaf, leaf) if isinstance(leaf, np.ndarray) else leaf, tree)


def laid_out(values: Any, like: Any) -> Any:
    """An array of these values with the strides of ``like``, gaps between its elements included."""
    if not isinstance(like, np.ndarray):
        return values
    if like.flags.forc or not like.size or 0 in like.strides:
        view = np.empty_like(like, dtype=np.asarray(values).dtype)
        view[...] = values
        return view
    steps = [stride // like.itemsize for stride in like.strides]  # in elements
    ends = [step * (length - 1) for step, length in zip(steps, like.shape, strict=True)]
    start = -sum(end for end in ends if end < 0)
    spare = np.full(start + sum(end for end in ends if end > 0) + 1, 7, np.asarray(values).dtype)
    strides = tuple(step * spare.itemsize for step in steps)
    view = np.lib.stride_tricks.as_strided(spare[start:], like.shape, strides)
    view[...] = values
    return view


def in_double(tree: Any) -> Any:
    """The same numbers in double precision: differences of float32 code would be noise."""
    return tree_map(lambda leaf: _double(leaf) if is_inexact(leaf) else leaf, tree)


def _double(leaf: Any) -> Any:
    kind = complex if np.iscomplexobj(leaf) else float
    return leaf.astype(kind) if isinstance(leaf, np.ndarray) else kind(leaf)


def random_direction(tree: Any, rng: np.random.Generator) -> Any:
    """A direction to move all real leaves in, of entries about 1; None beside other leaves."""
    return tree_map(lambda leaf: _random(leaf, rng) if is_inexact(leaf) else None, tree)


def _random(leaf: Any, rng: np.random.Generator) -> Any:
    if np.iscomplexobj(leaf):
        drawn = rng.normal(size=np.shape(leaf)) + 1j * rng.normal(size=np.shape(leaf))
        return drawn if isinstance(leaf, np.ndarray) else complex(drawn)
    if not isinstance(leaf, np.ndarray):
        return float(rng.normal())
    return rng.normal(size=leaf.shape)


def inner(tree: Any, direction: Any) -> float:
    """The sum of products of all leaves that have a direction, of complex ones the real part."""
    return float(sum(np.sum(np.real(np.asarray(a) * np.asarray(b))) for a, b in beside(tree, direction)))


def magnitude(tree: Any, direction: Any) -> float:
    """As ``inner`` with absolute values: the scale on which rounding errors of ``inner`` are measured."""
    return float(sum(np.sum(np.abs(np.asarray(a) * np.asarray(b))) for a, b in beside(tree, direction)))


def beside(tree: Any, direction: Any) -> Iterator[tuple[Any, Any]]:
    """Each leaf that has a direction, with it; a direction of None stands for a whole tree that does not move."""
    if direction is None:
        return
    inner, ways = parts(tree), parts(direction)
    if inner is None or ways is None:
        yield tree, direction
        return
    assert inner.keys() == ways.keys(), "trees of different forms"
    for key, part in inner.items():
        yield from beside(part, ways[key])


def numbers(value: Any) -> Any:
    """The real numbers in an array: of complex ones both parts, along a last axis."""
    if np.iscomplexobj(value):
        return np.stack([np.real(value), np.imag(value)], axis=-1)
    return np.asarray(value, dtype=float)


def moved(tree: Any, direction: Any, step: float) -> Any:
    if direction is None:
        return fresh(tree)
    inner, ways = parts(tree), parts(direction)
    if inner is None or ways is None:
        return laid_out(tree + step * direction, tree)
    return rebuilt(tree, {key: moved(part, ways[key], step) for key, part in inner.items()})


# ---------------------------------------------------------------- slopes
@dataclass(frozen=True)
class Slope:
    """A derivative by differences and how far it may be off; both have the shape of the function's result."""

    value: Any
    error: Any

    def agrees(self, other: Any, rtol: float = 1e-6, atol: float = 1e-9, scale: float = 0.0) -> bool:
        """Whether ``other`` is this slope, as far as differences can tell; ``scale`` is the size of its terms."""
        return bool(np.all(self.distance(other, scale) <= atol + rtol * np.maximum(np.abs(self.value), scale)))

    def distance(self, other: Any, scale: float = 0.0) -> Any:
        """How much further away ``other`` is than the error of the differences explains."""
        other = numbers(other)
        apart = np.abs(other - self.value)
        apart = np.where(np.isnan(apart), np.inf, apart)
        return np.maximum(apart - 4 * self.error - 1e-13 * scale, 0.0)

    @property
    def trusted(self) -> bool:
        """Whether the differences say anything: at least about four digits."""
        return bool(np.all(self.error <= 1e-4 * (1 + np.abs(self.value))))


def slope(
    function: Callable[..., Any], args: Sequence[Any], direction: Sequence[Any], steps: Sequence[float] = STEPS
) -> Slope:
    """The derivative of ``function(*args)`` along ``direction``: Ridders' table of central differences.

    Richardson's extrapolation removes one even power of the step a column; of all entries, the one that moved least
    against its neighbours is taken, and the move, with the rounding of the values, is the error.
    """
    rows: list[list[Any]] = []
    best = error = np.array(np.inf)
    for step in steps:
        up = numbers(function(*moved(args, direction, step)))
        down = numbers(function(*moved(args, direction, -step)))
        noise = 4e-16 * (np.abs(up) + np.abs(down) + np.abs(up - down) / (2 * step)) / step  # of values and arguments
        row = [(up - down) / (2 * step)]
        for column, coarser in enumerate(rows[-1] if rows else []):
            factor = (steps[0] / steps[1]) ** (2 * column + 2)  # the step shrinks by 4, its square by 16
            finer = row[column]
            extrapolated = (factor * finer - coarser) / (factor - 1)
            apart = np.maximum(np.abs(extrapolated - finer), np.abs(extrapolated - coarser)) + noise
            better = apart < error
            best, error = np.where(better, extrapolated, best), np.where(better, apart, error)
            row.append(extrapolated)
        rows.append(row)
    return Slope(best, error)


def gradient(function: Callable[..., Any], args: Sequence[Any], which: int) -> Slope:
    """The derivative of a scalar function w.r.t. every element of ``args[which]``, a number or an array.

    With respect to ``z = a + ib`` it is the one along ``a`` less ``i`` times the one along ``b``.
    """
    leaf = args[which]

    def along(unit: Any) -> Slope:
        return slope(function, args, [unit if k == which else None for k in range(len(args))])

    units = (1.0, 1j) if np.iscomplexobj(leaf) else (1.0,)
    signs = np.array([1.0, -1.0][: len(units)])
    value, error = np.zeros((*np.shape(leaf), len(units))), np.zeros((*np.shape(leaf), len(units)))
    for index in np.ndindex(np.shape(leaf)):
        for k, one in enumerate(units):
            unit = np.zeros(np.shape(leaf), type(one))
            unit[index] = one
            found = along(unit if isinstance(leaf, np.ndarray) else one)
            value[(*index, k)], error[(*index, k)] = signs[k] * found.value, found.error
    return Slope(value, error) if len(units) > 1 else Slope(value[..., 0], error[..., 0])


# ---------------------------------------------------------------- is the point smooth?
def is_smooth(function: Callable[..., Any], args: Sequence[Any], direction: Sequence[Any]) -> bool:
    """Whether ``function`` looks differentiable at ``args`` along ``direction``.

    A jump or a kink at the point shows in one-sided slopes that do not approach each other as the step shrinks; one
    near it in differences that do not settle. A point where neither shows is taken as smooth.
    """
    with np.errstate(all="ignore"):
        here = float(function(*moved(args, direction, 0.0)))
        if not np.isfinite(here):
            return False
        gaps = []
        for step in PROBES:
            ahead = (float(function(*moved(args, direction, step))) - here) / step
            behind = (here - float(function(*moved(args, direction, -step)))) / step
            if not (np.isfinite(ahead) and np.isfinite(behind)):
                return False
            gaps.append(abs(ahead - behind) / (1 + max(abs(ahead), abs(behind))))
        if gaps[-1] > 1e-4 or (gaps[-1] > 1e-7 and gaps[-1] > 0.5 * gaps[-2]):
            return False  # the gap is the step times the curvature where the function is smooth
        return slope(function, args, direction).trusted
