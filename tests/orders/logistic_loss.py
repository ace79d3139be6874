"""The loss of a logistic regression, with respect to weights and bias: a Hessian of four blocks."""

import numpy as np


def logistic_loss(w, b, X, y):
    margin = y * (X @ w + b)
    return np.mean(np.log(1 + np.exp(-margin)))


EXAMPLE = dict(
    args=(np.array([0.5, -1.0]), 0.2, np.cos(np.arange(10.0)).reshape(5, 2), np.array([1.0, -1.0, 1.0, 1.0, -1.0])),
    wrt=("w", "b"),
)
MODES = ("hvp", "hessian", "hessian reverse")
