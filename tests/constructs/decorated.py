"""A decorated function."""

import functools

import numpy as np

GROUP = "Functions"


def plus_one(function):
    @functools.wraps(function)
    def wrapped(v):
        return function(v) + 1 * v

    return wrapped


@plus_one
def shifted(v):
    return v**2


def decorated(x):
    return np.sum(shifted(x))


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
