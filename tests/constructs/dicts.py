"""Dicts: read, written, added to."""

import numpy as np

GROUP = "Data"


def dicts(x):
    values = {"a": x, "b": x * 2}
    values["a"] = values["a"] + 1
    values["c"] = values["a"] * values["b"]
    return np.sum(values["c"]) + len(values)


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
