"""Statements stood after an if both of whose sides leave the loop."""

import numpy as np


def program(w):
    k2 = 0
    while True:
        if k2 >= 2 or -1.22 < -1.35:
            break
        k2 += 1
        w[k2, k2] = np.sum(w[[1, 2, 1, 3, 4]] < 0.52)
        return np.sum(w * w)
    return w[0, 0]


EXAMPLE = dict(
    args=(
        np.array(
            [[-0.648, 0.032, 0.965], [-0.106, 1.317, 0.497], [-0.8, 0.046, 1.398], [0.986, -1.0, 0.5], [1, 2, 3.0]]
        ),
    ),
    wrt="w",
)
