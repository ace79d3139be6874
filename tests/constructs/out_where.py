"""`where=`."""

import numpy as np

GROUP = "Writes"


def out_where(x):
    y = x.copy()
    np.multiply(x, x, out=y, where=x > 0)
    return np.sum(y * x)


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
