"""`del`."""

import numpy as np

GROUP = "Statements"


def deleted(x):
    y = x**2
    z = y * x
    del y
    return np.sum(z)


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
