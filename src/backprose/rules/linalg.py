"""Linear algebra. Giles, "Collected matrix derivative results for forward and reverse mode AD" (2008).

Murray, "Differentiation of the Cholesky decomposition", arXiv:1602.07527 (2016).
"""

import numpy as np

from backprose.rules.registry import Form, adjoint, linear, real_only, several, tangent, views
from backprose.support import adjugate, checked, fitted, lower_half, unbroadcast, undiagonal


@adjoint(np.linalg.solve)
def solve(a, b, *, out, out_bar):
    """A x = b: b_bar = A^-T x_bar, A_bar = -b_bar x^T (Giles 2.3.1). A vector b is a column."""
    if np.ndim(a) == 2 and np.ndim(b) == 1:
        b_bar = np.linalg.solve(a.T, out_bar)
        return -np.outer(b_bar, out), b_bar
    if np.ndim(a) == 2 and np.ndim(b) == 2:
        b_bar = np.linalg.solve(a.T, out_bar)
        return -b_bar @ out.T, b_bar
    if np.ndim(b) == 1:
        column = np.linalg.solve(np.swapaxes(a, -1, -2), np.expand_dims(out_bar, -1))
        return -column * np.expand_dims(out, -2), unbroadcast(column[..., 0], b)
    columns = np.linalg.solve(np.swapaxes(a, -1, -2), out_bar)
    return unbroadcast(-columns @ np.swapaxes(out, -1, -2), a), unbroadcast(columns, b)


@tangent(np.linalg.solve)
def solve_dot(a, b, *, out, a_dot, b_dot):
    """A dx = db - dA x."""
    if np.ndim(b) == 1 and np.ndim(a) > 2:
        a_term = -np.linalg.solve(a, a_dot @ np.expand_dims(out, -1))[..., 0]
    else:
        a_term = -np.linalg.solve(a, a_dot @ out)
    return a_term, np.linalg.solve(a, b_dot)


@adjoint(np.linalg.inv)
def inv(a, *, out, out_bar):
    """C = A^-1: A_bar = -C^T C_bar C^T (Giles 2.2.3)."""
    if np.ndim(a) == 2:
        return -out.T @ out_bar @ out.T
    return -np.swapaxes(out, -1, -2) @ out_bar @ np.swapaxes(out, -1, -2)


@tangent(np.linalg.inv)
def inv_dot(a, *, out, a_dot):
    return -out @ a_dot @ out


@adjoint(np.linalg.det)
def det(a, *, out_bar):
    """Jacobi's formula: the slope is the adjugate, transposed. It needs no inverse, so that A may be singular."""
    return np.expand_dims(out_bar, (-2, -1)) * np.swapaxes(adjugate(a), -1, -2)


@tangent(np.linalg.det)
def det_dot(a, *, a_dot):
    return np.sum(np.swapaxes(adjugate(a), -1, -2) * a_dot, axis=(-2, -1))


@adjoint(np.linalg.cholesky)
def cholesky(a, *, upper=False, out, out_bar):
    """A = L L^T, of which only one triangle is read: P(S + S^T) with S = L^-T P(L^T L_bar) L^-1.

    P takes a symmetric matrix to the triangle that it is the sum of with its transpose (Murray 2016, eqs. 8 to 10).
    """
    half = lower_half(out)
    l_t = out if upper else np.swapaxes(out, -1, -2)
    l_bar = np.swapaxes(out_bar, -1, -2) if upper else out_bar
    inverse = np.linalg.inv(l_t)
    inner = inverse @ (half * (l_t @ l_bar))
    s = inverse @ np.swapaxes(inner, -1, -2)
    a_bar = half * (s + np.swapaxes(s, -1, -2))
    return np.swapaxes(a_bar, -1, -2) if upper else a_bar


