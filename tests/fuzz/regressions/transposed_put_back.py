"""An array written through a transposed view was put back by an assignment to a call."""

import numpy as np


def update1(p):
    p[-3, 2] -= 0.3
    return 0.07


def program(x, u, w):
    c2 = w + np.full((3, 3), u)
    u += update1(c2)
    update1(c2.swapaxes(0, 1))
    a4 = c2
    return u


EXAMPLE = dict(args=(np.array([[0.244, 0.678, -0.586]]), -0.909, np.array([-1.992, 0.972, 0.017])), wrt="w")
