"""The residuals of a fit: few parameters, many measurements, so by columns."""

import numpy as np


def decay_fit(p, t, y):
    amplitude, rate, offset = p
    return amplitude * np.exp(-rate * t) + offset - y


EXAMPLE = dict(args=(np.array([2.0, 1.5, 0.3]), np.linspace(0, 2, 7), np.linspace(2.2, 0.4, 7)), wrt="p")
MODES = ("jacobian forward", "jacobian reverse")
