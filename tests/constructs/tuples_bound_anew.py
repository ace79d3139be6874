"""A state that is a named tuple, bound anew in a loop: `s = step(s)`."""

from typing import NamedTuple

import numpy as np

GROUP = "Data"


class State(NamedTuple):
    position: np.ndarray
    time: float


def step(s):
    return State(s.position * 1.1 - s.time, s.time + 0.1)


def tuples_bound_anew(s, n):
    for _ in range(n):
        s = step(s)
    return np.sum(s.position**2) * s.time


EXAMPLE = dict(args=(State(np.array([0.5, -1.2]), 0.3), 3), wrt="s")
