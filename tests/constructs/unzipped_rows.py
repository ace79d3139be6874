"""`zip(*rows)` of a list of tuples: the columns."""

import numpy as np

GROUP = "Data"


def unzipped_rows(x):
    points = [(a, np.sin(a)) for a in x]
    across, up = zip(*points)
    total = sum(across) * max(up)
    for column in zip(*points):
        total += column[0] * column[1]
    return total


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
