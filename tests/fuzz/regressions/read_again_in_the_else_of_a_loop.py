"""A part of an array that is bound anew in the ``else`` of a loop was read again of the new one."""
import numpy as np


def program(y, u, x):
    for r2 in u[1:]:
        return x.min()
    u = x[[0]]
    u = np.sin(u[::1])
    return np.mean(u)


EXAMPLE = dict(args=(np.array([[1.011], [1.658], [-1.778], [-0.287]]), np.array([0.925]), np.array([[1.002, 0.391, -1.24, 0.551]]),), wrt=('x',))
