"""`and` and `or` of numbers."""

import numpy as np

GROUP = "Statements"


def and_or(x):
    return (x[0] and x[1]) * (x[2] or x[3])


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
