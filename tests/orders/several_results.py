"""Two results: a Jacobian of each; a helper that is called, a branch."""

import numpy as np


def distance(a, b):
    return np.sqrt(np.sum((a - b) ** 2))


def several_results(a, b, scale):
    gap = distance(a, b)
    if gap > scale:
        return a * gap, scale * np.sum(b)
    return b * gap, gap


EXAMPLE = dict(args=(np.array([1.0, 2.0, -1.0]), np.array([0.5, 0.0, 1.0]), 0.7), wrt=("a", "scale"))
MODES = ("jacobian forward", "jacobian reverse")
