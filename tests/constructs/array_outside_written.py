"""An array outside written between two computations that read it."""

import numpy as np

GROUP = "Writes"
WEIGHTS = np.ones(4)


def array_outside_written(x):
    WEIGHTS[:] = 0.5
    first = np.sum(WEIGHTS * x)
    for k in range(4):
        WEIGHTS[k] += k
    return first * np.sum(WEIGHTS * x**2)


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
