"""`y[:] = ...`."""

import numpy as np

GROUP = "Writes"


def whole_array(x):
    y = np.zeros(4)
    y[:] = x**2
    y[...] *= x
    return np.sum(y)


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
