"""Helpers that emitted text may call: small NumPy functions, each with a rule of its own (``rules/helpers.py``).

A dumped file holds a copy of the source of those that it needs, so each stands on its own, NumPy and the other helpers
aside.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np


def stop_gradient(x: Any) -> Any:
    """``x`` itself, as a constant: no derivative passes through."""
    return x


@contextmanager
def adjoint_of(x: Any) -> Iterator[Any]:
    """The adjoint of a variable at this place, to print, clip or replace it in a ``with`` statement.

    The body belongs to the backward sweep of a derivative: it runs there when the adjoint of ``x`` is complete, as far
    as what follows this place goes. It does not run in forward mode and where ``x`` has no adjoint; a plain call of the
    function runs it with zeros.
    """
    yield np.zeros_like(x) if np.ndim(x) else 0.0


def evaluated(spline: Any, x: Any, nu: int = 0, extrapolate: Any = None) -> Any:
    """A derivative of a spline of SciPy's: a mark in programs, which is written as a call of the spline in a text."""
    return spline(x, nu) if extrapolate is None else spline(x, nu, extrapolate)


def observed(x: Any) -> Any:
    """``x`` itself: a mark in programs, never in a text, where a variable may have its last value."""
    return x


def fixed_point(step: Any, x0: Any, /, *args: Any, tol: float = 1e-12) -> Any:
    """The ``x`` with ``x = step(x, *args)`` that ``x = step(x, *args)``, again and again from ``x0``, leads to.

    It stops where a step changes no element by more than ``tol``, relative to the largest one and to 1. Its derivative
    with respect to ``args`` is that of the solution, also where no step was needed, by the implicit function theorem:
    Griewank and Walther, "Evaluating Derivatives" (2008), chapter 15.
    """
    x = x0
    for _ in range(10_000):
        last, x = x, step(x, *args)
        if np.max(np.abs(x - last), initial=0.0) <= tol * max(1.0, np.max(np.abs(x), initial=0.0)):
            return x
    raise ArithmeticError("fixed_point: no convergence in 10000 steps")


def root(f: Any, x0: Any, /, *args: Any, tol: float = 1e-12) -> Any:
    """The ``x`` with ``f(x, *args) = 0``, of the shape of ``x``, that Newton's method finds from ``x0``.

    Its matrix is made of differences, a step that does not help is halved. It stops where a step changes no element by
    more than ``tol``, relative to the largest one and to 1. Its derivative with respect to ``args`` is that of the
    root, also where no step was needed, by the implicit function theorem: Griewank and Walther, "Evaluating
    Derivatives" (2008), chapter 15.
    """
    x = np.array(x0, float)
    residual = np.asarray(f(x[()], *args), float)
    for _ in range(100):
        columns = []
        for i in range(x.size):
            h = 6e-6 * max(1.0, abs(x.flat[i]))
            ahead, behind = x.copy(), x.copy()
            ahead.flat[i] += h
            behind.flat[i] -= h
            columns.append(np.ravel(np.subtract(f(ahead[()], *args), f(behind[()], *args))) / (2 * h))
        if not columns or not np.any(residual):
            return x[()]
        step = np.reshape(np.linalg.solve(np.array(columns).T, np.ravel(residual)), x.shape)
        size = np.linalg.norm(np.ravel(residual))
        for halved in range(40):
            following = np.asarray(x - step / 2**halved)
            left = np.asarray(f(following[()], *args), float)
            if np.linalg.norm(np.ravel(left)) < size:
                break
        else:  # as near as rounding lets it come
            if np.max(np.abs(step)) <= 1e-6 * max(1.0, np.max(np.abs(x))):
                return x[()]
            raise ArithmeticError("root: no step makes the residual smaller")
        x, residual = following, left
        if np.max(np.abs(step)) <= tol * max(1.0, np.max(np.abs(x))):
            return x[()]
    raise ArithmeticError("root: no convergence in 100 steps")


def unbroadcast(cotangent: Any, like: Any) -> Any:
    """The cotangent summed over the axes along which ``like`` was broadcast; its real part, where ``like`` is real."""
    if np.iscomplexobj(cotangent) and not np.iscomplexobj(like):
        cotangent = np.real(cotangent)
    shape = np.shape(like)
    extra = np.ndim(cotangent) - len(shape)
    if extra < 0:  # written into a place of fewer axes
        cotangent = np.reshape(cotangent, (1,) * -extra + np.shape(cotangent))
        extra = 0
    stretched = tuple(extra + i for i, n in enumerate(shape) if n == 1 != np.shape(cotangent)[extra + i])
    if extra or stretched:
        cotangent = np.sum(cotangent, axis=(*range(extra), *stretched), keepdims=True)
        cotangent = np.reshape(cotangent, shape)
    return cotangent


def as_gradient(x_bar: Any, x: Any) -> Any:
    """The adjoint of an argument as it is handed out: of the argument's kind, dtype and shape, in memory of its own."""
    if np.iscomplexobj(x_bar) and not np.iscomplexobj(x):
        x_bar = np.real(x_bar)
    if isinstance(x, (float, complex, np.generic)):
        return type(x)(x_bar if np.ndim(x_bar) == 0 else np.reshape(x_bar, ())[()])
    gradient = np.empty(np.shape(x), np.asarray(x).dtype)
    gradient[...] = x_bar
    return gradient


def as_tangent(tangent: Any, x: Any) -> Any:
    """A tangent or cotangent of ``x`` with its kind and dtype; one of another shape is an error."""
    if np.shape(tangent) != np.shape(x):
        raise ValueError(f"the tangent has shape {np.shape(tangent)}, but what it belongs to has shape {np.shape(x)}")
    if np.iscomplexobj(tangent) and not np.iscomplexobj(x):
        raise ValueError("the tangent is complex, but what it belongs to is real")
    if isinstance(x, (float, complex, np.inexact)):
        return type(x)(tangent)
    return np.asarray(tangent, x.dtype) if isinstance(x, np.ndarray) and x.dtype.kind in "fc" else tangent


def is_sequence(x: Any) -> bool:
    """Whether ``match`` takes ``x`` for a sequence (PEP 634): a tuple, a list and the like, not a text."""
    return bool(type(x).__flags__ & 1 << 5)


def same_array(*items: Any) -> bool:
    """Whether two of these are one array."""
    arrays = [id(item) for item in items if isinstance(item, np.ndarray)]
    return len(set(arrays)) < len(arrays)


def is_mapping(x: Any) -> bool:
    """Whether ``match`` takes ``x`` for a mapping (PEP 634)."""
    return bool(type(x).__flags__ & 1 << 6)


def last_writes(x: Any, index: Any) -> Any:
    """Which values of ``x[index] = values`` stay: of an element that the index names twice, the last."""
    writers = np.zeros(np.shape(x), int)
    order = np.reshape(np.arange(np.size(writers[index])), np.shape(writers[index]))
    writers[index] = order
    return writers[index] == order


def unit(like: Any, index: Any) -> Any:
    """1 at ``index`` and 0 elsewhere, a number where ``like`` is one."""
    if not isinstance(like, np.ndarray):
        return type(like)(1)
    one = np.zeros_like(like)
    one[index] = 1
    return one


def own(x: Any) -> Any:
    """``x`` where it is a number, else a copy of the array, the list or the arrays of a tuple."""
    if isinstance(x, list):
        return list(x)
    if isinstance(x, tuple):
        return tuple(own(item) for item in x)
    return x.copy(order="K") if isinstance(x, np.ndarray) else x


def with_attributes(thing: Any, **attributes: Any) -> Any:
    """An object like ``thing``, or of this class, with these attributes: a gradient has the form of its argument."""
    made: Any = object.__new__(thing if isinstance(thing, type) else type(thing))
    made.__dict__.update(attributes)
    return made


def scalar_result(result: Any) -> Any:
    """The result, which has to be one number for a gradient."""
    if np.ndim(result):
        raise ValueError("grad needs a function that returns one number: use backprose.vjp or backprose.jacobian")
    if np.iscomplexobj(result):
        raise ValueError("grad needs a function that returns a real number: use backprose.vjp for complex results")
    return result


def section(joined: Any, arrays: Sequence[Any], item: int, axis: int | None = 0) -> Any:
    """The part of ``np.concatenate(arrays, axis)``, or of an array like it, that belongs to ``arrays[item]``."""
    if axis is None:
        lengths = [np.size(array) for array in arrays]
    else:  # a number or a vector may stand beside arrays of more axes: hstack, vstack
        lengths = [np.shape(array)[axis] if np.ndim(array) == np.ndim(joined) else 1 for array in arrays]
    start = sum(lengths[:item])
    along = 0 if axis is None else axis % np.ndim(joined)
    part = joined[(slice(None),) * along + (slice(start, start + lengths[item]),)]
    return np.reshape(part, np.shape(arrays[item]))


def unsection(part: Any, arrays: Sequence[Any], item: int, axis: int | None = 0, rank: int = 0) -> Any:
    """The transpose of ``section(joined, arrays, item, axis)``: zeros, with the part in its place; ``rank``: of what is
    joined, where the arrays may have fewer axes."""
    parts = [part if i == item else np.zeros_like(array) for i, array in enumerate(arrays)]
    if axis is not None:  # a number or a vector may stand beside arrays of more axes
        rank = max(rank, 1, *map(np.ndim, arrays))
        parts = [np.reshape(one, (1,) * (rank - np.ndim(one)) + np.shape(one)) for one in parts]
    return np.concatenate(parts, axis)


def sections(joined: Any, arrays: Sequence[Any], axis: int = 0) -> list[Any]:
    """The parts of ``np.concatenate(arrays, axis)``, or of an array like it, each in the shape of its own array."""
    lengths = [1 if np.ndim(array) < np.ndim(joined) else np.shape(array)[axis] for array in arrays]
    parts = np.split(joined, np.cumsum(lengths)[:-1], axis) if lengths else []
    return [np.reshape(part, np.shape(array)) for part, array in zip(parts, arrays, strict=True)]


def unsections(parts: Sequence[Any], joined: Any, axis: int = 0) -> Any:
    """The transpose of ``sections(joined, arrays, axis)``: the parts side by side."""
    whole = [part if np.ndim(part) == np.ndim(joined) else np.expand_dims(part, axis) for part in parts]
    return np.concatenate(whole, axis) if whole else np.zeros_like(joined)


def unsplit(parts: Sequence[Any], like: Any, indices: Sequence[int], axis: int = 0) -> Any:
    """The transpose of ``np.split(like, indices, axis)``: zeros, with the parts added in their places."""
    total = np.zeros(np.shape(like), np.result_type(*parts))
    for place, part in zip(np.split(total, indices, axis), parts, strict=True):
        place += part
    return total


def unsliced(parts: Sequence[Any], items: Sequence[Any], place: slice) -> list[Any]:
    """The transpose of ``items[place]`` of a list: zeros, with the parts in their places."""
    made = [np.zeros_like(item) for item in items]
    made[place] = parts
    return made


