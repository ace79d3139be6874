"""A slice of the array itself, reversed, multiplied into it: Right or refused."""

import numpy as np


def program(v):
    v *= v[::-1]
    return np.sum(v)


EXAMPLE = dict(args=(np.array([1.16, -0.878, 0.653, 0.088]),), wrt="v")
