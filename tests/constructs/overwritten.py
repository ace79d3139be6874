"""An array that is saved and then overwritten."""

import numpy as np

GROUP = "Writes"


def overwritten(x):
    y = np.sin(x)
    z = y * y
    y[:] = x**2
    return np.sum(z * y)


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
