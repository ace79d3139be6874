"""Schroedinger's equation by Crank-Nicolson steps: a tridiagonal system swept in place, and where the particle is."""

import numpy as np


def complex_wave(psi, well, step, turns):
    n = len(psi)
    potential = well * (np.arange(n) - 2.0) ** 2
    for _ in range(turns):
        ahead = 1 + 0.5j * step * (2 + potential)
        rest = (1 - 0.5j * step * (2 + potential)) * psi
        rest[1:] += 0.5j * step * psi[:-1]
        rest[:-1] += 0.5j * step * psi[1:]
        # Thomas' algorithm, with -0.5j * step beside the diagonal
        for i in range(1, n):
            factor = 0.5j * step / ahead[i - 1]
            ahead[i] += factor * 0.5j * step
            rest[i] += factor * rest[i - 1]
        psi[-1] = rest[-1] / ahead[-1]
        for i in range(n - 2, -1, -1):
            psi[i] = (rest[i] + 0.5j * step * psi[i + 1]) / ahead[i]
    density = np.abs(psi) ** 2
    return np.sum(density * np.arange(n)) / np.sum(density)


EXAMPLE = dict(
    args=(
        np.array([0.1 + 0.2j, 0.8 - 0.1j, 0.9 + 0.6j, 0.3 - 0.4j, 0.05j]),
        0.15,
        0.3,
        3,
    ),
    wrt=("psi", "well", "step"),
)
LENGTH_ONE = False  # a grid of one point has no neighbours
