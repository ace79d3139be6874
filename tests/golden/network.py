"""A matrix filled by its diagonal and through its transpose: potentials in a network of conductors, sorted in place."""

import numpy as np


def network(coupling, leak, source):
    K = -np.outer(coupling, coupling)
    K.T[0] *= 2.0  # the first node is fed from one side only
    np.fill_diagonal(K, 0.0)
    np.fill_diagonal(K, leak - np.add.reduce(K, axis=1))
    u = np.linalg.solve(K, source)
    u[0] = u[-1] = 0.0  # both ends are grounded
    u.sort()
    power = (u[:, None] * K * u[None, :]).reshape(-1)
    power[:: len(u) + 1] *= 0.5
    return np.sum(power) + u[-1]


EXAMPLE = dict(
    args=(np.array([0.8, 1.3, 0.6, 1.1]), 0.2, np.array([1.0, 0.3, -0.4, 0.1])),
    wrt=("coupling", "leak", "source"),
)
LENGTH_ONE = False  # the arrays belong to one set of nodes