@tangent(np.linalg.cholesky)
def cholesky_dot(a, *, upper=False, out, a_dot):
    """DL = L P(L^-1 dA L^-T), with dA as symmetric as A is taken to be (Murray 2016, eq. 8)."""
    half = lower_half(out)
    l = np.swapaxes(out, -1, -2) if upper else out
    triangle = half * (np.swapaxes(a_dot, -1, -2) if upper else a_dot)
    inner = np.linalg.solve(l, triangle + np.swapaxes(triangle, -1, -2))
    l_dot = l @ (half * np.linalg.solve(l, np.swapaxes(inner, -1, -2)))
    return np.swapaxes(l_dot, -1, -2) if upper else l_dot


real_only(np.linalg.cholesky)  # NumPy reads the diagonal as real


@adjoint(np.linalg.pinv)
def pinv(a, rcond=None, *, rtol=1e-15, out, out_bar):
    """P = A^+: of a matrix of constant rank (Golub and Pereyra, "The differentiation of pseudo-inverses", 1973)."""
    p_t = np.swapaxes(out, -1, -2)
    bar_t = np.swapaxes(out_bar, -1, -2)
    if rcond is None and (rtol is None or rtol == 1e-15):
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


@tangent(np.linalg.pinv)
def pinv_dot(a, rcond=None, *, rtol=1e-15, out, a_dot):
    p_t = np.swapaxes(out, -1, -2)
    move = np.swapaxes(a_dot, -1, -2)
    if rcond is None and (rtol is None or rtol == 1e-15):
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


real_only(np.linalg.pinv)


# ---------------------------------------------------------------- decompositions
@adjoint(np.linalg.slogdet)
def slogdet(a, *, out, out_bar):
    """The logarithm has the slope A^-T (Giles 2.2.4); the sign is constant in steps."""
    if out_bar[1] is None:
        return np.zeros_like(a)
    return np.expand_dims(out_bar[1], (-2, -1)) * np.swapaxes(np.linalg.inv(a), -1, -2)


@tangent(np.linalg.slogdet)
def slogdet_dot(a, *, out, a_dot):
    return np.zeros_like(out[0]), np.trace(np.linalg.solve(a, a_dot), axis1=-2, axis2=-1)


@adjoint(np.linalg.eigh)
def eigh(a, UPLO="L", *, out, out_bar):
    """A V = V diag(w) (Giles 3.1), A by one triangle. Vectors of equal values have no derivative."""
    half = lower_half(a) if UPLO in ("L", "l") else np.swapaxes(lower_half(a), -1, -2)
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


@tangent(np.linalg.eigh)
def eigh_dot(a, UPLO="L", *, out, a_dot):
    half = lower_half(a) if UPLO in ("L", "l") else np.swapaxes(lower_half(a), -1, -2)
    triangle = half * a_dot
    turned = np.swapaxes(out[1], -1, -2) @ (triangle + np.swapaxes(triangle, -1, -2)) @ out[1]
    same = np.eye(np.shape(a)[-1], dtype=bool)
    apart = np.where(same, 1, np.expand_dims(out[0], -2) - np.expand_dims(out[0], -1))
    return np.diagonal(turned, 0, -2, -1), out[1] @ np.where(same, 0, np.divide(turned, apart))


@adjoint(np.linalg.eigvalsh)
def eigvalsh(a, UPLO="L", *, out_bar):
    """The squares and products of the vectors' components (Giles 3.1), of which only one triangle is read."""
    half = lower_half(a) if UPLO in ("L", "l") else np.swapaxes(lower_half(a), -1, -2)
    v = np.linalg.eigh(a)[1] if UPLO in ("L", "l") else np.linalg.eigh(a, "U")[1]
    inner = v @ (np.expand_dims(out_bar, -1) * np.swapaxes(v, -1, -2))
    return half * (inner + np.swapaxes(inner, -1, -2))


@tangent(np.linalg.eigvalsh)
def eigvalsh_dot(a, UPLO="L", *, a_dot):
    half = lower_half(a) if UPLO in ("L", "l") else np.swapaxes(lower_half(a), -1, -2)
    triangle = half * a_dot
    v = np.linalg.eigh(a)[1] if UPLO in ("L", "l") else np.linalg.eigh(a, "U")[1]
    return np.sum(v * ((triangle + np.swapaxes(triangle, -1, -2)) @ v), axis=-2)


