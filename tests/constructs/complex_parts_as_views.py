"""`z.real` and `z.imag` as views that are written: `re = z.real; re[0] = ...`, `z.imag = ...`."""

import numpy as np

GROUP = "Complex"


def complex_parts_as_views(z, x):
    w = z * z
    re = w.real
    re[0] = x[1]
    w.imag[1:] *= x[1:]
    w.real += x
    return np.sum(w**2).imag


EXAMPLE = dict(args=(np.array([0.5 + 1j, -1.2 + 0.3j]), np.array([1.5, 0.7])), wrt=("z", "x"))
