"""`try` that raises and is caught."""

import numpy as np

GROUP = "Statements"


def try_taken(x):
    y = x * 1
    try:
        y = y * x[0]
        if x[1] < 0:
            raise ValueError("negative")
        y = y * 2
    except ValueError:
        y = y + x**2
    return np.sum(y)


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
