"""Seed 2155 of views: a view bound again, of an array that is written afterwards."""

import numpy as np


def program(u, x):
    s1 = u.swapaxes(0, 1)
    s1 = s1[:, 4][:, None] * u[:, 4]
    for r2 in u:
        r2[:1] += 0.5
    return np.sum(u) + np.mean(s1)


EXAMPLE = dict(
    args=(
        np.array(
            [
                [-1.028, 0.224, 0.72, -0.859, 1.7],
                [0.893, 0.723, 0.528, -0.304, -0.777],
                [1.09, -0.151, 0.661, -0.703, -1.339],
                [-0.41, -2.381, -0.226, -0.915, 0.729],
                [0.214, 0.442, 1.124, -1.787, 0.071],
            ]
        ),
        -0.768,
    ),
    wrt=("u",),
)
