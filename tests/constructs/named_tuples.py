"""Named tuples."""

from typing import NamedTuple

import numpy as np

GROUP = "Data"


class State(NamedTuple):
    position: np.ndarray
    speed: float


def named_tuples(x):
    state = State(x, x[0])
    state = state._replace(speed=state.speed * 2)
    return np.sum(state.position * state.speed)


EXAMPLE = dict(args=(np.array([0.5, -1.2, 2.1, 0.7]),), wrt='x')
