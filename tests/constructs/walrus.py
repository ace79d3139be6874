"""An assignment expression."""

import numpy as np

GROUP = "Statements"


def walrus(x):
    if (s := np.sum(x)) > 1:
        return s**2
    return s


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
