"""Seed 800197: a variable bound in the ``else`` of a loop that a break may leave has no value to save after it."""

import numpy as np


def program(x, n):
    for i in range(3):
        if i == n:
            break
        x = np.sin(x)
    else:
        result = np.cos(np.sum(x))
        return result
    k = 0
    while k < 3:
        k += 1
        if k == 2:
            result = np.tanh(np.sum(x**2))
            return result * np.sum(x)
        x = x * 1.5
    return np.sum(x)


EXAMPLE = dict(args=(np.array([0.3, -0.7, 1.1]), 1), wrt=("x",))
