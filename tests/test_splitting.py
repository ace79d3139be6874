"""Calls that give several arrays, or take nested lists of them: parts, meshes, blocks, counts."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import backprose as bp
from backprose.errors import AliasError, BackproseError, UnsupportedError
from tests import differences

X = np.array([0.4, 1.1, 2.3, 3.2])


def halves(x: Any) -> Any:
    a, b = np.split(x, 2)
    return np.sum(a * b)


def each_part(x: Any) -> Any:
    return sum([np.sum(part**2) * (k + 1) for k, part in enumerate(np.array_split(x, 3))])


def one_part(x: Any) -> Any:
    return np.sum(np.split(x, [1, 3])[1] ** 2)


def parts_and_more(x: Any) -> Any:
    parts = np.split(x, 2)
    parts.append(x[:1])
    return np.sum(np.concatenate(parts) ** 2)


def part_written(x: Any) -> Any:
    y = x * 1.0
    a, b = np.split(y, 2)
    a *= b
    return np.sum(a)


def overlapping_parts(x: Any) -> Any:
    a, b, c = np.split(x, [3, 1])
    return np.sum(a**2) + np.sum(b) + np.sum(c**3)


def mesh(x: Any) -> Any:
    across, down = np.meshgrid(x, x**2)
    return np.sum(np.sin(across) * down)


def slopes(x: Any) -> Any:
    down, across = np.gradient(np.outer(x, x**2))
    return np.sum(down * across)


def blocks(x: Any) -> Any:
    return np.sum(np.block([[np.outer(x, x), x[:, None]], [x, 1.0]]) ** 3)


def row_of_blocks(x: Any) -> Any:
    return np.sum(np.block([x, x**2]) ** 3)


def weighted_counts(x: Any) -> Any:
    counts, edges = np.histogram(x, bins=3, weights=x**2)
    return np.sum(counts * np.arange(3.0)) + np.sum(edges**2)


def chosen(x: Any) -> Any:
    return np.sum(np.select([x > 3.0, x > 0.7], [x**2, x**3], default=np.sin(x)))


def of_lists(x: Any) -> Any:
    far = math.hypot(x[0], x[1], x[2]) + math.dist((x[0], x[1]), (1.0, x[2])) + math.dist(x, X + 1)
    return far + math.fsum([x[0] * 2, x[3] ** 2]) + math.prod([x[0], x[1]]) * math.prod(x)


def line_fitted(x: Any) -> Any:
    coefficients, _, _, _ = np.linalg.lstsq(np.vander(x, 2), np.sin(x), rcond=None)
    return coefficients[0] * coefficients[1]


def only_values(x: Any) -> Any:
    square = np.reshape(x, (2, 2))
    return np.linalg.svd(square, compute_uv=False)[0] + np.linalg.qr(square, mode="r")[0, 1]


def sizes_of_roots(x: Any) -> Any:
    return np.sum(np.abs(np.roots(x)) ** 2)


PROGRAMS = [
    halves, each_part, one_part, parts_and_more, part_written, overlapping_parts, mesh, slopes, blocks, row_of_blocks,
    weighted_counts, chosen, of_lists, line_fitted, only_values, sizes_of_roots,
]  # fmt: skip


@pytest.mark.parametrize("function", PROGRAMS, ids=lambda one: one.__name__)
def test_both_modes_and_the_second_order(function: Callable[..., Any]) -> None:
    way = np.array([0.3, -1.1, 0.7, 0.2])
    gradient = bp.grad(function)
    slope = differences.slope(function, [X], [way])
    assert slope.agrees(np.sum(gradient(X) * way))
    assert slope.agrees(bp.jvp(function, (X,), (way,))[1])
    assert differences.slope(gradient, [X], [way]).agrees(bp.hvp(function)(X, way))


def a_part_changes_with_its_array(x: Any) -> Any:
    y = x * 1.0
    a, b = np.split(y, 2)
    y[0] = 5 * x[1]
    return np.sum(a * a) + np.sum(b)


def a_power_that_is_its_matrix(x: Any) -> Any:
    y = x * 1.0
    same = np.linalg.matrix_power(np.reshape(y, (2, 2)), 1)
    y[0] = 9.0
    return np.sum(same**2)


def no_differences(x: Any) -> Any:
    y = x * 1.0
    same = np.diff(y, 0)
    y[0] = 9.0
    return np.sum(same**2)


@pytest.mark.parametrize("function", [a_part_changes_with_its_array, a_power_that_is_its_matrix, no_differences])
def test_what_may_share_memory(function: Callable[..., Any]) -> None:
    with pytest.raises(AliasError):
        bp.grad(function)(X)


def test_differences_share_no_memory() -> None:
    def f(x: Any) -> Any:
        d = np.diff(x, n=2)
        x[1:] = 2.0
        return np.sum(d**2) + np.sum(x)

    np.testing.assert_allclose(bp.grad(f)(X.copy()), differences_of(f))


def differences_of(f: Callable[..., Any]) -> Any:
    return [differences.slope(f, [X.copy()], [way]).value for way in np.eye(len(X))]


def test_a_number_of_parts_that_is_not_known() -> None:
    def f(x: Any, n: int) -> Any:
        parts = np.split(x, n)
        return np.sum(parts[0])

    with pytest.raises(UnsupportedError, match="how many is not known"):
        bp.grad(f)(X, 2)


@pytest.mark.parametrize("option", ["median", "nan_to_num"])
def test_a_constant_that_a_call_uses_as_room_to_work_in(option: str) -> None:
    """Its old content is read by the backward sweep."""

    def median(x: Any) -> Any:
        c = np.array([3.0, 1.0, 2.0, 0.0])
        y = x * c
        return np.sum(y) * np.median(c, overwrite_input=True)

    def nan_to_num(x: Any) -> Any:
        c = np.array([3.0, np.nan, 2.0, 0.0])
        y = x * c
        return np.nansum(y) * np.nan_to_num(c, copy=False)[0]

    with pytest.raises(BackproseError, match="room to work in"):
        bp.grad({"median": median, "nan_to_num": nan_to_num}[option])(X)


K = np.arange(4)


def put_among_integers(x: Any) -> Any:
    return np.sum(np.insert(K, 1, x[0]) * x[1])


def an_exponent_written(x: Any) -> Any:
    mantissa, exponent = np.frexp(x)
    exponent[0] = x[1]
    return np.sum(mantissa * exponent)


@pytest.mark.parametrize("function", [put_among_integers, an_exponent_written])
def test_what_is_cut_off_has_the_derivative_0(function: Callable[..., Any]) -> None:
    np.testing.assert_allclose(bp.grad(function)(X), differences_of(function), rtol=1e-6, atol=1e-8)


def test_counts_hold_no_floats() -> None:
    def f(x: Any) -> Any:
        counts, _ = np.histogram(x, 4)
        counts[0] = x[1]
        return np.sum(counts * x[2])

    with pytest.raises(ValueError, match="holds no floats"):
        bp.grad(f)(X)
