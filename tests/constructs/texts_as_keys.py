"""Texts among the arguments as keys."""

import numpy as np

GROUP = "Data"


def texts_as_keys(params, name, how):
    table = {"square": lambda v: v**2, "sin": np.sin}
    return np.sum(table[how](params[name]))


EXAMPLE = dict(args=({"w": np.array([0.3, 1.2]), "b": np.array([1.0, 0.2])}, "w", "sin"), wrt="params")
