"""A helper that writes into an array and calls items of lists, objects, and functions with stars."""

import numpy as np

GROUP = "Writes"


class Damper:
    def __init__(self, rate):
        self.rate = rate

    def __call__(self, v):
        return v / (1.0 + self.rate * v * v)


LAYERS = [np.tanh, Damper(0.3)]


def joined(left, right):
    return left * np.cos(right)


def update(part, weight):
    for layer in LAYERS:
        part[:2] = layer(part[:2]) * weight
    damper = Damper(weight)
    part[2] = damper(part[2]) + joined(*part[:2])


def helper_writes_and_calls_items(x, y):
    rows = np.outer(x, y)
    for row in rows:
        update(row, 0.7)
    return np.sum(rows**2)


EXAMPLE = dict(args=(np.array([0.4, 1.3]), np.array([0.5, -0.8, 1.1])), wrt=("x", "y"))
