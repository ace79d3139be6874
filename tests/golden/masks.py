"""Boolean masks, read and written."""

import numpy as np


def masks(x, floor):
    y = x * x - 0.5 * x
    low = y < floor
    y[low] = floor * x[low]
    y[x > 1.0] *= 2.0
    return np.sum(np.sqrt(1 + y[~low])) + np.sum(y)


EXAMPLE = dict(args=(np.array([-1.2, 0.3, 0.8, 1.4, 2.2]), 0.4), wrt=("x", "floor"))
