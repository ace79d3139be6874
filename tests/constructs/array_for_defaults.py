"""The items of an array for defaults and `*args`: `f(*x)`."""

import numpy as np

GROUP = "Functions"


def volume(a, b, c=2.0):
    return a * b**2 * c


def total(first, *others):
    return first * sum(others)


def array_for_defaults(x):
    return volume(*x) + np.sin(total(*x))


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1]),), wrt='x')
