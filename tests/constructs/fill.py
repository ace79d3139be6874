"""`fill`."""

import numpy as np

GROUP = "Writes"


def fill(x):
    y = x * 1
    y[1:].fill(x[0])
    return np.sum(y * x)


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
