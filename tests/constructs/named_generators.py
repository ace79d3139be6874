"""A generator expression that has a name, used by the next statement."""

import numpy as np

GROUP = "Data"


def named_generators(x):
    waves = (a * np.sin(a) for a in x)
    total = sum(waves)
    return total**2


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
