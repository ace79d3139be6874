"""if, elif and else on the data; a variable defined in one branch only; a conditional expression."""

import numpy as np


def branches(x, a):
    size = np.sum(x * x)
    positive = a > 0
    if size > 10:
        y = np.log(size) * x
    elif size > 2:
        scale = a / size
        y = scale * x
    else:
        y = x
    if positive:
        extra = a**2
    z = y[0] if y[0] > y[1] else y[1] * a
    if positive:
        z = z + extra
    return z + np.sum(y)


EXAMPLE = dict(args=(np.array([1.2, 0.9, -0.8]), 0.7), wrt=("x", "a"))
LENGTH_ONE = False  # element 1 is read
