"""The result of a call was written into, which its backward function reads."""

import numpy as np


def update1(p):
    p += 0.8
    return np.tanh(np.concatenate((p[[1, 1]], p[2:])))


def program(w):
    e4 = np.full(4, w[2, 2]).copy()
    d9 = update1(e4)
    e10 = update1(d9)
    return np.mean(e4) + np.mean(d9) + np.sum(e10)


EXAMPLE = dict(args=(np.array([[-0.966, 2.149, -1.322], [-0.737, 0.029, 1.328], [0.022, -0.641, -0.046]]),), wrt=("w",))
