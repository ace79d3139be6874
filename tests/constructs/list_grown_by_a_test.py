"""A list that grows where a test says so."""

import numpy as np

GROUP = "Data"


def list_grown_by_a_test(x):
    kept = []
    for i in range(4):
        if x[i] > 0:
            kept.append(x[i] ** 2)
    return sum(kept) / len(kept)


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
