"""Seed 245: adjoints that start as another one, in a procedure."""

import numpy as np


def update1(p, q, r):
    p[1] = np.dot(r[::1], r[[0, -2]] + r)


def program(u, y, w):
    g1 = np.min(w[[2, 4, 4, 2, 3]])
    a2 = np.ones((5, 2))
    a4 = np.sum(a2[[0, 1, 3, 2, 4]])
    for j5 in range(5):
        update1(a2[j5], 1.47 or a2[j5, 1], np.concatenate((y[[0]], y)))
    return np.mean(w) + g1**2 + np.sum(a2**2) + a4**2 + u**2 + np.sum(y**2) + np.minimum(u, np.sum(y[[0]]))


EXAMPLE = dict(
    args=(
        0.326,
        np.array([0.281]),
        np.array([[1.688, 1.468], [0.466, -1.666], [-1.949, -0.198], [1.577, -0.334], [0.129, -0.95]]),
    ),
    wrt=("y", "u"),
)
