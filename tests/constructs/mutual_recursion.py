"""Functions that call each other."""

import numpy as np

GROUP = "Functions"


def even(v, n):
    return v if n == 0 else np.sin(odd(v, n - 1))


def odd(v, n):
    return v if n == 0 else 2 * even(v, n - 1)


def mutual_recursion(x):
    return even(x[0], 4) * x[1]


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
