"""An enum as a flag."""

from enum import Enum

import numpy as np

GROUP = "Data"


class Mode(Enum):
    SQUARE = 1
    PLAIN = 2


def enum_flag(x, mode):
    if mode is Mode.SQUARE:
        return np.sum(x**2)
    return np.sum(x)


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]), Mode.SQUARE), wrt='x')
