"""Seed 610075: ``out=`` with ``where=`` into an array that a temporary names: the write was lost."""

import numpy as np


def program(x, y, z):
    t2 = (y, x)
    d3 = dict(rate=z[0])
    np.multiply(t2[0], x * np.dot(t2[0], z[0]), out=d3["rate"], where=d3["rate"] > -0.67)
    return np.sum(d3["rate"])


EXAMPLE = dict(
    args=(
        1.129,
        np.array([0.159, 0.837, 1.181, -0.748]),
        (
            np.array([-0.132, -1.258, 0.601, -0.156]),
            np.array([[-0.595], [0.393], [-0.383], [3.391]]),
        ),
    ),
    wrt=("x",),
)
