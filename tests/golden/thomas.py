"""A tridiagonal system solved by elimination, in place in the right-hand side and the diagonal."""

import numpy as np


def thomas(lower, diagonal, upper, right):
    n = len(right)
    for i in range(1, n):
        factor = lower[i - 1] / diagonal[i - 1]
        diagonal[i] -= factor * upper[i - 1]
        right[i] -= factor * right[i - 1]
    x = np.empty_like(right)
    x[-1] = right[-1] / diagonal[-1]
    for i in range(n - 2, -1, -1):
        x[i] = (right[i] - upper[i] * x[i + 1]) / diagonal[i]
    return np.sum(x * x)


rng = np.random.default_rng(7)
EXAMPLE = dict(
    args=(rng.normal(size=4), rng.normal(size=5) + 4, rng.normal(size=4), rng.normal(size=5)),
    wrt=("lower", "diagonal", "upper", "right"),
)
