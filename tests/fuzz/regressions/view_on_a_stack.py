"""Seed 52151: a view kept for each turn, of an array that changes after the loop."""

import numpy as np


def program(u, gain=-0.12):
    for j1 in range(1, 3):
        a7 = 0.0
        for k8 in range(0):
            a7 = u[[1, 3, 2]] ** 2
        d9 = a7
        a2, d9 = (d9, 0.5)
        g10 = np.where(u[::1] > 0.15, a2, u)
        gain += np.dot(u[::1], g10[[2, 2, 0]])
    u *= 0.8
    return gain**2 + np.sum(u**2)


EXAMPLE = dict(args=(np.array([-0.025, -0.52, -0.814]),), wrt="u")
