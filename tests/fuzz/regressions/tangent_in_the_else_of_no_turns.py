"""Seed 71284: a tangent that only a loop without turns would set, read in its ``else``."""

import numpy as np


def program(y, u, gain=1.49):
    for s7 in u[1:]:
        gain, s7 = (s7, y[y > 0.05])
        if min(gain, u[0]) > -0.02:
            return 0.5
    return gain


EXAMPLE = dict(args=(np.array([0.801, 0.083, 0.916]), np.array([1.523])), wrt=("y", "u"))
