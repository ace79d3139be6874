"""A copy of elements that a call writes into was read again, as it was before, by the backward sweep."""
import numpy as np


class Body:
    def __init__(self, first, second):
        self.first, self.second = first, second
    def energy(self, c):
        return np.sum(self.first)


def helper1(p, q, r):
    c1 = 0.5
    q[::1] *= 0.8
    return q @ np.where(np.ones(4) < 1.39, p, c1)


def program(x):
    for k2 in range(2):
        d1 = helper1(x[k2], x[[-4, 0, 2, 0]], r=x[::1])
    a3 = d1
    a4 = x[-3]
    o5 = Body(x, np.tanh(helper1(a4, x, r=np.ones(4))))
    g6 = o5.energy(helper1(a3, x[[-3, 2, -1, -2]], o5.first))
    return a4 + np.sum(o5.first ** 2) + o5.second ** 2 + g6 + a3


EXAMPLE = dict(args=(np.array([1.06, 0.135, 0.623, -0.218]),), wrt='x')
