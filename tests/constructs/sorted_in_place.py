"""`y.sort()`."""

import numpy as np

GROUP = "Writes"


def sorted_in_place(x):
    y = x * 2
    y.sort()
    return np.sum(y * np.arange(4.0))


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