def undiff(differences: Any, like: Any, n: int = 1, axis: int = -1) -> Any:
    """The transpose of ``np.diff(like, n, axis)``."""
    length = np.shape(like)[axis]
    y = np.moveaxis(differences, axis, -1)
    for _ in range(min(n, length)):
        y = -np.diff(y, axis=-1, prepend=0, append=0)
    if n > length:  # no difference was taken
        y = np.zeros((*y.shape[:-1], length), y.dtype)
    return np.moveaxis(y, -1, axis)


def untile(tiles: Any, like: Any, reps: Any) -> Any:
    """The transpose of ``np.tile(like, reps)``: the sum of the copies."""
    counts = tuple(np.atleast_1d(reps))
    rank = max(len(counts), np.ndim(like))
    counts = (1,) * (rank - len(counts)) + counts
    shape = (1,) * (rank - np.ndim(like)) + np.shape(like)
    apart = np.reshape(tiles, [n for pair in zip(counts, shape, strict=True) for n in pair])
    return np.reshape(np.sum(apart, axis=tuple(range(0, 2 * rank, 2))), np.shape(like))


def unrepeat(repeated: Any, like: Any, repeats: Any, axis: int | None = None) -> Any:
    """The transpose of ``np.repeat(like, repeats, axis)``: the sum of the copies."""
    flat = np.ravel(like) if axis is None else np.moveaxis(like, axis, 0)
    total = np.zeros(np.shape(flat), np.result_type(repeated))
    np.add.at(total, np.repeat(np.arange(len(flat)), repeats), np.moveaxis(repeated, 0 if axis is None else axis, 0))
    return np.reshape(total, np.shape(like)) if axis is None else np.moveaxis(total, 0, axis)


def unresize(part: Any, like: Any) -> Any:
    """The transpose of ``np.resize(like, np.shape(part))``: the sum of the copies."""
    total = np.zeros(np.size(like), np.result_type(part))
    if np.size(like):
        np.add.at(total, np.arange(np.size(part)) % np.size(like), np.ravel(part))
    return np.reshape(total, np.shape(like))


def untake(part: Any, indices: Any, like: Any, axis: int | None = None) -> Any:
    """The transpose of ``np.take(like, indices, axis)``: zeros, with the parts added in their places."""
    total = np.zeros(np.size(like) if axis is None else np.shape(like), np.result_type(part))
    at = 0 if axis is None else axis % np.ndim(like)
    along = np.moveaxis(part, range(at, at + np.ndim(indices)), range(np.ndim(indices)))
    np.add.at(np.moveaxis(total, at, 0), indices, along)
    return np.reshape(total, np.shape(like))


def untake_along_axis(part: Any, indices: Any, like: Any, axis: int | None) -> Any:
    """The transpose of ``np.take_along_axis(like, indices, axis)``: zeros, with the parts added in their places."""
    shape = (np.size(like),) if axis is None else np.shape(like)
    total = np.zeros(shape, np.result_type(part))
    at = 0 if axis is None else axis % len(shape)
    grid = np.ogrid[tuple(slice(n) for n in shape)]
    np.add.at(total, tuple(indices if i == at else places for i, places in enumerate(grid)), part)
    return np.reshape(total, np.shape(like))


def places_of(found: Any, values: Any) -> Any:
    """Where each of the numbers ``found`` stands among the ``values``: the first place of several."""
    order = np.argsort(np.ravel(values), kind="stable")
    return order[np.searchsorted(np.ravel(values), found, sorter=order)]


def bins_of(sample: Any, edges: Sequence[Any]) -> Any:
    """The bin of ``np.histogramdd`` that each point lies in, counted through; the count of all for those beyond."""
    flat, inside, count = np.zeros((), int), np.ones((), bool), 1
    columns = np.transpose(sample) if isinstance(sample, np.ndarray) and sample.ndim == 2 else np.atleast_2d(sample)
    for x, ends in zip(columns, edges, strict=True):
        count *= len(ends) - 1
        flat = flat * (len(ends) - 1) + np.clip(np.searchsorted(ends, x, "right") - 1, 0, len(ends) - 2)
        inside = inside & (x >= ends[0]) & (x <= ends[-1])
    return np.where(inside, flat, count)


def new_places(whole: Any, like: Any, obj: Any, axis: int | None = None) -> Any:
    """Where the values stand in ``whole``, which is like ``np.insert(like, obj, values, axis)``."""
    count = np.size(like) if axis is None else np.shape(like)[axis]
    new = np.shape(whole)[axis or 0] - count
    marks = np.insert(np.arange(count), obj, np.arange(-new, 0))  # NumPy itself says where
    return np.argsort(marks)[:new]


def kept_places(whole: Any, like: Any, obj: Any, axis: int | None = None) -> Any:
    """Where the elements of ``like`` stand in ``whole``, which is like ``np.insert(like, obj, values, axis)``."""
    return np.delete(np.arange(np.shape(whole)[axis or 0]), new_places(whole, like, obj, axis))


def unreduceat(sums: Any, like: Any, indices: Any, axis: int = 0) -> Any:
    """The transpose of ``np.add.reduceat(like, indices, axis)``."""
    total = np.zeros(np.shape(np.moveaxis(like, axis, 0)), np.result_type(sums))
    starts = [int(start) for start in indices]
    for part, start, stop in zip(np.moveaxis(sums, axis, 0), starts, [*starts[1:], len(total)], strict=True):
        total[start : max(stop, start + 1)] += part
    return np.moveaxis(total, 0, axis)


def with_ends(a: Any, axis: int = -1, prepend: Any = None, append: Any = None) -> Any:
    """What ``np.diff(a, axis=axis, prepend=prepend, append=append)`` takes the differences of."""
    end = np.shape(np.sum(a, axis=axis, keepdims=True))
    parts = [np.broadcast_to(one, end) if np.ndim(one) == 0 else one for one in (prepend, a, append) if one is not None]
    return np.concatenate(parts, axis)


def without_ends(whole: Any, item: int, a: Any, axis: int = -1, prepend: Any = None, append: Any = None) -> Any:
    """The transpose of ``with_ends`` in the argument ``prepend`` (0), ``a`` (1) or ``append`` (2)."""
    lengths = [0 if one is None else 1 if np.ndim(one) == 0 else np.shape(one)[axis] for one in (prepend, a, append)]
    start, like = sum(lengths[:item]), (prepend, a, append)[item]
    part = np.moveaxis(np.moveaxis(whole, axis, 0)[start : start + lengths[item]], 0, axis)
    return np.sum(part) if np.ndim(like) == 0 else part


def within_ends(part: Any, item: int, a: Any, axis: int = -1, prepend: Any = None, append: Any = None) -> Any:
    """The transpose of ``without_ends``: zeros, with the part in its place."""
    zeros = [None if one is None else np.zeros_like(one, float) for one in (prepend, a, append)]
    zeros[item] = part
    return with_ends(zeros[1], axis, zeros[0], zeros[2])


