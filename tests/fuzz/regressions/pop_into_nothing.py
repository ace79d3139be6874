"""What was put back into an array that the backward sweep does not have."""

import numpy as np


def program(y, x, steps):
    f2 = 0.5
    for k7 in range(steps):
        if np.linalg.norm(y) > 126:
            return 0.8 * f2
    (r10,) = y
    y[0] = np.tanh(r10)
    d14 = sum([np.sum(x) for _ in range(2) for v12 in x])
    return np.sum(r10**2) + d14**2 + np.sum(y**2)


EXAMPLE = dict(args=(np.ones((1, 4)), np.array([0.5, 0.4]), 1), wrt="x")
