"""Functions passed as arguments."""

import numpy as np

GROUP = "Functions"


def twice(f, v):
    return f(f(v))


def functions_as_arguments(x):
    return np.sum(twice(np.sin, x) + twice(lambda v: v * x[0], x))


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
