"""A function that writes into its argument and returns nothing."""

import numpy as np

GROUP = "Writes"


def relax(u, k):
    u[1:-1] += k * (u[2:] - 2 * u[1:-1] + u[:-2])


def helper_writes(x):
    relax(x, 0.1)
    relax(x, x[0])
    return np.sum(x**2)


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
