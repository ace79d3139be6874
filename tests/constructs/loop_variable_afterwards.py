"""The loop variable used after the loop."""

import numpy as np

GROUP = "Statements"


def loop_variable_afterwards(x):
    total = 0.0
    for i, v in enumerate(x):
        total += v
        if total > 1:
            break
    return total * x[i] * v


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