@adjoint(np.linalg.qr)
def qr(a, *, out, out_bar):
    """Walter and Lehmann, arXiv:1009.6112. Of a wide matrix the columns beyond the first k, a square, are Q^T A there:
    Roberts and Roberts, arXiv:2009.10071.
    """
    k = np.shape(out[0])[-1]
    r = out[1][..., :k]
    if out_bar[1] is None:
        inner = -np.swapaxes(out_bar[0], -1, -2) @ out[0]
        whole = out[0] @ (np.tril(inner) + np.swapaxes(np.tril(inner, -1), -1, -2)) + out_bar[0]
        return fitted(np.swapaxes(np.linalg.solve(r, np.swapaxes(whole, -1, -2)), -1, -2), a, -1)
    rest_bar = out_bar[1][..., k:]
    q_bar = a[..., k:] @ np.swapaxes(rest_bar, -1, -2)
    if out_bar[0] is not None:
        q_bar = q_bar + out_bar[0]
    inner = r @ np.swapaxes(out_bar[1][..., :k], -1, -2) - np.swapaxes(q_bar, -1, -2) @ out[0]
    whole = out[0] @ (np.tril(inner) + np.swapaxes(np.tril(inner, -1), -1, -2)) + q_bar
    first = np.swapaxes(np.linalg.solve(r, np.swapaxes(whole, -1, -2)), -1, -2)
    return np.concatenate((first, out[0] @ rest_bar), axis=-1)


@tangent(np.linalg.qr)
def qr_dot(a, *, out, a_dot):
    k = np.shape(out[0])[-1]
    q_t = np.swapaxes(out[0], -1, -2)
    r_t = np.swapaxes(out[1][..., :k], -1, -2)
    first_dot = a_dot[..., :k]
    turned = np.swapaxes(np.linalg.solve(r_t, np.swapaxes(q_t @ first_dot, -1, -2)), -1, -2)
    lower = np.tril(turned, -1)
    r_dot = (turned - lower + np.swapaxes(lower, -1, -2)) @ out[1][..., :k]
    q_dot = np.swapaxes(np.linalg.solve(r_t, np.swapaxes(first_dot - out[0] @ r_dot, -1, -2)), -1, -2)
    rest_dot = np.swapaxes(q_dot, -1, -2) @ a[..., k:] + q_t @ a_dot[..., k:]
    return q_dot, np.concatenate((r_dot, rest_dot), axis=-1)


@adjoint(np.linalg.svd)
def svd(a, full_matrices=True, *, out, out_bar):
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


@tangent(np.linalg.svd)
def svd_dot(a, full_matrices=True, *, out, a_dot):
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


several(np.linalg.slogdet, results=2, named=type(np.linalg.slogdet(np.eye(1))))
several(np.linalg.eigh, results=2, named=type(np.linalg.eigh(np.eye(1))))
several(np.linalg.qr, results=2, named=type(np.linalg.qr(np.eye(1))))
several(np.linalg.svd, results=3, named=type(np.linalg.svd(np.eye(1))))
real_only(np.linalg.slogdet, np.linalg.eigh, np.linalg.eigvalsh, np.linalg.qr, np.linalg.svd)


# ---------------------------------------------------------------- matrices that are not symmetric
@adjoint(np.linalg.eig)
def eig(a, *, out, out_bar):
    """A V = V diag(w): dw and C are the diagonal of T = V^-1 dA V and the rest of it, over w_j - w_i (Giles 3.1).

    V C less what LAPACK's norm takes away: columns are of length 1, and their largest component is real (Boeddeker,
    Hanebrink, Drude, Heymann and Haeb-Umbach, "On the computation of complex-valued gradients with application to
    statistically optimum beamforming", arXiv:1701.00392). Vectors of equal values have no derivative.
    """
    v = out[1]
    v_t = np.swapaxes(v, -1, -2)
    if out_bar[1] is None:
        return np.linalg.solve(v_t, np.expand_dims(out_bar[0], -1) * v_t)
    same = np.eye(np.shape(a)[-1], dtype=bool)
    apart = np.where(same, 1, np.expand_dims(out[0], -2) - np.expand_dims(out[0], -1))
    largest = np.argmax(np.where(np.imag(v) == 0, np.abs(v), 0), axis=-2, keepdims=True)
    length = np.sum(out_bar[1] * v, axis=-2, keepdims=True)
    phase = np.where(np.expand_dims(np.arange(np.shape(a)[-1]), -1) == largest, (length - np.conj(length)) / 2, 0)
    free = out_bar[1] - np.real(length) * np.conj(v) - phase / np.take_along_axis(v, largest, -2)
    turns = np.where(same, 0, np.divide(v_t @ free, apart))
    if out_bar[0] is not None:
        turns = turns + np.where(same, np.expand_dims(out_bar[0], -1), 0)
    return np.linalg.solve(v_t, turns @ v_t)


