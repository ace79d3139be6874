"""A counter outside, which each call raises once; a log of sizes in a captured list."""

import numpy as np

CALLS = 0
SIZES = []


def counted(x, rate):
    global CALLS
    CALLS += 1
    SIZES.append(len(x))
    if CALLS % 10000 == 0:
        print("still running")
    return np.sum(np.exp(-rate * x) * x)


EXAMPLE = dict(args=(np.array([0.4, 1.3, 2.2]), 0.7), wrt=("x", "rate"))
SECOND_ORDER = True
DUMPED = False  # a file would count its own calls
