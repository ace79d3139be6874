"""An argument written in place."""

import numpy as np

GROUP = "Writes"


def argument_written(x):
    x[1:-1] += 0.1 * (x[2:] - 2 * x[1:-1] + x[:-2])
    return np.sum(x**2)


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
