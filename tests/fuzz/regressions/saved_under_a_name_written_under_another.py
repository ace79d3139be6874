"""Seed 2042 of views: an array that is bound to another name and then written, while its old content is still read."""

import math

import numpy as np


def program(w, x, y):
    a1 = np.sin(w)
    a1, w = w, a1
    for r2 in a1:
        r2 /= 1.2
        if (0.24 * 0.86) < math.exp(0.3 * a1[-3, 0]):
            break
    return np.sum(w.T)


EXAMPLE = dict(
    args=(
        np.array([[0.482, -0.62, -1.176], [1.076, 0.065, -1.171], [-0.316, 1.417, 1.025]]),
        np.array([[-1.323, -1.681, -0.329]]),
        np.array([0.355]),
    ),
    wrt=("w",),
)
