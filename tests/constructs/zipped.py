"""`zip`."""

import numpy as np

GROUP = "Data"


def zipped(x):
    total = 0.0
    for a, b in zip(x[1:], x[:-1]):
        total += a * np.sin(b)
    return total


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
