"""`else` of a loop."""

import numpy as np

GROUP = "Statements"


def loop_else(x):
    total = 0.0
    for v in x:
        if v > 5:
            break
        total += v**2
    else:
        total *= x[0]
    return total


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
