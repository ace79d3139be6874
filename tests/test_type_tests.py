"""Tests of the type of what is differentiated: answered by Python when the text runs, never guessed."""

from __future__ import annotations

import collections.abc
import numbers
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import backprose as bp


def is_array(x: Any) -> Any:
    if isinstance(x, np.ndarray):
        return np.sum(x) * 2
    return np.sum(x) * 3


def is_one_of(x: Any) -> Any:
    return np.sum(x) * (2 if isinstance(x, (list, np.ndarray)) else 3)


def is_sized(x: Any) -> Any:
    return np.sum(x) * 2 if isinstance(x, collections.abc.Sized) else np.sum(x) * 3


def is_real(x: Any) -> Any:
    if isinstance(x, numbers.Real):
        return x * 2
    return np.sum(x) * 3


def is_floating(x: Any) -> Any:
    if isinstance(x, np.floating):
        return x * 2
    return np.sum(x) * 3


def is_float(x: Any) -> Any:
    if type(x) is float:
        return x * 2
    return np.sum(x) * 3


def equals_a_type(x: Any) -> Any:
    if type(x) == np.float64:  # noqa: E721
        return x * 2
    return np.sum(x) * 3


def of_a_local(x: Any) -> Any:
    y = x * 2
    if isinstance(y, np.ndarray):
        return np.sum(y)
    return np.sum(x) * 3


def twice_or_more(v: Any) -> Any:
    if isinstance(v, np.ndarray):
        return v * 2
    return v * 3


def in_a_helper(x: Any) -> Any:
    return np.sum(twice_or_more(x))


def by_match(x: Any) -> Any:
    match x:
        case np.ndarray():
            return np.sum(x) * 2
        case _:
            return np.sum(x) * 3


@pytest.mark.parametrize(
    "function",
    [
        is_array, is_one_of, is_sized, is_real, is_floating, is_float, equals_a_type, of_a_local, in_a_helper, by_match,
    ],
)  # fmt: skip
@pytest.mark.parametrize("value", [np.array([0.3, 0.5]), 0.7, np.float64(0.7)], ids=["array", "float", "float64"])
def test_the_way_that_is_taken(function: Callable[..., Any], value: Any) -> None:
    factor = function(value) / np.sum(value)
    found, gradient = bp.value_and_grad(function)(value)
    np.testing.assert_allclose(found, function(value))
    np.testing.assert_allclose(gradient, factor * np.ones_like(value))
    moved, tangent = bp.jvp(function, (value,), (np.ones_like(value) if isinstance(value, np.ndarray) else 1.0,))
    np.testing.assert_allclose(moved, function(value))
    np.testing.assert_allclose(tangent, factor * np.size(value))
