"""A name that is None, and a view of an array from the first turn of a loop on: the pullback copied None."""

import numpy as np


def program(x):
    y = x * 1.0
    v = None
    for _ in range(3):
        if v is None:
            v = y[1:3]
        else:
            v[0] = v[1] * y[0]
    return np.sum(y) * v[0]


EXAMPLE = dict(args=(np.array([0.5, 1.3, -0.7, 2.1]),), wrt="x")
