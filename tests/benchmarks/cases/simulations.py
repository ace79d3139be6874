"""Loops in time over arrays: stencils, some in place, and ordinary differential equations."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

from tests.benchmarks.cases.case import IN_PLACE, Case
from tests.benchmarks.handwritten import simulations

of = functools.partial(Case, family="simulations")


def _normal(*shape: int) -> Any:
    return np.random.default_rng(0).normal(size=shape)


def _pond(size: int, steps: int) -> tuple[Any, ...]:
    u = np.zeros((size, size))
    u[size // 3, size // 2] = 1.0
    return u, 0.2 + 0.1 * np.random.default_rng(0).random((size - 2, size - 2)), steps


def _bodies(many: int, steps: int) -> tuple[Any, ...]:
    x, v = np.random.default_rng(0).normal(size=(2, many, 3))
    return x, 0.1 * v, np.linspace(0.5, 1.5, many) / many, 0.01, steps


_heat = functools.partial(
    of,
    primal="heat",
    size="1000, 200 steps",
    args=(_normal(1000), 0.1, 200),
    elements=1000,
    refused=IN_PLACE,
    writes_into=(0,),
)

CASES = (
    _heat(name="heat, in place, w.r.t. u", wrt=("u",), by_hand=simulations.heat_u),
    _heat(name="heat, in place, w.r.t. u and alpha", wrt=("u", "alpha"), by_hand=simulations.heat_u_alpha),
    of(
        "waves in a square, in place",
        "64 x 64, 50 steps",
        primal="wave",
        wrt=("u", "c2"),
        args=_pond(64, 50),
        by_hand=simulations.wave,
        elements=4096,
        refused=IN_PLACE,
    ),
    of(
        "N bodies, leapfrog",
        "20, 20 steps",
        primal="n_body",
        wrt=("x", "v"),
        args=_bodies(20, 20),
        by_hand=simulations.n_body,
        elements=1200,
    ),
    of(
        "Lorenz 96, Runge-Kutta",
        "40, 25 steps",
        primal="lorenz96",
        wrt=("x", "forcing"),
        args=(8 + 0.1 * _normal(40), 8.0, 0.01, 25),
        by_hand=simulations.lorenz96,
        elements=40,
    ),
)
