"""`np.put`."""

import numpy as np

GROUP = "Writes"


def put(x):
    y = x * 1
    np.put(y, [0, 2], x[1:3] ** 2)
    return np.sum(y * x)


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
