"""Properties."""

import numpy as np

GROUP = "Functions"


class Body:
    def __init__(self, v):
        self.v = v

    @property
    def energy(self):
        return np.sum(self.v**2) / 2


def properties(x):
    body = Body(x)
    return body.energy * x[0]


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
