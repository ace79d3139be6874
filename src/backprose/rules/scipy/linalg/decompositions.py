"""Decompositions. Giles, "Collected matrix derivative results" (2008), and what stands with each.

Murray, "Differentiation of the Cholesky decomposition", arXiv:1602.07527 (2016).
"""

import numpy as np
from scipy import linalg

from backprose.rules.registry import Form, adjoint, real_only, several, tangent, views
from backprose.support import checked, hessenberg_turn, hessenberg_turn_back, lower_half, sylvester

EIGENVALUES = Form(linalg.eigh, "eigvals_only", 99, True)  # by name only
SINGULAR_VALUES = Form(linalg.svd, "compute_uv", 2, False)
WITH_Q = Form(linalg.hessenberg, "calc_q", 1, True)


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


# ---------------------------------------------------------------- less common ones
@adjoint(linalg.rq)
def rq(a, *, mode="full", check_finite=True, out, out_bar):
    """A = R Q, as qr from behind: of X = R^-1 dA Q^T the strict lower part is that of the turn dQ Q^T."""
    if mode not in ("full", "economic"):
        raise NotImplementedError("of the modes 'full' and 'economic' have a rule")
    q = out[1]
    if mode == "full":
        q = checked(q, np.shape(a)[-2] == np.shape(a)[-1], "Q is not unique: write mode='economic'")
    q = checked(q, np.shape(a)[-2] <= np.shape(a)[-1], "of a matrix with more rows than columns it is not covered")
    r_t = np.swapaxes(out[0], -1, -2)
    q_bar = np.zeros_like(q) if out_bar[1] is None else out_bar[1]
    inner = -q_bar @ np.swapaxes(q, -1, -2)
    if out_bar[0] is not None:
        inner = inner + r_t @ out_bar[0]
    turn = np.triu(inner) + np.tril(np.swapaxes(inner, -1, -2), -1)
    return linalg.solve_triangular(out[0], turn @ q + q_bar, 1)


@tangent(linalg.rq)
def rq_dot(a, *, mode="full", check_finite=True, out, a_dot):
    if mode not in ("full", "economic"):
        raise NotImplementedError("of the modes 'full' and 'economic' have a rule")
    q = out[1]
    if mode == "full":
        q = checked(q, np.shape(a)[-2] == np.shape(a)[-1], "Q is not unique: write mode='economic'")
    q = checked(q, np.shape(a)[-2] <= np.shape(a)[-1], "of a matrix with more rows than columns it is not covered")
    moved = linalg.solve_triangular(out[0], a_dot)
    turned = moved @ np.swapaxes(q, -1, -2)
    inner = np.triu(turned) + np.swapaxes(np.tril(turned, -1), -1, -2)
    return out[0] @ inner, moved - inner @ q


@adjoint(linalg.qr_multiply)
def qr_multiply(a, c, mode="right", *, out, out_bar):
    """C Q, or Q C, and R: as qr (Walter and Lehmann, arXiv:1009.6112), of matrices that are not wide."""
    if np.ndim(c) != 2 or np.ndim(a) != 2:
        raise NotImplementedError("of two matrices")
    tall = np.shape(a)[0] >= np.shape(a)[1]
    q = checked(linalg.qr(a, mode="economic")[0], tall, "of a wide matrix it is not covered: write linalg.qr")
    cq_bar = np.zeros_like(out[0]) if out_bar[0] is None else out_bar[0]
    q_bar = cq_bar @ c.T if mode == "left" else c.T @ cq_bar
    inner = -q_bar.T @ q
    if out_bar[1] is not None:
        inner = inner + out[1] @ out_bar[1].T
    whole = q @ (np.tril(inner) + np.tril(inner, -1).T) + q_bar
    return linalg.solve_triangular(out[1], whole.T).T, q.T @ cq_bar if mode == "left" else cq_bar @ q.T


@tangent(linalg.qr_multiply)
def qr_multiply_dot(a, c, mode="right", *, out, a_dot, c_dot):
    if np.ndim(c) != 2 or np.ndim(a) != 2:
        raise NotImplementedError("of two matrices")
    tall = np.shape(a)[0] >= np.shape(a)[1]
    q = checked(linalg.qr(a, mode="economic")[0], tall, "of a wide matrix it is not covered: write linalg.qr")
    moved = linalg.solve_triangular(out[1], (np.zeros_like(a) + a_dot).T, 1).T
    turned = q.T @ moved
    upper = np.triu(turned) + np.tril(turned, -1).T
    q_dot = moved - q @ upper
    c_move = np.zeros_like(c) + c_dot
    return q_dot @ c + q @ c_move if mode == "left" else c @ q_dot + c_move @ q, upper @ out[1]


