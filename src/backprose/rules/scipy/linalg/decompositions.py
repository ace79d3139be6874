"""Decompositions. Giles, "Collected matrix derivative results" (2008), and what stands with each.

Murray, "Differentiation of the Cholesky decomposition", arXiv:1602.07527 (2016).
"""

import numpy as np
from scipy import linalg

from backprose.rules.registry import Form, adjoint, real_only, several, tangent
from backprose.support import checked, lower_half

EIGENVALUES = Form(linalg.eigh, "eigvals_only", 99, True)  # by name only
SINGULAR_VALUES = Form(linalg.svd, "compute_uv", 2, False)


@adjoint(linalg.cholesky)
def cholesky(a, lower=False, *, check_finite=True, out, out_bar):
    """A = L L^T or U^T U by one triangle: P(S + S^T) with S = L^-T P(L^T L_bar) L^-1.

    P takes a symmetric matrix to the triangle that it is the sum of with its transpose (Murray 2016, eqs. 8 to 10).
    """
    half = lower_half(out)
    l = out if lower else np.swapaxes(out, -1, -2)
    l_bar = out_bar if lower else np.swapaxes(out_bar, -1, -2)
    inner = linalg.solve_triangular(l, half * (np.swapaxes(l, -1, -2) @ l_bar), 1, True)
    s = linalg.solve_triangular(l, np.swapaxes(inner, -1, -2), 1, True)
    a_bar = half * (s + np.swapaxes(s, -1, -2))
    return a_bar if lower else np.swapaxes(a_bar, -1, -2)


@tangent(linalg.cholesky)
def cholesky_dot(a, lower=False, *, check_finite=True, out, a_dot):
    """DL = L P(L^-1 dA L^-T), with dA as symmetric as A is taken to be (Murray 2016, eq. 8)."""
    half = lower_half(out)
    l = out if lower else np.swapaxes(out, -1, -2)
    triangle = half * (a_dot if lower else np.swapaxes(a_dot, -1, -2))
    inner = linalg.solve_triangular(l, triangle + np.swapaxes(triangle, -1, -2), 0, True)
    l_dot = l @ (half * linalg.solve_triangular(l, np.swapaxes(inner, -1, -2), 0, True))
    return l_dot if lower else np.swapaxes(l_dot, -1, -2)


@adjoint(linalg.cho_factor)
def cho_factor(a, lower=False, *, check_finite=True, out, out_bar):
    """As cholesky; the other triangle of the result is that of A."""
    if out_bar[0] is None:
        return np.zeros_like(a)
    half = lower_half(a)
    l = np.tril(out[0]) if lower else np.swapaxes(np.triu(out[0]), -1, -2)
    bar = out_bar[0] if lower else np.swapaxes(out_bar[0], -1, -2)
    inner = linalg.solve_triangular(l, half * (np.swapaxes(l, -1, -2) @ bar), 1, True)
    s = linalg.solve_triangular(l, np.swapaxes(inner, -1, -2), 1, True)
    a_bar = half * (s + np.swapaxes(s, -1, -2)) + np.triu(bar, 1)
    return a_bar if lower else np.swapaxes(a_bar, -1, -2)


@tangent(linalg.cho_factor)
def cho_factor_dot(a, lower=False, *, check_finite=True, out, a_dot):
    half = lower_half(a)
    l = np.tril(out[0]) if lower else np.swapaxes(np.triu(out[0]), -1, -2)
    move = a_dot if lower else np.swapaxes(a_dot, -1, -2)
    triangle = half * move
    inner = linalg.solve_triangular(l, triangle + np.swapaxes(triangle, -1, -2), 0, True)
    l_dot = l @ (half * linalg.solve_triangular(l, np.swapaxes(inner, -1, -2), 0, True)) + np.triu(move, 1)
    return l_dot if lower else np.swapaxes(l_dot, -1, -2), np.zeros_like(out[1])


several(linalg.cho_factor, results=2)
real_only(linalg.cholesky, linalg.cho_factor)


