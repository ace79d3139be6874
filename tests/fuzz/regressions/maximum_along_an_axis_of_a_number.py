"""Seed 37001893: NumPy reduces a number along its last axis; the kind of the number is not known."""

import numpy as np


def helper1(p, q, c=-0.2):
    if p is None:
        return 0.0
    for i in range(3):
        if c > 100:
            return q
    return c


def program(x, w, steps):
    a4 = x[::1] * 1.0
    a4[-1] = np.max(helper1((3, 3), 0.3, c=w[-1]), axis=-1) + np.sum(helper1((3, 3), 0.3, c=w[0]), axis=0)
    return np.sum(a4) + np.prod(helper1((3, 3), 0.3, c=w[0]), axis=-1)


EXAMPLE = dict(args=(np.array([1.823]), np.array([-1.424, 0.7]), 1), wrt=("w",))
