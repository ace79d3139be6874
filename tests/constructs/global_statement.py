"""`global` for reading and writing."""

import numpy as np

GROUP = "Statements"


GAIN = 1.7
CALLS = 0


def global_statement(x):
    global GAIN, CALLS
    CALLS += 1
    return np.sum(GAIN * x**2)


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
