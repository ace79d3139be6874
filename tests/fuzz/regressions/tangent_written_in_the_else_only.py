"""A part is written in the ``else`` of a loop only, which a break leaves out (seed 94028 of control)."""

import numpy as np


def program(x, n):
    c = np.zeros(3)
    k = 0
    while k < 5:
        k += 1
        if k == n:
            break
    else:
        c[1:] = x
    return np.sum(c * c) + x**2


EXAMPLE = dict(args=(1.5, 2), wrt="x")
