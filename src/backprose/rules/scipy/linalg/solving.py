"""Systems of linear equations, inverses and determinants. Giles, "Collected matrix derivative results" (2008).

Where only a triangle of a matrix is read, its cotangent is 0 elsewhere. Axes in front are those of stacks.
"""

import numpy as np
from scipy import linalg

from backprose.rules.registry import adjoint, real_only, several, tangent
from backprose.support import adjugate, checked, lower_half, pivoted, unbroadcast, unpivoted


@adjoint(linalg.solve)
def solve(a, b, lower=False, *, check_finite=True, assume_a=None, transposed=False, out, out_bar):
    """A x = b: b_bar = A^-T x_bar, A_bar = -b_bar x^T (Giles 2.3.1). A vector b is a column."""
    if assume_a in ("diagonal", "tridiagonal", "upper triangular", "lower triangular"):
        raise NotImplementedError("of a part of a matrix: write solve_triangular or solve_banded")
    x_bar = np.expand_dims(out_bar, -1) if np.ndim(b) == 1 else out_bar
    x_t = np.expand_dims(out, -2) if np.ndim(b) == 1 else np.swapaxes(out, -1, -2)
    if assume_a in ("sym", "symmetric"):
        half = lower_half(a) if lower else np.swapaxes(lower_half(a), -1, -2)
        column = linalg.solve(a, x_bar, lower=lower, assume_a=assume_a)
        whole = -column @ x_t
        a_bar = half * (whole + np.swapaxes(whole, -1, -2))
    elif assume_a in ("her", "hermitian", "pos", "positive definite"):
        half = lower_half(a) if lower else np.swapaxes(lower_half(a), -1, -2)
        column = np.conj(linalg.solve(a, np.conj(x_bar), lower=lower, assume_a=assume_a))
        whole = -column @ x_t
        a_bar = half * (whole + np.conj(np.swapaxes(whole, -1, -2)))
    elif transposed:
        column = linalg.solve(a, x_bar)
        a_bar = -np.swapaxes(column @ x_t, -1, -2)
    else:
        column = linalg.solve(np.swapaxes(a, -1, -2), x_bar)
        a_bar = -column @ x_t
    return unbroadcast(a_bar, a), unbroadcast(column[..., 0] if np.ndim(b) == 1 else column, b)


@tangent(linalg.solve)
def solve_dot(a, b, lower=False, *, check_finite=True, assume_a=None, transposed=False, out, a_dot, b_dot):
    """A dx = db - dA x."""
    if assume_a in ("diagonal", "tridiagonal", "upper triangular", "lower triangular"):
        raise NotImplementedError("of a part of a matrix: write solve_triangular or solve_banded")
    x = np.expand_dims(out, -1) if np.ndim(b) == 1 else out
    if assume_a in ("sym", "symmetric", "her", "hermitian", "pos", "positive definite"):
        half = lower_half(a) if lower else np.swapaxes(lower_half(a), -1, -2)
        triangle = half * a_dot
        other = np.swapaxes(triangle, -1, -2)
        moved = (triangle + (other if assume_a in ("sym", "symmetric") else np.conj(other))) @ x
        a_term = -linalg.solve(a, moved, lower=lower, assume_a=assume_a)
        b_term = linalg.solve(a, b_dot, lower=lower, assume_a=assume_a)
    elif transposed:
        a_term = -linalg.solve(a, np.swapaxes(a_dot, -1, -2) @ x, transposed=True)
        b_term = linalg.solve(a, b_dot, transposed=True)
    else:
        a_term = -linalg.solve(a, a_dot @ x)
        b_term = linalg.solve(a, b_dot)
    return a_term[..., 0] if np.ndim(b) == 1 else a_term, b_term


@adjoint(linalg.solve_triangular)
def solve_triangular(a, b, trans=0, lower=False, unit_diagonal=False, *, check_finite=True, out, out_bar):
    """As solve, of the triangle that is read."""
    if trans in (2, "C"):
        raise NotImplementedError("trans=2, the conjugate transpose, is not covered: of real numbers it is trans=1")
    x_bar = np.expand_dims(out_bar, -1) if np.ndim(b) == 1 else out_bar
    x = np.expand_dims(out, -1) if np.ndim(b) == 1 else out
    k = 1 if unit_diagonal else 0
    if trans in (1, "T"):
        column = linalg.solve_triangular(a, x_bar, 0, lower, unit_diagonal)
        whole = -x @ np.swapaxes(column, -1, -2)
    else:
        column = linalg.solve_triangular(a, x_bar, 1, lower, unit_diagonal)
        whole = -column @ np.swapaxes(x, -1, -2)
    a_bar = np.tril(whole, -k) if lower else np.triu(whole, k)
    return unbroadcast(a_bar, a), unbroadcast(column[..., 0] if np.ndim(b) == 1 else column, b)


