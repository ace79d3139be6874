"""NumPy's writes that are functions: ``put``, ``putmask``, ``copyto``, ``sort`` in place, ``subtract.at``, ``fill``."""

import numpy as np


def put_in_place(x, levels):
    grid = np.zeros(8)
    grid.fill(levels[0])
    np.put(grid, [6, 1, 6], x)
    np.copyto(grid[2:5], levels, where=levels > 0)
    np.subtract.at(grid, [0, 0, 7], x**2)
    np.putmask(grid, grid < -0.5, -0.5 * levels[1])
    grid[3:].sort()
    return np.sum(grid * np.arange(1.0, 9.0)) + grid[0] * grid[-1]


EXAMPLE = dict(args=(np.array([0.4, -0.3, 0.9]), np.array([0.6, -0.2, 1.4])), wrt=("x", "levels"))
