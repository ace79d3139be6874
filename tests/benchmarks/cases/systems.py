"""Linear algebra: solves, likelihoods of Gaussians, filters."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

from tests.benchmarks.cases.case import IN_PLACE, Case
from tests.benchmarks.handwritten import systems

of = functools.partial(Case, family="systems")


def _triangular(size: int) -> tuple[Any, ...]:
    rng = np.random.default_rng(0)
    return np.tril(rng.normal(size=(size, size))) / size + np.eye(size), rng.normal(size=size)


def _process(points: int) -> tuple[Any, ...]:
    at = np.sort(np.random.default_rng(0).random(points)) * 10
    return 0.1, 0.2, -1.0, at, np.sin(at) + 0.3 * np.random.default_rng(1).normal(size=points)


def _moving(steps: int) -> tuple[Any, ...]:
    F, G = np.array([[1.0, 1.0], [0.0, 1.0]]), np.array([[1 / 3, 0.5], [0.5, 1.0]])
    rng = np.random.default_rng(0)
    return 0.1, 1.0, F, G, np.array([1.0, 0.0]), np.cumsum(rng.normal(size=steps)) + rng.normal(size=steps)


CASES = (
    of(
        "triangular solve, in place",
        "100 x 100",
        primal="forward_substitution",
        wrt=("L", "b"),
        args=_triangular(100),
        by_hand=systems.forward_substitution,
        elements=10_000,
        refused=IN_PLACE,
    ),
    of(
        "Gaussian process, log-likelihood",
        "100 points",
        primal="gaussian_process",
        wrt=("log_length", "log_amplitude", "log_noise"),
        args=_process(100),
        by_hand=systems.gaussian_process,
        elements=10_000,
    ),
    of(
        "Kalman filter, log-likelihood",
        "2, 100 steps",
        primal="kalman",
        wrt=("process", "noise"),
        args=_moving(100),
        by_hand=systems.kalman,
        elements=100,
    ),
)
