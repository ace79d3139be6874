"""The log-likelihood of a normal distribution given by mean and covariance."""

import math

import numpy as np


def gaussian(mean, covariance, samples):
    n, d = samples.shape
    away = samples - mean
    solved = np.linalg.solve(covariance, away.T)
    squares = np.sum(away.T * solved)
    return -0.5 * (squares + n * np.log(np.linalg.det(covariance)) + n * d * math.log(2 * math.pi))


rng = np.random.default_rng(3)
root = rng.normal(size=(3, 3))
EXAMPLE = dict(args=(rng.normal(size=3), root @ root.T + 2 * np.eye(3), rng.normal(size=(6, 3))), wrt=("mean", "covariance"))
SECOND_ORDER = True
