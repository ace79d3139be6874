"""Functions with rules of the user's: a link function with a formula, a solver with an adjoint and a tangent."""

import numpy as np

import backprose as bp


def logistic(x):
    return 1 / (1 + np.exp(-x))


@bp.elementwise(logistic)
def logistic_slope(x, out):
    return out * (1 - out)


def softplus(x):
    return np.log1p(np.exp(-np.abs(x))) + np.maximum(x, 0)


@bp.elementwise(softplus)
def softplus_slope(x):
    return logistic(x)


def ridge(a, b, penalty=1.0):
    return np.linalg.solve(a.T @ a + penalty * np.eye(a.shape[1]), a.T @ b)


@bp.adjoint(ridge)
def ridge_bar(a, b, penalty, *, out, out_bar):
    """Of (A^T A + p I) x = A^T b, with w the solution for out_bar: A_bar = r w^T - A w x^T, b_bar = A w."""
    w = np.linalg.solve(a.T @ a + penalty * np.eye(a.shape[1]), out_bar)
    return np.outer(b - a @ out, w) - np.outer(a @ w, out), a @ w


@bp.tangent(ridge)
def ridge_dot(a, b, penalty, *, out, a_dot, b_dot):
    inner = a.T @ a + penalty * np.eye(a.shape[1])
    return np.linalg.solve(inner, a_dot.T @ (b - a @ out) - a.T @ (a_dot @ out)), np.linalg.solve(inner, a.T @ b_dot)


def own_rules(a, b, rate):
    # fit, then how likely that is
    x = ridge(a, b, penalty=0.5)
    y = softplus(rate * (a @ x))
    return np.sum(y) - rate * np.sum(logistic(y - b))


EXAMPLE = dict(
    args=(np.array([[0.5, 1.0], [1.5, -0.3], [0.2, 0.8]]), np.array([0.3, -0.6, 1.1]), 0.7),
    wrt=("a", "b", "rate"),
)
SECOND_ORDER = True
LARGER = False  # the rules are those of the functions as they are
