"""`np.add.accumulate`."""

import numpy as np

GROUP = "Writes"


def ufunc_accumulate(x):
    return np.sum(np.add.accumulate(x) ** 2)


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
