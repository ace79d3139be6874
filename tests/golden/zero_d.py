"""Arrays without axes, NumPy scalars, float() and .item()."""

import numpy as np


def zero_d(a, b):
    c = np.sin(a) * b
    d = float(c) + a.item()
    return np.sum(c) * d + np.asarray(b) ** 2


EXAMPLE = dict(args=(np.array(0.7), np.float64(1.2)), wrt=("a", "b"))
