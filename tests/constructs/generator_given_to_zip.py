"""A generator expression given to `zip`."""

import numpy as np

GROUP = "Data"


def generator_given_to_zip(x):
    total = 0.0
    for a, b in zip((v**2 for v in x), x[1:]):
        total += a * b
    return total


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
