"""Values of an array written through a mask."""

import numpy as np

GROUP = "Writes"


def mask_of_values(x):
    y = x * 1
    mask = x > 0
    y[mask] = x[mask] ** 2
    return np.sum(y * x)


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
