"""An array read after a view of it is written."""

import numpy as np

GROUP = "Writes"


def view_written(x):
    v = x[1:]
    v[0] = x[3] ** 2
    return np.sum(x * np.sin(x))


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
