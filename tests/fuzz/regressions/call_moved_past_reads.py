"""The adjoint of a call that puts an array back was moved past statements that read the array."""

import numpy as np


def update1(p, q, k):
    p[0] += 3


def program(x):
    x[1:] *= x[:-1]
    update1(x, np.max(x[::1]), 3)
    return np.mean(x)


EXAMPLE = dict(args=(np.array([0.428, -0.571, 2.654]),), wrt="x")
