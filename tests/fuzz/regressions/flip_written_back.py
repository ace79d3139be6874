"""Seed 542: a part, flipped, written over the whole."""

import numpy as np


def program(u, w):
    e = np.flip(u[:1]) ** 2
    u[::1] = e
    u += np.max(w)
    return np.sum(u)


EXAMPLE = dict(
    args=(
        np.array([-1.659, 0.309, -0.357]),
        np.array([0.2, 1.4]),
    ),
    wrt="u",
)
