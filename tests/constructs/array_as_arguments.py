"""The items of an array as arguments: `f(*x)`, `Point(*x)`."""

from collections import namedtuple

import numpy as np

GROUP = "Functions"

Point = namedtuple("Point", "x y z")


def volume(a, b, c):
    return a * b**2 * c


def array_as_arguments(x):
    point = Point(*x)
    return volume(*x) + volume(1.0, *x[1:]) + point.x * np.sin(point.z)


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1]),), wrt='x')
