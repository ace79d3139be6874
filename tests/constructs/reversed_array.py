"""`reversed`."""

import numpy as np

GROUP = "Data"


def reversed_array(x):
    total = 0.0
    for v in reversed(x):
        total = 0.5 * total + v**2
    return total


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
