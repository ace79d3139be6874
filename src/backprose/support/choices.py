"""Filters that choose an element of each window."""

from __future__ import annotations

from typing import Any

import numpy as np

from backprose.support.filters import _ways, extended, unextended


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
