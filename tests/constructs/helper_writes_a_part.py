"""A function that writes into a part (`update(A[i])`)."""

import numpy as np

GROUP = "Writes"


def update(row, factor):
    row *= factor
    row[0] += row[1] ** 2


def helper_writes_a_part(A):
    for i in range(len(A)):
        update(A[i], A[0, 1])
    return np.sum(A**2)


EXAMPLE = dict(args=(np.array([[0.5, 1.1, -0.3], [0.9, -0.7, 1.6], [0.4, 0.8, 1.3]]),), wrt='A')
