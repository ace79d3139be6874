"""`out` by position, `.outer` and `.at` of any elementwise function."""

import numpy as np

GROUP = "Writes"


def ufunc_methods_by_position(x):
    table = np.hypot.outer(x, x[:2])
    sums = np.zeros(4)
    np.add.reduce(table, 1, None, sums)
    running = np.zeros((4, 2))
    np.add.accumulate(table, 0, None, running)
    np.sin.at(sums, [0, 0, 2])
    return np.sum(sums**2) + np.sum(running[2] ** 2)


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
