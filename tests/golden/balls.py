"""Objects in a list of a length that is not known, which change there."""

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
    energy = 0.0
    for ball in balls:
        energy += 0.5 * ball.v**2 + 9.81 * ball.x
    return energy


EXAMPLE = dict(args=(np.array([0.5, 1.03, 2.17]), np.array([1.0, -0.73, -1.5])), wrt=("xs", "vs"))
