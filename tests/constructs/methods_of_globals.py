"""Methods, `__call__`, operators and properties of an object that is a global."""

import numpy as np

GROUP = "Functions"


class Kernel:
    def __init__(self, length):
        self.length = length

    @property
    def scale(self):
        return 1.0 / self.length

    def distance(self, a, b):
        return np.abs(a - b) * self.scale

    def __call__(self, a, b):
        return np.exp(-(self.distance(a, b) ** 2))

    def __mul__(self, other):
        return self.length * other


KERNEL = Kernel(0.7)


def methods_of_globals(x):
    return KERNEL(x[0], x[1]) + KERNEL.distance(x[2], x[3]) + np.sum(KERNEL * x)


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
