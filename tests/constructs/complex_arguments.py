"""Complex numbers and arrays as arguments, whose gradients are complex."""

import numpy as np

GROUP = "Complex"


def complex_arguments(z, w, x):
    return abs(z) ** 2 + np.sum((z * w * x).imag) + np.vdot(w, x * w).real


EXAMPLE = dict(args=(0.3 - 0.8j, np.array([0.5 + 1j, -1.2 + 0.3j]), np.array([1.5, 0.7])), wrt=("z", "w", "x"))
