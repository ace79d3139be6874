"""What a long loop stores: 2000 steps over a state of 1000 numbers, of which one state a step is the least."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

import backprose as bp
from tests.benchmarks.bounds import Bound, each_at_most
from tests.benchmarks.text import bytes_text
from tests.benchmarks.timing import peak

STEPS, STATE = 2000, 1000
LEAST = 8 * STEPS * STATE
COLUMNS = ("loop", "peak", "peak / least")


def rebound(x, dt, steps):
    for _ in range(steps):
        x = x + dt * np.sin(x)
    return np.sum(x)


def in_place(x, dt, steps):
    for _ in range(steps):
        x += dt * np.sin(x)
    return np.sum(x)


def in_terms(x, dt, steps):
    for _ in range(steps):
        push = np.sin(x) * x
        x = x + dt * push / (1 + x**2)
    return np.sum(x)


LOOPS: dict[str, Callable[..., Any]] = {
    "a new array each step": rebound,
    "in place": in_place,
    "several temporaries a step": in_terms,
}


def arguments() -> tuple[Any, ...]:
    return np.linspace(-3.0, 3.0, STATE), 1e-3, STEPS


def peaks() -> dict[str, int]:
    return {name: peak(functools.partial(bp.grad(loop), *arguments())) for name, loop in LOOPS.items()}


def rows(found: dict[str, int]) -> list[list[str]]:
    return [[name, bytes_text(size), f"{size / LEAST:.2f}"] for name, size in found.items()]


def bounds(found: dict[str, int]) -> list[Bound]:
    return [
        each_at_most("peak memory of a long loop / least", 1.1, {name: size / LEAST for name, size in found.items()})
    ]
