"""Straight-line code on arrays and a float, with broadcasting."""

import numpy as np


def quadratic(x, centre, weight):
    away = x - centre  # a row for each point
    return weight * np.sum(away**2) + 0.5 * np.mean(x)


EXAMPLE = dict(args=(np.linspace(-1.0, 2.0, 12).reshape(4, 3), np.array([0.1, -0.4, 0.7]), 1.5), wrt=("x", "centre", "weight"))
SECOND_ORDER = True
