"""Objects in a list of a length that is not known, which change there."""

import numpy as np

GROUP = "Data"


class Ball:
    def __init__(self, x, v):
        self.x, self.v, self.hits = x, v, 0

    def move(self, dt):
        self.x += dt * self.v
        if self.x < 0:
            self.x, self.v = -self.x, -0.9 * self.v
            self.hits += 1


def objects_in_lists(x):
    balls = [Ball(item, -1.0) for item in x]
    for _ in range(6):
        for ball in balls:
            ball.move(0.3)
        for a, b in zip(balls[:-1], balls[1:]):
            a.v += 0.1 * (b.x - a.x)
    return sum(ball.x * ball.v for ball in balls)


EXAMPLE = dict(args=(np.array([0.5, 1.2, 2.1, 0.7]),), wrt='x')
