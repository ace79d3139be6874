"""Objects in a list of a length that is not known, which change there, and a table of texts outside."""

import numpy as np


class Ball:
    def __init__(self, x, v):
        self.x = x
        self.v = v

    def move(self, dt):
        self.x += dt * self.v
        if self.x < 0:  # it bounces
            self.x = -self.x
            self.v *= -0.9


WEIGHTS = {"kinetic": 0.5, "potential": 9.81}


def balls(xs, vs):
    balls = [Ball(x, v) for x, v in zip(xs, vs)]
    for _ in range(20):
        for ball in balls:
            ball.move(0.1)
        for i, a in enumerate(balls):
            for b in balls[i + 1 :]:
                force = 0.1 * (b.x - a.x)
                a.v += force
                b.v -= force
    energies = {"kinetic": sum(ball.v**2 for ball in balls), "potential": sum(ball.x for ball in balls)}
    total = 0.0
    for name, weight in WEIGHTS.items():
        total += weight * energies[name]
    return total


EXAMPLE = dict(args=(np.array([0.5, 1.03, 2.17]), np.array([1.0, -0.73, -1.5])), wrt=("xs", "vs"))