@tangent(np.linalg.eig)
def eig_dot(a, *, out, a_dot):
    v = out[1]
    turned = np.linalg.solve(v, a_dot @ v)
    same = np.eye(np.shape(a)[-1], dtype=bool)
    apart = np.where(same, 1, np.expand_dims(out[0], -2) - np.expand_dims(out[0], -1))
    free = v @ np.where(same, 0, np.divide(turned, apart))
    largest = np.argmax(np.where(np.imag(v) == 0, np.abs(v), 0), axis=-2, keepdims=True)
    turn = np.take_along_axis(free, largest, -2) / np.take_along_axis(v, largest, -2)
    length = np.sum(np.real(np.conj(v) * free), axis=-2, keepdims=True)
    return np.diagonal(turned, 0, -2, -1), free - v * (length + (turn - np.conj(turn)) / 2)


several(np.linalg.eig, results=2, named=type(np.linalg.eig(np.eye(1))))


@adjoint(np.linalg.eigvals)
def eigvals(a, *, out, out_bar):
    """As the values of eig, whose order may be another one: each is the nearest."""
    parts = np.linalg.eig(a)
    places = np.argmin(np.abs(np.expand_dims(out, -2) - np.expand_dims(parts[0], -1)), axis=-1)
    v_t = np.swapaxes(parts[1], -1, -2)
    return np.linalg.solve(v_t, np.expand_dims(np.take_along_axis(out_bar, places, -1), -1) * v_t)


@tangent(np.linalg.eigvals)
def eigvals_dot(a, *, out, a_dot):
    parts = np.linalg.eig(a)
    places = np.argmin(np.abs(np.expand_dims(out, -2) - np.expand_dims(parts[0], -1)), axis=-1)
    turned = np.diagonal(np.linalg.solve(parts[1], a_dot @ parts[1]), 0, -2, -1)
    here = np.expand_dims(places, -1) == np.arange(np.shape(a)[-1])
    return np.sum(np.where(here, np.expand_dims(turned, -1), 0), axis=-2)


# ---------------------------------------------------------------- powers, values, tensors
@adjoint(np.linalg.svdvals)
def svdvals(x, *, out_bar):
    """The slope of s = u^T A v is u v^T."""
    parts = np.linalg.svd(x, full_matrices=False)
    return parts[0] @ (np.expand_dims(out_bar, -1) * parts[2])


@tangent(np.linalg.svdvals)
def svdvals_dot(x, *, x_dot):
    parts = np.linalg.svd(x, full_matrices=False)
    return np.sum(parts[0] * (x_dot @ np.swapaxes(parts[2], -1, -2)), axis=-2)


@adjoint(np.linalg.matrix_power, active=("a",))
def matrix_power(a, n, *, out_bar):
    """The power of [[A^T, A_bar], [0, A^T]] has the cotangent in its corner (Higham, "Functions of Matrices", 3.16)."""
    a_t = np.swapaxes(a, -1, -2)
    top = np.concatenate((a_t, out_bar), axis=-1)
    whole = np.concatenate((top, np.concatenate((np.zeros_like(a_t), a_t), axis=-1)), axis=-2)
    size = np.shape(a)[-1]
    return np.linalg.matrix_power(whole, n)[..., :size, size:]


