"""Shallow water in a closed basin: Lax-Friedrichs steps in place, the misfit to a tide gauge."""

import numpy as np

GRAVITY = 9.81
COURANT = 0.4


def reflect(h, hu, hv):
    """Solid walls: the height is mirrored, the momentum normal to the wall changes its sign."""
    h[0, :] = h[1, :]
    h[-1, :] = h[-2, :]
    h[:, 0] = h[:, 1]
    h[:, -1] = h[:, -2]
    # momentum in x
    hu[0, :] = -hu[1, :]
    hu[-1, :] = -hu[-2, :]
    hu[:, 0] = hu[:, 1]
    hu[:, -1] = hu[:, -2]
    # momentum in y
    hv[0, :] = hv[1, :]
    hv[-1, :] = hv[-2, :]
    hv[:, 0] = -hv[:, 1]
    hv[:, -1] = -hv[:, -2]


def fluxes(h, hu, hv):
    """The fluxes of mass and momentum, in x and in y."""
    u, v = hu / h, hv / h
    pressure = 0.5 * GRAVITY * h**2
    return (hu, hu * u + pressure, hu * v), (hv, hv * u, hv * v + pressure)


def step(h, hu, hv, dt, dx):
    """One Lax-Friedrichs step of the inner cells."""
    along_x, along_y = fluxes(h, hu, hv)
    updated = []
    for q, f, g in zip((h, hu, hv), along_x, along_y):
        new = 0.25 * (q[2:, 1:-1] + q[:-2, 1:-1] + q[1:-1, 2:] + q[1:-1, :-2])
        new -= 0.5 * dt / dx * (f[2:, 1:-1] - f[:-2, 1:-1])
        new -= 0.5 * dt / dx * (g[1:-1, 2:] - g[1:-1, :-2])
        updated.append(new)
    for q, new in zip((h, hu, hv), updated):
        q[1:-1, 1:-1] = new


def initial_height(depth, hump, n):
    """Still water and a round hump; hump is (height, x, y, width)."""
    height, x0, y0, width = hump
    x = (np.arange(n) + 0.5) / n
    distance = (x[:, None] - x0) ** 2 + (x[None, :] - y0) ** 2
    return depth + height * np.exp(-distance / (2 * width**2))


def shallow_water(depth, hump, friction, gauge, observed, n=8):
    dx = 1.0 / n
    h = initial_height(depth, hump, n)
    hu = np.zeros_like(h)
    hv = np.zeros_like(h)
    reflect(h, hu, hv)

    misfit = 0.0
    for level in observed:
        # the fastest wave must not cross more than a part of a cell
        speed = np.sqrt(GRAVITY * h.max())
        dt = COURANT * dx / speed
        step(h, hu, hv, dt, dx)
        hu *= 1 - dt * friction
        hv *= 1 - dt * friction
        reflect(h, hu, hv)
        misfit += (h[gauge] - level) ** 2
    return misfit / len(observed)


EXAMPLE = dict(
    args=(1.3, np.array([0.3, 0.37, 0.58, 0.2]), 0.7, (5, 2), np.array([1.35, 1.4, 1.38, 1.33, 1.31])),
    wrt=("depth", "hump", "friction"),
)
