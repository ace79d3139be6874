"""A dataclass as an argument."""

from dataclasses import dataclass

import numpy as np

GROUP = "Data"


@dataclass
class Kernel:
    length: float
    scale: float
    order: int = 2


def dataclasses(theta, x):
    return np.sum(theta.scale * np.exp(-((x / theta.length) ** 2)))


EXAMPLE = dict(args=(Kernel(0.7, 1.3), np.array([0.5, -1.2, 2.1, 0.7])), wrt='theta')
