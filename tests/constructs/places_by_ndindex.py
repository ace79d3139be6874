"""`np.ndindex` and `np.ndenumerate` in a `for` loop."""

import numpy as np

GROUP = "Statements"


def places_by_ndindex(x):
    y = np.zeros_like(x)
    rows, columns = x.shape
    for i, j in np.ndindex(rows, columns):
        y[i, j] = (i + 1) * x[i, j] ** 2
    for (i, j), item in np.ndenumerate(x):
        if i == j:
            continue
        y[j, i] += item * y[i, j]
    total = 0.0
    for place in np.ndindex(x.shape):
        total += y[place] * (place[0] + 1)
    return total


EXAMPLE = dict(args=(np.array([[0.5, -1.2, 2.1], [0.7, 0.3, 1.1]])[:, :2],), wrt='x')