@tangent(np.linalg.matrix_power)
def matrix_power_dot(a, n, *, a_dot):
    top = np.concatenate((a, a_dot), axis=-1)
    whole = np.concatenate((top, np.concatenate((np.zeros_like(a), a), axis=-1)), axis=-2)
    size = np.shape(a)[-1]
    return np.linalg.matrix_power(whole, n)[..., :size, size:]


@adjoint(np.linalg.tensorsolve, active=("a", "b"))
def tensorsolve(a, b, *, out, out_bar):
    """As solve, of the axes made two."""
    matrix = np.reshape(a, (np.size(b), np.size(b)))
    column = np.linalg.solve(matrix.T, np.ravel(out_bar))
    return np.reshape(-np.outer(column, np.ravel(out)), np.shape(a)), np.reshape(column, np.shape(b))


@tangent(np.linalg.tensorsolve)
def tensorsolve_dot(a, b, *, out, a_dot, b_dot):
    matrix = np.reshape(a, (np.size(b), np.size(b)))
    moved = np.linalg.solve(matrix, np.reshape(a_dot, (np.size(b), np.size(b))) @ np.ravel(out))
    return -np.reshape(moved, np.shape(out)), np.linalg.tensorsolve(a, b_dot)


@adjoint(np.linalg.tensorinv)
def tensorinv(a, ind=2, *, out, out_bar):
    """As inv, of the axes made two."""
    rows = np.prod(np.shape(a)[:ind])
    inverse_t = np.reshape(out, (rows, rows)).T
    return -np.reshape(inverse_t @ np.reshape(out_bar, (rows, rows)) @ inverse_t, np.shape(a))


@tangent(np.linalg.tensorinv)
def tensorinv_dot(a, ind=2, *, out, a_dot):
    rows = np.prod(np.shape(a)[:ind])
    inverse = np.reshape(out, (rows, rows))
    return -np.reshape(inverse @ np.reshape(a_dot, (rows, rows)) @ inverse, np.shape(out))


@linear(np.linalg.diagonal)
def diagonal(x, *, offset=0, out_bar):
    return undiagonal(out_bar, x, offset, -2, -1)


@linear(np.linalg.trace)
def trace(x, *, offset=0, dtype=None, out_bar):
    return np.expand_dims(out_bar, (-2, -1)) * np.eye(np.shape(x)[-2], np.shape(x)[-1], offset)


views(np.linalg.diagonal)
real_only(np.linalg.svdvals)
views(np.linalg.matrix_power, where=("n", 1))


