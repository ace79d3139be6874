"""A line fitted to the smaller half of the samples, and what it says at a place."""

import numpy as np


def trimmed_fit(t, y, place):
    smaller = np.partition(y, 3)[:4]
    slope, offset = np.polyfit(t[:4], smaller, 1)
    return (slope * place + offset) ** 2


EXAMPLE = dict(
    args=(np.array([0.0, 0.5, 1.1, 1.7, 2.2, 3.0]), np.array([0.4, 1.3, -0.2, 0.9, 2.1, 1.6]), 1.4),
    wrt=("y", "place"),
)
LENGTH_ONE = False
