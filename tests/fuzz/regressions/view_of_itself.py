"""Seed 118: a view bound to the name of its array, whose rows a function writes into."""

import numpy as np


def update2(p):
    p += 0.5 * np.sin(p)


def program(w, steps):
    w = w[::1]
    for j1 in range(2):
        update2(w[j1])
    return np.sum(w)


EXAMPLE = dict(args=(np.array([[0.117, -1.998, 0.365], [-0.516, 0.313, 0.819]]), 3), wrt="w")
