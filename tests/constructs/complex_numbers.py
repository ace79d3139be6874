"""Complex numbers within."""

import numpy as np

GROUP = "Complex"


def complex_numbers(x):
    z = np.exp(1j * x)
    return np.sum(np.real(z * z)) + np.sum(np.abs(z + x))


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
