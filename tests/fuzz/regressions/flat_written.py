"""A write through ``.flat`` was lost."""

import numpy as np


def program(y, x, steps):
    y.flat[1] = x[1]
    return np.min(y) + np.sum(y.flat) * y.flat[1]


EXAMPLE = dict(args=(np.array([0.193, -1.028]), np.array([-0.258, 1.878]), 3), wrt=("x",))
