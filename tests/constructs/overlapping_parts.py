"""Overlapping parts passed to a function that writes."""

import numpy as np

GROUP = "Writes"


def mix(u, v):
    u += v**2


def overlapping_parts(x):
    mix(x[1:], x[:-1])
    return np.sum(x**2)


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
