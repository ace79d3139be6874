"""A generator of the user's."""

import numpy as np

GROUP = "Statements"


def squares(values):
    for v in values:
        yield v**2


def generators(x):
    return sum(squares(x))


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
