"""`try` that an exception ends after something was changed."""

import numpy as np

GROUP = "Statements"


def try_half_way(x):
    total = np.sum(x)
    try:
        total = total * x[0]
        total = total / [1, 2][len(x)]
    except IndexError:
        total = total + np.sum(x**2)
    return total


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
