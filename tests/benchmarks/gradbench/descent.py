"""Gradient descent as ``particle`` and ``saddle`` use it, after Pearlmutter and Siskind."""

import numpy as np


def length(v):
    return np.sqrt(np.sum(v**2))


def argmin(value, slope, x):
    """Where ``value`` is least. Ten steps that led down in a row double the rate, one that did not halves it."""
    fx, gx = value(x), slope(x)
    rate, taken = 1e-5, 0
    while length(gx) > 1e-5:
        if taken == 10:
            rate, taken = 2 * rate, 0
            continue
        ahead = x - rate * gx
        if length(ahead - x) <= 1e-5:
            break
        f_ahead = value(ahead)
        if f_ahead < fx:
            x, fx, gx, taken = ahead, f_ahead, slope(ahead), taken + 1
        else:
            rate, taken = rate / 2, 0
    return x
