"""A function that writes into its argument and returns it."""

import numpy as np

GROUP = "Writes"


def doubled(u):
    u *= u
    return u


def helper_writes_and_returns(x):
    y = x * 2
    z = doubled(y)
    return np.sum(y * z)


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
