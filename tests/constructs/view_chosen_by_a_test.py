"""A view of one of two arrays, by a test."""

import numpy as np

GROUP = "Writes"


def view_chosen_by_a_test(x):
    y = x * 2
    v = x[1:] if x[0] > 0 else y[1:]
    v[0] = x[3] ** 2
    return np.sum(x * y)


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
