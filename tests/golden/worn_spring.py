"""An object outside whose numbers the call reads and changes later: they are read into variables of the text."""

import numpy as np


class Spring:
    def __init__(self, stiffness, softening):
        self.stiffness, self.softening, self.uses = stiffness, softening, 0

    def force(self, stretch):
        self.uses += 1
        return self.stiffness * stretch / (1.0 + self.softening * self.uses)


SPRING = Spring(2.5, 0.05)


def worn_spring(position, steps):
    work = 0.0
    for _ in range(steps):
        force = SPRING.force(position)
        position = position - 0.1 * force
        work = work + np.sum(force**2)
        SPRING.stiffness *= 0.95  # it wears out
    SPRING.stiffness, SPRING.uses = 2.5, 0
    return work


EXAMPLE = dict(args=(np.array([0.4, -1.1, 0.7]), 3), wrt="position")
DUMPED = False  # it changes an object outside
