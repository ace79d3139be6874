"""Seed 428: a loop that writes, then a constant return, inside a loop."""

import numpy as np


def program(x):
    k = 0
    while k < 3:
        k += 1
        if x > 0.0:
            b = x * 2.0
            j = 0
            while j < 1:
                j += 1
                x = x - b
            return 0.5
    return np.sum(x)


EXAMPLE = dict(args=(0.7,), wrt="x")
