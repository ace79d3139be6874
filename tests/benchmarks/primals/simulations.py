"""Loops in time over arrays: stencils, some in place, and ordinary differential equations."""

import numpy as np


def heat(u, alpha, steps):
    for _ in range(steps):
        u[1:-1] += alpha * (u[2:] - 2 * u[1:-1] + u[:-2])
    return np.sum(u**2)


def wave(u, c2, steps):
    """Waves in a square with fixed edges; ``c2`` is the speed squared, at the inner points."""
    before, now = u.copy(), u.copy()
    for _ in range(steps):
        after = 2 * now - before
        around = now[2:, 1:-1] + now[:-2, 1:-1] + now[1:-1, 2:] + now[1:-1, :-2]
        after[1:-1, 1:-1] += c2 * (around - 4 * now[1:-1, 1:-1])
        before, now = now, after
    return np.sum(now**2)


def accelerations(x, masses):
    apart = x[None, :, :] - x[:, None, :]
    squared = np.sum(apart**2, axis=2) + 0.01
    return np.sum((masses / squared**1.5)[:, :, None] * apart, axis=1)


def n_body(x, v, masses, dt, steps):
    """Bodies under their gravity, by leapfrog."""
    a = accelerations(x, masses)
    for _ in range(steps):
        v = v + 0.5 * dt * a
        x = x + dt * v
        a = accelerations(x, masses)
        v = v + 0.5 * dt * a
    return np.sum(x**2)


def slope(x, forcing):
    return (np.roll(x, -1) - np.roll(x, 2)) * np.roll(x, 1) - x + forcing


def lorenz96(x, forcing, dt, steps):
    """Lorenz's model of weather on a circle, by Runge and Kutta."""
    for _ in range(steps):
        k1 = slope(x, forcing)
        k2 = slope(x + 0.5 * dt * k1, forcing)
        k3 = slope(x + 0.5 * dt * k2, forcing)
        k4 = slope(x + dt * k3, forcing)
        x = x + dt / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
    return np.sum(x**2)
