"""The tangent of a sum that may be the int 0 started as an int."""

import numpy as np


def program(w, u, gain=-0.7):
    f3 = sum((v1.mean() for v1 in w if gain > gain))
    f3 += np.min(u[[1, 0, 1, 2, 3]])
    return f3


EXAMPLE = dict(
    args=(np.array([[0.229, -0.252, -0.289], [0.773, -0.319, 0.201]]), np.array([1.013, 0.137, -0.689, 0.781, -0.836])),
    wrt="u",
)
