"""`try` that raises nothing, with `else` and `finally`."""

import numpy as np

GROUP = "Statements"


def try_not_taken(x):
    try:
        y = x**2
    except ValueError:
        y = x
    else:
        y = y + 1
    finally:
        z = x * 2
    return np.sum(y * z)


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
