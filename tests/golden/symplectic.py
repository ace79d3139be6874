"""An integrator whose force is a derivative: ``grad`` in a function that is differentiated."""

import numpy as np

import backprose as bp


def energy(q, stiffness):
    stretch = q[1:] - q[:-1]
    return np.sum(0.5 * stiffness * stretch**2 + 0.25 * stretch**4) + 0.5 * q[0] ** 2


def symplectic(q, stiffness, steps):
    p = np.zeros_like(q)
    for _ in range(steps):
        force = -bp.grad(energy)(q, stiffness)
        p = p + 0.1 * force
        q = q + 0.1 * p
    return np.sum(q**2)


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]), 1.3, 4), wrt=("q", "stiffness"))
SECOND_ORDER = True
LENGTH_ONE = False  # a chain of several
