"""Fancy indexing with repeated indices, negative ones, and pairs."""

import numpy as np


def gather(embedding, words, W):
    picked = embedding[words]
    twice = picked[[0, 0, -1]]
    corner = W[[0, 1], [1, 0]]
    return np.sum(twice**2) + np.sum(picked @ W) * np.sum(corner)


rng = np.random.default_rng(9)
EXAMPLE = dict(
    args=(rng.normal(size=(5, 2)), np.array([3, 1, 1, -2]), rng.normal(size=(2, 2))),
    wrt=("embedding", "W"),
)
LENGTH_ONE = False  # the indices need the rows that they name
SECOND_ORDER = True
