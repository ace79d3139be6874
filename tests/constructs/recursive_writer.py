"""A function that calls itself and writes into its argument."""

import numpy as np

GROUP = "Writes"


def halve(u, n):
    if n == 0:
        return
    u[0] *= u[-1]
    halve(u[1:], n - 1)
    u[-1] += u[0] ** 2


def recursive_writer(x):
    halve(x, 3)
    return np.sum(x**2)


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
