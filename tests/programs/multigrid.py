"""A V-cycle for -u'' + c u = f that recurses and corrects its argument in place; the misfit of the solution."""

import numpy as np


def smooth(u, f, c, h, sweeps):
    """Gauss-Seidel sweeps, in place."""
    for _ in range(sweeps):
        for i in range(1, len(u) - 1):
            u[i] = (h**2 * f[i] + u[i - 1] + u[i + 1]) / (2 + h**2 * c)


def residual(u, f, c, h):
    r = np.zeros_like(u)
    r[1:-1] = f[1:-1] - c * u[1:-1] + (u[2:] - 2 * u[1:-1] + u[:-2]) / h**2
    return r


def restrict(r):
    """Full weighting onto every second point."""
    coarse = r[::2].copy()
    coarse[1:-1] = 0.25 * r[1:-2:2] + 0.5 * r[2:-1:2] + 0.25 * r[3::2]
    return coarse


def prolong(e, u):
    """Adds the coarse correction e to u: at its own points, and halfway between them."""
    u[2:-1:2] += e[1:-1]
    u[1::2] += 0.5 * (e[:-1] + e[1:])


def v_cycle(u, f, c, h):
    """One V-cycle; u is improved in place."""
    if len(u) == 3:  # one unknown: solve it
        u[1] = (h**2 * f[1] + u[0] + u[2]) / (2 + h**2 * c)
        return
    smooth(u, f, c, h, 2)
    coarse = restrict(residual(u, f, c, h))
    e = np.zeros_like(coarse)
    v_cycle(e, coarse, c, 2 * h)
    prolong(e, u)
    smooth(u, f, c, h, 1)


def multigrid(source, c, left, right, target, cycles=2):
    """How far the solution is from the target, with a price on the source."""
    n = len(source)
    h = 1.0 / (n - 1)
    u = np.zeros(n)
    u[0], u[-1] = left, right
    for _ in range(cycles):
        v_cycle(u, source, c, h)
    return h * np.sum((u - target) ** 2) + 1e-3 * h * np.sum(source**2)


EXAMPLE = dict(
    args=(
        np.array([0.0, 1.5, -0.8, 2.1, 3.0, 0.4, -1.2, 0.9, 0.0]),
        1.7,
        0.2,
        -0.3,
        np.linspace(0.1, 0.5, 9),
    ),
    wrt=("source", "c", "left", "right"),
)
