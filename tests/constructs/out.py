"""`out=`."""

import numpy as np

GROUP = "Writes"


def out(x):
    y = np.zeros(4)
    np.multiply(x, x, out=y)
    np.sin(y[1:], out=y[1:])
    return np.sum(y * x)


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
