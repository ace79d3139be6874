"""Matrices of a given form, and systems with them. What is made of whole numbers only is a constant."""

import numpy as np
from scipy import linalg

from backprose.rules.registry import adjoint, constant, linear, not_yet, real_only, tangent
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


not_yet(
    linalg.solve_toeplitz, linalg.matmul_toeplitz,
    reason="the matrix may be given as a tuple of two vectors: write linalg.solve(linalg.toeplitz(c, r), b)",
)  # fmt: skip
not_yet(linalg.convolution_matrix, linalg.fiedler_companion, reason="nobody has written it")
