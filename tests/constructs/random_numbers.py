"""Random numbers drawn within."""

import numpy as np

GROUP = "Statements"


def random_numbers(x):
    rng = np.random.default_rng(3)
    noise = rng.normal(size=4)
    total = 0.0
    for v in x + noise:
        total += v**2 * rng.uniform()
    return total


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
