"""Branches of ``where`` that are not taken where their derivative might not be finite."""

import numpy as np


def masked_branches(x, y):
    positive = x > 0
    root = np.sqrt(np.abs(x))
    entropy = x * np.log(np.abs(x))
    smooth = np.where(positive, root * np.exp(-root), -x)
    return np.sum(smooth * y) + np.sum(np.where(x == 0, 0.0, entropy))


EXAMPLE = dict(args=(np.array([0.7, -1.2, 2.0, -0.3]), np.array([1.0, 0.5, -2.0, 3.0])), wrt=("x", "y"))
SECOND_ORDER = True
