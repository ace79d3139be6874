"""A chain of particles in double wells: forward over reverse, and the Hessian by its columns."""

import numpy as np


def double_well(x, k):
    energy = 0.0
    for i in range(len(x)):
        energy += (x[i] ** 2 - 1) ** 2
        if i > 0:
            energy += 0.5 * k * (x[i] - x[i - 1]) ** 2
    return energy


EXAMPLE = dict(args=(np.array([0.3, -0.8, 1.2, 0.1]), 0.7), wrt="x")
MODES = ("hvp", "hessian")
