"""A call wrote through a view into an array whose earlier content the backward sweep reads."""

import numpy as np


def update1(p, q, k):
    p[1:] -= 0.3
    s = q
    return s


def program(x, y):
    g1 = np.sum(x[[4, 4, 4, 4, 1]] * x)
    b3 = 0.3
    b3 += update1(x.ravel(), np.sum(y[y > 0.6]), 2)
    return g1 + b3


EXAMPLE = dict(
    args=(np.array([[-1.371], [-0.085], [-0.207], [0.176], [0.291]]), np.array([-0.058, 2.023, 0.304, -0.794])),
    wrt=("x",),
)
