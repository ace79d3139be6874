"""Writes into complex arrays, of real numbers too."""

import numpy as np

GROUP = "Complex"


def complex_arrays_written(x):
    w = np.zeros(4, dtype=complex)
    for k in range(4):
        w[k] = x[k]
        w[k] *= np.exp(1j * x[k - 1])
    w[1:] += w[:-1]
    return np.sum(np.abs(w) ** 2)


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt="x")
