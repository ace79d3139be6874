"""Tuples, nested."""

import numpy as np

GROUP = "Data"


def tuples(x):
    pair = (x, (x**2, 3.0))
    a, (b, c) = pair
    return np.sum(a * b) * c + pair[1][0][0]


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
