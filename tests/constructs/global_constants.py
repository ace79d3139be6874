"""A global read."""

import numpy as np

GROUP = "Functions"


GAIN = 1.7


def global_constants(x):
    return np.sum(GAIN * x**2)


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
