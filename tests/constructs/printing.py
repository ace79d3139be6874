"""`print`."""

import numpy as np

GROUP = "Statements"


def printing(x):
    y = x**2
    print("total", np.sum(y))
    return np.sum(y * x)


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
