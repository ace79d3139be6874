"""Augmented assignment of floats and arrays, in straight lines and in a loop."""

import numpy as np


def accumulate(x, gain):
    y = x * 1.0
    y *= gain
    y += x
    y -= np.mean(x)
    s = gain
    s *= 2
    s **= 2
    for k in range(3):
        y /= 1 + s * k
        y[k] += s
        s -= 0.1 * y[0]
    return np.dot(y, y) * s


EXAMPLE = dict(args=(np.array([0.7, -0.3, 1.2, 0.4]), 0.6), wrt=("x", "gain"))
LENGTH_ONE = False  # elements 0 to 2 are written
