"""A view of an array of the caller's, handed on and saved, changed with a later call."""
import numpy as np


def helper1(p, q, c=0.63):
    r0 = q
    r1 = r0
    return r1 * p


def update2(p):
    p[1:-1] += 0.5
    return np.sum(helper1(p[::1], p, c=1.1))


def program(x, u, y, gain=0.2):
    e2 = np.full((3, 1), gain) @ x[[0]]
    gain += update2(e2)
    b3 = update2(e2)
    return gain


EXAMPLE = dict(args=(np.array([-0.226]), np.array([0.587]), np.array([-0.528]),), wrt=('x',))
