"""A view read after its base is written."""

import numpy as np

GROUP = "Writes"


def base_written(x):
    v = x[1:]
    x[2] = x[0] * x[1]
    return np.sum(v**2)


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
