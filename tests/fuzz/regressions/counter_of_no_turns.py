"""A range of no turns, whose variable stays what it was: the derivative took it for an integer."""

import numpy as np


def program(x, n):
    a = x[0]
    for a in range(n):
        pass
    return x[1] * a


EXAMPLE = dict(args=(np.array([0.5, 1.5]), 0), wrt=("x",))