@adjoint(linalg.ldl)
def ldl(A, lower=True, hermitian=True, *, check_finite=True, out, out_bar):
    """A = L D L^T: of S = L^-1 dA L^-T the blocks of D move D, and what is below them moves L by L S D^-1 (de Hoog,
    Anderssen and Lukas, "Differentiation of matrix functionals using triangular factorization", 2011, as for lu).
    """
    half = lower_half(A) if lower else lower_half(A).T
    own = np.logical_or(np.eye(len(A), dtype=bool), out[1] != 0)
    s_bar = np.zeros_like(A)
    if out_bar[0] is not None:
        beside = np.where(own, 0, np.linalg.solve(out[1], (out[0].T @ out_bar[0]).T).T)
        s_bar = np.tril(beside) if lower else np.triu(beside)
    if out_bar[1] is not None:
        s_bar = s_bar + np.where(own, out_bar[1], 0)
    inner = np.linalg.solve(out[0].T, np.linalg.solve(out[0].T, s_bar.T).T)
    return half * (inner + inner.T)


@tangent(linalg.ldl)
def ldl_dot(A, lower=True, hermitian=True, *, check_finite=True, out, A_dot):
    half = lower_half(A) if lower else lower_half(A).T
    triangle = half * A_dot
    own = np.logical_or(np.eye(len(A), dtype=bool), out[1] != 0)
    s = np.linalg.solve(out[0], np.linalg.solve(out[0], triangle + triangle.T).T)
    beside = np.where(own, 0, s)
    beside = np.tril(beside) if lower else np.triu(beside)
    return out[0] @ np.linalg.solve(out[1], beside.T).T, np.where(own, s, 0), np.zeros_like(out[2])


@adjoint(linalg.matrix_balance)
def matrix_balance(A, permute=True, scale=True, *, out, out_bar):
    """B = T^-1 A T, where T holds powers of 2, constant in steps."""
    if out_bar[0] is None:
        return np.zeros_like(A)
    t_t = np.swapaxes(out[1], -1, -2)
    return np.linalg.solve(t_t, out_bar[0]) @ t_t


@tangent(linalg.matrix_balance)
def matrix_balance_dot(A, permute=True, scale=True, *, out, A_dot):
    return np.linalg.solve(out[1], A_dot @ out[1]), np.zeros_like(out[1])


@adjoint(linalg.orthogonal_procrustes)
def orthogonal_procrustes(A, B, *, check_finite=True, out, out_bar):
    """The polar factor R of M = A^T B, as polar, with H = R^T M as P, and the sum of M's values."""
    r = out[0]
    m_bar = np.zeros_like(r) if out_bar[1] is None else out_bar[1] * r
    if out_bar[0] is not None:
        h = r.T @ (A.T @ B)
        turn = sylvester(h, h, r.T @ out_bar[0])
        m_bar = m_bar + r @ (turn - turn.T)
    return B @ m_bar.T, A @ m_bar


@tangent(linalg.orthogonal_procrustes)
def orthogonal_procrustes_dot(A, B, *, check_finite=True, out, A_dot, B_dot):
    r = out[0]
    h = r.T @ (A.T @ B)
    moved = r.T @ ((np.zeros_like(A) + A_dot).T @ B + A.T @ (np.zeros_like(B) + B_dot))
    return r @ sylvester(h, h, moved - moved.T), np.trace(moved)


@adjoint(linalg.hessenberg)
def hessenberg(a, *, check_finite=True, out, out_bar):
    """H = Q^T A Q: dH = X + H W - W H with X = Q^T dA Q and the turn W = Q^T dQ, which keeps the zeros of H.

    Q is unique up to signs where no element below the diagonal is 0: Golub and Van Loan, "Matrix Computations", 7.4.5.
    """
    if np.ndim(a) != 2:
        raise NotImplementedError("of one matrix")
    q = linalg.hessenberg(a, True)[1]
    return q @ (out_bar + hessenberg_turn_back(out, out.T @ out_bar - out_bar @ out.T)) @ q.T


@tangent(linalg.hessenberg)
def hessenberg_dot(a, *, check_finite=True, out, a_dot):
    if np.ndim(a) != 2:
        raise NotImplementedError("of one matrix")
    q = linalg.hessenberg(a, True)[1]
    moved = q.T @ a_dot @ q
    turn = hessenberg_turn(out, moved)
    return np.triu(moved + out @ turn - turn @ out, -1)