@adjoint(np.linalg.lstsq)
def lstsq(a, b, rcond=None, *, out, out_bar):
    """X = A^+ b (Golub and Pereyra 1973), as for pinv."""
    if out_bar[1] is not None or out_bar[3] is not None:
        raise NotImplementedError("of its results the solution has a rule: compute the residuals from it")
    inverse = np.linalg.pinv(a, rtol=None) if rcond is None else np.linalg.pinv(a, rcond)  # type: ignore[call-overload]
    whole = (
        a
        if rcond is None
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


@tangent(np.linalg.lstsq)
def lstsq_dot(a, b, rcond=None, *, out, a_dot, b_dot):
    inverse = np.linalg.pinv(a, rtol=None) if rcond is None else np.linalg.pinv(a, rcond)  # type: ignore[call-overload]
    whole = (
        a
        if rcond is None
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


several(np.linalg.lstsq, results=4)
real_only(np.linalg.lstsq)


@adjoint(Form(np.linalg.svd, "compute_uv", 2, False), active=("a",))
def svd_values(a, full_matrices=True, compute_uv=True, *, out_bar):
    """The slope of s = u^T A v is u v^T."""
    parts = np.linalg.svd(a, full_matrices=False)
    return parts[0] @ (np.expand_dims(out_bar, -1) * parts[2])


@tangent(Form(np.linalg.svd, "compute_uv", 2, False))
def svd_values_dot(a, full_matrices=True, compute_uv=True, *, a_dot):
    parts = np.linalg.svd(a, full_matrices=False)
    return np.sum(parts[0] * (a_dot @ np.swapaxes(parts[2], -1, -2)), axis=-2)


@adjoint(Form(np.linalg.qr, "mode", 1, "r"), active=("a",))
def qr_r(a, mode="reduced", *, out, out_bar):
    """As qr, with the other factor from it."""
    q = np.linalg.qr(a)[0]
    k = np.shape(q)[-1]
    r = out[..., :k]
    rest_bar = out_bar[..., k:]
    q_bar = a[..., k:] @ np.swapaxes(rest_bar, -1, -2)
    inner = r @ np.swapaxes(out_bar[..., :k], -1, -2) - np.swapaxes(q_bar, -1, -2) @ q
    whole = q @ (np.tril(inner) + np.swapaxes(np.tril(inner, -1), -1, -2)) + q_bar
    first = np.swapaxes(np.linalg.solve(r, np.swapaxes(whole, -1, -2)), -1, -2)
    return np.concatenate((first, q @ rest_bar), axis=-1)


@tangent(Form(np.linalg.qr, "mode", 1, "r"))
def qr_r_dot(a, mode="reduced", *, out, a_dot):
    q = np.linalg.qr(a)[0]
    k = np.shape(q)[-1]
    q_t = np.swapaxes(q, -1, -2)
    r_t = np.swapaxes(out[..., :k], -1, -2)
    first_dot = a_dot[..., :k]
    turned = np.swapaxes(np.linalg.solve(r_t, np.swapaxes(q_t @ first_dot, -1, -2)), -1, -2)
    lower = np.tril(turned, -1)
    r_dot = (turned - lower + np.swapaxes(lower, -1, -2)) @ out[..., :k]
    q_dot = np.swapaxes(np.linalg.solve(r_t, np.swapaxes(first_dot - q @ r_dot, -1, -2)), -1, -2)
    rest_dot = np.swapaxes(q_dot, -1, -2) @ a[..., k:] + q_t @ a_dot[..., k:]
    return np.concatenate((r_dot, rest_dot), axis=-1)


real_only(Form(np.linalg.svd, "compute_uv", 2, False), Form(np.linalg.qr, "mode", 1, "r"))


@adjoint(np.linalg.multi_dot)
def multi_dot(arrays, *, out_bar, index):
    """What stands before, transposed, times the cotangent, times what stands behind, transposed."""
    n = len(arrays)
    if n > 4:
        raise NotImplementedError("of more than four matrices: write the product with @")
    if np.ndim(arrays[0]) != 2 or np.ndim(arrays[n - 1]) != 2:
        raise NotImplementedError("of vectors at the ends: write the product with @")
    if index == 0:
        left = out_bar
    elif index == 1:
        left = arrays[0].T @ out_bar
    elif index == 2:
        left = arrays[1].T @ (arrays[0].T @ out_bar)
    else:
        left = arrays[2].T @ (arrays[1].T @ (arrays[0].T @ out_bar))
    if index == n - 1:
        return left
    if index == n - 2:
        return left @ arrays[n - 1].T
    if index == n - 3:
        return left @ arrays[n - 1].T @ arrays[n - 2].T
    return left @ arrays[n - 1].T @ arrays[n - 2].T @ arrays[n - 3].T


@tangent(np.linalg.multi_dot)
def multi_dot_dot(arrays, *, arrays_dot):
    n = len(arrays)
    if n > 4:
        raise NotImplementedError("of more than four matrices: write the product with @")
    if np.ndim(arrays[0]) != 2 or np.ndim(arrays[n - 1]) != 2:
        raise NotImplementedError("of vectors at the ends: write the product with @")
    a = arrays
    d_0 = np.zeros_like(a[0]) + arrays_dot[0]
    d_1 = np.zeros_like(a[1]) + arrays_dot[1]
    if n == 2:
        return d_0 @ a[1] + a[0] @ d_1
    d_2 = np.zeros_like(a[2]) + arrays_dot[2]
    if n == 3:
        return (d_0 @ a[1] + a[0] @ d_1) @ a[2] + a[0] @ a[1] @ d_2
    d_3 = np.zeros_like(a[3]) + arrays_dot[3]
    return ((d_0 @ a[1] + a[0] @ d_1) @ a[2] + a[0] @ a[1] @ d_2) @ a[3] + a[0] @ a[1] @ a[2] @ d_3
