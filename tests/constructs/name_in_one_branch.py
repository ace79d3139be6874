"""A name defined in one branch only."""

import numpy as np

GROUP = "Statements"


def name_in_one_branch(x):
    if x[0] > 0:
        y = x**2
    total = np.sum(x)
    if x[0] > 0:
        total += np.sum(y)
    return total


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
