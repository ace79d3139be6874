"""Seed 296: an argument of several operations, in a test, of a function that binds its parameters anew."""

import numpy as np


def helper1(p, q, r):
    r += 0.8
    r = 0.5
    return np.min(p.T)


def program(w, y, steps):
    for s2 in y:
        if helper1(np.full((4, 4), (0.3 * steps)), y[[-1, 0]], r=w) < helper1(np.ones((4, 4)), y[[-1, 0]], s2):
            y = y * 2.0
    return y


EXAMPLE = dict(args=(0.308, np.array([0.021, 0.5]), 3), wrt="y")
