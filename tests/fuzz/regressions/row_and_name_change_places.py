"""Seed 71002420: a row and a name change places in a loop, and the row is written through the name."""

import numpy as np


def update2(p, q):
    p[3] = 0.8


def program(w, x, k1, k2):
    for r3 in w:
        e4 = r3
        e4[::1] = 0.5
        r3, x = x, r3
        e5 = update2(r3, e4)
    return x


EXAMPLE = dict(args=(np.array([[-0.473, -0.874, -0.671, -0.109], [1.947, -0.433, 0.03, 0.966], [-0.332, 0.022, 0.249, -0.495], [-0.086, 0.872, -0.177, -0.448]]), np.array([0.465, 0.689, 0.659, -1.472]), np.array([[300, 300], [1, 300], [300, 300], [1, -300]]), np.array([True, True, True, True], dtype='bool'),), wrt='x')