@adjoint(linalg.eigh, active=("a",))
def eigh(a, b=None, *, lower=True, check_finite=True, driver=None, out, out_bar):
    """A V = B V diag(w) with V^T B V = 1 (Giles 3.1), A by one triangle. Vectors of equal values have no derivative."""
    half = lower_half(a) if lower else np.swapaxes(lower_half(a), -1, -2)
    v_t = np.swapaxes(out[1], -1, -2)
    if out_bar[1] is None:
        inner = out[1] @ (np.expand_dims(out_bar[0], -1) * v_t)
        return half * (inner + np.swapaxes(inner, -1, -2))
    same = np.eye(np.shape(a)[-1], dtype=bool)
    apart = np.where(same, 1, np.expand_dims(out[0], -2) - np.expand_dims(out[0], -1))
    turns = np.where(same, 0, np.divide(v_t @ out_bar[1], apart))
    if out_bar[0] is not None:
        turns = turns + np.where(same, np.expand_dims(out_bar[0], -1), 0)
    inner = out[1] @ turns @ v_t
    return half * (inner + np.swapaxes(inner, -1, -2))


@tangent(linalg.eigh)
def eigh_dot(a, b=None, *, lower=True, check_finite=True, driver=None, out, a_dot):
    half = lower_half(a) if lower else np.swapaxes(lower_half(a), -1, -2)
    triangle = half * a_dot
    turned = np.swapaxes(out[1], -1, -2) @ (triangle + np.swapaxes(triangle, -1, -2)) @ out[1]
    same = np.eye(np.shape(a)[-1], dtype=bool)
    apart = np.where(same, 1, np.expand_dims(out[0], -2) - np.expand_dims(out[0], -1))
    return np.diagonal(turned, 0, -2, -1), out[1] @ np.where(same, 0, np.divide(turned, apart))


several(linalg.eigh, results=2)


@adjoint(EIGENVALUES, active=("a",))
def eigh_values(a, b=None, *, lower=True, eigvals_only=False, check_finite=True, driver=None, out_bar):
    """As eigvalsh."""
    half = lower_half(a) if lower else np.swapaxes(lower_half(a), -1, -2)
    v = linalg.eigh(a, b, lower=lower)[1]
    inner = v @ (np.expand_dims(out_bar, -1) * np.swapaxes(v, -1, -2))
    return half * (inner + np.swapaxes(inner, -1, -2))


@tangent(EIGENVALUES)
def eigh_values_dot(a, b=None, *, lower=True, eigvals_only=False, check_finite=True, driver=None, a_dot):
    half = lower_half(a) if lower else np.swapaxes(lower_half(a), -1, -2)
    triangle = half * a_dot
    v = linalg.eigh(a, b, lower=lower)[1]
    return np.sum(v * ((triangle + np.swapaxes(triangle, -1, -2)) @ v), axis=-2)


@adjoint(linalg.eigvalsh, active=("a",))
def eigvalsh(a, b=None, *, lower=True, check_finite=True, driver=None, out_bar):
    """The squares and products of the vectors' components (Giles 3.1), of which only one triangle is read."""
    half = lower_half(a) if lower else np.swapaxes(lower_half(a), -1, -2)
    v = linalg.eigh(a, b, lower=lower)[1]
    inner = v @ (np.expand_dims(out_bar, -1) * np.swapaxes(v, -1, -2))
    return half * (inner + np.swapaxes(inner, -1, -2))


@tangent(linalg.eigvalsh)
def eigvalsh_dot(a, b=None, *, lower=True, check_finite=True, driver=None, a_dot):
    half = lower_half(a) if lower else np.swapaxes(lower_half(a), -1, -2)
    triangle = half * a_dot
    v = linalg.eigh(a, b, lower=lower)[1]
    return np.sum(v * ((triangle + np.swapaxes(triangle, -1, -2)) @ v), axis=-2)


real_only(linalg.eigh, EIGENVALUES, linalg.eigvalsh)


