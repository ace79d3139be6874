"""Elements swapped in place."""

import numpy as np

GROUP = "Writes"


def swapped_elements(x):
    x[0], x[1] = x[1] ** 2, x[0]
    return x[0] * x[2] + x[1]


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
