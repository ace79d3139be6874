"""A mesh of all pairs, an array cut in parts, norms: each result has an adjoint of its own."""

import numpy as np


def interaction(state, strength):
    position, velocity = np.split(state, 2)
    here, there = np.meshgrid(position, position, indexing="ij")
    potential = np.sum(np.exp(-((here - there) ** 2)))
    return strength * potential + np.linalg.norm(velocity, 1) + 0.5 * np.linalg.norm(position, np.inf)


EXAMPLE = dict(
    args=(np.array([0.3, -0.8, 1.2, 0.5, -0.4, 0.9]), 0.7),
    wrt=("state", "strength"),
)
LENGTH_ONE = False
