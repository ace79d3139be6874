"""A variable bound in the ``else`` of a loop, which a return in the loop passes over: its tangent was set to 0 like it."""

import numpy as np


def program(y, u, w, m):
    k = 0
    while k < 1:
        if y[0, 0] > 0:
            return w[0] * 0.8
        k += 1
    e = 3
    if m == 2:
        pass
    elif m == 3:
        if u[0] < 3:
            pass
        else:
            return 0.5
    e -= y
    try:
        return np.sum(w**2)
    except TypeError:
        pass
    return e


EXAMPLE = dict(args=(np.array([[0.53, -0.204]]), np.array([0.034, 1.302]), np.array([0.153, 0.352]), 3), wrt="w")
