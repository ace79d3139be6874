"""Chained residuals whose sparse Jacobian is timed against one pass of the residual itself."""

from __future__ import annotations

import functools
import statistics
from collections.abc import Callable
from typing import Any

import numpy as np

import backprose as bp
from tests.benchmarks.timing import first_call, interleaved, ratio

LENGTH = 1000


def chained(x):
    return np.concatenate([10 * (x[1:] - x[:-1] ** 2), 1 - x[:-1]])


def chained_loop(x):
    r = np.zeros(2 * len(x) - 2)
    for i in range(len(x) - 1):
        r[2 * i] = 10 * (x[i + 1] - x[i] ** 2)
        r[2 * i + 1] = 1 - x[i]
    return r


def tridiagonal(x):
    r = (3 - 2 * x) * x + 1
    r[1:] -= x[:-1]
    r[:-1] -= 2 * x[1:]
    return r


def chained_waves(x):
    ahead = np.sin(x[1:]) * np.exp(-(x[:-1] ** 2))
    return ahead - np.tanh(x[1:] - x[:-1])


FUNCTIONS: tuple[Callable[..., Any], ...] = (chained, chained_loop, tridiagonal, chained_waves)


def measured(function: Callable[..., Any], rounds: int) -> tuple[float, float, float, float]:
    """Seconds of the residual, of its sparse Jacobian, their ratio, and how much longer the first call takes."""
    x = np.cos(np.arange(float(LENGTH)))
    jacobian = bp.jacobian(function, sparse=True)
    calls = {"residual": functools.partial(function, x), "jacobian": functools.partial(jacobian, x)}
    seconds = interleaved(calls, rounds)
    first = first_call(lambda: functools.partial(bp.jacobian(function, sparse=True), x), 1)
    residual, sparse = (statistics.median(seconds[name]) for name in calls)
    return residual, sparse, ratio(seconds["jacobian"], seconds["residual"]), first