@adjoint(WITH_Q, active=("a",))
def hessenberg_q(a, calc_q=False, *, check_finite=True, out, out_bar):
    """As hessenberg, and dQ = Q W."""
    if np.ndim(a) != 2:
        raise NotImplementedError("of one matrix")
    h = out[0]
    h_bar = np.zeros_like(h) if out_bar[0] is None else out_bar[0]
    inner = h.T @ h_bar - h_bar @ h.T
    if out_bar[1] is not None:
        inner = inner + out[1].T @ out_bar[1]
    return out[1] @ (h_bar + hessenberg_turn_back(h, inner)) @ out[1].T


@tangent(WITH_Q)
def hessenberg_q_dot(a, calc_q=False, *, check_finite=True, out, a_dot):
    if np.ndim(a) != 2:
        raise NotImplementedError("of one matrix")
    moved = out[1].T @ a_dot @ out[1]
    turn = hessenberg_turn(out[0], moved)
    return np.triu(moved + out[0] @ turn - turn @ out[0], -1), out[1] @ turn


several(WITH_Q, results=2)
real_only(linalg.hessenberg, WITH_Q)
views(linalg.hessenberg, WITH_Q)
several(linalg.rq, results=2)
several(linalg.qr_multiply, results=2)
several(linalg.ldl, results=3)
several(linalg.matrix_balance, results=2)
several(linalg.orthogonal_procrustes, results=2)


@adjoint(linalg.subspace_angles, active=("A", "B"))
def subspace_angles(A, B, *, out, out_bar):
    """Between principal vectors a and b: each turns towards the other by n_b^T dA A^+ a and n_a^T dB B^+ b.

    Bjorck and Golub, "Numerical methods for computing angles between linear subspaces" (1973); n_b is what b has beside
    a, of length 1.
    """
    independent = np.linalg.matrix_rank(A) + np.linalg.matrix_rank(B) == np.shape(A)[1] + np.shape(B)[1]
    q_a = checked(np.linalg.qr(A)[0], independent, "the columns of both matrices have to be independent")
    q_b = np.linalg.qr(B)[0]
    parts = np.linalg.svd(q_a.T @ q_b, full_matrices=False)
    first = q_a @ parts[0]
    second = q_b @ parts[2].T
    angles = np.flip(out)
    scale = np.flip(out_bar) / np.sin(angles)
    A_bar = ((np.cos(angles) * first - second) * scale) @ (np.linalg.pinv(A) @ first).T
    return A_bar, ((np.cos(angles) * second - first) * scale) @ (np.linalg.pinv(B) @ second).T


@tangent(linalg.subspace_angles)
def subspace_angles_dot(A, B, *, out, A_dot, B_dot):
    independent = np.linalg.matrix_rank(A) + np.linalg.matrix_rank(B) == np.shape(A)[1] + np.shape(B)[1]
    q_a = checked(np.linalg.qr(A)[0], independent, "the columns of both matrices have to be independent")
    q_b = np.linalg.qr(B)[0]
    parts = np.linalg.svd(q_a.T @ q_b, full_matrices=False)
    first = q_a @ parts[0]
    second = q_b @ parts[2].T
    angles = np.flip(out)
    from_a = np.sum((np.cos(angles) * first - second) * (A_dot @ (np.linalg.pinv(A) @ first)), axis=0)
    from_b = np.sum((np.cos(angles) * second - first) * (B_dot @ (np.linalg.pinv(B) @ second)), axis=0)
    return np.flip(from_a / np.sin(angles)), np.flip(from_b / np.sin(angles))


@adjoint(linalg.null_space)
def null_space(A, *, out, out_bar):
    """Of one vector n of length 1: dn = -A^+ dA n."""
    alone = np.shape(out)[1] == 1 and np.shape(A)[0] == np.shape(A)[1] - 1
    n = checked(
        out,
        alone,
        "a basis of more than one vector is not unique: the rows have to be independent, and one less than columns",
    )
    return -np.linalg.pinv(A).T @ out_bar @ n.T


@tangent(linalg.null_space)
def null_space_dot(A, *, out, A_dot):
    alone = np.shape(out)[1] == 1 and np.shape(A)[0] == np.shape(A)[1] - 1
    n = checked(
        out,
        alone,
        "a basis of more than one vector is not unique: the rows have to be independent, and one less than columns",
    )
    return -np.linalg.pinv(A) @ (A_dot @ n)


real_only(
    linalg.rq, linalg.qr_multiply, linalg.ldl, linalg.matrix_balance, linalg.orthogonal_procrustes,
    linalg.subspace_angles, linalg.null_space,
)  # fmt: skip
