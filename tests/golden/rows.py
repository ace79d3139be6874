"""A for loop over the rows of a matrix; the sum starts as a float and becomes an array."""

import numpy as np


def rows(table, weights):
    total = 0.0
    for row in table:
        total = total + np.tanh(row) * weights
    return np.sum(total)


EXAMPLE = dict(args=(np.sin(np.arange(12.0)).reshape(4, 3), np.array([0.3, -1.0, 2.0])), wrt=("table", "weights"))
