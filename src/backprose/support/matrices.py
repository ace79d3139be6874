"""Triangles, bands, pivots and equations of matrices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from backprose.support.products import product_of_others


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
