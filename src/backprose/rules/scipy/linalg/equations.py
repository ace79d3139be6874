"""Matrix equations: of each the derivative is an equation of the same kind with the matrices transposed.

Kao and Hennequin, "Automatic differentiation of Sylvester, Lyapunov, and algebraic Riccati equations",
arXiv:2011.11430 (2020).
"""

import numpy as np
from scipy import linalg

from backprose import support
from backprose.rules.registry import adjoint, real_only, tangent


@adjoint(linalg.solve_sylvester)
def solve_sylvester(a, b, q, *, out, out_bar):
    """A X + X B = Q: A^T Q_bar + Q_bar B^T = X_bar."""
    out_t = np.swapaxes(out, -1, -2)
    q_bar = linalg.solve_sylvester(np.swapaxes(a, -1, -2), np.swapaxes(b, -1, -2), out_bar)
    return -q_bar @ out_t, -out_t @ q_bar, q_bar


@tangent(linalg.solve_sylvester)
def solve_sylvester_dot(a, b, q, *, out, a_dot, b_dot, q_dot):
    a_term = -linalg.solve_sylvester(a, b, a_dot @ out)
    b_term = -linalg.solve_sylvester(a, b, out @ b_dot)
    return a_term, b_term, linalg.solve_sylvester(a, b, q_dot)


@adjoint(linalg.solve_continuous_lyapunov)
def solve_continuous_lyapunov(a, q, *, out, out_bar):
    """A X + X A^T = Q: A^T Q_bar + Q_bar A = X_bar."""
    q_bar = linalg.solve_continuous_lyapunov(np.swapaxes(a, -1, -2), out_bar)
    return -q_bar @ np.swapaxes(out, -1, -2) - np.swapaxes(q_bar, -1, -2) @ out, q_bar


@tangent(linalg.solve_continuous_lyapunov)
def solve_continuous_lyapunov_dot(a, q, *, out, a_dot, q_dot):
    moved = a_dot @ out + out @ np.swapaxes(a_dot, -1, -2)
    return -linalg.solve_continuous_lyapunov(a, moved), linalg.solve_continuous_lyapunov(a, q_dot)


@adjoint(linalg.solve_discrete_lyapunov)
def solve_discrete_lyapunov(a, q, method=None, *, out, out_bar):
    """X = A X A^T + Q: Q_bar = A^T Q_bar A + X_bar."""
    q_bar = linalg.solve_discrete_lyapunov(np.swapaxes(a, -1, -2), out_bar, method)
    a_bar = q_bar @ a @ np.swapaxes(out, -1, -2) + np.swapaxes(q_bar, -1, -2) @ a @ out
    return a_bar, q_bar


@tangent(linalg.solve_discrete_lyapunov)
def solve_discrete_lyapunov_dot(a, q, method=None, *, out, a_dot, q_dot):
    moved = a_dot @ out @ np.swapaxes(a, -1, -2) + a @ out @ np.swapaxes(a_dot, -1, -2)
    a_term = linalg.solve_discrete_lyapunov(a, moved, method)
    return a_term, linalg.solve_discrete_lyapunov(a, q_dot, method)


@adjoint(linalg.solve_continuous_are)
def solve_continuous_are(a, b, q, r, *, balanced=True, out, out_bar):
    """A^T X + X A - X B K + Q = 0 with K = R^-1 B^T X: a Lyapunov equation of A - B K. Q and R are symmetric."""
    x_b = out @ b
    k = np.swapaxes(linalg.solve(np.swapaxes(r, -1, -2), np.swapaxes(x_b, -1, -2)), -1, -2)
    y = linalg.solve_continuous_lyapunov(a - b @ np.swapaxes(k, -1, -2), out_bar)
    both = out @ (y + np.swapaxes(y, -1, -2))
    return -both, both @ k, -y, -np.swapaxes(k, -1, -2) @ y @ k


@tangent(linalg.solve_continuous_are)
def solve_continuous_are_dot(a, b, q, r, *, balanced=True, out, a_dot, b_dot, q_dot, r_dot):
    x_b = out @ b
    k_t = np.swapaxes(linalg.solve(np.swapaxes(r, -1, -2), np.swapaxes(x_b, -1, -2)), -1, -2)
    k = np.swapaxes(k_t, -1, -2)
    closed_t = np.swapaxes(a - b @ k, -1, -2)
    of_a = out @ a_dot
    of_b = out @ b_dot @ k
    a_term = -linalg.solve_continuous_lyapunov(closed_t, of_a + np.swapaxes(of_a, -1, -2))
    b_term = linalg.solve_continuous_lyapunov(closed_t, of_b + np.swapaxes(of_b, -1, -2))
    q_term = -linalg.solve_continuous_lyapunov(closed_t, q_dot)
    return a_term, b_term, q_term, -linalg.solve_continuous_lyapunov(closed_t, k_t @ r_dot @ k)


@adjoint(linalg.solve_discrete_are)
def solve_discrete_are(a, b, q, r, *, balanced=True, out, out_bar):
    """X = A^T X (A - B K) + Q with K = (R + B^T X B)^-1 B^T X A: a Lyapunov equation of A - B K."""
    b_t = np.swapaxes(b, -1, -2)
    k = linalg.solve(r + b_t @ out @ b, b_t @ out @ a)
    closed = a - b @ k
    y = linalg.solve_discrete_lyapunov(closed, out_bar)
    both = out @ closed @ (y + np.swapaxes(y, -1, -2))
    k_t = np.swapaxes(k, -1, -2)
    return both, -both @ k_t, y, k @ y @ k_t


@tangent(linalg.solve_discrete_are)
def solve_discrete_are_dot(a, b, q, r, *, balanced=True, out, a_dot, b_dot, q_dot, r_dot):
    b_t = np.swapaxes(b, -1, -2)
    k = linalg.solve(r + b_t @ out @ b, b_t @ out @ a)
    closed_t = np.swapaxes(a - b @ k, -1, -2)
    of_a = closed_t @ out @ a_dot
    of_b = closed_t @ out @ b_dot @ k
    a_term = linalg.solve_discrete_lyapunov(closed_t, of_a + np.swapaxes(of_a, -1, -2))
    b_term = -linalg.solve_discrete_lyapunov(closed_t, of_b + np.swapaxes(of_b, -1, -2))
    q_term = linalg.solve_discrete_lyapunov(closed_t, q_dot)
    return a_term, b_term, q_term, linalg.solve_discrete_lyapunov(closed_t, np.swapaxes(k, -1, -2) @ r_dot @ k)


@adjoint(support.sylvester)
def sylvester(a, b, q, *, out, out_bar):
    out_t = np.swapaxes(out, -1, -2)
    q_bar = support.sylvester(np.swapaxes(a, -1, -2), np.swapaxes(b, -1, -2), out_bar)
    return -q_bar @ out_t, -out_t @ q_bar, q_bar


@tangent(support.sylvester)
def sylvester_dot(a, b, q, *, out, a_dot, b_dot, q_dot):
    a_term = -support.sylvester(a, b, a_dot @ out)
    b_term = -support.sylvester(a, b, out @ b_dot)
    return a_term, b_term, support.sylvester(a, b, q_dot)


# of real and complex matrices together SciPy's solution of Sylvester's equation is wrong
real_only(linalg.solve_sylvester, linalg.solve_continuous_lyapunov, linalg.solve_discrete_lyapunov)
real_only(linalg.solve_continuous_are, linalg.solve_discrete_are)