@adjoint(linalg.qr)
def qr(a, *, mode="full", check_finite=True, out, out_bar):
    """Walter and Lehmann, arXiv:1009.6112. Of a wide matrix the columns beyond the first k, a square, are Q^T A there:
    Roberts and Roberts, arXiv:2009.10071.
    """
    if mode not in ("full", "economic"):
        raise NotImplementedError("of the modes 'full' and 'economic' have a rule")
    q = out[0]
    if mode == "full":
        q = checked(q, np.shape(a)[-2] <= np.shape(a)[-1], "Q of a tall matrix is not unique: write mode='economic'")
    k = np.shape(q)[-1]
    r = out[1][..., :k]
    rest_bar = np.zeros_like(out[1][..., k:]) if out_bar[1] is None else out_bar[1][..., k:]
    q_bar = a[..., k:] @ np.swapaxes(rest_bar, -1, -2)
    if out_bar[0] is not None:
        q_bar = q_bar + out_bar[0]
    inner = -np.swapaxes(q_bar, -1, -2) @ q
    if out_bar[1] is not None:
        inner = inner + r @ np.swapaxes(out_bar[1][..., :k], -1, -2)
    whole = q @ (np.tril(inner) + np.swapaxes(np.tril(inner, -1), -1, -2)) + q_bar
    first = np.swapaxes(linalg.solve_triangular(r, np.swapaxes(whole, -1, -2)), -1, -2)
    return np.concatenate((first, q @ rest_bar), axis=-1)


@tangent(linalg.qr)
def qr_dot(a, *, mode="full", check_finite=True, out, a_dot):
    if mode not in ("full", "economic"):
        raise NotImplementedError("of the modes 'full' and 'economic' have a rule")
    q = out[0]
    if mode == "full":
        q = checked(q, np.shape(a)[-2] <= np.shape(a)[-1], "Q of a tall matrix is not unique: write mode='economic'")
    k = np.shape(q)[-1]
    r = out[1][..., :k]
    q_t = np.swapaxes(q, -1, -2)
    first_dot = a_dot[..., :k]
    turned = np.swapaxes(linalg.solve_triangular(r, np.swapaxes(q_t @ first_dot, -1, -2), 1), -1, -2)
    lower = np.tril(turned, -1)
    r_dot = (turned - lower + np.swapaxes(lower, -1, -2)) @ r
    q_dot = np.swapaxes(linalg.solve_triangular(r, np.swapaxes(first_dot - q @ r_dot, -1, -2), 1), -1, -2)
    rest_dot = np.swapaxes(q_dot, -1, -2) @ a[..., k:] + q_t @ a_dot[..., k:]
    return q_dot, np.concatenate((r_dot, rest_dot), axis=-1)


several(linalg.qr, results=2)


@adjoint(linalg.lu)
def lu(a, *, check_finite=True, out, out_bar):
    """A = P L U: L^-1 dA U^-1 moves L by its strict lower triangle and U by the rest; what is beyond a square is
    solved for. De Hoog, Anderssen and Lukas, "Differentiation of matrix functionals using triangular factorization"
    (2011).
    """
    k = np.shape(out[2])[-2]
    l = out[1][..., :k, :]
    u = out[2][..., :k]
    l_bar = np.zeros_like(out[1]) if out_bar[1] is None else out_bar[1]
    u_bar = np.zeros_like(out[2]) if out_bar[2] is None else out_bar[2]
    below = np.swapaxes(linalg.solve_triangular(u, np.swapaxes(l_bar[..., k:, :], -1, -2)), -1, -2)
    beside = linalg.solve_triangular(l, u_bar[..., k:], 1, True, True)
    inner_l = l_bar[..., :k, :] - beside @ np.swapaxes(out[2][..., k:], -1, -2)
    inner_u = u_bar[..., :k] - np.swapaxes(out[1][..., k:, :], -1, -2) @ below
    inner = np.tril(np.swapaxes(l, -1, -2) @ inner_l, -1) + np.triu(inner_u @ np.swapaxes(u, -1, -2))
    turned = linalg.solve_triangular(l, inner, 1, True, True)
    square = np.swapaxes(linalg.solve_triangular(u, np.swapaxes(turned, -1, -2)), -1, -2)
    left = np.concatenate((square, below), axis=-2)
    right = np.concatenate((beside, np.zeros_like(a[..., k:, k:])), axis=-2)
    return out[0] @ np.concatenate((left, right), axis=-1)


