"""A `while` whose end depends on data."""

import numpy as np

GROUP = "Statements"


def while_of_data(x):
    s = x[2]
    while s > 0.3:
        s = s * x[0]
    return s


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
