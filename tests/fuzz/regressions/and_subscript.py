"""Seed 237: ``and`` of an element and a float, with an active factor."""

import numpy as np


def program(x, w, gain):
    return x * (w[1] and gain)


EXAMPLE = dict(
    args=(
        0.7,
        np.array([0.5, 1.855]),
        1.34,
    ),
    wrt="x",
)
