"""Functions that a test chooses."""

import numpy as np

GROUP = "Functions"


def functions_chosen(x, smooth):
    act = np.tanh if smooth else np.abs
    return np.sum(act(x)) * np.sum(act(2 * x))


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]), True), wrt="x")
