"""Repeated and negative places read (`x[[0, 0, 1]]`, `x[[0, -2]]`)."""

import numpy as np

GROUP = "Writes"


def places_read(x):
    return np.sum(x[[0, 0, 1]] ** 2) + np.prod(x[[0, -2]])


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
