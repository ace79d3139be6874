"""`np.add.at`, with repeated places."""

import numpy as np

GROUP = "Writes"


def add_at(x):
    y = x * 2
    np.add.at(y, [0, 0, 1], x[1:] ** 2)
    return np.sum(y**2)


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
