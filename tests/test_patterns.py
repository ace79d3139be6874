"""``match`` against what is no display: sequences with stars and mappings, of structures and of anything."""

from __future__ import annotations

from collections import deque
from typing import Any, NamedTuple

import numpy as np
import pytest

from tests.fuzz.run import check_function


class Pair(NamedTuple):
    x: float
    y: float


def commands(x, gain):
    total = 0.0
    for command in [("s", gain), ["s", 2.0, x], ("p",), ("s", 1.0, x, gain)]:
        match command:
            case ("s", factor):
                total = total + factor * x
            case ("s", first, *rest):
                total = total + first + sum(rest) * x
            case [_]:
                total = total * 1.5
    return total


def mappings(x, gain):
    total = x
    for record in [{"kind": "scale", "by": gain}, {"w": 3.0}, {}, {"kind": "other", "by": x}, Pair(x, gain)]:
        match record:
            case {"kind": "scale", "by": factor}:
                total = total * factor
            case {"w": 3.0 as weight}:
                total = total + weight * x
            case {"kind": kind, "by": factor} if kind != "scale":
                total = total - factor**2
            case {}:
                total = total * gain
            case [u, v]:
                total = total + u / v
    return total


def nested(x, gain):
    total = 0.0
    for one in [(gain, (x, 2.0)), (x, (gain, 3.0)), (x, gain), [x, [gain, 2.0]]]:
        match one:
            case (float() as u, (v, 2.0)):
                total = total + u * v
            case (u, (v, w)):
                total = total - u * v * w
            case (u, v):
                total = total + u / v
    return total


@pytest.mark.parametrize("function", [commands, mappings, nested], ids=lambda function: function.__name__)
def test_of_structures(function: Any) -> None:
    assert check_function(function, (0.7, 1.3), ("x", "gain")).kind == "right"


def of_anything(x, gain, given):
    match given:
        case [u, v] if u > v:
            return u * v * x
        case [u, v]:
            return u + v * gain
        case (u,):
            return u * x
        case [u, *rest, w]:
            return u * w + sum(rest) * x
        case {"a": u, "b": 2.0}:
            return u * gain
        case {"a": u}:
            return u * x
        case _:
            return x * gain


GIVEN: list[Any] = [
    (1.0, 2.0), [3.0, 2.0], (5.0,), [1.0, 2.0, 3.0, 4.0], {"a": 1.0, "b": 2.0}, {"a": 1.5, "c": 3.0}, 2.0,
    np.array([1.0, 2.0]), "ab", b"ab", deque([1.0, 2.0]), range(2), Pair(1.0, 2.0), {}, (), None,
]  # fmt: skip


@pytest.mark.parametrize("given", GIVEN, ids=repr)
def test_of_anything(given: Any) -> None:
    assert check_function(of_anything, (0.7, 1.3, given), ("x", "gain")).kind == "right"


def test_an_array_is_no_sequence() -> None:
    def pair_or_sum(x, gain):
        match x:
            case [u, v]:
                return u * v
            case _:
                return np.sum(x) * gain

    assert check_function(pair_or_sum, (np.array([1.0, 2.0]), 1.3), ("x", "gain")).kind == "right"
