"""Recurrent networks."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

from tests.benchmarks.cases.case import Case
from tests.benchmarks.handwritten import recurrent

of = functools.partial(Case, family="recurrent")


def _tanh(width: int, entering: int, steps: int) -> tuple[Any, ...]:
    rng = np.random.default_rng(0)
    W, U = rng.normal(size=(width, width)) / np.sqrt(width), rng.normal(size=(width, entering)) / np.sqrt(entering)
    return W, U, np.zeros(width), np.zeros(width), rng.normal(size=(steps, entering))


def _memory(batch: int, entering: int, width: int, steps: int) -> tuple[Any, ...]:
    rng = np.random.default_rng(0)
    W = rng.normal(size=(entering + width, 4 * width)) / np.sqrt(entering + width)
    V = rng.normal(size=(width, 2)) / np.sqrt(width)
    return W, np.zeros(4 * width), V, rng.normal(size=(steps, batch, entering)), rng.normal(size=(steps, batch, 2))


_lstm = functools.partial(of, "LSTM", primal="lstm", wrt=("W", "b", "V"), by_hand=recurrent.lstm)

CASES = (
    of(
        "recurrent network, tanh",
        "8, 30 steps",
        primal="recurrent",
        wrt=("W", "U", "b"),
        args=_tanh(8, 4, 30),
        by_hand=recurrent.recurrent,
        elements=120,
    ),
    _lstm("8 x 16, 20 steps", args=_memory(8, 8, 16, 20), elements=2560),
    _lstm("32 x 128, 20 steps", args=_memory(32, 32, 128, 20), elements=160 * 512),
)
