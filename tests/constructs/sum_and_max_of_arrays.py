"""Python's own `sum`, `max` and `min` of arrays."""

import numpy as np

GROUP = "Statements"


def sum_and_max_of_arrays(x):
    return sum(x**2) + max(x) * min(x) + sum([x[0], x[1]], x[2])


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt="x")
