"""Python's own ``sum``, ``max`` and ``min`` of arrays and of displays; to second order too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import backprose as bp
from tests.checks import check_second
from tests.fuzz.run import check_function

X = np.array([0.5, -0.3, 0.9])


def of_squares(x):
    return sum(x**2) * sum(x)


def with_a_start(x):
    return sum(x**2, 3.0) * sum(x, start=2.0)


def of_rows(x):
    table = np.outer(x, x)
    return np.sum(sum(table) ** 2) * sum(sum(table))


def in_a_loop(x):
    total = 0.0
    for i in range(3):
        y = x * i
        total += sum(y) * sum(x[:i])
    return total


def of_displays(x):
    a, b = x[0] * 2, x[1] * 3
    return sum([a, b]) * sum((a, b, x[0])) * max([a, b, a * b]) + min((a, b))


def with_a_start_that_moves(x):
    items = [x * i for i in range(20)]
    few = sum([x[0], x[1]], x[2]) * sum([x[0]], start=x[1])
    return np.sum(sum(items, x * 2)) + np.sum(sum(items, start=x**3)) + few


def of_integers(x):
    n = len(x)
    return sum(np.arange(4), 3) * x[0] + sum(range(n)) * x[1] + max(x.shape) * x[2]


def largest(x):
    return max(x) - min(x)


def largest_of_expressions(x):
    return max(np.abs(x)) + min(x[1:] ** 2) * max(x[0], x[1])


RIGHT = (
    of_squares, with_a_start, of_rows, in_a_loop, of_displays, with_a_start_that_moves, of_integers, largest,
    largest_of_expressions,
)  # fmt: skip


@pytest.mark.parametrize("function", RIGHT)
def test_right(function: Callable[..., Any]) -> None:
    outcome = check_function(function, (X,), "x")
    assert outcome.kind == "right", outcome.detail
    check_second(function, (X,), ("x",))


def test_start_of_another_shape_is_refused() -> None:
    def broadcast(x, v):
        return np.sum(sum(x, v))

    with pytest.raises(bp.BackproseError, match="this start of a sum"):
        bp.grad(broadcast)(X, np.ones(3))


def test_empty_sum() -> None:
    assert bp.grad(lambda x: sum(x[:0]) + sum(x))(X).tolist() == [1.0, 1.0, 1.0]
