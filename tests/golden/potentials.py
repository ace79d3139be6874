"""Functions as values: potentials in a dict, chosen by name, one a lambda that closes over a parameter, one partial."""

from functools import partial

import numpy as np


def power_law(r, strength, exponent):
    return strength / r**exponent


def potentials(positions, charge, depth):
    terms = {
        "coulomb": partial(power_law, exponent=1),
        "well": lambda r, strength: -strength * np.exp(-((r - 1.0) ** 2)),
        "wall": lambda r, strength: strength * depth * np.tanh(r),
    }
    strengths = {"coulomb": charge**2, "well": depth, "wall": 0.1}
    energy = 0.0
    for i in range(1, len(positions)):
        for j in range(i):
            r = np.sqrt(np.sum((positions[i] - positions[j]) ** 2))
            for name, term in terms.items():
                energy += term(r, strengths[name])
    return energy


EXAMPLE = dict(
    args=(np.array([[0.0, 0.1], [1.2, -0.3], [0.4, 1.5]]), 0.8, 0.6), wrt=("positions", "charge", "depth")
)
