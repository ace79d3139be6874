"""A cycle that recurses on a coarser grid and corrects its argument in place."""

import numpy as np


def relax(u, f, h):
    for i in range(1, len(u) - 1):
        u[i] = 0.5 * (u[i - 1] + u[i + 1] + h**2 * f[i])


def cycle(u, f, h):
    relax(u, f, h)
    if len(u) > 3:
        r = np.zeros_like(u)
        r[1:-1] = f[1:-1] + (u[2:] - 2.0 * u[1:-1] + u[:-2]) / h**2
        e = np.zeros((len(u) + 1) // 2)
        cycle(e, r[::2], 2.0 * h)
        u[::2] += e
        u[1::2] += 0.5 * (e[:-1] + e[1:])
    relax(u, f, h)


def v_cycle(f, left):
    u = np.zeros(len(f))
    u[0] = left
    cycle(u, f, 1.0 / (len(f) - 1))
    return np.sum(u**2)


EXAMPLE = dict(args=(np.sin(np.arange(9.0)), 0.4), wrt=("f", "left"))
LENGTH_ONE = False  # a grid has an inside
