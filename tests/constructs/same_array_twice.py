"""One array passed twice to a function that writes."""

import numpy as np

GROUP = "Writes"


def mix(u, v):
    u[1:] += v[:-1] ** 2
    u *= v


def same_array_twice(x):
    mix(x, x)
    return np.sum(x**2)


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
