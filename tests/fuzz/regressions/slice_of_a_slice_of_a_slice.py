"""Seed 2055 of views: a write through a slice of a slice of a slice, read through the middle one."""

import numpy as np


def program(y):
    v1 = y * 2
    r9 = v1[1:][:-1]
    p10, q11 = r9[:2], r9[2:]
    q11 += v1[-2]
    return np.sum(r9**2)


EXAMPLE = dict(args=(np.array([0.5, 0.3, -0.2, 1.1, 0.7, 0.2]),), wrt="y")
