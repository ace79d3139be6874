"""A list that is made in one branch and read in another, neither taken: its adjoint was made as long as None."""

import numpy as np


def program(x, k):
    if k > 0:
        squares = [v * v for v in x]
    total = 0.0
    if k > 0:
        total = sum(squares)
    return total + x[0]


EXAMPLE = dict(args=(np.array([0.5, 1.3, -0.7]), -1.5), wrt="x")
