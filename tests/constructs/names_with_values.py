"""A dict of a list of names and an array: `dict(zip(NAMES, x))`, a dict comprehension, `**` of it."""

import numpy as np

GROUP = "Data"

NAMES = ["rate", "scale", "shift"]


def response(rate, scale, shift):
    return scale * np.exp(-rate) + shift


def names_with_values(x):
    params = dict(zip(NAMES, x))
    squares = {name: value**2 for name, value in zip(NAMES, x)}
    return response(**params) + squares["rate"] * params["shift"]


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1]),), wrt='x')
