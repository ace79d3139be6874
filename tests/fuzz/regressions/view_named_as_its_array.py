"""Seed 900041: a view bound to the name of its array, and written into: what was read of the array before was lost."""

import numpy as np


def program(x, u, gain=0.1):
    u[[-3]] -= np.linalg.norm(x[::1])
    x = x[::1]
    np.copyto(x, 0.8, where=x > 0.39)
    return np.mean(x) + np.sum(u) + gain**2


EXAMPLE = dict(args=(np.array([0.413, -0.266, -1.556]), np.array([-1.491, 0.344, -0.43])), wrt="x")
