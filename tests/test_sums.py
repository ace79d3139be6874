"""Sums of parts whose extents only the run can tell: adjoints left wide until they reach the operands."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import backprose as bp
from tests import differences


def into_part(x: Any, y: Any, a: Any) -> Any:
    out = np.zeros((3, 4))
    out[1:] = a * x[:1] - 2.0 * y[1:] / 3.0 + x[1:] * 0.5
    return np.sum(out**3)


def added_to_part(x: Any, y: Any, a: Any) -> Any:
    out = np.ones((3, 4))
    out[1:] += 0.5 * (x[:-1] + y[:1])
    out[:-1] -= -(a * y[1:])
    return np.sum(out**3)


def in_a_product(x: Any, y: Any, a: Any) -> Any:
    return np.sum((x[:1] + y[1:, :1]) * np.sin(x[1:] - a) / (2.0 + y[:1]))


def with_a_sum_read_twice(x: Any, y: Any, a: Any) -> Any:
    both = x[:1] + a
    out = both * y[1:] - both
    return np.sum(out * out)


def of_columns(x: Any, y: Any, a: Any) -> Any:
    ratio = a * x[:, 0]
    scaled = y * ratio[:, np.newaxis] + ratio[None, :2].T
    return np.sum(scaled**2)


@pytest.mark.parametrize("extents", [(2, 4), (2, 1), (3, 4)])
@pytest.mark.parametrize("f", [into_part, added_to_part, in_a_product, with_a_sum_read_twice, of_columns])
def test_adjoints_of_sums(f: Any, extents: tuple[int, int]) -> None:
    rng = np.random.default_rng(0)
    args = rng.normal(size=extents), rng.normal(size=(extents[0], extents[1])), 0.7
    try:
        f(*args)
    except ValueError:
        pytest.skip("NumPy does not take these shapes")
    for k, gradient in enumerate(bp.grad(f, wrt=("x", "y", "a"))(*args)):
        slope = differences.gradient(f, args, k)
        assert np.shape(gradient) == np.shape(args[k])
        assert slope.agrees(gradient, 1e-6, 1e-8), f"argument {k}: {gradient}, differences {slope.value}"


def test_a_sum_is_not_kept_for_its_shape() -> None:
    df = bp.grad(into_part, wrt=("x", "y", "a"))
    df(np.ones((3, 4)), np.ones((3, 4)), 2.0)
    assert "total" not in df.source.partition("# return")[0]


def loop_that_ends(x: Any, n: Any) -> Any:
    for k in range(n):
        if x > 3.0:
            y = x * k
            break
        x = x * 1.5
    else:
        if x > 0.5:
            for _ in range(2):
                x = np.sin(x) * x
            x = x * x
        y = -x * x
    return y * x


@pytest.mark.parametrize("x", [0.1, 0.4, 2.5])
def test_else_of_a_loop_keeps_no_lists_of_its_own(x: float) -> None:
    df = bp.grad(loop_that_ends)
    slope = differences.gradient(loop_that_ends, (x, 2), 0)
    assert slope.agrees(df(x, 2), 1e-6, 1e-8)
    value, pullback = bp.vjp(loop_that_ends, x, 2)
    assert value == loop_that_ends(x, 2)
    assert pullback(1.0) == pullback(1.0) == df(x, 2)
