"""Matrices given by their diagonals: the element a[i, j] stands at ab[u + i - j, j].

Giles, "Collected matrix derivative results" (2008), for the elements within the band.
"""

import numpy as np
from scipy import linalg

from backprose.rules.registry import adjoint, real_only, several, tangent
from backprose.support import band_outer, band_product, lower_half, turned_band


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


@adjoint(linalg.cholesky_banded)
def cholesky_banded(ab, *, lower=False, check_finite=True, out, out_bar):
    """As cholesky: P(S + S^T) with S = L^-T P(L^T L_bar) L^-1 (Murray, arXiv:1602.07527), within the band.

    What stands in the corners, beyond the matrix, is not read, and is given back.
    """
    k = np.shape(ab)[0] - 1
    unit = np.eye(np.shape(ab)[1])
    if lower:
        l = band_product(out, unit, 0)
        l_bar = band_product(out_bar, unit, 0)
    else:
        l = band_product(out, unit, k).T
        l_bar = band_product(out_bar, unit, k).T
    half = lower_half(l)
    inner = linalg.solve_triangular(l, half * (l.T @ l_bar), 1, True)
    s = linalg.solve_triangular(l, inner.T, 1, True)
    a_bar = half * (s + s.T)
    if lower:
        return band_outer(a_bar, unit, k, 0) + out_bar * (band_outer(unit + 1, unit, k, 0) == 0)
    return band_outer(a_bar.T, unit, 0, k) + out_bar * (band_outer(unit + 1, unit, 0, k) == 0)


@tangent(linalg.cholesky_banded)
def cholesky_banded_dot(ab, *, lower=False, check_finite=True, out, ab_dot):
    k = np.shape(ab)[0] - 1
    unit = np.eye(np.shape(ab)[1])
    l = band_product(out, unit, 0) if lower else band_product(out, unit, k).T
    half = lower_half(l)
    triangle = half * (band_product(ab_dot, unit, 0) if lower else band_product(ab_dot, unit, k).T)
    inner = linalg.solve_triangular(l, triangle + triangle.T, 0, True)
    l_dot = l @ (half * linalg.solve_triangular(l, inner.T, 0, True))
    if lower:
        return band_outer(l_dot, unit, k, 0) + ab_dot * (band_outer(unit + 1, unit, k, 0) == 0)
    return band_outer(l_dot.T, unit, 0, k) + ab_dot * (band_outer(unit + 1, unit, 0, k) == 0)


@adjoint(linalg.cho_solve_banded)
def cho_solve_banded(cb_and_lower, b, *, check_finite=True, out, out_bar, index):
    """As cho_solve: L_bar = (A_bar + A_bar^T) L with A_bar = -b_bar x^T, or U_bar = U (A_bar + A_bar^T)."""
    column = linalg.cho_solve_banded(cb_and_lower, out_bar)
    cb = cb_and_lower[0]
    k = np.shape(cb)[0] - 1
    if cb_and_lower[1]:
        turned = turned_band(cb, 0)
        first = band_outer(column, band_product(turned, out, k), k, 0)
        return -first - band_outer(out, band_product(turned, column, k), k, 0), column
    second = band_outer(band_product(cb, column, k), out, 0, k)
    return -second - band_outer(band_product(cb, out, k), column, 0, k), column


@tangent(linalg.cho_solve_banded)
def cho_solve_banded_dot(cb_and_lower, b, *, check_finite=True, out, cb_and_lower_dot, b_dot):
    cb = cb_and_lower[0]
    k = np.shape(cb)[0] - 1
    cb_dot = np.zeros_like(cb) + cb_and_lower_dot[0]
    if cb_and_lower[1]:
        inner = band_product(cb_dot, band_product(turned_band(cb, 0), out, k), 0)
        moved = inner + band_product(cb, band_product(turned_band(cb_dot, 0), out, k), 0)
    else:
        inner = band_product(turned_band(cb_dot, k), band_product(cb, out, k), 0)
        moved = inner + band_product(turned_band(cb, k), band_product(cb_dot, out, k), 0)
    return -linalg.cho_solve_banded(cb_and_lower, moved), linalg.cho_solve_banded(cb_and_lower, b_dot)


@adjoint(linalg.eig_banded)
def eig_banded(a_band, lower=False, *, check_finite=True, out, out_bar):
    """As eigh: V (diag(w_bar) + F * (V^T V_bar)) V^T with F = 1 / (w_j - w_i), within the band."""
    k = np.shape(a_band)[0] - 1
    v = out[1]
    unit = np.eye(np.shape(a_band)[1])
    turns = np.where(unit == 1, 0 if out_bar[0] is None else out_bar[0], 0)
    if out_bar[1] is not None:
        apart = np.where(unit == 1, 1, np.expand_dims(out[0], -2) - np.expand_dims(out[0], -1))
        turns = turns + np.where(unit == 1, 0, np.divide(v.T @ out_bar[1], apart))
    inner = v @ turns @ v.T
    whole = inner + inner.T
    half = lower_half(v)
    return band_outer(half * whole, unit, k, 0) if lower else band_outer(half.T * whole, unit, 0, k)


@tangent(linalg.eig_banded)
def eig_banded_dot(a_band, lower=False, *, check_finite=True, out, a_band_dot):
    k = np.shape(a_band)[0] - 1
    v = out[1]
    unit = np.eye(np.shape(a_band)[1])
    half = lower_half(v)
    triangle = half * band_product(a_band_dot, unit, 0) if lower else half.T * band_product(a_band_dot, unit, k)
    turned = v.T @ (triangle + triangle.T) @ v
    apart = np.where(unit == 1, 1, np.expand_dims(out[0], -2) - np.expand_dims(out[0], -1))
    return np.diagonal(turned), v @ np.where(unit == 1, 0, np.divide(turned, apart))


several(linalg.eig_banded, results=2)


@adjoint(linalg.eigvals_banded)
def eigvals_banded(a_band, lower=False, *, check_finite=True, out_bar):
    """The squares and products of the vectors' components, within the band."""
    k = np.shape(a_band)[0] - 1
    v = linalg.eig_banded(a_band, lower)[1]
    inner = v * out_bar
    if lower:
        return band_outer(inner, v, k, 0) * np.expand_dims(np.where(np.arange(k + 1) == 0, 1, 2), -1)
    return band_outer(inner, v, 0, k) * np.expand_dims(np.where(np.arange(k + 1) == k, 1, 2), -1)


@tangent(linalg.eigvals_banded)
def eigvals_banded_dot(a_band, lower=False, *, check_finite=True, a_band_dot):
    k = np.shape(a_band)[0] - 1
    v = linalg.eig_banded(a_band, lower)[1]
    diagonal = np.expand_dims(np.where(np.arange(k + 1) == (0 if lower else k), 1, 2), -1)
    return np.sum(v * band_product(diagonal * a_band_dot, v, 0 if lower else k), axis=0)


real_only(linalg.cholesky_banded, linalg.cho_solve_banded, linalg.eig_banded, linalg.eigvals_banded)
