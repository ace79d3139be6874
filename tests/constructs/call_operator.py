"""`__call__`."""

import numpy as np

GROUP = "Functions"


class Kernel:
    def __init__(self, length):
        self.length = length

    def __call__(self, v):
        return np.exp(-((v / self.length) ** 2))


def call_operator(x):
    kernel = Kernel(x[0])
    return np.sum(kernel(x))


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
