"""Casts between real and complex numbers: `complex(a, b)`, `astype(complex)`, a complex number written as real."""

import numpy as np

GROUP = "Complex"


def complex_casts(x):
    z = x.astype(complex) * complex(x[0], x[1])
    y = np.zeros(3)
    y[:] = z.real
    return np.sum(y * x)


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1]),), wrt="x")
