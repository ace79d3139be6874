"""A Hamiltonian whose derivatives drive the integrator that is differentiated."""

import numpy as np

import backprose as bp


def potential(q, stiffness):
    return stiffness * np.sum(q**4) / 4


def symplectic(q, p, stiffness, steps):
    hamiltonian = lambda q, p: potential(q, stiffness) + p @ p / 2
    for _ in range(steps):
        p = p - 0.1 * bp.grad(hamiltonian, wrt="q")(q, p)
        q = q + 0.1 * bp.grad(hamiltonian, wrt="p")(q, p)
    return np.sum(q**2)


EXAMPLE = dict(args=(np.array([0.5, -0.3]), np.array([1.0, 0.2]), 1.5, 3), wrt=("q", "p", "stiffness"))
SECOND_ORDER = True
