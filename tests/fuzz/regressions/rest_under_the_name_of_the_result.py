"""Seed 72001219: what a ``*args`` takes of an array had the name of the variable that the result is assigned to."""

import numpy as np


def starred(first, *others, shift=0.3, **more):
    return sum((v for k, v in enumerate(others, 1)))


def program(y, x):
    c6 = {"shift": 3}
    f9 = starred(*x, **c6)
    for j10, s11 in enumerate(x):
        return np.stack((y[:, j10], x[[2, 1, 1]], y[1]))
    return f9


EXAMPLE = dict(args=(np.array([[0.7, -1.4, 0.4], [-1.2, -2.2, -0.8], [-0.6, -0.8, -0.1]]), np.array([-0.8, -0.4, 0.5])), wrt=("x",))
