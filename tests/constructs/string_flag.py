"""A string as a flag."""

import numpy as np

GROUP = "Data"


def string_flag(x, mode):
    if mode == "square":
        return np.sum(x**2)
    return np.sum(x)


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]), "square"), wrt='x')
