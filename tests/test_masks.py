"""The branch that ``where`` does not take adds 0, also where its value or its derivative is not finite."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import backprose as bp


def root(x):
    return np.sum(np.where(x > 0, np.sqrt(x), 0))


def other_branch(x):
    return np.sum(np.where(x >= 0, x, np.sqrt(-x)))


def sinc(x):
    return np.sum(np.where(x == 0, 1, np.sin(x) / x))


def named(x):
    safe = x > 0
    r = np.log(x)
    y = x * r
    return np.sum(np.where(safe, y, 0.0) ** 2)


def used_twice(x):
    z = np.sqrt(x)
    return np.sum(np.where(x > 0, z * np.exp(z), x * 2.0))


def number(x):
    return np.where(x > 0, np.sqrt(x), 0.0)


def in_a_loop(x):
    total = 0.0
    for k in range(3):
        part = np.log(x - k)
        total += np.sum(np.where(x > k, part, 0.0))
    return total


# at 0 and at 2
CASES: list[tuple[Callable[..., Any], Any]] = [
    (root, [0.0, 0.5 / np.sqrt(2)]),
    (other_branch, [1.0, 1.0]),
    (sinc, [0.0, np.cos(2) / 2 - np.sin(2) / 4]),
    (named, [0.0, 2 * 2 * np.log(2) * (np.log(2) + 1)]),
    (used_twice, [2.0, np.exp(np.sqrt(2)) * (1 + np.sqrt(2)) / (2 * np.sqrt(2))]),
    (in_a_loop, [0.0, 1 / 2 + 1.0]),
]


@pytest.mark.parametrize(("function", "wanted"), CASES, ids=[function.__name__ for function, _ in CASES])
def test_gradient(function: Callable[..., Any], wanted: Any) -> None:
    x = np.array([0.0, 2.0])
    with np.errstate(all="ignore"):
        gradient = bp.grad(function)(x)
        assert np.allclose(gradient, wanted, 1e-12)
        for k, way in enumerate(np.eye(2)):
            assert np.isclose(bp.jvp(function, (x,), (way,))[1], wanted[k])


@pytest.mark.parametrize("function", [root, used_twice])
def test_warnings_are_the_primals(function: Callable[..., Any]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        function(np.array([0.0, 2.0]))
        bp.grad(function)(np.array([0.0, 2.0]))


def test_numbers() -> None:
    with np.errstate(all="ignore"):
        assert bp.grad(number)(0.0) == 0.0
    assert bp.grad(number)(4.0) == 0.25


def replaced_in_a_branch(x):
    z = 1 / x
    if x[0] < 5:
        with bp.adjoint_of(z) as z_bar:
            z_bar = z_bar + 1.0
    return np.sum(np.where(x > 1.0, z, 0.5))


def test_an_adjoint_that_is_replaced_is_nowhere_taken_for_0() -> None:
    x = np.array([0.5, 0.7, 2.0])
    assert np.allclose(bp.grad(replaced_in_a_branch)(x), -((x > 1.0) + 1.0) / x**2, 1e-14)


# ---------------------------------------------------------------- where in where
def nested(x):
    return np.sum(np.where(x > 0, np.where(x > 1, np.log(x - 1), np.sqrt(x)), 0))


def nested_under_a_name(x):
    inner = np.where(x > 1, np.log(x - 1), x)
    return np.sum(np.where(x > 0, inner, 0))


def nested_in_the_other_branch(x):
    return np.sum(np.where(x > 1, np.log(x - 1), np.where(x > 0, np.sqrt(x), x)))


def bound_anew(x):
    r = np.sqrt(x)
    r = r + 1
    return np.sum(np.where(x > 0, r, x))


@pytest.mark.parametrize(
    ("function", "at", "wanted"),
    [
        (nested, [1.0, 2.0, 0.25, -1.0, 0.0], [0.5, 1.0, 1.0, 0.0, 0.0]),
        (nested_under_a_name, [1.0, 2.0, 0.25, -1.0, 0.0], [1.0, 1.0, 1.0, 0.0, 0.0]),
        (nested_in_the_other_branch, [0.0, 2.0, 0.25, -1.0], [1.0, 1.0, 1.0, 1.0]),
        (bound_anew, [0.0, 0.25, -1.0], [1.0, 1.0, 1.0]),
    ],
)
def test_nested(function: Callable[..., Any], at: list[float], wanted: list[float]) -> None:
    with np.errstate(all="ignore"):
        assert bp.grad(function)(np.array(at)).tolist() == wanted
        tangents = [bp.jvp(function, (np.array(at),), (unit,))[1] for unit in np.eye(len(at))]
    assert np.allclose(tangents, wanted)