@tangent(linalg.solve_triangular)
def solve_triangular_dot(a, b, trans=0, lower=False, unit_diagonal=False, *, check_finite=True, out, a_dot, b_dot):
    if trans in (2, "C"):
        raise NotImplementedError("trans=2, the conjugate transpose, is not covered: of real numbers it is trans=1")
    x = np.expand_dims(out, -1) if np.ndim(b) == 1 else out
    k = 1 if unit_diagonal else 0
    part = np.tril(a_dot, -k) if lower else np.triu(a_dot, k)
    moved = (np.swapaxes(part, -1, -2) if trans in (1, "T") else part) @ x
    a_term = -linalg.solve_triangular(a, moved, trans, lower, unit_diagonal)
    b_term = linalg.solve_triangular(a, b_dot, trans, lower, unit_diagonal)
    return a_term[..., 0] if np.ndim(b) == 1 else a_term, b_term


@adjoint(linalg.cho_solve)
def cho_solve(c_and_lower, b, *, check_finite=True, out, out_bar, index):
    """A = L L^T or U^T U, of which the other triangle is not read: L_bar = (A_bar + A_bar^T) L."""
    x_bar = np.expand_dims(out_bar, -1) if np.ndim(b) == 1 else out_bar
    x_t = np.expand_dims(out, -2) if np.ndim(b) == 1 else np.swapaxes(out, -1, -2)
    column = linalg.cho_solve(c_and_lower, x_bar)
    whole = -column @ x_t
    both = whole + np.swapaxes(whole, -1, -2)
    c = c_and_lower[0]
    c_bar = np.tril(both @ np.tril(c)) if c_and_lower[1] else np.triu(np.triu(c) @ both)
    return c_bar, column[..., 0] if np.ndim(b) == 1 else column


@tangent(linalg.cho_solve)
def cho_solve_dot(c_and_lower, b, *, check_finite=True, out, c_and_lower_dot, b_dot):
    x = np.expand_dims(out, -1) if np.ndim(b) == 1 else out
    c = np.tril(c_and_lower[0]) if c_and_lower[1] else np.swapaxes(np.triu(c_and_lower[0]), -1, -2)
    turned = np.zeros_like(c) + c_and_lower_dot[0]
    c_dot = np.tril(turned) if c_and_lower[1] else np.swapaxes(np.triu(turned), -1, -2)
    half = c @ np.swapaxes(c_dot, -1, -2)
    c_term = -linalg.cho_solve(c_and_lower, (half + np.swapaxes(half, -1, -2)) @ x)
    return c_term[..., 0] if np.ndim(b) == 1 else c_term, linalg.cho_solve(c_and_lower, b_dot)


real_only(linalg.cho_solve)


@adjoint(linalg.inv)
def inv(a, *, check_finite=True, out, out_bar):
    """C = A^-1: A_bar = -C^T C_bar C^T (Giles 2.2.3)."""
    out_t = np.swapaxes(out, -1, -2)
    return -out_t @ out_bar @ out_t


@tangent(linalg.inv)
def inv_dot(a, *, check_finite=True, out, a_dot):
    return -out @ a_dot @ out


@adjoint(linalg.det)
def det(a, *, check_finite=True, out_bar):
    """Jacobi's formula: the slope is the adjugate, transposed. It needs no inverse, so that A may be singular."""
    return np.expand_dims(out_bar, (-2, -1)) * np.swapaxes(adjugate(a), -1, -2)


@tangent(linalg.det)
def det_dot(a, *, check_finite=True, a_dot):
    return np.sum(np.swapaxes(adjugate(a), -1, -2) * a_dot, axis=(-2, -1))


