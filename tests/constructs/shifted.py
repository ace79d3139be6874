"""A write that overlaps what it reads (`A[1:] = A[:-1]`)."""

import numpy as np

GROUP = "Writes"


def shifted(x):
    x[1:] = x[:-1]
    x[1:] *= x[:-1]
    return np.sum(x**2)


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
