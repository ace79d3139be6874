"""The heat equation, stepped in place in its argument."""

import numpy as np


def heat(u, alpha, steps):
    for t in range(steps):
        u[1:-1] += alpha * (u[2:] - 2 * u[1:-1] + u[:-2])
    return np.sum(u**2)


EXAMPLE = dict(args=(np.sin(np.arange(9.0)), 0.15, 4), wrt=("u", "alpha"))
SECOND_ORDER = True
