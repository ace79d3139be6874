"""`+=` through repeated places: each counts once."""

import numpy as np

GROUP = "Writes"


def places_added_to_twice(x):
    y = x * x
    y[[0, 0, 1]] += x[:3]
    return np.sum(y**2)


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
