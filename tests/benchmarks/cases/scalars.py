"""Functions of numbers, and loops over the elements of arrays."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

from tests.benchmarks.cases.case import IN_PLACE, MATH, Case
from tests.benchmarks.handwritten import scalars

of = functools.partial(Case, family="scalars")


def _tridiagonal(size: int) -> tuple[Any, ...]:
    rng = np.random.default_rng(0)
    return -rng.random(size - 1), 3 + rng.random(size), -rng.random(size - 1), rng.normal(size=size)


def _square(size: int) -> tuple[Any, ...]:
    rng = np.random.default_rng(0)
    return rng.normal(size=(size, size)), rng.normal(size=(size, size)), 2


CASES = (
    of(
        "energy of a pendulum",
        "scalars",
        primal="pendulum_energy",
        wrt=("angle1", "angle2", "speed1", "speed2"),
        args=(0.3, -0.7, 1.1, 0.4, 2.0, 1.5),
        by_hand=scalars.pendulum_energy,
        elements=1,
        refused=MATH,
    ),
    of(
        "Newton's square root",
        "scalar",
        primal="newton_sqrt",
        wrt=("a",),
        args=(2.0, 1e-14, 50),
        by_hand=scalars.newton_sqrt,
        elements=1,
    ),
    of(
        "Lorenz, Runge-Kutta",
        "200 steps",
        primal="lorenz",
        wrt=("x", "y", "z"),
        args=(1.0, 2.0, 20.0, 0.001, 200),
        by_hand=scalars.lorenz,
        elements=1,
    ),
    of(
        "GARCH(1, 1), log-likelihood",
        "1000 returns",
        primal="garch",
        wrt=("omega", "alpha", "beta"),
        args=(0.05, 0.1, 0.8, np.random.default_rng(0).normal(size=1000)),
        by_hand=scalars.garch,
        elements=1000,
        refused=MATH,
    ),
    of(
        "tridiagonal solve, in place",
        "300",
        primal="tridiagonal",
        wrt=("diagonal", "right"),
        args=_tridiagonal(300),
        by_hand=scalars.tridiagonal,
        elements=300,
        refused=IN_PLACE,
    ),
    of(
        "Gauss-Seidel, in place",
        "22 x 22, 2 sweeps",
        primal="gauss_seidel",
        wrt=("u", "f"),
        args=_square(22),
        by_hand=scalars.gauss_seidel,
        elements=484,
        refused=IN_PLACE,
        writes_into=(0,),
    ),
)
