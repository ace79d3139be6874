"""A pullback that is called several times, after what its function read has changed."""

import numpy as np

import backprose as bp


def pulled_back(x, scale):
    value, pullback = bp.vjp(lambda x: np.sin(x) * scale, x)
    scale = scale * 3.0
    total = 0.0
    for weight in (1.0, 2.0):
        total += np.sum(pullback(value * weight) ** 2)
    return total * scale


EXAMPLE = dict(args=(np.array([0.5, -0.3, 1.2]), 0.7), wrt=("x", "scale"))
SECOND_ORDER = True
