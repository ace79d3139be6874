"""Broadcasting of columns, rows, new axes and floats, and reductions over several axes."""

import numpy as np


def broadcasts(column, row, cube, scale):
    grid = column[:, None] * row + scale
    spread = cube * grid - np.mean(cube, axis=(0, 2), keepdims=True)
    lifted = np.expand_dims(np.max(spread, axis=0), 0) / (1 + row**2)
    wide = np.broadcast_to(row, (2, row.size))
    return np.sum(np.sum(lifted, axis=-1) ** 2) + np.sum(spread.min() * wide[1:])


rng = np.random.default_rng(10)
EXAMPLE = dict(
    args=(rng.normal(size=4), rng.normal(size=3), rng.normal(size=(5, 4, 3)), 0.7),
    wrt=("column", "row", "cube", "scale"),
)