@adjoint(linalg.pinv)
def pinv(a, *, atol=None, rtol=None, check_finite=True, out, out_bar):
    """P = A^+: of a matrix of constant rank (Golub and Pereyra, "The differentiation of pseudo-inverses", 1973)."""
    p_t = np.swapaxes(out, -1, -2)
    bar_t = np.swapaxes(out_bar, -1, -2)
    if atol is None and rtol is None:
        whole = a
    else:
        whole = checked(
            a,
            np.allclose(a @ out @ a, a),
            "no derivative is known where singular values that are not 0 are cut off",
        )
    rows = np.eye(np.shape(a)[-2]) - whole @ out
    columns = np.eye(np.shape(a)[-1]) - out @ whole
    return rows @ bar_t @ out @ p_t + p_t @ out @ bar_t @ columns - p_t @ out_bar @ p_t


@tangent(linalg.pinv)
def pinv_dot(a, *, atol=None, rtol=None, check_finite=True, out, a_dot):
    p_t = np.swapaxes(out, -1, -2)
    move = np.swapaxes(a_dot, -1, -2)
    if atol is None and rtol is None:
        whole = a
    else:
        whole = checked(
            a,
            np.allclose(a @ out @ a, a),
            "no derivative is known where singular values that are not 0 are cut off",
        )
    rows = np.eye(np.shape(a)[-2]) - whole @ out
    columns = np.eye(np.shape(a)[-1]) - out @ whole
    return out @ p_t @ move @ rows + columns @ move @ p_t @ out - out @ a_dot @ out


@adjoint(linalg.pinvh)
def pinvh(a, atol=None, rtol=None, lower=True, *, check_finite=True, out, out_bar):
    """As pinv, of a symmetric matrix by one triangle; P is symmetric, too."""
    half = lower_half(a) if lower else np.swapaxes(lower_half(a), -1, -2)
    bar = (out_bar + np.swapaxes(out_bar, -1, -2)) / 2
    triangle = half * a
    same = triangle + np.swapaxes(triangle, -1, -2)
    if atol is not None or rtol is not None:
        same = checked(
            same,
            np.allclose(same @ out @ same, same),
            "no derivative is known where singular values that are not 0 are cut off",
        )
    beyond = np.eye(np.shape(a)[-1]) - same @ out
    one = beyond @ bar @ out @ out
    whole = one + np.swapaxes(one, -1, -2) - out @ bar @ out
    return half * (whole + np.swapaxes(whole, -1, -2))


@tangent(linalg.pinvh)
def pinvh_dot(a, atol=None, rtol=None, lower=True, *, check_finite=True, out, a_dot):
    half = lower_half(a) if lower else np.swapaxes(lower_half(a), -1, -2)
    triangle = half * a
    move = half * a_dot
    move = move + np.swapaxes(move, -1, -2)
    same = triangle + np.swapaxes(triangle, -1, -2)
    if atol is not None or rtol is not None:
        same = checked(
            same,
            np.allclose(same @ out @ same, same),
            "no derivative is known where singular values that are not 0 are cut off",
        )
    beyond = np.eye(np.shape(a)[-1]) - same @ out
    one = out @ out @ move @ beyond
    return one + np.swapaxes(one, -1, -2) - out @ move @ out


real_only(linalg.pinv, linalg.pinvh)


@adjoint(linalg.lstsq)
def lstsq(a, b, cond=None, *, check_finite=True, lapack_driver=None, out, out_bar):
    """X = A^+ b (Golub and Pereyra 1973), as for pinv."""
    if out_bar[1] is not None or out_bar[3] is not None:
        raise NotImplementedError("of its results the solution has a rule: compute the residuals from it")
    inverse = linalg.pinv(a) if cond is None else linalg.pinv(a, rtol=cond)
    whole = (
        a
        if cond is None
        else checked(
            a,
            np.allclose(a @ inverse @ a, a),
            "no derivative is known where singular values that are not 0 are cut off",
        )
    )
    columns = np.ndim(b) == 2
    x = out[0] if columns else np.expand_dims(out[0], -1)
    x_bar = out_bar[0] if columns else np.expand_dims(out_bar[0], -1)
    rest = (b if columns else np.expand_dims(b, -1)) - whole @ x
    b_bar = inverse.T @ x_bar
    beyond = x_bar - whole.T @ b_bar
    a_bar = rest @ (inverse @ b_bar).T + inverse.T @ x @ beyond.T - b_bar @ x.T
    return a_bar, b_bar if columns else b_bar[:, 0]


