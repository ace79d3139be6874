"""A write through a slice of a slice."""

import numpy as np

GROUP = "Writes"


def slice_of_a_slice(x):
    v = x[1:][:2]
    v *= x[0]
    return np.sum(x**2)


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
