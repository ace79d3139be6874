"""A result that is a vector, given to `grad`."""

import numpy as np

GROUP = "Statements"


def vector_result(x):
    return x**2


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
