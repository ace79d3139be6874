"""A boolean mask written."""

import numpy as np

GROUP = "Writes"


def mask_written(x):
    y = x * x
    y[x < 0] = x[0]
    y[x > 1] *= x[1]
    return np.sum(y)


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
