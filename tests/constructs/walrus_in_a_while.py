"""An assignment expression in the test of a `while`."""

import numpy as np

GROUP = "Statements"


def walrus_in_a_while(x):
    total = x[0]
    while (total := total * x[2]) < 4:
        total += x[3]
    return total


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