@tangent(linalg.lstsq)
def lstsq_dot(a, b, cond=None, *, check_finite=True, lapack_driver=None, out, a_dot, b_dot):
    inverse = linalg.pinv(a) if cond is None else linalg.pinv(a, rtol=cond)
    whole = (
        a
        if cond is None
        else checked(
            a,
            np.allclose(a @ inverse @ a, a),
            "no derivative is known where singular values that are not 0 are cut off",
        )
    )
    columns = np.ndim(b) == 2
    x = out[0] if columns else np.expand_dims(out[0], -1)
    moved = b_dot if columns else np.expand_dims(b_dot, -1)
    rest = (b if columns else np.expand_dims(b, -1)) - whole @ x
    turned = a_dot.T @ (inverse.T @ x)
    x_dot = inverse @ (moved - a_dot @ x + inverse.T @ (a_dot.T @ rest)) + turned - inverse @ (whole @ turned)
    return x_dot if columns else x_dot[:, 0], None, None, None


several(linalg.lstsq, results=4)
real_only(linalg.lstsq)


# ---------------------------------------------------------------- with the factors of a matrix
@adjoint(linalg.lu_factor)
def lu_factor(a, *, check_finite=True, out, out_bar):
    """P A = L U: the strict lower triangle of L^-1 dA U^-1 moves L, the rest U."""
    if out_bar[0] is None:
        return np.zeros_like(a)
    upper = np.triu(out[0])
    lower = np.tril(out[0], -1) + np.eye(np.shape(a)[-1])
    inner = np.tril(lower.T @ out_bar[0], -1) + np.triu(out_bar[0] @ upper.T)
    turned = linalg.solve_triangular(upper, linalg.solve_triangular(lower, inner, 1, True, True).T)
    return unpivoted(turned.T, out[1])


@tangent(linalg.lu_factor)
def lu_factor_dot(a, *, check_finite=True, out, a_dot):
    upper = np.triu(out[0])
    lower = np.tril(out[0], -1) + np.eye(np.shape(a)[-1])
    turned = linalg.solve_triangular(lower, pivoted(a_dot, out[1]), 0, True, True)
    inner = linalg.solve_triangular(upper, turned.T, 1).T
    return lower @ np.tril(inner, -1) + np.triu(inner) @ upper, np.zeros_like(out[1])


several(linalg.lu_factor, results=2)
real_only(linalg.lu_factor)


@adjoint(linalg.lu_solve)
def lu_solve(lu_and_piv, b, trans=0, *, check_finite=True, out, out_bar, index):
    """L U x = P b, with the factors in the two triangles of one matrix; or U^T L^T P x = b."""
    if trans == 2:
        raise NotImplementedError("trans=2, the conjugate transpose, is not covered: of real numbers it is trans=1")
    x_bar = np.expand_dims(out_bar, -1) if np.ndim(b) == 1 else out_bar
    x = np.expand_dims(out, -1) if np.ndim(b) == 1 else out
    column = linalg.lu_solve(lu_and_piv, x_bar, 0 if trans == 1 else 1)
    left = pivoted(x if trans == 1 else column, lu_and_piv[1])
    right = column if trans == 1 else x
    upper = np.triu(lu_and_piv[0])
    lower = np.tril(lu_and_piv[0], -1) + np.eye(np.shape(lu_and_piv[0])[-1])
    lu_bar = -np.tril(left @ (upper @ right).T, -1) - np.triu(lower.T @ left @ right.T)
    return lu_bar, column[..., 0] if np.ndim(b) == 1 else column


@tangent(linalg.lu_solve)
def lu_solve_dot(lu_and_piv, b, trans=0, *, check_finite=True, out, lu_and_piv_dot, b_dot):
    if trans == 2:
        raise NotImplementedError("trans=2, the conjugate transpose, is not covered: of real numbers it is trans=1")
    x = np.expand_dims(out, -1) if np.ndim(b) == 1 else out
    upper = np.triu(lu_and_piv[0])
    lower = np.tril(lu_and_piv[0], -1) + np.eye(np.shape(lu_and_piv[0])[-1])
    moved = np.zeros_like(upper) + lu_and_piv_dot[0]
    whole = np.tril(moved, -1) @ upper + lower @ np.triu(moved)
    turned = whole.T @ pivoted(x, lu_and_piv[1]) if trans == 1 else unpivoted(whole @ x, lu_and_piv[1])
    lu_term = -linalg.lu_solve(lu_and_piv, turned, trans)
    return lu_term[..., 0] if np.ndim(b) == 1 else lu_term, linalg.lu_solve(lu_and_piv, b_dot, trans)
