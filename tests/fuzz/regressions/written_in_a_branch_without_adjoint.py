"""A branch of no derivative that writes into an array which the backward sweep reads, under another name."""
import numpy as np


def update1(p, q):
    s = q
    p += p[0]
    return s * p[0]


def program(u, z):
    e4 = update1(z[0][::1], u[0, -1])
    d8 = z[0][::1] @ z[0][::1]
    f9 = z[1][-2] / (1.5 + d8 ** 2)
    if z[1][0] > 0.3:
        g10 = update1(z[0], z[0][1])
    return e4 + d8 ** 2 + f9 ** 2

EXAMPLE = dict(args=(np.array([[0.444], [0.956]]), [np.array([0.825, 0.367]), np.array([0.503, 0.484])],), wrt=('z', 'u'))
