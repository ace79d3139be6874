"""``table[np.cos(x)]``: what the method of an object is given as an index had no derivative, nor had what it compares."""

import numpy as np


class Table:
    def __init__(self, k):
        self.k = k

    def __getitem__(self, p):
        return self.k * np.sin(p)

    def __setitem__(self, p, value):
        self.k = self.k * p + value

    def __lt__(self, other):
        return self.k * other


OUTSIDE = Table(2.0)


def program(x):
    table = Table(x[0])
    total = np.sum(table[np.cos(x) * 2]) + np.sum(OUTSIDE[np.cos(x) * 2 + x[0]])
    table[np.sum(x) * 2] = x[1] * 3
    table[x[0] * 2] += x[1] * x[0]
    return total + table.k + (table < x[1] * x[0]) * 2.0


EXAMPLE = dict(args=(np.array([0.3, 0.4]),), wrt="x")
