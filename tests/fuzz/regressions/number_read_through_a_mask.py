"""The adjoint of a number, part of which is read through a mask, was a number that could not be added to in place."""

import numpy as np


def program(x):
    a = np.sum(x)
    b = np.sin(x[0])
    return np.sum(a[a > 0.1]) + a**2 + b * np.sum(b[b < 3.0])


EXAMPLE = dict(args=(np.array([0.5, 0.7]),), wrt="x")
