"""Rank-one updates of a matrix in place: whole rows, columns and the matrix itself."""

import numpy as np


def outer_update(H, s, y):
    B = H * 0.5
    B += np.outer(s, y)
    B[0] *= 2.0
    B[:, 1] -= s
    B[1, 2] = B[0, 0] * B[2, 1]
    return np.sum(B**2) + y @ B @ s


rng = np.random.default_rng(12)
EXAMPLE = dict(args=(rng.normal(size=(3, 3)), rng.normal(size=3), rng.normal(size=3)), wrt=("H", "s", "y"))
LENGTH_ONE = False  # row 1 and column 2 are written
