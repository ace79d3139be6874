"""A write through a list of places."""

import numpy as np

GROUP = "Writes"


def places_written(x):
    y = x * x
    y[[0, 2]] = x[1:3]
    return np.sum(y**2)


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
