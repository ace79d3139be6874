"""Seed 37005163: a helper whose result does not move gives the tangent 0.0, of which ``.T`` was asked."""

import numpy as np


def helper(p, q):
    return np.tanh(q), p * 2


def program(x):
    b, p = helper(x[:5], q=0.2)
    s = np.tanh(0.3)
    if x[0] > 9:
        s = np.sum(x)
    y = b.T * x[0] + b.item() * x[1] + b.reshape(1)[0] * p[2] + b[...] * x[2] + b[None][0]
    return y + s.sum() * s.ravel()[0] * x[3] + s.astype(float) * x[1] + s.copy() * x[4] + s.mean() * s[()]


EXAMPLE = dict(args=(np.array([0.5, 1.3, -0.7, 2.1, 0.9, -1.1]),), wrt="x")
