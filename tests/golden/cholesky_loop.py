"""Cholesky's factor by loops, in place on a copy; the log-determinant of it."""

import math

import numpy as np


def cholesky_loop(A):
    L = A.copy()
    n = L.shape[0]
    total = 0.0
    for j in range(n):
        for k in range(j):
            L[j:, j] -= L[j, k] * L[j:, k]
        pivot = math.sqrt(L[j, j])
        L[j:, j] /= pivot
        total += 2 * math.log(pivot)
    return total + L[n - 1, 0]


root = np.random.default_rng(8).normal(size=(4, 4))
EXAMPLE = dict(args=(root @ root.T + 3 * np.eye(4),), wrt="A")
