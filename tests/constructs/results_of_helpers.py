"""A helper that returns a structure."""

import numpy as np

GROUP = "Data"


def parts(y):
    return {"value": y * 2, "inner": (y, [y**3])}


def results_of_helpers(x):
    found = parts(x)
    return np.sum(found["inner"][1][0] * found["value"])


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
