"""`np.copyto`."""

import numpy as np

GROUP = "Writes"


def copyto(x):
    y = np.zeros(4)
    np.copyto(y, x**2)
    return np.sum(y * x)


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
