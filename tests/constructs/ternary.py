"""Conditional expressions and chained comparisons."""

import numpy as np

GROUP = "Statements"


def ternary(x):
    return x[0] ** 2 if 0 < x[0] < x[2] else x[1]


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
