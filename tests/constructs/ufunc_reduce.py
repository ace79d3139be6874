"""`np.add.reduce`, `np.multiply.reduce`."""

import numpy as np

GROUP = "Writes"


def ufunc_reduce(x):
    return np.add.reduce(x**2) + np.multiply.reduce(x)


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
