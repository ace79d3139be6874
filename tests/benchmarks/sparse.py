"""Residuals whose sparse Jacobian, and energies whose sparse Hessian, is timed against one pass of the function itself.

``python -m tests.benchmarks.sparse`` prints this table alone.
"""

from __future__ import annotations

import functools
import os
import runpy
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
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


def arrow(x):
    return np.sum(np.exp(0.1 * x[0] * x[1:])) + np.sum(x**4)


def springs(x):
    stretch = np.diff(x) - 1
    return np.sum(stretch**2 + stretch**4)


FUNCTIONS: tuple[Callable[..., Any], ...] = (chained, chained_loop, tridiagonal, chained_waves)
ENERGIES: tuple[Callable[..., Any], ...] = (arrow, springs)
EXAMPLE = Path(__file__).parents[2] / "examples" / "bundle_adjustment.py"


@dataclass(frozen=True)
class SparseCase:
    """A sparse Jacobian, or Hessian, at these arguments; ``shown`` is its name in the table."""

    shown: str
    function: Callable[..., Any]
    derivative: Callable[..., Any]
    args: tuple[Any, ...]


def cases() -> list[SparseCase]:
    x = np.cos(np.arange(float(LENGTH)))
    made = [SparseCase(one.__name__, one, functools.partial(bp.jacobian, one, sparse=True), (x,)) for one in FUNCTIONS]
    bundle = bundle_adjustment()
    wrt = ("cameras", "points", "weights")
    derivative = functools.partial(bp.jacobian, bundle["residual"], wrt=wrt, sparse=True)
    made.append(SparseCase("bundle adjustment", bundle["residual"], derivative, bundle["args"]))
    return made + [
        SparseCase(f"{one.__name__}, Hessian", one, functools.partial(bp.hessian, one, sparse=True), (x,))
        for one in ENERGIES
    ]


def bundle_adjustment() -> dict[str, Any]:
    """The residual of the example, its arguments and what its pattern is known to be."""
    example = runpy.run_path(str(EXAMPLE))
    args = example["problem"](np.random.default_rng(0))
    return {"residual": example["residual"], "args": args, "known": example["known_pattern"](*args[3:5])}


def measured(case: SparseCase, rounds: int) -> tuple[float, float, float, float]:
    """Seconds of the function, of its sparse Jacobian or Hessian, their ratio, and how much longer the first call."""
    derivative = case.derivative()
    calls = {
        "function": functools.partial(case.function, *case.args),
        "sparse": functools.partial(derivative, *case.args),
    }
    seconds = interleaved(calls, rounds)
    first = first_call(lambda: functools.partial(case.derivative(), *case.args), 1)
    function, sparse = (statistics.median(seconds[name]) for name in calls)
    return function, sparse, ratio(seconds["sparse"], seconds["function"]), first


if __name__ == "__main__":
    os.environ["OMP_NUM_THREADS"] = "1"
    for one in cases():
        function, sparse, times, _ = measured(one, 7)
        print(f"{one.shown}: {function * 1e6:.1f} us a pass, {sparse * 1e6:.1f} us, {times:.2f} times as long")
