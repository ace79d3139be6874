"""Parts of arrays and their transposes: sections, repeats, ends, cells, what overlaps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np


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
