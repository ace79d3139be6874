"""Methods, attributes read and written."""

import numpy as np

GROUP = "Functions"


class Body:
    def __init__(self, speed):
        self.speed = speed

    def kick(self, k):
        self.speed = self.speed * (1 + k)


def methods(x):
    body = Body(x)
    body.kick(0.1)
    body.kick(x[0])
    return np.sum(body.speed**2)


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
