"""Logistic regression: the loss of labels 0 and 1, without overflow, with a penalty on the weights."""

import numpy as np


def logistic(weights, bias, features, labels, penalty=0.01):
    """The mean negative log-likelihood."""
    z = features @ weights + bias
    losses = np.maximum(z, 0) - z * labels + np.log1p(np.exp(-np.abs(z)))
    return np.mean(losses) + penalty * np.dot(weights, weights)


rng = np.random.default_rng(1)
EXAMPLE = dict(
    args=(rng.normal(size=4), 0.3, rng.normal(size=(6, 4)), np.array([0.0, 1.0, 1.0, 0.0, 1.0, 0.0])),
    wrt=("weights", "bias"),
)
