"""Constants that an object made anew in a loop begins with were taken for its fields after these were written."""

from dataclasses import dataclass

import numpy as np


@dataclass
class State:
    v: float
    hot: bool
    kind: str
    place: int


def program(x, n):
    total = 0.0
    state = State(x, False, "cold", 0)
    for _ in range(n):
        state = State(state.v * x, False, "cold", 0)
        state.hot = True
        state.kind = "warm"
        state.place = 1
        total += state.v
        if state.hot:
            total += 10 * x
        if state.kind == "cold":
            total += 100 * x
        total += [x, 2 * x][state.place]
    return total + np.sin(x)


EXAMPLE = dict(args=(1.3, 3), wrt="x")
