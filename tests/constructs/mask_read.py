"""A boolean mask read."""

import numpy as np

GROUP = "Writes"


def mask_read(x):
    return np.sum(x[x > 0] ** 2)


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
