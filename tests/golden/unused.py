"""An argument that the result does not depend on, and one that only steers."""

import numpy as np


def unused(x, y, mode):
    waste = np.exp(y)
    if mode > 0:
        return np.sum(x)
    return waste.size * x[0]


EXAMPLE = dict(args=(np.array([0.5, -1.5, 2.0]), np.ones((2, 2)), 0.5), wrt=("x", "y", "mode"))
