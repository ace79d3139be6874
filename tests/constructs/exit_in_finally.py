"""`return` in `finally`."""

import numpy as np

GROUP = "Statements"


def exit_in_finally(x):
    total = np.sum(x)
    try:
        total = total * x[0]
    finally:
        if total > 0:
            return total**2
    return np.sum(x**2)


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
