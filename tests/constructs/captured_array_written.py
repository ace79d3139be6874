"""An array of the enclosing function written by an inner one."""

import numpy as np

GROUP = "Writes"


def captured_array_written(x):
    y = x * 2

    def scale(i):
        y[i] *= x[i]

    scale(0)
    scale(2)
    return np.sum(y)


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
