"""``saddle``: the least, over (x1, y1), of the greatest, over (x2, y2), of x1² + y1² - x2² - y2².

Both are found by gradient descent, so that the derivative of a search by its own derivatives is taken. The names of the
functions say by which mode, forward or reverse: that of the outer search, then that of the inner one.
"""

from typing import Any

import numpy as np

import backprose as bp
from tests.benchmarks.gradbench.descent import argmin
from tests.benchmarks.gradbench.function import Function, as_array, as_list


def depth(inner, outer):
    """How far the surface is below 0."""
    return np.sum(inner**2) - np.sum(outer**2)


slope_f = bp.jacobian(depth, direction="forward")
slope_r = bp.grad(depth)


def highest_f(outer, start):
    best = argmin(lambda inner: depth(inner, outer), lambda inner: slope_f(inner, outer), start)
    return -depth(best, outer)


def highest_r(outer, start):
    best = argmin(lambda inner: depth(inner, outer), lambda inner: slope_r(inner, outer), start)
    return -depth(best, outer)


SLOPES = {
    "ff": bp.jacobian(highest_f, direction="forward"),
    "fr": bp.jacobian(highest_r, direction="forward"),
    "rf": bp.grad(highest_f),
    "rr": bp.grad(highest_r),
}


def searched(highest, slope, inner_slope):
    def search(start):
        outer = argmin(lambda x: highest(x, start), lambda x: slope(x, start), start)
        inner = argmin(lambda x: depth(x, outer), lambda x: inner_slope(x, outer), start)
        return np.concatenate([outer, inner])

    return search


def read(given: Any) -> tuple[Any, ...]:
    return (as_array(given["start"]),)


INNER = {"f": (highest_f, slope_f), "r": (highest_r, slope_r)}
FUNCTIONS = {
    modes: Function(searched(INNER[modes[1]][0], slope, INNER[modes[1]][1]), read, as_list)
    for modes, slope in SLOPES.items()
}


def sample() -> dict[str, Any]:
    return {"start": [1.0, 1.0]}
