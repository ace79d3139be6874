"""Seed 52870: the result of ``or`` is an operand, not its truth."""

import numpy as np


def program(v):
    f17 = v[::1]
    if (-0.95 or 0.54) > -0.8:
        g20 = a21 = f17[1]
        return max(a21, g20)
    return np.mean(v)


EXAMPLE = dict(args=(np.array([0.57, -0.04, -1.406, -0.806]),), wrt=("v",))
