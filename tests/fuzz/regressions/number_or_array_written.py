"""A name that is an array, written in place, on one way and a number on the other (seed 77000554)."""

import numpy as np


def program(w, x, taken, gain=-0.14):
    if taken:
        gain = np.tanh(w)
        gain[0] = 0.8
        gain *= gain
    return x * gain * gain


EXAMPLE = dict(args=(np.array([0.4, -1.3]), np.array([0.3, 0.7]), False), wrt=("w", "x"))
