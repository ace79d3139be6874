"""A second name of a local array, then `y += x`."""

import numpy as np

GROUP = "Writes"


def second_name_of_a_local(x):
    y = x * x
    z = y
    y += x
    return np.sum(z * y)


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
