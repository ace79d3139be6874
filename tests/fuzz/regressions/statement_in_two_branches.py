"""A statement written for each of the places that two names may stand for stood in two branches: its facts were those
of one, and a part of the gradient was left out."""

import numpy as np


def program(w, a, b, c):
    t = 0.3
    c, b = b, c
    if c[0] > t:
        a, b, c = b, c, a
    for c in w:
        c[1] = b[2] * a[1]
        c, b = b, c
    a[::2] *= t
    return np.sum(w * w) + a @ b + t


EXAMPLE = dict(
    args=(
        np.array([[0.8, 0.5, 1.1], [0.4, 1.0, 0.7], [0.9, 0.3, 0.6]]),
        np.array([0.6, 0.9, 0.4]),
        np.array([0.7, 1.2, 0.5]),
        np.array([0.35, 0.8, 1.0]),
    ),
    wrt="c",
)
