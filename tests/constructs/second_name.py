"""A second name of an array (`y = x`), then `y += 1`."""

import numpy as np

GROUP = "Writes"


def second_name(x):
    y = x
    y += 1
    return np.sum(x * y)


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
