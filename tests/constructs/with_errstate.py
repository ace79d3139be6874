"""`with np.errstate(...)`."""

import numpy as np

GROUP = "Statements"


def with_errstate(x):
    with np.errstate(divide="ignore", invalid="ignore"):
        y = x / (x**2 + 1)
    return np.sum(y)


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
