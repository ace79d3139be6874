"""Negative and stepped slices, written."""

import numpy as np

GROUP = "Writes"


def slices(x):
    x[::-2] = x[1::2] ** 2
    x[-2:] *= x[:2]
    return np.sum(x**2)


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
