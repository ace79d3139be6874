"""An array of the module is written between computations that read it: each reads a copy."""

import numpy as np

WEIGHTS = np.ones(4)


def weights_outside(x, rate):
    WEIGHTS[:] = 1.0
    total = 0.0
    for k in range(3):
        total += np.sum(WEIGHTS * np.exp(-rate * x))
        WEIGHTS[k:] *= 0.5
    return total


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]), 0.3), wrt=("x", "rate"))
