"""Gauss' elimination with pivots: rows that change places, in a matrix and in a vector, and slices of rows in place."""

import numpy as np


def elimination(A, b):
    A, b = A.copy(), b.copy()
    n = len(b)
    for k in range(n):
        pivot = k + int(np.argmax(np.abs(A[k:, k])))
        if pivot != k:
            A[[k, pivot]] = A[[pivot, k]]
            b[k], b[pivot] = b[pivot], b[k]
        for i in range(k + 1, n):
            factor = A[i, k] / A[k, k]
            A[i, k:] -= factor * A[k, k:]
            b[i] -= factor * b[k]
    x = np.zeros_like(b)
    for i in reversed(range(n)):
        x[i] = (b[i] - A[i, i + 1 :] @ x[i + 1 :]) / A[i, i]
    return np.sum(x**2)


EXAMPLE = dict(
    args=(np.array([[0.2, 2.1, -0.4], [1.9, 0.3, 0.7], [-0.6, 0.8, 1.5]]), np.array([1.0, -0.5, 0.3])),
    wrt=("A", "b"),
)
LENGTH_ONE = False  # a matrix that is cut is not square