@tangent(linalg.lu)
def lu_dot(a, *, check_finite=True, out, a_dot):
    k = np.shape(out[2])[-2]
    l = out[1][..., :k, :]
    u = out[2][..., :k]
    move = np.swapaxes(out[0], -1, -2) @ a_dot
    turned = linalg.solve_triangular(l, move[..., :k, :k], 0, True, True)
    inner = np.swapaxes(linalg.solve_triangular(u, np.swapaxes(turned, -1, -2), 1), -1, -2)
    l_dot = l @ np.tril(inner, -1)
    u_dot = np.triu(inner) @ u
    under = move[..., k:, :k] - out[1][..., k:, :] @ u_dot
    below = np.swapaxes(linalg.solve_triangular(u, np.swapaxes(under, -1, -2), 1), -1, -2)
    beside = linalg.solve_triangular(l, move[..., :k, k:] - l_dot @ out[2][..., k:], 0, True, True)
    lower = np.concatenate((l_dot, below), axis=-2)
    return np.zeros_like(out[0]), lower, np.concatenate((u_dot, beside), axis=-1)


several(linalg.lu, results=3)


@adjoint(linalg.polar)
def polar(a, side="right", *, out, out_bar):
    """A = U P, P symmetric: P dP + dP P = A^T dA + dA^T A (Higham, "Functions of Matrices", 8); on the left of A^T."""
    right = side == "right"
    full = np.shape(a)[-2] >= np.shape(a)[-1] if right else np.shape(a)[-2] <= np.shape(a)[-1]
    p = checked(out[1], full, "the symmetric factor is singular: take it on the other side, side=")
    whole = a if right else np.swapaxes(a, -1, -2)
    inner = np.zeros_like(p) if out_bar[1] is None else out_bar[1]
    a_bar = np.zeros_like(whole)
    if out_bar[0] is not None:
        u_bar = out_bar[0] if right else np.swapaxes(out_bar[0], -1, -2)
        a_bar = np.swapaxes(linalg.solve(p, np.swapaxes(u_bar, -1, -2)), -1, -2)
        inner = inner - (np.swapaxes(out[0], -1, -2) if right else out[0]) @ a_bar
    y = linalg.solve_sylvester(p, p, inner)
    a_bar = a_bar + whole @ (y + np.swapaxes(y, -1, -2))
    return a_bar if right else np.swapaxes(a_bar, -1, -2)


@tangent(linalg.polar)
def polar_dot(a, side="right", *, out, a_dot):
    right = side == "right"
    full = np.shape(a)[-2] >= np.shape(a)[-1] if right else np.shape(a)[-2] <= np.shape(a)[-1]
    p = checked(out[1], full, "the symmetric factor is singular: take it on the other side, side=")
    move = a_dot if right else np.swapaxes(a_dot, -1, -2)
    turned = (np.swapaxes(a, -1, -2) if right else a) @ move
    p_dot = linalg.solve_sylvester(p, p, turned + np.swapaxes(turned, -1, -2))
    rest = move - (out[0] if right else np.swapaxes(out[0], -1, -2)) @ p_dot
    u_dot = linalg.solve(p, np.swapaxes(rest, -1, -2))
    return np.swapaxes(u_dot, -1, -2) if right else u_dot, p_dot


several(linalg.polar, results=2)


