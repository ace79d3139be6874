"""The adjoint of a sum of one number was a read-only array, which a function called multiplied in place."""

import numpy as np


def helper1(p, q, c=0.62):
    r0 = c
    for k in range(2):
        r0 = np.tanh(r0)
    return r0


def program(x):
    l1 = [x]
    f3 = sum((v4 for v4 in l1))
    t6, n7 = (f3, 0)
    f10 = t6
    b11 = f12 = np.sum(helper1(3, 0.58, c=f10))
    t14, n15 = (b11, 0)
    b16 = t14
    b18 = t14
    l19 = [b16, np.dot(np.ones(3), np.ones(3))]
    return b18 + l19[0] ** 2 + l19[1]


EXAMPLE = dict(args=(0.86,), wrt="x")
