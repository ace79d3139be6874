"""Seed 80743: the result of an inner loop, which its ``break`` or its ``else`` assigns in every turn of the outer one."""

import numpy as np


def helper(p, q):
    k1 = 0
    while k1 < 5:
        p = np.ones((3, 3))
        if abs(0.07) > -0.51:
            return np.min(q[[1, 0, 0]])
        p[:] = 1


def program(x):
    k4 = 0
    while k4 < 5:
        return helper(x[:, 1], x[[0, 1, 1]])


EXAMPLE = dict(args=(np.array([[0.304, -0.452], [1.167, 1.024], [-0.104, -0.423]]),), wrt=("x",))
