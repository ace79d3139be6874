"""A fixed point of a helper, found by a while loop over arrays."""

import numpy as np


def damped(x, W, b):
    return 0.5 * np.tanh(W @ x + b)


def fixed_point(W, b, most=60):
    x = np.zeros_like(b)
    change = 1.0
    turn = 0
    while change > 1e-14 and turn < most:
        new = damped(x, W, b)
        change = np.max(np.abs(new - x))
        x = new
        turn += 1
    return x.sum() + np.dot(x, b)


EXAMPLE = dict(args=(0.4 * np.cos(np.arange(9.0)).reshape(3, 3), np.array([0.2, -0.5, 1.0])), wrt=("W", "b"))
