"""Matrices of a given form, and systems with them. What is made of whole numbers only is a constant."""

import numpy as np
from scipy import linalg

from backprose.rules.registry import adjoint, constant, linear, real_only, tangent
from backprose.support import block_of, untake

constant(
    linalg.dft, linalg.hadamard, linalg.helmert, linalg.hilbert, linalg.invhilbert, linalg.pascal, linalg.invpascal,
    reason="made of whole numbers",
)  # fmt: skip


@adjoint(linalg.block_diag, active=("arrs",))
def block_diag(*arrs, out_bar, index):
    return block_of(out_bar, arrs, index)


@tangent(linalg.block_diag)
def block_diag_dot(*arrs, arrs_dot):
    """A block that does not move has the tangent 0, a number."""
    if len(arrs) > 4:
        raise NotImplementedError("of more than four blocks: write it in two steps")
    d_0 = np.zeros_like(arrs[0]) + arrs_dot[0]
    if len(arrs) == 1:
        return linalg.block_diag(d_0)
    d_1 = np.zeros_like(arrs[1]) + arrs_dot[1]
    if len(arrs) == 2:
        return linalg.block_diag(d_0, d_1)
    d_2 = np.zeros_like(arrs[2]) + arrs_dot[2]
    if len(arrs) == 3:
        return linalg.block_diag(d_0, d_1, d_2)
    return linalg.block_diag(d_0, d_1, d_2, np.zeros_like(arrs[3]) + arrs_dot[3])


@linear(linalg.toeplitz, active=("c", "r"))
def toeplitz(c, r=None, *, out_bar):
    """The sums of the diagonals, from the first row's last to the first column's."""
    rows = np.shape(out_bar)[0]
    columns = np.shape(out_bar)[1]
    places = np.expand_dims(np.arange(rows), 1) - np.arange(columns) + columns - 1
    sums = untake(out_bar, places, np.zeros(rows + columns - 1))
    below = sums[columns - 1 :]
    above = np.flip(sums[:columns])
    if r is None:
        return below + np.where(np.arange(columns) == 0, 0, above), None
    return below, np.where(np.arange(columns) == 0, 0, above)


@linear(linalg.hankel, active=("c", "r"))
def hankel(c, r=None, *, out_bar):
    """The sums of the diagonals that rise; the first column's last element is there once."""
    rows = np.shape(out_bar)[0]
    columns = np.shape(out_bar)[1]
    places = np.expand_dims(np.arange(rows), 1) + np.arange(columns)
    sums = untake(out_bar, places, np.zeros(rows + columns - 1))
    return sums[:rows], None if r is None else np.where(np.arange(columns) == 0, 0, sums[rows - 1 :])


@linear(linalg.circulant)
def circulant(c, *, out_bar):
    size = np.shape(c)[0]
    places = np.mod(np.expand_dims(np.arange(size), 1) - np.arange(size), size)
    return untake(out_bar, places, c)


@linear(linalg.leslie, active=("f", "s"))
def leslie(f, s, *, out_bar):
    return out_bar[..., 0, :], np.diagonal(out_bar, -1, -2, -1)


@linear(linalg.diagsvd)
def diagsvd(s, M, N, *, out_bar):
    return np.diagonal(out_bar, 0, -2, -1)


@adjoint(linalg.companion)
def companion(a, *, out, out_bar):
    """The first row -a[1:] / a[0]."""
    first = out_bar[..., 0, :]
    lead_bar = -np.sum(first * out[..., 0, :], axis=-1, keepdims=True)
    return np.concatenate((lead_bar, -first), axis=-1) / a[..., :1]


@tangent(linalg.companion)
def companion_dot(a, *, out, a_dot):
    row = -(a_dot[..., 1:] + out[..., 0, :] * a_dot[..., :1]) / a[..., :1]
    lengths = np.where(np.arange(np.shape(out)[-1]) == 0, 1, 0)
    return np.expand_dims(lengths, -1) * np.expand_dims(row, -2)


@adjoint(linalg.fiedler)
def fiedler(a, *, out_bar):
    """abs(a_i - a_j)."""
    signs = np.sign(np.expand_dims(a, -1) - np.expand_dims(a, -2))
    return np.sum(signs * (out_bar + np.swapaxes(out_bar, -1, -2)), axis=-1)


