"""Bonded forces scattered to atoms, by ``np.add.at`` and through indices that name an atom twice."""

import numpy as np


def scatter(positions, pairs, stiffness):
    forces = np.zeros_like(positions)
    for i, j in pairs:
        forces[i] -= stiffness * (positions[i] - positions[j])
    i, j = pairs[:, 0], pairs[:, 1]
    stretch = positions[i] - positions[j]
    np.add.at(forces, j, stiffness * stretch)
    np.subtract.at(forces, i, stiffness * stretch)
    last = np.zeros_like(positions)
    last[i] = stretch  # of an atom in several pairs, the last counts
    last[j] *= stretch
    return np.sum(forces**2) + np.sum(last * positions)


rng = np.random.default_rng(3)
EXAMPLE = dict(
    args=(rng.normal(size=(4, 2)), np.array([[0, 1], [0, 2], [3, 1], [2, 3]]), 0.7),
    wrt=("positions", "stiffness"),
)
LENGTH_ONE = False  # the pairs need the atoms that they name
SECOND_ORDER = True
