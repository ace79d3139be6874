"""Set comprehensions."""

import numpy as np

GROUP = "Data"


def set_comprehension(x):
    powers = {n % 3 for n in range(5)}
    return sum(x[k] ** 2 for k in sorted(powers))


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