@tangent(linalg.fiedler)
def fiedler_dot(a, *, a_dot):
    signs = np.sign(np.expand_dims(a, -1) - np.expand_dims(a, -2))
    return signs * (np.expand_dims(a_dot, -1) - np.expand_dims(a_dot, -2))


real_only(linalg.fiedler, linalg.toeplitz)


@adjoint(linalg.khatri_rao)
def khatri_rao(a, b, *, out_bar):
    """The Kronecker products of the columns."""
    blocks = np.reshape(out_bar, (*np.shape(a)[:-1], *np.shape(b)[-2:]))
    a_bar = np.sum(blocks * np.expand_dims(b, -3), axis=-2)
    return a_bar, np.sum(blocks * np.expand_dims(a, -2), axis=-3)


@tangent(linalg.khatri_rao)
def khatri_rao_dot(a, b, *, a_dot, b_dot):
    return linalg.khatri_rao(a_dot, b), linalg.khatri_rao(a, b_dot)


@adjoint(linalg.solve_circulant, active=("c", "b"))
def solve_circulant(c, b, *, out, out_bar):
    """The transpose is the circulant matrix of c backwards; of A_bar = -b_bar x^T the sums of the diagonals."""
    size = np.shape(c)[0]
    b_bar = linalg.solve_circulant(np.roll(np.flip(c), 1), out_bar)
    whole = -np.outer(b_bar, out) if np.ndim(b) == 1 else -b_bar @ out.T
    places = np.mod(np.expand_dims(np.arange(size), 1) - np.arange(size), size)
    return untake(whole, places, c), b_bar


@tangent(linalg.solve_circulant)
def solve_circulant_dot(c, b, *, out, c_dot, b_dot):
    return -linalg.solve_circulant(c, linalg.circulant(c_dot) @ out), linalg.solve_circulant(c, b_dot)


# ---------------------------------------------------------------- Toeplitz: a column, or a column and a row
@adjoint(linalg.matmul_toeplitz, active=("c_or_cr", "x"))
def matmul_toeplitz(c_or_cr, x, check_finite=False, workers=None, *, out_bar, index=None):
    """Of T_bar = y_bar x^T the sums of the diagonals; of one column alone the matrix is symmetric."""
    if isinstance(c_or_cr, list):
        raise NotImplementedError("make an array of the list")
    whole = np.outer(out_bar, x) if np.ndim(x) == 1 else out_bar @ x.T
    rows = np.shape(whole)[0]
    columns = np.shape(whole)[1]
    lag = np.expand_dims(np.arange(rows), 1) - np.arange(columns)
    if not isinstance(c_or_cr, tuple):
        return untake(whole, np.abs(lag), c_or_cr), linalg.matmul_toeplitz(c_or_cr, out_bar, workers=workers)
    sums = untake(whole, lag + columns - 1, np.zeros(rows + columns - 1))
    turned = (np.concatenate((c_or_cr[0][:1], c_or_cr[1][1:])), c_or_cr[0])
    x_bar = linalg.matmul_toeplitz(turned, out_bar, workers=workers)
    if index == 0:
        return sums[columns - 1 :], x_bar
    return np.where(np.arange(columns) == 0, 0, np.flip(sums[:columns])), x_bar


@tangent(linalg.matmul_toeplitz)
def matmul_toeplitz_dot(c_or_cr, x, check_finite=False, workers=None, *, c_or_cr_dot, x_dot):
    if isinstance(c_or_cr, list):
        raise NotImplementedError("make an array of the list")
    moved = linalg.matmul_toeplitz(c_or_cr, x_dot, workers=workers)
    if not isinstance(c_or_cr, tuple):
        return linalg.matmul_toeplitz(c_or_cr_dot, x, workers=workers), moved
    c_dot = np.zeros_like(c_or_cr[0]) + c_or_cr_dot[0]
    r_dot = np.zeros_like(c_or_cr[1]) + c_or_cr_dot[1]
    return linalg.matmul_toeplitz((c_dot, r_dot), x, workers=workers), moved


