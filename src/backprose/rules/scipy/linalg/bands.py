"""Matrices given by their diagonals: the element a[i, j] stands at ab[u + i - j, j].

Giles, "Collected matrix derivative results" (2008), for the elements within the band.
"""

import numpy as np
from scipy import linalg

from backprose.rules.registry import adjoint, not_yet, real_only, several, tangent
from backprose.support import band_outer, band_product, turned_band


@adjoint(linalg.solve_banded, active=("ab", "b"))
def solve_banded(l_and_u, ab, b, *, check_finite=True, out, out_bar):
    """As solve: b_bar = A^-T x_bar; within the band A_bar = -b_bar x^T."""
    l = l_and_u[0]
    u = l_and_u[1]
    b_bar = linalg.solve_banded((u, l), turned_band(ab, u), out_bar)
    return -band_outer(b_bar, out, l, u), b_bar


@tangent(linalg.solve_banded)
def solve_banded_dot(l_and_u, ab, b, *, check_finite=True, out, ab_dot, b_dot):
    moved = band_product(ab_dot, out, l_and_u[1])
    return -linalg.solve_banded(l_and_u, ab, moved), linalg.solve_banded(l_and_u, ab, b_dot)


@adjoint(linalg.solveh_banded)
def solveh_banded(ab, b, *, lower=False, check_finite=True, out, out_bar):
    """The matrix is symmetric: what is off its diagonal counts twice."""
    k = np.shape(ab)[0] - 1
    b_bar = linalg.solveh_banded(ab, out_bar, lower=lower)
    l = k if lower else 0
    whole = band_outer(b_bar, out, l, k - l) + band_outer(out, b_bar, l, k - l)
    return -whole * np.expand_dims(np.where(np.arange(k + 1) == k - l, 0.5, 1), -1), b_bar


@tangent(linalg.solveh_banded)
def solveh_banded_dot(ab, b, *, lower=False, check_finite=True, out, ab_dot, b_dot):
    k = np.shape(ab)[0] - 1
    l = k if lower else 0
    half = ab_dot * np.expand_dims(np.where(np.arange(k + 1) == k - l, 0.5, 1), -1)
    moved = band_product(half, out, k - l) + band_product(turned_band(half, k - l), out, l)
    return -linalg.solveh_banded(ab, moved, lower=lower), linalg.solveh_banded(ab, b_dot, lower=lower)


real_only(linalg.solveh_banded)


@adjoint(linalg.eigvalsh_tridiagonal)
def eigvalsh_tridiagonal(d, e, *, check_finite=True, out_bar):
    """The squares of the vectors' components, and twice the products of neighbours (Giles 3.1)."""
    v = linalg.eigh_tridiagonal(d, e)[1]
    return np.sum(v**2 * out_bar, axis=1), 2 * np.sum(v[1:] * v[:-1] * out_bar, axis=1)


@tangent(linalg.eigvalsh_tridiagonal)
def eigvalsh_tridiagonal_dot(d, e, *, check_finite=True, d_dot, e_dot):
    v = linalg.eigh_tridiagonal(d, e)[1]
    return d_dot @ v**2, 2 * (e_dot @ (v[1:] * v[:-1]))


@adjoint(linalg.eigh_tridiagonal)
def eigh_tridiagonal(d, e, *, check_finite=True, out, out_bar):
    """As eigh: V (diag(w_bar) + F * (V^T V_bar)) V^T with F = 1 / (w_j - w_i), of which the diagonals are read."""
    v = out[1]
    same = np.eye(np.shape(d)[0], dtype=bool)
    turns = np.where(same, 0 if out_bar[0] is None else out_bar[0], 0)
    if out_bar[1] is not None:
        apart = np.where(same, 1, np.expand_dims(out[0], -2) - np.expand_dims(out[0], -1))
        turns = turns + np.where(same, 0, np.divide(v.T @ out_bar[1], apart))
    inner = v @ turns @ v.T
    return np.diagonal(inner), np.diagonal(inner, 1) + np.diagonal(inner, -1)


@tangent(linalg.eigh_tridiagonal)
def eigh_tridiagonal_dot(d, e, *, check_finite=True, out, d_dot, e_dot):
    v = out[1]
    neighbours = (np.zeros_like(e) + e_dot)[:, None]
    side = v[:-1].T @ (neighbours * v[1:])
    turned = v.T @ ((np.zeros_like(d) + d_dot)[:, None] * v) + side + side.T
    same = np.eye(np.shape(d)[0], dtype=bool)
    apart = np.where(same, 1, np.expand_dims(out[0], -2) - np.expand_dims(out[0], -1))
    return np.diagonal(turned), v @ np.where(same, 0, np.divide(turned, apart))


several(linalg.eigh_tridiagonal, results=2)
not_yet(
    linalg.cholesky_banded, linalg.cho_solve_banded, linalg.eig_banded, linalg.eigvals_banded,
    reason="of matrices given by their diagonals solve_banded and solveh_banded have a rule",
)  # fmt: skip
