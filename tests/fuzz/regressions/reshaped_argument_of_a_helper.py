"""The adjoint of a caller's array that a helper reshapes was changed in a copy."""

import numpy as np


def update1(p):
    r1 = p.reshape(2, 1)
    r1[1] -= p[:1]


def program(x):
    update1(x)
    return np.sum(x**2)


EXAMPLE = dict(args=(np.array([0.3, 0.4]),), wrt=("x",))
