"""`enumerate`."""

import numpy as np

GROUP = "Data"


def enumerated(x):
    total = 0.0
    for i, v in enumerate(x, 1):
        total += i * v**2
    return total


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
