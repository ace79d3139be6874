"""Unpacking with stars."""

import numpy as np

GROUP = "Data"


def star_unpacking(x):
    first, *middle, last = x
    return first * last + sum(middle)


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