@adjoint(linalg.svd)
def svd(a, full_matrices=True, *, check_finite=True, lapack_driver="gesdd", out, out_bar):
    """A = U diag(s) V^T (Townsend, "Differentiating the singular value decomposition", 2016)."""
    k = np.shape(out[1])[-1]
    if out_bar[0] is None and out_bar[2] is None:
        return out[0][..., :k] @ (np.expand_dims(out_bar[1], -1) * out[2][..., :k, :])
    if full_matrices:
        raise NotImplementedError("of the vectors only those of the thin decomposition: write full_matrices=False")
    s = out[1]
    same = np.eye(k, dtype=bool)
    apart = np.where(same, 1, np.expand_dims(s, -2) ** 2 - np.expand_dims(s, -1) ** 2)
    u_t = np.swapaxes(out[0], -1, -2)
    v = np.swapaxes(out[2], -1, -2)
    inner = np.where(same, 0 if out_bar[1] is None else np.expand_dims(out_bar[1], -1), 0)
    left = np.zeros_like(a)
    right = np.zeros_like(a)
    if out_bar[0] is not None:
        turn = u_t @ out_bar[0]
        inner = inner + np.where(same, 0, np.divide(turn - np.swapaxes(turn, -1, -2), apart)) * np.expand_dims(s, -2)
        left = (out_bar[0] - out[0] @ turn) / np.expand_dims(s, -2) @ out[2]
    if out_bar[2] is not None:
        turn = out_bar[2] @ v
        inner = inner + np.expand_dims(s, -1) * np.where(same, 0, np.divide(np.swapaxes(turn, -1, -2) - turn, apart))
        right = out[0] @ ((out_bar[2] - turn @ out[2]) / np.expand_dims(s, -1))
    return out[0] @ inner @ out[2] + left + right


@tangent(linalg.svd)
def svd_dot(a, full_matrices=True, *, check_finite=True, lapack_driver="gesdd", out, a_dot):
    k = np.shape(out[1])[-1]
    u_t = np.swapaxes(out[0][..., :k], -1, -2)
    v = np.swapaxes(out[2][..., :k, :], -1, -2)
    turned = u_t @ a_dot @ v
    if full_matrices:
        return None, np.diagonal(turned, 0, -2, -1), None
    s = out[1]
    same = np.eye(k, dtype=bool)
    apart = np.where(same, 1, np.expand_dims(s, -2) ** 2 - np.expand_dims(s, -1) ** 2)
    wide = turned * np.expand_dims(s, -2)
    tall = turned * np.expand_dims(s, -1)
    left = np.where(same, 0, np.divide(wide + np.swapaxes(wide, -1, -2), apart))
    right = np.where(same, 0, np.divide(tall + np.swapaxes(tall, -1, -2), apart))
    u_dot = out[0] @ left + (a_dot @ v - out[0] @ turned) / np.expand_dims(s, -2)
    v_dot = v @ right + (np.swapaxes(a_dot, -1, -2) @ out[0] - v @ np.swapaxes(turned, -1, -2)) / np.expand_dims(s, -2)
    return u_dot, np.diagonal(turned, 0, -2, -1), np.swapaxes(v_dot, -1, -2)


several(linalg.svd, results=3)


@adjoint(SINGULAR_VALUES, active=("a",))
def svd_values(a, full_matrices=True, compute_uv=True, *, check_finite=True, lapack_driver="gesdd", out_bar):
    """The slope of s = u^T A v is u v^T."""
    parts = linalg.svd(a, full_matrices=False)
    return parts[0] @ (np.expand_dims(out_bar, -1) * parts[2])


@tangent(SINGULAR_VALUES)
def svd_values_dot(a, full_matrices=True, compute_uv=True, *, check_finite=True, lapack_driver="gesdd", a_dot):
    parts = linalg.svd(a, full_matrices=False)
    return np.sum(parts[0] * (a_dot @ np.swapaxes(parts[2], -1, -2)), axis=-2)


@adjoint(linalg.svdvals)
def svdvals(a, *, check_finite=True, out_bar):
    """The slope of s = u^T A v is u v^T."""
    parts = linalg.svd(a, full_matrices=False)
    return parts[0] @ (np.expand_dims(out_bar, -1) * parts[2])


@tangent(linalg.svdvals)
def svdvals_dot(a, *, check_finite=True, a_dot):
    parts = linalg.svd(a, full_matrices=False)
    return np.sum(parts[0] * (a_dot @ np.swapaxes(parts[2], -1, -2)), axis=-2)


real_only(linalg.qr, linalg.lu, linalg.polar, linalg.svd, SINGULAR_VALUES, linalg.svdvals)
