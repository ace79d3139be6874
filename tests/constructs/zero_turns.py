"""A loop that runs zero times."""

import numpy as np

GROUP = "Statements"


def zero_turns(x, n):
    total = x[0]
    for i in range(n):
        total *= x[i]
    return total * x[1]


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]), 0), wrt='x')
