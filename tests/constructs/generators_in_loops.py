"""A loop over a generator expression, alone, in `zip` and in `enumerate`."""

import numpy as np

GROUP = "Data"


def generators_in_loops(x):
    total = 0.0
    for v in (v**2 for v in x if v > 0):
        total += v
    for i, (a, b) in enumerate(zip((2 * v for v in x), map(np.sin, x))):
        total += i * a * b
    return total


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