def undiagonal(part: Any, like: Any, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
    """The transpose of ``np.diagonal(like, offset, axis1, axis2)``: zeros, with the diagonal in its place."""
    total = np.zeros(np.shape(like), np.result_type(part))
    along = np.arange(np.shape(part)[-1])
    rows, columns = along + max(-offset, 0), along + max(offset, 0)
    np.moveaxis(total, (axis1, axis2), (0, 1))[rows, columns] = np.moveaxis(part, -1, 0)
    return total


def unpad(padded: Any, like: Any, pad_width: Any) -> Any:
    """The transpose of ``np.pad(like, pad_width)``: the part in the middle."""
    before = np.broadcast_to(np.asarray(pad_width), (np.ndim(like), 2))[:, 0]
    return padded[tuple(slice(start, start + n) for start, n in zip(before, np.shape(like), strict=True))]


def blocks_apart(product: Any, a: Any, b: Any) -> Any:
    """An array like ``np.kron(a, b)`` as a matrix: a row for each element of ``a``, a column for each of ``b``."""
    rank = max(np.ndim(a), np.ndim(b))
    outer, inner = ((1,) * (rank - np.ndim(one)) + np.shape(one) for one in (a, b))
    apart = np.reshape(product, [n for pair in zip(outer, inner, strict=True) for n in pair])
    return np.reshape(np.moveaxis(apart, range(1, 2 * rank, 2), range(rank, 2 * rank)), (np.size(a), np.size(b)))


def blocks_together(pairs: Any, a: Any, b: Any) -> Any:
    """The way back: ``blocks_together(blocks_apart(product, a, b), a, b)`` is ``product``."""
    rank = max(np.ndim(a), np.ndim(b))
    outer, inner = ((1,) * (rank - np.ndim(one)) + np.shape(one) for one in (a, b))
    apart = np.moveaxis(np.reshape(pairs, (*outer, *inner)), range(rank, 2 * rank), range(1, 2 * rank, 2))
    return np.reshape(apart, [n * m for n, m in zip(outer, inner, strict=True)])


def fitted(x: Any, like: Any, axis: int) -> Any:
    """``x`` cut, or with zeros behind it, to the length of ``like`` along an axis: its own transpose."""
    length, wanted = np.shape(x)[axis], np.shape(like)[axis]
    if length >= wanted:
        return np.moveaxis(np.moveaxis(x, axis, 0)[:wanted], 0, axis)
    more = [(0, 0)] * np.ndim(x)
    more[axis] = (0, wanted - length)
    return np.pad(x, more)


def fitted_to(x: Any, like: Any) -> Any:
    """As ``fitted``, along every axis."""
    for axis in range(np.ndim(x)):
        x = fitted(x, like, axis)
    return x


def mirrored(x: Any, axis: int) -> Any:
    """The first half of the frequencies, each with the weight of those that ``np.fft.irfft`` takes it for."""
    length = np.shape(x)[axis]
    half = np.moveaxis(x, axis, -1)[..., : length // 2 + 1]
    inner = np.arange(length // 2 + 1)
    return np.moveaxis(half * np.where((inner == 0) | (2 * inner == length), 1, 2), -1, axis)


def unmirrored(part: Any, like: Any, axis: int) -> Any:
    """The transpose of ``mirrored(like, axis)``."""
    length = np.shape(like)[axis]
    inner = np.arange(length // 2 + 1)
    total = np.zeros(np.shape(np.moveaxis(like, axis, -1)), np.result_type(part))
    total[..., : length // 2 + 1] = np.moveaxis(part, axis, -1) * np.where((inner == 0) | (2 * inner == length), 1, 2)
    return np.moveaxis(total, -1, axis)


def ends_scaled(x: Any, axes: int | Sequence[int] | None, first: float, last: float) -> Any:
    """``x`` with the first and the last elements along an axis, some, or all axes multiplied: its own transpose."""
    made = np.array(x)
    for axis in range(np.ndim(x)) if axes is None else np.atleast_1d(axes):
        along = np.moveaxis(made, axis, 0)
        along[:1] *= first
        along[-1:] *= last
    return made


def lengths(a: Any, axes: Sequence[int]) -> tuple[int, ...]:
    """The lengths of an array along some axes."""
    return tuple(np.shape(a)[axis] for axis in axes)


def midpoints(y: Any) -> Any:
    """The means of neighbours along the last axis."""
    return (y[..., 1:] + y[..., :-1]) / 2


def unmidpoints(means: Any, like: Any) -> Any:
    """The transpose of ``midpoints(like)``."""
    total = np.zeros(np.shape(like), np.result_type(means))
    total[..., 1:] = means / 2
    total[..., :-1] += means / 2
    return total


def cell_of(x: Any, xp: Any) -> Any:
    """Between which two of the places ``xp`` each ``x`` lies: the index of the lower one."""
    return np.clip(np.searchsorted(xp, x, "right") - 1, 0, np.size(xp) - 2)


def ungradient(slopes: Any, spacing: Any = 1.0, axis: int = 0, edge_order: int = 1) -> Any:
    """The transpose of ``np.gradient(f, spacing, axis=axis, edge_order=edge_order)``."""
    g = np.moveaxis(slopes, axis, -1)
    count = g.shape[-1]
    d = np.full(count - 1, spacing) if np.ndim(spacing) == 0 else np.diff(spacing)
    d1, d2 = d[:-1], d[1:]
    total = np.zeros(g.shape, np.result_type(g, d))
    inner = g[..., 1:-1]
    total[..., :-2] -= inner * d2 / (d1 * (d1 + d2))
    total[..., 1:-1] += inner * (d2 - d1) / (d1 * d2)
    total[..., 2:] += inner * d1 / (d2 * (d1 + d2))
    first, last = g[..., 0], g[..., -1]
    if edge_order == 1:
        total[..., 0] -= first / d[0]
        total[..., 1] += first / d[0]
        total[..., -2] -= last / d[-1]
        total[..., -1] += last / d[-1]
    else:
        for end, near, far, edge, sign in ((0, d[0], d[1], first, 1), (-1, d[-1], d[-2], last, -1)):
            step = 1 if end == 0 else -1
            total[..., end] -= sign * edge * (2 * near + far) / (near * (near + far))
            total[..., end + step] += sign * edge * (near + far) / (near * far)
            total[..., end + 2 * step] -= sign * edge * near / (far * (near + far))
    return np.moveaxis(total, -1, axis)


def overlap_place(a: Any, v: Any, mode: str, turned: bool) -> tuple[int, int]:
    """Where the part of a whole convolution begins that a mode gives, and how long it is."""
    longer, shorter = max(np.size(a), np.size(v)), min(np.size(a), np.size(v))
    if mode == "full":
        return 0, longer + shorter - 1
    if mode == "valid":
        return shorter - 1, longer - shorter + 1
    return (shorter // 2 if turned and np.size(a) < np.size(v) else (shorter - 1) // 2), longer


def unoverlap(part: Any, a: Any, v: Any, mode: str, turned: bool = False) -> Any:
    """The transpose of ``overlap``: zeros, with the part in its place."""
    start, length = overlap_place(a, v, mode, turned)
    total = np.zeros(np.size(a) + np.size(v) - 1, np.result_type(part))
    total[start : start + length] = part
    return total


def overlap(whole: Any, a: Any, v: Any, mode: str, turned: bool = False) -> Any:
    """The part of a whole convolution of ``a`` and ``v`` that a mode gives; ``turned``: of ``np.correlate``."""
    start, length = overlap_place(a, v, mode, turned)
    return whole[start : start + length]


def _place_of_part(a: Any, v: Any, mode: str, turned: bool) -> tuple[slice, ...]:
    """Which part of a whole convolution of ``a`` and ``v`` a mode of SciPy's gives, in any number of axes."""
    pairs = zip(np.shape(a), np.shape(v), strict=True)
    if mode == "valid":
        return tuple(slice(min(n, m) - 1, max(n, m)) for n, m in pairs)
    if mode == "full":
        return tuple(slice(0, n + m - 1) for n, m in pairs)
    starts = (m // 2 if turned else (m - 1) // 2 for m in np.shape(v))
    return tuple(slice(start, start + n) for start, n in zip(starts, np.shape(a), strict=True))


def central(whole: Any, a: Any, v: Any, mode: str, turned: bool = False) -> Any:
    """The part of a whole convolution of ``a`` and ``v`` that a mode of SciPy's gives; ``turned``: of correlate2d."""
    return whole[_place_of_part(a, v, mode, turned)]


def uncentral(part: Any, a: Any, v: Any, mode: str, turned: bool = False) -> Any:
    """The transpose of ``central``: zeros, with the part in its place."""
    shape = [n + m - 1 for n, m in zip(np.shape(a), np.shape(v), strict=True)]
    total = np.zeros(shape, np.result_type(part))
    total[_place_of_part(a, v, mode, turned)] = part
    return total


def lagged(u: Any, x: Any, count: int, axis: int = -1) -> Any:
    """For each delay from 0 to ``count - 1`` the sum of ``u[n] x[n - delay]`` along an axis and over all others."""
    late, early = np.moveaxis(u, axis, 0), np.moveaxis(x, axis, 0)
    length = len(late)
    sums = [np.sum(late[k:] * early[: max(length - k, 0)]) for k in range(count)]
    return np.array(sums, np.result_type(u, x))


def smoothed(x: Any, weights: Any, axis: int = -1) -> Any:
    """The middle row of the weights over each window, the rows before and behind it over the first and last window."""
    rows, half, length = np.moveaxis(x, axis, 0), len(weights) // 2, np.shape(x)[axis]
    total = np.zeros(rows.shape, np.result_type(x, weights))
    total[:half] = np.tensordot(weights[:half], rows[: len(weights)], 1)
    total[length - half :] = np.tensordot(weights[half + 1 :], rows[length - len(weights) :], 1)
    for k, weight in enumerate(weights[half]):
        total[half : length - half] += weight * rows[k : k + length - 2 * half]
    return np.moveaxis(total, 0, axis)


def unsmoothed(y: Any, weights: Any, axis: int = -1) -> Any:
    """The transpose of ``smoothed``."""
    rows, half, length = np.moveaxis(y, axis, 0), len(weights) // 2, np.shape(y)[axis]
    total = np.zeros(rows.shape, np.result_type(y, weights))
    total[: len(weights)] += np.tensordot(weights[:half].T, rows[:half], 1)
    total[length - len(weights) :] += np.tensordot(weights[half + 1 :].T, rows[length - half :], 1)
    for k, weight in enumerate(weights[half]):
        total[k : k + length - 2 * half] += weight * rows[half : length - half]
    return np.moveaxis(total, 0, axis)


def _ways(axes: int | None, rank: int, mode: str | Sequence[str]) -> list[tuple[int, Any]]:
    """Along which axes, and how there, ``np.pad`` extends an image as SciPy's ``mode`` says."""
    names = {"grid-mirror": "symmetric", "reflect": "symmetric", "mirror": "reflect", "nearest": "edge"}
    names |= {"grid-wrap": "wrap", "grid-constant": "constant"}
    along = list(range(rank)) if axes is None else [axes % rank]
    modes = [mode] * len(along) if isinstance(mode, str) else mode
    return [(axis, names.get(one, one)) for axis, one in zip(along, modes, strict=True)]


def extended(x: Any, width: int, mode: str | Sequence[str], axis: int | None = None) -> Any:
    """An image with ``width`` more pixels at each edge, along one axis or all, as SciPy's filters see it."""
    for along, one in _ways(axis, np.ndim(x), mode):
        x = np.pad(x, [(width, width) if k == along else (0, 0) for k in range(np.ndim(x))], one)
    return x


def unextended(wide: Any, like: Any, width: int, mode: str | Sequence[str], axis: int | None = None) -> Any:
    """The transpose of ``extended(like, width, mode, axis)``: what lies beyond the edges is added where it is from."""
    for along, one in _ways(axis, np.ndim(like), mode):
        rows, length = np.moveaxis(wide, along, 0), np.shape(like)[along]
        total = np.array(rows[width : width + length])
        if one != "constant":
            places = np.pad(np.arange(length), width, one)
            np.add.at(total, places[:width], rows[:width])
            np.add.at(total, places[width + length :], rows[width + length :])
        wide = np.moveaxis(total, 0, along)
    return wide


def window_sums(
    bar: Any, x: Any, weights: Any, mode: Any, origin: Any = 0, cval: float = 0.0, axis: int | None = None
) -> Any:
    """The slopes of ``np.sum(bar * scipy.ndimage.correlate(x, weights, ...))`` along the weights, or of correlate1d."""
    rank = np.ndim(x)
    lengths: Any = np.shape(weights)
    starts: Any = np.broadcast_to(origin, rank)
    if axis is not None:
        lengths = tuple(np.size(weights) if k == axis % rank else 1 for k in range(rank))
        starts = [origin if k == axis % rank else 0 for k in range(rank)]
    width = max(lengths)
    ways = _ways(axis, rank, mode)
    wide = x
    for along, one in ways:
        widths = [(width, width) if k == along else (0, 0) for k in range(rank)]
        wide = np.pad(wide, widths, one, **({"constant_values": cval} if one == "constant" else {}))
    shift = [width * any(k == along for along, _ in ways) for k in range(rank)]
    total = np.zeros(lengths, np.result_type(bar, x))
    for place in np.ndindex(*lengths):
        begin = [s + k - n // 2 - o for s, k, n, o in zip(shift, place, lengths, starts, strict=True)]
        total[place] = np.sum(bar * wide[tuple(slice(b, b + n) for b, n in zip(begin, np.shape(x), strict=True))])
    return np.reshape(total, np.shape(weights))


def of_floats(x: Any) -> Any:
    """``x``, which has to be of floating-point numbers: of integers a filter gives integers."""
    if np.result_type(x).kind not in "fc":
        raise ValueError("a filter of integers gives integers, which have no slope: pass an array of floats")
    return x


def by_label(values: Any, like: Any, labels: Any = None, index: Any = None) -> Any:
    """The transpose of ``scipy.ndimage.sum_labels(like, labels, index)``: to each pixel its label's value, or 0."""
    if labels is None:
        return np.full(np.shape(like), values)
    labels = np.broadcast_to(labels, np.shape(like))
    if index is None:
        return np.where(labels > 0, values, 0)
    total = np.zeros(np.shape(like), np.result_type(values, float))
    for label, value in zip(np.ravel(index), np.ravel(values), strict=True):
        total += np.where(labels == label, value, 0)
    return total


def _pixel(places: Any, count: int, mode: str) -> Any:
    """Which pixel of ``count`` along an axis stands at each whole place, as SciPy's ``mode`` extends an image."""
    if mode in ("reflect", "grid-mirror"):
        places = places % (2 * count)
        return np.minimum(places, 2 * count - 1 - places)
    if mode == "mirror":
        places = places % max(2 * count - 2, 1)
        return np.minimum(places, 2 * count - 2 - places)
    return places % count if mode == "grid-wrap" else np.clip(places, 0, count - 1)


def _there(coordinates: Any, like: Any, mode: str) -> Any:
    """At which points there is an image."""
    if mode != "constant":
        return True
    ends = np.reshape(np.shape(like), (-1,) + (1,) * (np.ndim(coordinates) - 1))
    return np.all((coordinates >= 0) & (coordinates <= ends - 1), axis=0)


def unmapped(bar: Any, coordinates: Any, like: Any, order: int, mode: str) -> Any:
    """The transpose of ``scipy.ndimage.map_coordinates(like, coordinates, order=order, mode=mode)``, to order 1."""
    coordinates = np.asarray(coordinates, float)
    total, there = np.zeros(np.shape(like), np.result_type(bar)), _there(coordinates, like, mode)
    for steps in np.ndindex(*(order + 1,) * len(coordinates)):
        share, places = np.where(there, bar, 0), []
        for along, step, count in zip(coordinates, steps, np.shape(like), strict=True):
            lower = np.floor(along + (0.5 if order == 0 else 0.0))
            if order:
                share = share * (1 - np.abs(along - lower - step))
            places.append(_pixel(lower.astype(int) + step, count, mode))
        np.add.at(total, tuple(places), share)
    return total


def _cells(coordinates: Any, like: Any, mode: str) -> Iterator[tuple[int, Any, Any, Any]]:
    """Along each axis the coordinates at the pixels behind and before each point, and where there is a slope."""
    for axis, count in enumerate(np.shape(like)):
        behind, before = np.array(coordinates, float), np.array(coordinates, float)
        lower = np.floor(behind[axis])
        if mode == "constant":
            lower = np.clip(lower, 0, max(count - 2, 0))
        there = np.logical_and(_there(behind, like, mode), mode != "constant" or count > 1)
        behind[axis], before[axis] = lower, lower + 1
        yield axis, behind, before, there


def pixel_slopes(x: Any, coordinates: Any, order: int, mode: str, cval: float = 0.0) -> Any:
    """The slopes of ``scipy.ndimage.map_coordinates``, to order 1, along each of the coordinates."""
    from scipy import ndimage

    slopes = np.zeros(np.shape(coordinates), np.result_type(x, np.float32))
    for axis, behind, before, there in _cells(coordinates, x, mode) if order else ():
        ahead = ndimage.map_coordinates(x, before, order=1, mode=mode, cval=cval)
        slopes[axis] = np.where(there, ahead - ndimage.map_coordinates(x, behind, order=1, mode=mode, cval=cval), 0)
    return slopes


def unsloped(bars: Any, coordinates: Any, like: Any, order: int, mode: str) -> Any:
    """The transpose of ``pixel_slopes(like, coordinates, order, mode)``."""
    total = np.zeros(np.shape(like), np.result_type(bars))
    for axis, behind, before, there in _cells(coordinates, like, mode) if order else ():
        bar = np.where(there, bars[axis], 0)
        total += unmapped(bar, before, like, 1, mode) - unmapped(bar, behind, like, 1, mode)
    return total


def shifted_grid(like: Any, shift: Any) -> Any:
    """The coordinates of an image's pixels, less the shift along each axis."""
    rank = np.ndim(like)
    return np.indices(np.shape(like)) - np.reshape(np.broadcast_to(shift, rank), (rank,) + (1,) * rank)


def affine_grid(shape: tuple[int, ...], matrix: Any, offset: Any = 0.0) -> Any:
    """The coordinates that ``scipy.ndimage.affine_transform`` reads for each pixel of a result of this shape."""
    rank, matrix = len(shape), np.asarray(matrix)
    if matrix.ndim == 1:
        matrix = np.diag(matrix)
    if matrix.shape[1] == rank + 1:
        matrix, offset = matrix[:rank, :rank], matrix[:rank, rank]
    start = np.reshape(np.broadcast_to(offset, rank), (rank,) + (1,) * rank)
    return np.tensordot(matrix, np.indices(shape), 1) + start


def _unlengthened(g: Any, edge: int, way: str | None) -> Any:
    """The transpose of lengthening a signal by ``edge`` values at each end: even, odd, constant, or zeros."""
    length = np.shape(g)[-1] - 2 * edge
    x_bar = np.array(g[..., edge : edge + length])
    if edge and way not in ("zeros", None):
        left, right = g[..., :edge], g[..., edge + length :]
        if way == "constant":
            x_bar[..., 0] += np.sum(left, -1)
            x_bar[..., -1] += np.sum(right, -1)
            return x_bar
        sign = -1 if way == "odd" else 1
        x_bar[..., 1 : edge + 1] += sign * left[..., ::-1]
        x_bar[..., length - 1 - edge : length - 1] += sign * right[..., ::-1]
        if way == "odd":
            x_bar[..., 0] += 2 * np.sum(left, -1)
            x_bar[..., -1] += 2 * np.sum(right, -1)
    return x_bar


def _both_ways(bar: Any, run: Any, rest: Any, edge: int, padtype: str | None) -> Any:
    """The transpose of a filter that runs forwards and backwards over a signal with ``edge`` more values at its ends.

    ``run(x)`` is the filter from rest, ``rest(count)`` what the state that it begins with, for a value of 1, gives.
    """
    length = np.shape(bar)[-1]
    g = np.pad(bar, [(0, 0)] * (np.ndim(bar) - 1) + [(edge, edge)])
    for _ in range(2):  # backwards, forwards
        g = g[..., ::-1]
        start = g @ rest(length + 2 * edge)
        g = np.array(run(g[..., ::-1])[..., ::-1])
        g[..., 0] += start
    return _unlengthened(g, edge, padtype)


def unfiltfilt(b: Any, a: Any, bar: Any, axis: int = -1, padtype: str | None = "odd", padlen: int | None = None) -> Any:
    """The transpose of ``scipy.signal.filtfilt(b, a, x, axis, padtype, padlen)`` in ``x``."""
    from scipy import signal

    edge = 0 if padtype is None else 3 * max(np.size(a), np.size(b)) if padlen is None else padlen
    state = signal.lfilter_zi(b, a)
    rows = np.moveaxis(bar, axis, -1)
    made = _both_ways(
        rows, lambda x: signal.lfilter(b, a, x), lambda n: signal.lfilter(b, a, np.zeros(n), zi=state)[0], edge, padtype
    )
    return np.moveaxis(made, -1, axis)


def unsosfiltfilt(sos: Any, bar: Any, axis: int = -1, padtype: str | None = "odd", padlen: int | None = None) -> Any:
    """The transpose of ``scipy.signal.sosfiltfilt(sos, x, axis, padtype, padlen)`` in ``x``."""
    from scipy import signal

    sections = np.asarray(sos)
    spare = min(np.sum(sections[:, 2] == 0), np.sum(sections[:, 5] == 0))
    edge = 0 if padtype is None else 3 * int(2 * len(sections) + 1 - spare) if padlen is None else padlen
    state = signal.sosfilt_zi(sections)
    rows = np.moveaxis(bar, axis, -1)
    made = _both_ways(
        rows,
        lambda x: signal.sosfilt(sections, x),
        lambda n: signal.sosfilt(sections, np.zeros(n), zi=state)[0],
        edge,
        padtype,
    )
    return np.moveaxis(made, -1, axis)


def einsum_part(subscripts: str, part: int, *slots: Any) -> Any:
    """The slope of ``np.sum(out_bar * np.einsum(subscripts, *operands))`` along one of the ``slots``.

    These are the operands and ``out_bar``; of the one that is meant only the shape is read.
    """
    ins, arrow, out = subscripts.replace(" ", "").partition("->")
    if not arrow:
        once = [one for one in sorted(set(ins) - set(",.")) if ins.count(one) == 1]
        out = "".join(["..." if "..." in ins else "", *once])
    spare = [chr(k) for k in range(65, 91) if chr(k) not in subscripts]  # for the axes that ... stands for
    names = []
    for name, slot in zip([*ins.split(","), out], slots, strict=True):
        wide = np.ndim(slot) - len(name) + 3
        names.append(name.replace("...", "".join(reversed(spare[:wide]))))
    shape = np.shape(slots[part])
    others = [k for k in range(len(slots)) if k != part]
    lengths_of = dict(zip(names[part], shape, strict=True))  # an axis of length 1 may have been stretched
    kept = "".join(one for one, n in lengths_of.items() if n != 1 and any(one in names[k] for k in others))
    made = np.einsum(",".join(names[k] for k in others) + "->" + kept, *(slots[k] for k in others))
    made = np.reshape(made, [made.shape[kept.index(one)] if one in kept else 1 for one in lengths_of])
    if len(lengths_of) == len(shape):
        return np.array(np.broadcast_to(made, shape))
    total = np.zeros(shape, np.result_type(made))
    np.einsum(f"{names[part]}->{''.join(lengths_of)}", total)[...] = (
        made  # a view: of an index that stands twice a diagonal
    )
    return total


def contracted_axes(a: Any, b: Any, axes: Any) -> tuple[list[int], list[int]]:
    """The axes of both that ``np.tensordot(a, b, axes)`` sums over, from 0."""
    if isinstance(axes, int):
        return list(range(np.ndim(a) - axes, np.ndim(a))), list(range(axes))
    left, right = (list(np.atleast_1d(one)) for one in axes)
    return [axis % np.ndim(a) for axis in left], [axis % np.ndim(b) for axis in right]


def tensordot_left(bar: Any, a: Any, b: Any, axes: Any) -> Any:
    """The cotangent of ``a`` in ``np.tensordot(a, b, axes)``, of which only the shape is read."""
    left, right = contracted_axes(a, b, axes)
    free = [axis for axis in range(np.ndim(b)) if axis not in right]
    made = np.tensordot(bar, b, (range(np.ndim(bar) - len(free), np.ndim(bar)), free))
    order = [left[right.index(axis)] for axis in sorted(right)]  # which axis of a each of the last ones is
    return np.moveaxis(made, range(np.ndim(made) - len(order), np.ndim(made)), order)


def tensordot_right(bar: Any, a: Any, b: Any, axes: Any) -> Any:
    """The cotangent of ``b`` in ``np.tensordot(a, b, axes)``, of which only the shape is read."""
    left, right = contracted_axes(a, b, axes)
    free = [axis for axis in range(np.ndim(a)) if axis not in left]
    made = np.tensordot(a, bar, (free, range(len(free))))
    order = [right[left.index(axis)] for axis in sorted(left)]  # which axis of b each of the first ones is
    return np.moveaxis(made, range(len(order)), order)


def uncross(bar: Any, other: Any, like: Any, axis: int = -1) -> Any:
    """The cotangent of ``like`` in ``np.cross(like, other, axis=axis)``. Vectors of two components lie in the plane."""
    length, rows = np.shape(like)[axis], np.moveaxis(other, axis, -1)
    if length == rows.shape[-1] == 2:  # only the third component is given
        x_bar = np.expand_dims(bar, -1) * rows[..., ::-1] * np.array([1, -1])
    else:
        whole = np.concatenate((rows, np.zeros_like(rows[..., :1])), -1) if rows.shape[-1] == 2 else rows
        x_bar = np.cross(whole, np.moveaxis(bar, axis, -1))[..., :length]
    return np.moveaxis(unbroadcast(x_bar, np.moveaxis(like, axis, -1)), -1, axis)


def recurrence(c: Any, a: Any) -> Any:
    """Along the last axis ``s[i] = c[i] + a[i] * s[i - 1]``, from ``s[-1] = 0``."""
    s = np.array(c, np.result_type(c, a))
    for i in range(1, np.shape(s)[-1]):
        s[..., i] += a[..., i] * s[..., i - 1]
    return s


def _axes(axis: int | tuple[int, ...] | None, rank: int) -> tuple[int, ...]:
    """NumPy reduces a number along its axis 0 or -1, too."""
    if axis is None or not rank:
        return tuple(range(rank))
    return axis if isinstance(axis, tuple) else (axis,)


def merge_axes(a: Any, axis: int | tuple[int, ...] | None) -> Any:
    """The axes made one, the last; None means all."""
    axes = _axes(axis, np.ndim(a))
    moved = np.moveaxis(a, axes, range(-len(axes), 0))
    kept = np.ndim(a) - len(axes)
    return np.reshape(moved, (*moved.shape[:kept], math.prod(moved.shape[kept:])))


def split_axes(merged: Any, like: Any, axis: int | tuple[int, ...] | None) -> Any:
    """The way back: ``split_axes(merge_axes(a, axis), a, axis)`` is ``a``."""
    axes = _axes(axis, np.ndim(like))
    moved = np.moveaxis(like, axes, range(-len(axes), 0))
    return np.moveaxis(np.reshape(merged, moved.shape), range(-len(axes), 0), axes)


def product_of_others(x: Any) -> Any:
    """For each element the product of all others along the last axis: ``prod(x) / x``, right with zeros too."""
    before = np.ones_like(x)
    after = np.ones_like(x)
    before[..., 1:] = np.cumprod(x[..., :-1], axis=-1)
    after[..., :-1] = np.cumprod(x[..., :0:-1], axis=-1)[..., ::-1]
    return before * after


def lower_half(a: Any) -> Any:
    """1 below the diagonal, 1/2 on it, 0 above: a symmetric matrix is this part of it and its transpose.

    >>> lower_half(np.zeros((2, 2)))
    array([[0.5, 0. ],
           [1. , 0.5]])
    """
    return np.tril(np.ones_like(a)) - np.eye(a.shape[-1], dtype=a.dtype) / 2


def pivoted(x: Any, piv: Any) -> Any:
    """The rows of ``x`` in the order of a factorization: row i, one after the other, exchanged for ``piv[i]``."""
    order = np.arange(len(x))
    for i, j in enumerate(piv):
        order[[i, j]] = order[[j, i]]
    return x[order]


def unpivoted(x: Any, piv: Any) -> Any:
    """The way back: ``unpivoted(pivoted(x, piv), piv)`` is ``x``."""
    return x[np.argsort(pivoted(np.arange(len(x)), piv))]


def paired(a: Any, e: Any) -> Any:
    """The matrix [[a, e], [0, a]]: in the corner of a function of it stands that function's derivative along ``e``."""
    top = np.concatenate((a, e), axis=-1)
    return np.concatenate((top, np.concatenate((np.zeros_like(a), a), axis=-1)), axis=-2)


def corner(x: Any) -> Any:
    """The upper right quarter of a matrix."""
    size = np.shape(x)[-1] // 2
    return x[..., :size, size:]


def sylvester(a: Any, b: Any, q: Any) -> Any:
    """``scipy.linalg.solve_sylvester(a, b, q)``, which is wrong where some matrices are real and others complex."""
    from scipy import linalg

    dtype = np.result_type(a, b, q)
    return linalg.solve_sylvester(np.asarray(a, dtype), np.asarray(b, dtype), np.asarray(q, dtype))


def checked(x: Any, holds: bool, otherwise: str) -> Any:
    """``x``, where something holds of it that a derivative needs; else an error that says what to do."""
    if not holds:
        raise ValueError(otherwise)
    return x


def block_of(whole: Any, arrays: Sequence[Any], item: int) -> Any:
    """The part of ``scipy.linalg.block_diag(*arrays)`` that belongs to ``arrays[item]``; a vector is a row there."""
    shapes = [np.shape(np.atleast_2d(array)) for array in arrays]
    row, column = (sum(shape[k] for shape in shapes[:item]) for k in (0, 1))
    rows, columns = shapes[item]
    return np.reshape(whole[row : row + rows, column : column + columns], np.shape(arrays[item]))


def unblock_of(part: Any, arrays: Sequence[Any], item: int) -> Any:
    """The transpose of ``block_of``: zeros, with the part in its place."""
    shapes = [np.shape(np.atleast_2d(array)) for array in arrays]
    total = np.zeros([sum(shape[k] for shape in shapes) for k in (0, 1)], np.result_type(part))
    row, column = (sum(shape[k] for shape in shapes[:item]) for k in (0, 1))
    rows, columns = shapes[item]
    total[row : row + rows, column : column + columns] = part
    return total


def band_outer(y: Any, x: Any, lower: int, upper: int) -> Any:
    """The diagonals of ``y x^T``, those from ``lower`` below to ``upper`` above: a[i, j] stands at [upper + i - j, j].

    Of matrices ``y`` and ``x`` the columns are summed over.
    """
    size = len(y)
    total = np.zeros((lower + upper + 1, size), np.result_type(y, x))
    for row in range(lower + upper + 1):
        offset = row - upper
        start, stop = max(0, -offset), min(size, size - offset)
        product = y[start + offset : stop + offset] * x[start:stop]
        total[row, start:stop] = np.sum(np.reshape(product, (len(product), -1)), axis=1)
    return total


def band_product(ab: Any, x: Any, upper: int) -> Any:
    """The matrix with the diagonals ``ab``, ``upper`` of them above, times the columns ``x``."""
    rows, size = np.shape(ab)
    total = np.zeros(np.shape(x), np.result_type(ab, x))
    for row in range(rows):
        offset = row - upper
        start, stop = max(0, -offset), min(size, size - offset)
        part = np.reshape(ab[row, start:stop], (-1,) + (1,) * (np.ndim(x) - 1))
        total[start + offset : stop + offset] += part * x[start:stop]
    return total


def turned_band(ab: Any, upper: int) -> Any:
    """The diagonals of the transposed matrix, which has ``upper`` of them below."""
    rows, size = np.shape(ab)
    total = np.zeros_like(ab)
    for row in range(rows):
        offset = row - upper
        start, stop = max(0, -offset), min(size, size - offset)
        total[rows - 1 - row, start + offset : stop + offset] = ab[row, start:stop]
    return total


def hessenberg_turn(h: Any, x: Any) -> Any:
    """The antisymmetric W, 0 in its first column, with which ``x + h W - W h`` is 0 where the Hessenberg matrix is."""
    h, turn = np.triu(h, -1), np.zeros_like(x)
    for j in range(len(h) - 2):
        below = slice(j + 2, None)
        moved = x[below, j] + h[below] @ turn[:, j] - turn[below, : j + 1] @ h[: j + 1, j]
        turn[below, j + 1] = moved / h[j + 1, j]
        turn[j + 1, below] = -turn[below, j + 1]
    return turn


def hessenberg_turn_back(h: Any, bar: Any) -> Any:
    """The transpose of ``hessenberg_turn(h, x)``, which is linear in ``x``."""
    h, bar, total = np.triu(h, -1), np.array(bar), np.zeros_like(bar)
    for j in reversed(range(len(h) - 2)):
        below = slice(j + 2, None)
        total[below, j] = (bar[below, j + 1] - bar[j + 1, below]) / h[j + 1, j]
        bar[:, j] += total[below, j] @ h[below]
        bar[below, : j + 1] -= np.outer(total[below, j], h[: j + 1, j])
    return total


def adjugate(a: Any) -> Any:
    """``det(a) * inv(a)``, and its limit where ``a`` is singular."""
    u, s, vh = np.linalg.svd(a)
    sign = np.linalg.det(u) * np.linalg.det(vh)
    scaled = np.conj(np.swapaxes(vh, -1, -2)) * (sign[..., None] * product_of_others(s))[..., None, :]
    return scaled @ np.conj(np.swapaxes(u, -1, -2))


def polygamma(order: int, x: float) -> float:
    """The derivatives of ``log(gamma(x))`` from the first (``order`` 0) on: NIST DLMF 5.15, 5.5.2 and 5.11.2."""
    total, sign = 0.0, -1.0 if order % 2 else 1.0
    while x < 20.0 + order:  # psi(x) = psi(x + 1) - 1 / x, and its derivatives
        total -= sign * math.factorial(order) / x ** (order + 1)
        x += 1.0
    if order == 0:
        series = math.log(x) - 0.5 / x
    else:
        series = -sign * (math.factorial(order - 1) / x**order + math.factorial(order) / (2 * x ** (order + 1)))
    for k, bernoulli in enumerate((1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6), 1):
        rising = math.factorial(2 * k + order - 1) / math.factorial(2 * k)
        series -= sign * bernoulli * rising / x ** (2 * k + order)
    return total + series


def bessel_i1(x: Any) -> Any:
    """The modified Bessel function of order 1, as the mean of ``exp(x cos t) cos t`` over a circle."""
    cosines = np.cos((np.arange(256) + 0.5) * np.pi / 256)
    return np.mean(np.exp(np.expand_dims(x, -1) * cosines) * cosines, axis=-1)


def carlson(x: Any, y: Any, z: Any, p: Any, a: float, b: float, c: float, d: float) -> Any:
    """The integral of ``(t + x)**-a * (t + y)**-b * (t + z)**-c * (t + p)**-d`` over positive ``t``, of no negative x.

    By the trapezoidal rule in ``log(t)``: Trefethen and Weideman, "The exponentially convergent trapezoidal rule",
    SIAM Review 56 (2014).
    """
    places = np.stack(np.broadcast_arrays(x, y, z, p), axis=-1).astype(float)
    powers = np.array((a, b, c, d))
    largest = np.max(places, axis=-1)
    smallest = np.min(np.where(places > 0, places, largest[..., None]), axis=-1)
    low, high = np.log(smallest)[..., None] - 80, np.log(largest)[..., None] + 40
    t = np.exp(low + (high - low) * np.linspace(0, 1, 801))[..., None]
    terms = t[..., 0] * np.exp(-np.sum(powers * np.log(t + places[..., None, :]), axis=-1))
    whole = np.sum(terms, axis=-1) * (high - low)[..., 0] / 800
    diverges = np.sum(powers * (places == 0), axis=-1) >= 1
    return np.where(np.any(places < 0, axis=-1), np.nan, np.where(diverges, np.inf, whole))[()]


def gamma_moment(k: int, a: Any, x: Any) -> Any:
    """The integral of ``(log(t) - psi(a))**k * t**(a - 1) * exp(-t) / gamma(a)`` over ``t`` from 0 to ``x``.

    In ``log(t)``, to the side of ``x`` where the integrand falls off, by the double exponential rule of Takahasi and
    Mori (1974); what is beyond ``x`` is taken from the whole, the central moment of ``log(t)``, by its cumulants.
    """
    from scipy import special

    a, x = np.broadcast_arrays(np.asarray(a, float)[..., None], np.asarray(x, float)[..., None])
    above, center = x > a, special.psi(a)
    v = np.linspace(-4.2, 16, 801)
    u = np.exp(v - np.exp(-v)) / (np.sqrt(np.where(above, x, a)) + np.abs(x - a))
    turned = np.where(above, u, -u)
    place = np.log(np.where(x > 0, x, 1)) + turned
    weight = np.exp(a * place - np.exp(np.minimum(place, 700)) - special.gammaln(a)) * u * (1 + np.exp(-v))
    part = np.sum(np.where(x > 0, weight * (place - center) ** k, 0), axis=-1) * (v[1] - v[0])
    moments = [1.0, 0.0]
    for n in range(2, k + 1):
        terms = [math.comb(n - 1, j) * special.polygamma(j, a[..., 0]) * moments[n - 1 - j] for j in range(1, n)]
        moments.append(sum(terms))
    return np.where(above[..., 0], moments[k] - part, part)[()]


def beta_moment(k: int, m: int, a: Any, b: Any, x: Any, y: Any = None) -> Any:
    """As ``gamma_moment``, of ``log(t)**k * log(1 - t)**m`` less their means and the beta density.

    The means are psi(a) - psi(a + b) and psi(b) - psi(a + b), and the central moments of order 1 are 0; ``y`` is
    ``1 - x``, where that is known better than from ``x``.
    """
    from scipy import special

    y = np.subtract(1, x) if y is None else y
    v = np.linspace(-4.2, 16, 801)
    u = np.exp(v - np.exp(-v))

    def below(k: int, m: int, a: Any, b: Any, x: Any, y: Any) -> Any:
        a, b, x, y = (np.asarray(one, float)[..., None] for one in (a, b, x, y))
        fall = u / (1 + a)
        log_t = np.log(np.where(x > 0, x, 1)) - fall
        log_rest = np.log(np.where(x > 0, y - x * np.expm1(-fall), 0.5))
        weight = np.exp(a * log_t + (b - 1) * log_rest - special.betaln(a, b)) * fall * (1 + np.exp(-v))
        both = special.psi(a + b)
        terms = weight * (log_t - special.psi(a) + both) ** k * (log_rest - special.psi(b) + both) ** m
        return np.sum(np.where(x > 0, terms, 0), axis=-1) * (v[1] - v[0])

    mean, rest = np.divide(a, np.add(a, b)), np.divide(b, np.add(a, b))
    whole: Any = 1 - min(k + m, 1)
    if k + m > 1:
        whole = below(k, m, a, b, mean, rest) + below(m, k, b, a, rest, mean)
    return np.where(x <= mean, below(k, m, a, b, x, y), whole - below(m, k, b, a, y, x))[()]


def within(x: Any, bounds: Any) -> Any:
    """Which variables are not at one of their bounds: pairs with None for those that are not there, or SciPy's."""
    if hasattr(bounds, "lb"):
        bounds = np.stack(np.broadcast_arrays(bounds.lb, bounds.ub, x)[:2], axis=1)
    pairs = np.array(bounds, dtype=float)  # None is nan, which nothing is near
    return ~np.any(np.isclose(x[:, None], pairs, rtol=1e-10, atol=1e-10), axis=1)


def factors_solved(factors: Any, rhs: Any, trans: str = "N") -> Any:
    """The solution of a system, with the factors of its sparse matrix by SciPy's ``splu``."""
    return factors.solve(rhs, trans)


def entries_product(data: Any, rows: Any, cols: Any, shape: Any, x: Any) -> Any:
    """The product of the sparse matrix with these entries and an array."""
    from scipy import sparse

    return sparse.csr_array((data, (rows, cols)), shape=shape) @ x


def entries_solved(data: Any, rows: Any, cols: Any, shape: Any, b: Any) -> Any:
    """The solution of a system with the sparse matrix with these entries."""
    from scipy import sparse
    from scipy.sparse import linalg

    return linalg.spsolve(sparse.csc_array((data, (rows, cols)), shape=shape), b)


def entries_dense(data: Any, rows: Any, cols: Any, shape: Any) -> Any:
    """The sparse matrix with these entries, of which those at one place are added, as an array."""
    made = np.zeros(shape, data.dtype)
    np.add.at(made, (rows, cols), data)
    return made


def both_sides(power: Any, frequencies: Any, fs: float = 1.0, axis: int = -1) -> Any:
    """Power with that of the negative frequencies added, where none of them are there: its own transpose.

    ``axis``: that of the frequencies. The first, and the last where it is half the sampling rate, have no other side.
    """
    factors = np.full(len(frequencies), 2.0)
    factors[0] = 1
    if frequencies[-1] > fs / 2 * (1 - 0.25 / len(frequencies)):
        factors[-1] = 1
    if frequencies[-1] <= 0:
        factors[:] = 1
    return np.moveaxis(np.moveaxis(power, axis, -1) * factors, -1, axis)


def unstft(
    bar: Any,
    like: Any,
    fs: float = 1.0,
    window: Any = "hann",
    nperseg: int | None = 256,
    noverlap: int | None = None,
    nfft: int | None = None,
    detrend: Any = False,
    return_onesided: bool = True,
    boundary: str | None = "zeros",
    padded: bool = True,  # noqa: ARG001 - the cotangent has the length that this gives
    axis: int = -1,
    scaling: str = "spectrum",
) -> Any:
    """The transpose of ``scipy.signal.stft(like, fs, window, ...)[2]``: each segment's, added up."""
    from scipy import signal

    length, named = np.shape(like)[axis], isinstance(window, str | tuple)
    size = min(256 if nperseg is None else nperseg, length) if named else len(window)
    weights = signal.get_window(window, size) if named else np.asarray(window)
    hop = size - (size // 2 if noverlap is None else noverlap)
    edge = 0 if boundary is None else size // 2
    rows = np.moveaxis(bar, axis - 1 if axis < 0 else axis, -1)
    segments = np.fft.fft(rows, nfft or size)[..., :size]
    if return_onesided and not np.iscomplexobj(like):
        segments = np.real(segments)
    energy = np.sum(weights) ** 2 if scaling == "spectrum" else fs * np.sum(weights**2)
    segments = segments * (weights / np.sqrt(energy))
    if detrend:
        segments = signal.detrend(segments, type=detrend)
    count = np.shape(segments)[-2]
    wide = np.zeros((*np.shape(segments)[:-2], max(length + 2 * edge, size + hop * (count - 1))), segments.dtype)
    for k in range(count):
        wide[..., k * hop : k * hop + size] += segments[..., k, :]
    return np.moveaxis(_unlengthened(wide[..., : length + 2 * edge], edge, boundary), -1, axis)


def unistft(
    bar: Any,
    like: Any,
    fs: float = 1.0,
    window: Any = "hann",
    nperseg: int | None = None,
    noverlap: int | None = None,
    nfft: int | None = None,
    input_onesided: bool = True,
    boundary: bool = True,
    time_axis: int = -1,
    freq_axis: int = -2,
    scaling: str = "spectrum",
) -> Any:
    """The transpose of ``scipy.signal.istft(like, fs, window, ...)[1]``."""
    from scipy import signal

    time, freq = time_axis % np.ndim(like), freq_axis % np.ndim(like)
    count, frequencies = np.shape(like)[time], np.shape(like)[freq]
    default = 2 * (frequencies - 1) if input_onesided else frequencies
    size = default if nperseg is None else nperseg
    if nfft is None:
        nfft = size if input_onesided and size == default + 1 else default
    weights = signal.get_window(window, size) if isinstance(window, str | tuple) else np.asarray(window)
    hop, edge = size - (size // 2 if noverlap is None else noverlap), size // 2 if boundary else 0
    bar = np.real(bar) if input_onesided else bar
    rows = bar if time == np.ndim(like) - 1 else np.moveaxis(bar, time - (freq < time), -1)
    wide = np.zeros((*np.shape(rows)[:-1], size + (count - 1) * hop), np.result_type(rows))
    wide[..., edge : edge + np.shape(rows)[-1]] = rows
    norm = np.zeros(np.shape(wide)[-1])
    for k in range(count):
        norm[k * hop : k * hop + size] += weights**2
    wide = wide / np.where(norm > 1e-10, norm, 1)
    energy = np.sum(weights) ** 2 if scaling == "spectrum" else fs * np.sum(weights**2)
    parts = np.stack([wide[..., k * hop : k * hop + size] for k in range(count)], -1)
    parts = parts * (weights * np.sqrt(energy))[:, None]
    whole = np.fft.ifft(parts, nfft, axis=-2)
    if input_onesided:
        whole = mirrored(whole, -2)
    made = np.zeros((*np.shape(rows)[:-1], frequencies, count), complex)
    kept = min(frequencies, np.shape(whole)[-2])
    made[..., :kept, :] = whole[..., :kept, :]
    return np.moveaxis(made, (-2, -1), (freq, time))


def undecimated(
    bar: Any, like: Any, q: int, n: int | None = None, ftype: str = "iir", axis: int = -1, zero_phase: bool = True
) -> Any:
    """The transpose of ``scipy.signal.decimate(like, q, n, ftype, axis, zero_phase)``."""
    from scipy import signal

    rows, length = np.moveaxis(bar, axis, -1), np.shape(like)[axis]
    wide = np.zeros((*np.shape(rows)[:-1], length), np.result_type(rows))
    wide[..., ::q] = rows
    if ftype == "fir":
        order = 20 * q if n is None else n
        weights = signal.firwin(order + 1, 1 / q, window="hamming")
        start = order - order // 2 if zero_phase else order
        made = signal.upfirdn(weights[::-1], wide)[..., start : start + length]
    else:
        sections = signal.cheby1(8 if n is None else n, 0.05, 0.8 / q, output="sos")
        turned = wide[..., ::-1]
        made = unsosfiltfilt(sections, wide) if zero_phase else signal.sosfilt(sections, turned)[..., ::-1]
    return np.moveaxis(made, -1, axis)


def along_first(row: Any, like: Any) -> Any:
    """A row with as many axes of length 1 behind it as ``like`` has more."""
    return np.reshape(row, (-1,) + (1,) * (np.ndim(like) - 1))


def summed_to(values: Any, like: Any) -> Any:
    """The sums over the last axes, those beyond the axes of ``like``."""
    return np.sum(values, axis=tuple(range(np.ndim(like), np.ndim(values))))


def by_place(values: Any, factors: Any) -> Any:
    """The products of values with a factor for each place: of as many axes, the first ones."""
    return values * np.reshape(factors, np.shape(factors) + (1,) * (np.ndim(values) - np.ndim(factors)))


def piecewise_polynomial(c: Any, breaks: Any, x: Any, nu: int = 0, extrapolate: Any = True, axis: int = 0) -> Any:
    """A derivative of ``scipy.interpolate.PPoly(c, breaks, extrapolate, axis)``."""
    from scipy import interpolate

    return interpolate.PPoly(c, breaks, extrapolate, axis)(x, nu)


def unpiecewise(bar: Any, like: Any, breaks: Any, x: Any, nu: int = 0, extrapolate: Any = True) -> Any:
    """The transpose of ``piecewise_polynomial(like, breaks, x, nu, extrapolate)``: to each piece powers of places."""
    order, pieces = np.shape(like)[:2]
    breaks, places = np.asarray(breaks), np.ravel(x)
    rows = np.reshape(bar, (np.size(x), *np.shape(like)[2:]))
    if extrapolate == "periodic":
        places = breaks[0] + (places - breaks[0]) % (breaks[-1] - breaks[0])
    elif not extrapolate:
        inside = (places >= breaks[0]) & (places <= breaks[-1])
        places, rows = places[inside], rows[inside]
    piece = np.clip(np.searchsorted(breaks, places, "right") - 1, 0, pieces - 1)
    away = places - breaks[piece]
    total = np.zeros(np.shape(like), np.result_type(rows))
    for power in range(nu, order):
        factor = math.perm(power, nu) * away ** (power - nu)
        np.add.at(total[order - 1 - power], piece, np.reshape(factor, (-1,) + (1,) * (rows.ndim - 1)) * rows)
    return total


def derivative_pieces(c: Any, nu: int = 1) -> Any:
    """The coefficients of a derivative of a polynomial in pieces."""
    from scipy import interpolate

    return interpolate.PPoly(c, np.arange(np.shape(c)[1] + 1.0)).derivative(nu).c


def underivative_pieces(bar: Any, like: Any, nu: int = 1) -> Any:
    """The transpose of ``derivative_pieces(like, nu)``."""
    total = np.zeros(np.shape(like), np.result_type(bar))
    if len(like) > nu:
        factors = np.array([math.perm(power, nu) for power in range(len(like) - 1, nu - 1, -1)], float)
        total[: len(like) - nu] = bar * np.reshape(factors, (-1,) + (1,) * (np.ndim(bar) - 1))
    return total


def antiderivative_pieces(c: Any, breaks: Any) -> Any:
    """The coefficients of the antiderivative of a polynomial in pieces, which is 0 at the first break."""
    from scipy import interpolate

    return interpolate.PPoly(c, breaks).antiderivative().c


def unantiderivative_pieces(bar: Any, like: Any, breaks: Any) -> Any:
    """The transpose of ``antiderivative_pieces(like, breaks)``: what a piece adds is in all after it."""
    order, rest = len(like), (1,) * (np.ndim(like) - 2)
    powers = np.reshape(np.arange(order, 0, -1), (-1, 1, *rest))
    widths = np.reshape(np.diff(breaks), (1, -1, *rest))
    after = np.zeros(np.shape(like)[1:], np.result_type(bar))
    after[:-1] = np.cumsum(bar[-1][:0:-1], axis=0)[::-1]
    return (bar[:-1] + widths**powers * after) / powers


def integral_of_pieces(c: Any, breaks: Any, a: Any, b: Any, extrapolate: Any = True) -> Any:
    """The integral of a polynomial in pieces from ``a`` to ``b``."""
    from scipy import interpolate

    return interpolate.PPoly(c, breaks, extrapolate).integrate(a, b)


def hermite_coefficients(x: Any, y: Any, dydx: Any, axis: int = 0) -> Any:
    """The coefficients of ``scipy.interpolate.CubicHermiteSpline(x, y, dydx, axis)``."""
    from scipy import interpolate

    return interpolate.CubicHermiteSpline(x, y, dydx, axis).c


def unhermite(bar: Any, x: Any, like: Any) -> Any:
    """The transpose of ``hermite_coefficients(x, like, like)``: for the values and for the slopes, stacked."""
    h = np.reshape(np.diff(x), (-1,) + (1,) * (np.ndim(like) - 1))
    total = np.zeros((2, *np.shape(like)), np.result_type(bar))
    mean_bar = 3 * bar[1] / h - 2 * bar[0] / h**2
    total[0, :-1] += bar[3] - mean_bar / h
    total[0, 1:] += mean_bar / h
    total[1, :-1] += bar[2] + bar[0] / h**2 - 2 * bar[1] / h
    total[1, 1:] += bar[0] / h**2 - bar[1] / h
    return total


def cubic_coefficients(x: Any, y: Any, axis: int = 0, bc_type: Any = "not-a-knot") -> Any:
    """The coefficients of ``scipy.interpolate.CubicSpline(x, y, axis, bc_type)``."""
    from scipy import interpolate

    return interpolate.CubicSpline(x, y, axis, bc_type).c


def _of_zeros(bc_type: Any, rest: tuple[int, ...]) -> Any:
    """Conditions at the ends of a spline, with the values that they ask for set to 0."""
    if isinstance(bc_type, str) or bc_type is None:
        return bc_type
    if len(bc_type) == 2 and isinstance(bc_type[0], int):
        return (bc_type[0], np.zeros(rest))
    return tuple(_of_zeros(one, rest) for one in bc_type)


def cubic_moves(x: Any, y: Any, bc_type: Any = "not-a-knot") -> Any:
    """As ``cubic_coefficients``, where the conditions at the ends ask for 0: what is linear in ``y``."""
    from scipy import interpolate

    return interpolate.CubicSpline(x, y, 0, _of_zeros(bc_type, np.shape(y)[1:])).c


def uncubic(bar: Any, x: Any, like: Any, bc_type: Any = "not-a-knot") -> Any:
    """The transpose of ``cubic_moves(x, like, bc_type)``."""
    return np.tensordot(cubic_moves(x, np.eye(len(like)), bc_type), bar, ([0, 1], [0, 1]))


def pchip_coefficients(x: Any, y: Any, axis: int = 0) -> Any:
    """The coefficients of ``scipy.interpolate.PchipInterpolator(x, y, axis)``."""
    from scipy import interpolate

    return interpolate.PchipInterpolator(x, y, axis).c


def pchip_ends(x: Any, y: Any) -> Any:
    """How the first slope of a PCHIP goes with the first two differences, and the last one with the last two.

    Moler, "Numerical Computing with MATLAB" (2004), 3.6: by a parabola through three points, or three times the first
    difference where that would not keep the shape, or 0.
    """
    h = np.reshape(np.diff(x), (-1,) + (1,) * (np.ndim(y) - 1))
    m = np.diff(y, axis=0) / h
    if len(m) == 1:
        one = np.ones_like(m[0])
        return np.array([[one, 0 * one], [one, 0 * one]])
    made = []
    for h0, h1, m0, m1 in ((h[0], h[1], m[0], m[1]), (h[-1], h[-2], m[-1], m[-2])):
        own, other = (2 * h0 + h1) / (h0 + h1), -h0 / (h0 + h1)
        slope = own * m0 + other * m1
        turns = np.sign(slope) != np.sign(m0)
        steep = (np.sign(m0) != np.sign(m1)) & (np.abs(slope) > 3 * np.abs(m0))
        plain = ~(turns | steep)
        made.append([np.where(turns, 0, np.where(steep, 3, own)), np.where(plain, other, 0)])
    return np.array(made)


def akima_coefficients(x: Any, y: Any, axis: int = 0, method: Any = "akima") -> Any:
    """The coefficients of ``scipy.interpolate.Akima1DInterpolator(x, y, axis, method=method)``."""
    from scipy import interpolate

    return interpolate.Akima1DInterpolator(x, y, axis, method=method).c


def akima_differences(m: Any) -> Any:
    """Differences with two more at each end, which go on in a line, as Akima has them."""
    second, beside = m[min(1, len(m) - 1)], m[max(len(m) - 2, 0)]
    before = [3 * m[0] - 2 * second, 2 * m[0] - second]
    return np.concatenate((before, m, [2 * m[-1] - beside, 3 * m[-1] - 2 * beside]))


def unakima_differences(bar: Any) -> Any:
    """The transpose of ``akima_differences``."""
    total = np.array(bar[2:-2])
    total[0] += 3 * bar[0] + 2 * bar[1]
    total[min(1, len(total) - 1)] -= 2 * bar[0] + bar[1]
    total[-1] += 2 * bar[-2] + 3 * bar[-1]
    total[max(len(total) - 2, 0)] -= bar[-2] + 2 * bar[-1]
    return total


def bspline(t: Any, c: Any, k: int, x: Any, nu: int = 0, extrapolate: Any = True, axis: int = 0) -> Any:
    """A derivative of ``scipy.interpolate.BSpline(t, c, k, extrapolate, axis)``."""
    from scipy import interpolate

    return interpolate.BSpline(t, c, k, extrapolate, axis)(x, nu)


def unbspline(bar: Any, t: Any, like: Any, k: int, x: Any, nu: int = 0, extrapolate: Any = True) -> Any:
    """The transpose of ``bspline(t, like, k, x, nu, extrapolate)``."""
    from scipy import interpolate

    each = np.nan_to_num(interpolate.BSpline(t, np.eye(len(like)), k, extrapolate)(np.ravel(x), nu))
    return np.tensordot(each, np.reshape(bar, (np.size(x), *np.shape(like)[1:])), ([0], [0]))


def interpolation_knots(x: Any, k: int = 3, t: Any = None, bc_type: Any = None) -> Any:
    """The knots of ``scipy.interpolate.make_interp_spline(x, y, k, t, bc_type)``."""
    from scipy import interpolate

    return interpolate.make_interp_spline(x, np.zeros(np.shape(x)), k, t, _of_zeros(bc_type, ())).t


def bspline_coefficients(
    x: Any, y: Any, k: int = 3, t: Any = None, bc_type: Any = None, axis: int = 0, check_finite: bool = True
) -> Any:
    """The coefficients of ``scipy.interpolate.make_interp_spline(x, y, k, t, bc_type, axis)``."""
    from scipy import interpolate

    return interpolate.make_interp_spline(x, y, k, t, bc_type, axis, check_finite).c


def bspline_moves(x: Any, y: Any, k: int = 3, t: Any = None, bc_type: Any = None) -> Any:
    """As ``bspline_coefficients``, where the conditions at the ends ask for 0: what is linear in ``y``."""
    from scipy import interpolate

    return interpolate.make_interp_spline(x, y, k, t, _of_zeros(bc_type, np.shape(y)[1:])).c


def unbspline_moves(bar: Any, x: Any, like: Any, k: int = 3, t: Any = None, bc_type: Any = None) -> Any:
    """The transpose of ``bspline_moves(x, like, k, t, bc_type)``."""
    return np.tensordot(bspline_moves(x, np.eye(len(like)), k, t, bc_type), bar, ([0], [0]))


def interpolated(
    x: Any,
    y: Any,
    place: Any,
    kind: Any,
    axis: int,
    bounds_error: bool | None,
    fill_value: Any,
    assume_sorted: bool,
) -> Any:
    """The values of ``scipy.interpolate.interp1d``."""
    from scipy import interpolate

    return interpolate.interp1d(
        x, y, kind, axis, bounds_error=bounds_error, fill_value=fill_value, assume_sorted=assume_sorted
    )(place)


def interpolated_slopes(x: Any, y: Any, place: Any, kind: Any = "linear", beyond: bool = False, nu: int = 0) -> Any:
    """A derivative of ``interpolated``, of the values along the first axis: 0 outside, or as within (``beyond``)."""
    from scipy import interpolate

    order = {"linear": 1, "slinear": 1, "quadratic": 2, "cubic": 3}.get(kind, kind if isinstance(kind, int) else 0)
    place = np.asarray(place, float)
    if nu == 0:
        rest = {"fill_value": "extrapolate"} if beyond else {"bounds_error": False, "fill_value": 0.0}
        return interpolate.interp1d(x, y, kind, 0, **rest)(place)
    sequence = np.argsort(x, kind="mergesort")
    x, y = np.asarray(x)[sequence], np.asarray(y)[sequence]
    shape = (*place.shape, *y.shape[1:])
    if nu > order:
        return np.zeros(shape)
    if order == 1:
        after = np.clip(np.searchsorted(x, place), 1, len(x) - 1)
        made = (y[after] - y[after - 1]) / np.reshape(x[after] - x[after - 1], (*place.shape, *(1,) * (y.ndim - 1)))
    else:
        made = interpolate.make_interp_spline(x, y, order)(place, nu)
    inside = np.logical_or(beyond, (place >= x[0]) & (place <= x[-1]))
    return np.where(np.reshape(inside, (*place.shape, *(1,) * (y.ndim - 1))), made, 0.0)


def uninterpolated(
    bar: Any, x: Any, like: Any, place: Any, kind: Any = "linear", beyond: bool = False, nu: int = 0
) -> Any:
    """The transpose of ``interpolated_slopes(x, like, place, kind, beyond, nu)``."""
    each = interpolated_slopes(x, np.eye(len(like)), np.ravel(place), kind, beyond, nu)
    return np.tensordot(each, np.reshape(bar, (np.size(place), *np.shape(like)[1:])), ([0], [0]))


def unbarycentric(bar: Any, xi: Any, like: Any, x: Any, der: int = 0) -> Any:
    """The transpose of ``scipy.interpolate.barycentric_interpolate(xi, like, x, der=der)``."""
    from scipy import interpolate

    each = interpolate.barycentric_interpolate(xi, np.eye(len(like)), np.ravel(x), der=der)
    return np.tensordot(each, np.reshape(bar, (np.size(x), *np.shape(like)[1:])), ([0], [0]))


def unkrogh(bar: Any, xi: Any, like: Any, x: Any, der: int = 0) -> Any:
    """The transpose of ``scipy.interpolate.krogh_interpolate(xi, like, x, der)``."""
    from scipy import interpolate

    each = interpolate.krogh_interpolate(xi, np.eye(len(like)), np.ravel(x), der)
    return np.tensordot(each, np.reshape(bar, (np.size(x), *np.shape(like)[1:])), ([0], [0]))


def radial(
    y: Any,
    d: Any,
    x: Any,
    neighbors: int | None = None,
    smoothing: Any = 0.0,
    kernel: str = "thin_plate_spline",
    epsilon: Any = None,
    degree: int | None = None,
) -> Any:
    """The values of ``scipy.interpolate.RBFInterpolator(y, d, neighbors, smoothing, kernel, epsilon, degree)``."""
    from scipy import interpolate

    return interpolate.RBFInterpolator(y, d, neighbors, smoothing, kernel, epsilon, degree)(x)


def unradial(
    bar: Any,
    y: Any,
    like: Any,
    x: Any,
    neighbors: int | None = None,
    smoothing: Any = 0.0,
    kernel: str = "thin_plate_spline",
    epsilon: Any = None,
    degree: int | None = None,
) -> Any:
    """The transpose of ``radial(y, like, x, neighbors, ...)``."""
    each = radial(y, np.eye(len(like)), x, neighbors, smoothing, kernel, epsilon, degree)
    return np.tensordot(each, bar, ([0], [0]))


def grid_values(points: Any, values: Any, xi: Any, method: str, bounds_error: bool, fill_value: Any) -> Any:
    """The values of ``scipy.interpolate.RegularGridInterpolator``."""
    from scipy import interpolate

    return interpolate.RegularGridInterpolator(points, values, method, bounds_error, fill_value)(xi)


def smooth_grid_values(points: Any, values: Any, xi: Any, method: str, bounds_error: bool, fill_value: Any) -> Any:
    """As ``grid_values``, by the methods that are not linear."""
    return grid_values(points, values, xi, method, bounds_error, fill_value)


def spline_grid_values(points: Any, values: Any, xi: Any, bounds_error: bool, fill_value: Any) -> Any:
    """The values of ``scipy.interpolate.interpn`` by its method ``"splinef2d"``."""
    from scipy import interpolate

    return interpolate.interpn(points, values, xi, "splinef2d", bounds_error, fill_value)


def grid_rows(bar: Any, slopes: Any) -> Any:
    """The cotangent of ``grid_values``, or its tangent, with a row for each place as ``grid_slopes`` has them."""
    return np.reshape(bar, (len(slopes), 1, *np.shape(slopes)[2:]))


def ungrid_rows(rows: Any, like: Any) -> Any:
    """The transpose of ``grid_rows``."""
    return np.reshape(rows, np.shape(like))


def by_axis(slopes: Any, count: int) -> Any:
    """Slopes of one order more, with an axis of their own, the second, for the last step."""
    shape = (len(slopes), np.shape(slopes)[1] // count, count, *np.shape(slopes)[2:])
    return np.moveaxis(np.reshape(slopes, shape), 2, 1)


def unby_axis(apart: Any) -> Any:
    """The transpose of ``by_axis``, and its inverse."""
    count, before = np.shape(apart)[1:3]
    return np.reshape(np.moveaxis(apart, 1, 2), (len(apart), before * count, *np.shape(apart)[3:]))


def _grid_corners(points: Any, xi: Any, method: str, beyond: bool, order: int) -> Iterator[tuple[Any, Any]]:
    """The corners of the cell that each place is in, and their weights, or these ones' slopes of an order."""
    rank = len(points)
    places = np.reshape(xi, (-1, rank))
    lower, shares, scales = [], [], []
    inside = np.full(len(places), True)
    turned = [np.shape(one)[0] > 1 and one[0] > one[-1] for one in points]
    for axis, one in enumerate(points):
        line, along = np.sort(one), places[:, axis]
        start = np.clip(np.searchsorted(line, along, "right") - 1, 0, len(line) - 2)
        width = line[start + 1] - line[start]
        lower.append(start)
        shares.append((along - line[start]) / width)
        scales.append(1 / width)
        inside &= (along >= line[0]) & (along <= line[-1])
    for corner in np.ndindex(*(2,) * rank):
        weights = np.zeros((len(places), rank**order))
        for column, axes in enumerate(np.ndindex(*(rank,) * order)):
            if method == "nearest":
                near = [(share > 0.5) == bool(step) for share, step in zip(shares, corner, strict=True)]
                weights[:, column] = np.all(near, axis=0) if order == 0 else 0
            elif len(set(axes)) == order:
                factors = [
                    (2 * step - 1) * scale if axis in axes else (share if step else 1 - share)
                    for axis, (step, share, scale) in enumerate(zip(corner, shares, scales, strict=True))
                ]
                weights[:, column] = np.prod(factors, axis=0)
        if not beyond:
            weights = np.where(inside[:, None], weights, 0)
        index = (start + step for start, step in zip(lower, corner, strict=True))
        yield (
            tuple(
                len(one) - 1 - place if flip else place for one, place, flip in zip(points, index, turned, strict=True)
            ),
            weights,
        )


def grid_slopes(points: Any, values: Any, xi: Any, method: str, beyond: bool, order: int = 0) -> Any:
    """The slopes of an order, along each of the axes, of values between those at the points of a grid.

    Outside 0, or as within (``beyond``). The result has an axis for the places, one for the slopes, and further ones
    of the values.
    """
    rank = len(points)
    total: Any = 0.0
    for index, weights in _grid_corners(points, xi, method, beyond, order):
        rows = values[index][:, None]
        total = total + np.reshape(weights, weights.shape + (1,) * (np.ndim(values) - rank)) * rows
    return total


def ungrid(bar: Any, points: Any, like: Any, xi: Any, method: str, beyond: bool, order: int = 0) -> Any:
    """The transpose of ``grid_slopes(points, like, xi, method, beyond, order)``."""
    total = np.zeros(np.shape(like), np.result_type(bar))
    for index, weights in _grid_corners(points, xi, method, beyond, order):
        rows = np.reshape(weights, weights.shape + (1,) * (np.ndim(bar) - 2)) * bar
        np.add.at(total, index, np.sum(rows, axis=1))
    return total


def _windows(
    x: Any, size: Any, footprint: Any, mode: Any, cval: float, origin: Any, turned: bool
) -> tuple[int, Any, list[tuple[slice, ...]]]:
    """An image with more pixels at its edges, how many, and where it has each element of every pixel's window."""
    rank = np.ndim(x)
    window = np.ones(tuple(np.broadcast_to(size, rank))) if footprint is None else np.asarray(footprint)
    middle = np.broadcast_to(origin, rank)
    if turned:
        window, middle = np.flip(window), np.array(window.shape) % 2 - 1 - middle
    width = max(window.shape)
    wide = x
    for along, one in _ways(None, rank, mode):
        widths = [(width, width) if k == along else (0, 0) for k in range(rank)]
        wide = np.pad(wide, widths, one, **({"constant_values": cval} if one == "constant" else {}))
    places = []
    for place in np.argwhere(window):
        begin = [width + k - n // 2 - o for k, n, o in zip(place, window.shape, middle, strict=True)]
        places.append(tuple(slice(b, b + n) for b, n in zip(begin, np.shape(x), strict=True)))
    return width, wide, places


def chosen(
    values: Any,
    x: Any,
    taken: Any,
    size: Any = None,
    footprint: Any = None,
    mode: Any = "reflect",
    cval: float = 0.0,
    origin: Any = 0,
    turned: bool = False,
) -> Any:
    """The values where a filter took its result ``taken`` from the windows of ``x``: the mean of several."""
    width, wide, places = _windows(x, size, footprint, mode, cval, origin, turned)
    wide_values = extended(values, width, mode)
    total, count = np.zeros(np.shape(x)), np.zeros(np.shape(x))
    for place in places:
        same = wide[place] == taken
        total += np.where(same, wide_values[place], 0)
        count += same
    return total / np.maximum(count, 1)


def unchosen(
    bar: Any,
    x: Any,
    taken: Any,
    size: Any = None,
    footprint: Any = None,
    mode: Any = "reflect",
    cval: float = 0.0,
    origin: Any = 0,
    turned: bool = False,
) -> Any:
    """The transpose of ``chosen``, in its first argument."""
    width, wide, places = _windows(x, size, footprint, mode, cval, origin, turned)
    share = bar / np.maximum(np.sum([wide[place] == taken for place in places], axis=0), 1)
    total = np.zeros(np.shape(wide))
    for place in places:
        total[place] += np.where(wide[place] == taken, share, 0)
    return unextended(total, x, width, mode)


def gaussian_slopes(x: Any, sigma: Any, mode: Any = "reflect", cval: float = 0.0) -> Any:
    """The derivatives of a smoothed image along each of its axes, stacked."""
    from scipy import ndimage

    orders = np.eye(np.ndim(x), dtype=int)
    return np.array([ndimage.gaussian_filter(x, sigma, tuple(order), mode=mode, cval=cval) for order in orders])


def ungaussian_slopes(bars: Any, sigma: Any, mode: Any = "reflect") -> Any:
    """The transpose of ``gaussian_slopes``."""
    from scipy import ndimage

    width = int(4.0 * np.max(sigma) + 0.5)
    total = np.zeros(np.shape(bars)[1:], np.result_type(bars))
    for bar, slopes in zip(bars, np.eye(len(bars), dtype=int), strict=True):
        wide = extended(bar, width, "constant")
        odd = np.sum(np.where(np.broadcast_to(sigma, len(bars)) > 1e-15, slopes, 0)) % 2
        turned = ndimage.gaussian_filter(wide, sigma, tuple(slopes), mode="constant")
        total += unextended(turned * (1 - 2 * odd), bar, width, mode)
    return total
