"""A write several calls deep."""

import numpy as np

GROUP = "Writes"


def outer(M, k):
    for i in range(2):
        inner(M[i:], k)


def inner(M, k):
    scale(M[0], k)


def scale(row, k):
    row *= k + row[0]


def helper_writes_deep(A):
    outer(A, 0.3)
    return np.sum(A**2)


EXAMPLE = dict(args=(np.array([[0.5, 1.1, -0.3], [0.9, -0.7, 1.6], [0.4, 0.8, 1.3]]),), wrt='A')
