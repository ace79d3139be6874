"""Names of rows of other turns change places behind a loop: one of them stood for the row of the other."""

import numpy as np


def program(w, a, b, c):
    t = 0.3
    for b in w:
        a, b = b, a
        w[0, 1] = t
    if a[0] > t:
        b, a = a, b
    a, c = c, a
    return np.sum(a * b) + c[1] * t


EXAMPLE = dict(
    args=(
        np.array([[0.8, 0.5, 1.1], [0.4, 1.0, 0.7], [0.9, 0.3, 0.6]]),
        np.array([0.6, 0.9, 0.4]),
        np.array([0.7, 1.2, 0.5]),
        np.array([0.35, 0.8, 1.0]),
    ),
    wrt="w",
)
