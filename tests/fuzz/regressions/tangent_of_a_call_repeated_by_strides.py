"""The tangent that a helper gave could not be written into."""

import numpy as np


def update2_other(p, q, k):
    return update2(p, q, k)


def update2(p, q, k):
    if k <= 0:
        return q
    return update2_other(p, q, k - 1) + q


def program(x, u, steps):
    d4 = update2(x, 0.43, 1)
    d4 += update2(x, 0.8 * np.tanh(np.hypot(1 + d4**2, u[-3, -1])), 0)
    return np.mean(u) + d4 + np.sum(x**2) + d4


EXAMPLE = dict(
    args=(np.array([0.14, -2.933, 0.96, -0.632]), np.array([[1.054], [0.262], [-0.984], [1.228]]), 0), wrt=("u",)
)
