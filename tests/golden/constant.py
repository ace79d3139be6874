"""A result that depends on nothing that could be moved."""

import numpy as np


def constant(x):
    return float(len(x)) + np.argmax(x)


EXAMPLE = dict(args=(np.array([0.5, -1.5, 2.0]),), wrt="x")
