"""A loop over integers whose variable was differentiated before: the adjoint of what it was stayed alive."""

import numpy as np


def program(x, n):
    s = 1.0
    for v in x:
        s += v
        for v in range(2):
            s += v * x[v]
    a = x[0]
    for _ in range(n):
        s += a
    for a in (1, 2):
        s += a * x[1]
    return s * v * a


EXAMPLE = dict(args=(np.array([0.5, 1.5]), 2), wrt=("x",))
