"""Two arrays change places in a loop: the second turn took them for what they were at first. Right or refused."""
import numpy as np


class Body:
    def __init__(self, first, second):
        self.first, self.second = first, second


def program(w, z, steps):
    o1 = Body(w[[1, 3, 3, 3, 2]], 0.8)
    for r4 in z[0]:
        o1.first, w = w, o1.first
        w -= 0.3
    return np.sum(w)


EXAMPLE = dict(args=(np.arange(15.0).reshape(5, 3), [np.ones((5, 3))], 3), wrt=("w",))
