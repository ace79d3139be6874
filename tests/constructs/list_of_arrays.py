"""A list of arrays made in a loop, joined by `np.stack`."""

import numpy as np

GROUP = "Data"


def list_of_arrays(x):
    rows = []
    y = x
    for _ in range(3):
        y = np.sin(y) + x
        rows.append(y)
    return np.sum(np.stack(rows) ** 2)


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
