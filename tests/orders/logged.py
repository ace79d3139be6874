"""A function that prints has to run once: of it the rows, whatever their number."""

import numpy as np


def logged(x, t):
    print("evaluated at", x)
    return np.sin(x * t)


EXAMPLE = dict(args=(0.5, np.array([1.0, 2.0, 3.0])), wrt="x")
MODES = ("jacobian",)
