"""A polynomial by Horner's loop over the coefficients, from the last to the first."""

import numpy as np


def horner(coefficients, x):
    value = 0.0
    for k in range(len(coefficients) - 1, -1, -1):
        value = value * x + coefficients[k]
    return value


EXAMPLE = dict(args=(np.array([0.5, -1.0, 0.25, 2.0]), 0.8), wrt=("coefficients", "x"))
SECOND_ORDER = True
