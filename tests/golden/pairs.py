"""Nested loops over pairs of particles: the Lennard-Jones energy, pairs too far apart left out."""

import math

import numpy as np

CUTOFF = 2.5


def pairs(positions, sigma=1.0, epsilon=0.5):
    energy = 0.0
    for i in range(len(positions)):
        for j in range(i + 1, len(positions)):
            gap = positions[i] - positions[j]
            distance = math.sqrt(np.sum(gap**2))
            if distance > CUTOFF:
                continue
            ratio = (sigma / distance) ** 6
            energy += 4 * epsilon * (ratio**2 - ratio)
    return energy


EXAMPLE = dict(
    args=(np.array([[0.0, 0.1], [1.1, 0.2], [0.3, 1.2], [4.0, 1.0]]), 1.0, 0.5),
    wrt=("positions", "sigma", "epsilon"),
)
FLOAT32 = False  # math.sqrt takes the sum to double precision, and the sixth powers need it
