"""A closure: its variables are read when it is called."""

import numpy as np

GROUP = "Functions"


def closures(x):
    def scaled(v):
        return v * factor

    factor = x[0]
    first = scaled(x)
    factor = x[1] ** 2
    return np.sum(first * scaled(x))


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
