"""A function that writes into its argument through a view: a pair of functions, the adjoint array handed through."""

import numpy as np


def sweep(A, scale):
    for i in range(1, len(A)):
        row = A[i]  # a view: what is written to row is written to A
        row -= scale[i] * A[i - 1]
        row[0] = row[0] ** 2


def swept_rows(A, scale):
    sweep(A, scale)
    return np.sum(A**2)


rng = np.random.default_rng(5)
EXAMPLE = dict(args=(rng.normal(size=(4, 3)), rng.normal(size=4)), wrt=("A", "scale"))
