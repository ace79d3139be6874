"""Transposes of filters, of differences and of images read between their pixels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from backprose.support.parts import _place_of_part


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
