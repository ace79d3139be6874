"""`else` of a `while` that is left by `break`."""

import numpy as np

GROUP = "Statements"


def while_else(x):
    k, total = 0, x[0]
    while k < 3:
        total *= x[k]
        if total < 0:
            break
        k += 1
    else:
        total = total**2
    return total * x[1]


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