@adjoint(linalg.solve_toeplitz, active=("c_or_cr", "b"))
def solve_toeplitz(c_or_cr, b, check_finite=True, *, out, out_bar, index=None):
    """As solve: b_bar = T^-T x_bar; of T_bar = -b_bar x^T the sums of the diagonals."""
    if isinstance(c_or_cr, list):
        raise NotImplementedError("make an array of the list")
    size = np.shape(out)[0]
    lag = np.expand_dims(np.arange(size), 1) - np.arange(size)
    if not isinstance(c_or_cr, tuple):
        column = linalg.solve_toeplitz(c_or_cr, out_bar)
        whole = -np.outer(column, out) if np.ndim(b) == 1 else -column @ out.T
        return untake(whole, np.abs(lag), c_or_cr), column
    turned = (np.concatenate((c_or_cr[0][:1], c_or_cr[1][1:])), c_or_cr[0])
    b_bar = linalg.solve_toeplitz(turned, out_bar)
    outer = -np.outer(b_bar, out) if np.ndim(b) == 1 else -b_bar @ out.T
    sums = untake(outer, lag + size - 1, np.zeros(2 * size - 1))
    if index == 0:
        return sums[size - 1 :], b_bar
    return np.where(np.arange(size) == 0, 0, np.flip(sums[:size])), b_bar


@tangent(linalg.solve_toeplitz)
def solve_toeplitz_dot(c_or_cr, b, check_finite=True, *, out, c_or_cr_dot, b_dot):
    if isinstance(c_or_cr, list):
        raise NotImplementedError("make an array of the list")
    b_term = linalg.solve_toeplitz(c_or_cr, b_dot)
    if not isinstance(c_or_cr, tuple):
        return -linalg.solve_toeplitz(c_or_cr, linalg.matmul_toeplitz(c_or_cr_dot, out)), b_term
    c_dot = np.zeros_like(c_or_cr[0]) + c_or_cr_dot[0]
    r_dot = np.zeros_like(c_or_cr[1]) + c_or_cr_dot[1]
    return -linalg.solve_toeplitz(c_or_cr, linalg.matmul_toeplitz((c_dot, r_dot), out)), b_term


real_only(linalg.matmul_toeplitz, linalg.solve_toeplitz)


@linear(linalg.convolution_matrix)
def convolution_matrix(a, n, mode="full", *, out_bar):
    """The sums of the diagonals, from where the mode has cut off rows."""
    if np.ndim(a) != 1:
        raise NotImplementedError("of one vector: write np.stack of the matrices")
    cut = 0 if mode == "full" else min(n, len(a)) - 1
    place = np.expand_dims(np.arange(len(out_bar)), 1) - np.arange(n) + (cut // 2 if mode == "same" else cut)
    inside = np.logical_and(place >= 0, place < len(a))
    return untake(np.where(inside, out_bar, 0), np.clip(place, 0, len(a) - 1), a)


@adjoint(linalg.fiedler_companion)
def fiedler_companion(a, *, out_bar):
    """The coefficients -a[k] / a[0] beside its diagonal: the first in the corner, then above and below by turns."""
    if np.ndim(a) != 1:
        raise NotImplementedError("of one vector: write np.stack of the matrices")
    k = np.arange(1, len(a))
    row = np.where(k == 1, 0, np.where(k % 2 == 0, k - 2, k - 1))
    column = np.where(k == 1, 0, np.where(k % 2 == 0, k - 1, k - 2))
    part = np.take(out_bar, row * (len(a) - 1) + column) / a[0]
    return np.concatenate((np.sum(part * a[1:], keepdims=True) / a[0], -part))


@tangent(linalg.fiedler_companion)
def fiedler_companion_dot(a, *, a_dot):
    if np.ndim(a) != 1:
        raise NotImplementedError("of one vector: write np.stack of the matrices")
    k = np.arange(1, len(a))
    row = np.where(k == 1, 0, np.where(k % 2 == 0, k - 2, k - 1))
    column = np.where(k == 1, 0, np.where(k % 2 == 0, k - 1, k - 2))
    moved = (a[1:] * (a_dot[0] / a[0]) - a_dot[1:]) / a[0]
    return untake(moved, row * (len(a) - 1) + column, np.zeros((len(a) - 1, len(a) - 1)))
