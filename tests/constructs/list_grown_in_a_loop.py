"""A list that grows in a loop."""

import numpy as np

GROUP = "Data"


def list_grown_in_a_loop(x):
    kept = [x[0]]
    for i in range(3):
        kept.append(kept[-1] * x[i])
    return sum(kept) + kept[-1] ** 2


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
