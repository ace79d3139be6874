"""Names of one array, held while it changes: a window, its reverse and the array itself, bound anew on one way."""

import numpy as np


def sliding_window(signal, kernel, steps):
    window = signal[1:4]
    mirrored = window[::-1]
    alias = signal
    for k in range(steps):
        window *= 0.5 * kernel
        alias[0] = mirrored[0] * mirrored[2]
        if signal[0] > 0:
            window = signal[2:5]
        mirrored[1] += signal[0]
    return np.sum(signal**2) + np.sum(window * kernel)


EXAMPLE = dict(args=(np.array([0.3, 1.2, -0.7, 0.8, 0.5, -0.1]), np.array([1.5, -0.4, 0.9]), 3), wrt=("signal", "kernel"))
