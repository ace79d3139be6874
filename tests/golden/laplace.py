"""A two-dimensional stencil, relaxed in place on a copy, with a source and a mean of what is left."""

import numpy as np


def laplace(field, source, omega, sweeps):
    u = field.copy()
    for sweep in range(sweeps):
        residual = u[:-2, 1:-1] + u[2:, 1:-1] + u[1:-1, :-2] + u[1:-1, 2:] - 4 * u[1:-1, 1:-1] - source[1:-1, 1:-1]
        u[1:-1, 1:-1] += 0.25 * omega * residual
        u[0, :] = u[1, :]  # no flow through the upper edge
    return np.mean(u**2)


rng = np.random.default_rng(5)
EXAMPLE = dict(
    args=(rng.normal(size=(5, 6)), rng.normal(size=(5, 6)), 0.8, 3),
    wrt=("field", "source", "omega"),
)
