"""``particle``: how strong a charge has to be for a particle that flies past to land nearest to the origin.

The particle is repelled by two charges, at (10, 10 - w) and (10, 0), and moves by Euler's method until it is below the
axis. The force is a gradient, and w is found by gradient descent: a derivative within a derivative. The names of the
functions say by which mode, forward or reverse: that of the search, then that of the force.
"""

from typing import Any

import numpy as np

import backprose as bp
from tests.benchmarks.gradbench.descent import argmin, length
from tests.benchmarks.gradbench.function import Function

STEP = 0.1


def potential(x, w):
    return 1 / length(x - np.array([10.0, 10.0 - w])) + 1 / length(x - np.array([10.0, 0.0]))


field_f = bp.jacobian(potential, direction="forward")
field_r = bp.grad(potential)


def missed(w, field):
    """The square of where the particle lands."""
    x, velocity = np.array([0.0, 8.0]), np.array([0.75, 0.0])
    ahead = x + STEP * velocity
    while ahead[1] > 0:
        velocity = velocity - STEP * field(x, w)
        x = ahead
        ahead = x + STEP * velocity
    return (x[0] - x[1] / velocity[1] * velocity[0]) ** 2


def missed_f(w):
    return missed(w[0], field_f)


def missed_r(w):
    return missed(w[0], field_r)


PRIMALS = {"f": missed_f, "r": missed_r}
SLOPES = {
    "ff": bp.jacobian(missed_f, direction="forward"),
    "fr": bp.jacobian(missed_r, direction="forward"),
    "rf": bp.grad(missed_f),
    "rr": bp.grad(missed_r),
}


def searched(value, slope):
    def search(w):
        return argmin(value, slope, w)[0]

    return search


def read(given: Any) -> tuple[Any, ...]:
    return (np.array([given["w"]], dtype=float),)


FUNCTIONS = {modes: Function(searched(PRIMALS[modes[1]], slope), read) for modes, slope in SLOPES.items()}


def sample() -> dict[str, Any]:
    return {"w": 0.0}
