"""`global` for reading."""

import numpy as np

GROUP = "Statements"


GAIN = 1.7


def global_statement(x):
    global GAIN
    return np.sum(GAIN * x**2)


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
