"""A plain object as an argument."""

import numpy as np

GROUP = "Data"


class Body:
    def __init__(self, x, mass):
        self.x, self.mass = x, mass

    def energy(self):
        return self.mass * np.sum(self.x**2)


def objects(body):
    return body.energy() + body.mass * body.x[0]


EXAMPLE = dict(args=(Body(np.array([0.5, -1.2, 2.1, 0.7]), 1.5),), wrt='body')
