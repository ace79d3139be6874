"""Loops over `items()` and `values()`."""

import numpy as np

GROUP = "Data"


def dict_views(x):
    values = {"a": x, "b": x * 2, "c": x**2}
    total = 0.0
    for key, value in values.items():
        if key != "b":
            total += np.sum(value)
    for value in values.values():
        total *= value[0]
    return total


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
