"""The tangent of an array that a helper overwrites as a whole was bound anew, and the caller did not see it."""

import numpy as np


def update2(p, q, k):
    p[:] = np.tanh(p)


def program(y):
    c1 = y[:, 2]
    update2(c1, np.sum(y[:2]), 3)
    return np.sum(c1)


EXAMPLE = dict(args=(np.array([[0.95, 0.826, 0.53], [-0.175, -0.325, -0.919]]),), wrt="y")
