"""An array in an object, written."""

import numpy as np

GROUP = "Writes"


class Body:
    def __init__(self, position, speed):
        self.position, self.speed = position, speed


def array_in_an_object_written(x):
    body = Body(x, x * 2)
    body.position[1:] *= body.speed[:-1]
    return np.sum(x * body.speed)


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
