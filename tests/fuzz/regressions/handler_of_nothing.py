"""A handler that names its exception and holds only a loop without a turn: crashed."""

import numpy as np


def program(z):
    try:
        pass
    except KeyError as error:
        for _ in range(1, 1):
            z = z * 2
    return np.sum(z**2)


EXAMPLE = dict(args=(np.array([-0.53, 0.4]),), wrt="z")
