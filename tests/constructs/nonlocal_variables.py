"""`nonlocal`."""

import numpy as np

GROUP = "Functions"


def nonlocal_variables(x):
    total = x[0]

    def note(v):
        nonlocal total
        total = total * v + 1

    note(x[1])
    for i in range(3):
        note(x[i])
    return total


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
