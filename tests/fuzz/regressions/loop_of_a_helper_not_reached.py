"""Seed 61992: a helper returns before the loop whose values its backward half would own."""

import numpy as np


def helper(p, q, r):
    if not -1.24 > -0.2:
        pass
    else:
        for j3 in range(len(q)):
            return 0.5
        return np.minimum(q[:1], q[2:])
    return 0.5


def program(w, v, u):
    b4 = abs(v[:3])
    v[2, -2] += helper(b4[1], np.concatenate((b4[2], u[[0]])), v[[2]])
    return np.sum(b4) + w**2 + np.sum(v)


EXAMPLE = dict(
    args=(-1.054, np.array([[0.151, 0.614], [0.061, -3.016], [-0.031, 0.947]]), np.array([0.518])), wrt=("w", "v")
)
