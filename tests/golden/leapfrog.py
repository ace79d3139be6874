"""A dataclass that each step replaces by a new one, and a list that keeps them all."""

from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass
class Body:
    place: Any
    speed: Any

    def energy(self):
        return 0.5 * np.sum(self.speed**2) + np.sum(np.cosh(self.place))


def step(body, dt):
    half = body.speed - 0.5 * dt * np.sinh(body.place)
    place = body.place + dt * half
    return Body(place, half - 0.5 * dt * np.sinh(place))


def leapfrog(place, dt, steps):
    body = Body(place, 0.0 * place)
    path = []
    for _ in range(steps):
        body = step(body, dt)
        path.append(body)
    drift = sum(b.energy() for b in path) / steps
    return np.sum(path[-1].place ** 2) + drift


EXAMPLE = dict(args=(np.array([0.4, -0.8, 0.3]), 0.2, 5), wrt=("place", "dt"))
SECOND_ORDER = True
LARGER = False  # what its helper returns is no number
