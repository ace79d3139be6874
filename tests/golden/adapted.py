"""A loss after a few steps of learning, with respect to where the learning starts (MAML)."""

import numpy as np

import backprose as bp


def adapted(w, rate, x, y):
    def loss(w):
        return np.mean((np.tanh(x @ w) - y) ** 2)

    for _ in range(2):
        w = w - rate * bp.grad(loss)(w)
    return loss(w)


EXAMPLE = dict(
    args=(np.array([0.3, -0.7]), 0.1, np.array([[0.5, 1.0], [-0.2, 0.4], [1.5, 0.1]]), np.array([0.1, -0.3, 0.8])),
    wrt=("w", "rate"),
)
SECOND_ORDER = True
