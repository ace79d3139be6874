"""`map`."""

import numpy as np

GROUP = "Data"


def mapped(x):
    return sum(map(np.sin, x)) + sum(map(lambda v: v**2, x))


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
