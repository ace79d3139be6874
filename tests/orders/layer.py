"""A dense layer, with respect to its matrix and its bias: two parts, one of three axes."""

import numpy as np


def layer(W, b, x):
    return np.tanh(x @ W + b)


EXAMPLE = dict(
    args=(np.cos(np.arange(6.0)).reshape(3, 2), np.array([0.1, -0.2]), np.array([0.5, -1.0, 0.25])), wrt=("W", "b")
)
MODES = ("jacobian forward", "jacobian reverse")
