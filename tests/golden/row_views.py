"""A row held as a view while it is changed: what is written to the row is written to the array."""

import numpy as np


def row_views(A, scale):
    for i in range(1, len(A)):
        row = A[i]  # a view: what is written to row is written to A
        row -= scale[i] * A[i - 1]
        row[0] = row[0] ** 2
    return np.sum(A**2)


rng = np.random.default_rng(3)
EXAMPLE = dict(args=(rng.normal(size=(4, 3)), rng.normal(size=4)), wrt=("A", "scale"))
SECOND_ORDER = True
