"""Seed 1370: an argument that is written under another name, and of which only the shape is read afterwards."""

import numpy as np


def program(u, z):
    g1 = u
    g1 += 0.8
    return np.mean(z)


EXAMPLE = dict(
    args=(
        np.array([0.791, 1.373, -0.825, 0.736]),
        0.429,
    ),
    wrt=("u", "z"),
)
