"""Refused: a part of an array in a tuple in a tuple, changed in a loop, was taken for one that the line's calls change."""

import numpy as np


def program(x, g):
    g = np.sin(g)
    for k in range(3):
        nested = ((g, 0.1), 0.8)
        nested[0][0][-1] += np.sin(x) * k
    sorted_here = np.array([np.tanh(v) for v in g])
    sorted_here.sort()
    return np.sum(g**2) + sorted_here[0]


EXAMPLE = dict(args=(0.3, np.array([0.5, -0.2, 0.9])), wrt=("x", "g"))
