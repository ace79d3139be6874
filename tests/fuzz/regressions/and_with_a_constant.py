"""Seed 81677: ``x and 0.67`` is 0.67 where x is true."""

import numpy as np


def same(p):
    return p


def program(v, n=4):
    c10 = e11 = v[-2]
    g14 = 1.0
    if n > 5:
        g14 += same(p=c10)
    k16 = 0
    while k16 < n and (e11 and 0.67) > -0.43:
        k16 += 1
        a15, e11 = (e11, 0.8 * v[0])
    return e11 * g14


EXAMPLE = dict(args=(np.array([-0.766, -0.997, 0.479]),), wrt=("v",))
