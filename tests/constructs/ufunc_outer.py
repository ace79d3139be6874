"""`np.multiply.outer`."""

import numpy as np

GROUP = "Writes"


def ufunc_outer(x):
    return np.sum(np.multiply.outer(x, x**2))


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
