"""The referee itself: it must see kinks, jumps and slopes that are slightly wrong, and trust what is smooth."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from tests import differences
from tests.fuzz import run
from tests.fuzz.profiles import generate

ROUGH: dict[str, Callable[[float], float]] = {
    "kink": lambda x: abs(x - 0.5),
    "small kink": lambda x: math.sin(x) + 1e-3 * abs(x - 0.5),
    "kink nearby": lambda x: abs(x - 0.5 - 3e-6),
    "jump": lambda x: 1.0 if x > 0.5 else 0.0,
    "one point": lambda x: 7.0 if x == 0.5 else x,
    "root": lambda x: math.sqrt(abs(x - 0.5)),
    "nan": lambda x: math.nan,
}
SMOOTH: dict[str, Callable[[float], float]] = {
    "sine": math.sin,
    "steep": lambda x: math.exp(8 * x),
    "bent": lambda x: math.tanh(30 * (x - 0.4)),
    "constant": lambda x: 3.0,
    "kink far away": lambda x: abs(x - 0.3) + x * x,
}


@pytest.mark.parametrize("name", ROUGH)
def test_rough(name: str) -> None:
    assert not differences.is_smooth(ROUGH[name], (0.5,), (1.0,))


@pytest.mark.parametrize("name", SMOOTH)
def test_smooth(name: str) -> None:
    assert differences.is_smooth(SMOOTH[name], (0.5,), (1.0,))


@pytest.mark.parametrize("relative", [1e-5, -1e-4, 1e-2, 1.0])
def test_a_slightly_wrong_slope_is_seen(relative: float) -> None:
    slope = differences.slope(lambda x: math.exp(x) * math.sin(3 * x), (0.7,), (1.0,))
    exact = math.exp(0.7) * (math.sin(2.1) + 3 * math.cos(2.1))
    assert slope.agrees(exact)
    assert not slope.agrees(exact * (1 + relative))
    assert not slope.agrees(math.nan)


def test_error_is_honest() -> None:
    """The estimate covers the true error, on functions that are easy and hard."""
    for k in range(1, 40):
        slope = differences.slope(lambda x, k=k: math.sin(k * x), (0.3,), (1.0,))
        assert abs(slope.value - k * math.cos(0.3 * k)) <= 4 * slope.error + 1e-12


def test_gradient_by_elements() -> None:
    x = np.arange(6.0).reshape(2, 3)
    slope = differences.gradient(lambda x, a: a * np.sum(x**3), (x, 2.0), 0)
    assert slope.agrees(6 * x**2)
    wrong = 6 * x**2
    wrong[1, 1] *= 1.001
    assert not slope.agrees(wrong)


def test_functions_get_copies() -> None:
    def writes(x: np.ndarray) -> float:
        x *= 2
        return float(np.sum(x))

    x = np.ones(3)
    assert differences.slope(writes, (x,), (np.ones(3),)).agrees(6.0)
    assert np.array_equal(x, np.ones(3))


def test_random_programs_are_fair() -> None:
    """Most run, are smooth, and depend on what is differentiated; the same seed is the same program."""
    outcomes = [run.check(generate(seed).source, f"fair_{seed}", compiler=False) for seed in range(120)]
    fair = [outcome for outcome in outcomes if outcome.kind == "right"]
    assert len(fair) >= 0.6 * len(outcomes)
    assert sum(outcome.flat for outcome in fair) <= 0.15 * len(fair)
    assert generate(5).source == generate(5).source
