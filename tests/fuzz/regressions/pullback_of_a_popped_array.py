"""Basic seed 52: what a pullback pops and then restores in place is popped again by its second call."""

import numpy as np


def program(u):
    u[0] /= 1.2
    c2 = u[:1]
    for k3 in range(2):
        u = u
    return np.sum(c2**2) + np.sum(u)


EXAMPLE = dict(args=(np.array([-0.826, 0.243, -0.064, -0.094]),), wrt="u")
