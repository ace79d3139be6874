"""A view of what a helper writes into was saved as it is; the next call of the helper changed it (a mean of nothing: nan)."""

import numpy as np


def worn(p):
    p[2] /= 1.2
    return np.max(np.broadcast_to(p[2], (4, 2)))


def program(z):
    first = worn(z)
    second = worn(z)
    return first**2


EXAMPLE = dict(args=(np.array([[-0.632, 0.302], [-0.335, -0.815], [-1.622, -0.78], [-1.086, 0.665]]),), wrt="z")
