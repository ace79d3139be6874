"""Seed 190: a loop over ``reversed(range(...))``."""

import numpy as np


def program(x):
    total = 0.0
    for i in reversed(range(3)):
        total = total * x + i
    return total + np.sum(x)


EXAMPLE = dict(args=(0.7,), wrt="x")
