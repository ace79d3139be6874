"""What is given as parts whose number only the run knows: rows taken apart, edges of bins in a list."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import backprose as bp
from tests import differences

X = np.array([[0.3, -1.2, 0.8], [1.4, 0.5, -0.6]])
POINTS = np.arange(18).reshape(6, 3) % 5


def by_names(x: Any) -> Any:
    a, b = np.unstack(x)
    return np.sum(a**2 * np.sin(b))


def by_columns(x: Any) -> Any:
    a, b, c = np.unstack(x, axis=-1)
    return a @ b + np.sum(c**3)


def in_a_loop(x: Any) -> Any:
    total = 0.0
    for k in range(2):
        a, b = np.unstack(x[:, k : k + 2], axis=1)
        total = total + k * np.sum(a**2 * b)
    return total


def as_a_whole(x: Any) -> Any:
    rows = np.unstack(x)
    return np.sum(rows[0] + rows[1])


def weighed(w: Any) -> Any:
    counts, _ = np.histogramdd(POINTS, (2, 3, 1), [(0, 4), (1, 4), (0, 9)], None, w)
    alone = np.histogramdd(np.arange(6) % 4, [[0, 2, 3]], weights=w**2)[0]
    return np.sum(counts**2 * np.cos(np.arange(counts.size)).reshape(counts.shape)) + np.sum(alone * np.arange(2))


def of_points(x: Any) -> Any:
    return np.sum(np.histogramdd(x, 3)[0])


def agrees(function: Callable[[Any], Any], x: Any) -> None:
    way = np.cos(np.arange(x.size)).reshape(x.shape)
    slope = differences.slope(function, [x], [way])
    assert slope.agrees(np.sum(bp.grad(function)(x) * way)), "reverse"
    assert slope.agrees(bp.jvp(function, (x,), (way,))[1]), "forward"
    assert differences.slope(bp.grad(function), [x], [way]).agrees(bp.hvp(function)(x, way)), "second order"


@pytest.mark.skipif(not hasattr(np, "unstack"), reason="NumPy 2.1")
@pytest.mark.parametrize("function", [by_names, by_columns, in_a_loop])
def test_rows(function: Callable[[Any], Any]) -> None:
    agrees(function, X)


@pytest.mark.skipif(not hasattr(np, "unstack"), reason="NumPy 2.1")
def test_rows_as_a_whole_are_refused() -> None:
    with pytest.raises(bp.BackproseError, match="how many is not known here"):
        bp.grad(as_a_whole)(X)


def test_weights_of_bins() -> None:
    agrees(weighed, np.array([0.4, -1.0, 2.0, 0.7, 0.1, 1.3]))


def test_the_points_of_bins_are_refused() -> None:
    with pytest.raises(bp.BackproseError):
        bp.grad(of_points)(X)


def test_a_remainder_that_has_lost_zeros() -> None:
    """Of (x + 1) (x + 2) over x + 1 the quotient has a derivative; of what is left over the length changes."""

    def quotient(u: Any) -> Any:
        return np.sum(np.polydiv(u, np.array([1.0, 1.0]))[0] ** 2)

    def remainder(u: Any) -> Any:
        return np.sum(np.polydiv(u, np.array([1.0, 1.0, 2.0]))[1] ** 2)

    agrees(quotient, np.array([1.0, 3.0, 2.0]))
    with pytest.raises(ValueError, match="lost zeros in front"):
        bp.grad(remainder)(np.array([1.0, 1.0, 2.0]))
    with pytest.raises(ValueError, match="lost zeros in front"):
        bp.jvp(remainder, (np.array([1.0, 1.0, 2.0]),), (np.ones(3),))


def complex_or_not(x: Any) -> Any:
    return np.sum(np.abs(np.real_if_close(x * (1 + 0j)) * (2 + 1j)) ** 2) + np.sum(
        np.abs(np.real_if_close(x * 1j)) ** 3
    )


def test_numbers_that_may_be_real() -> None:
    agrees(complex_or_not, X)


def test_results_by_name() -> None:
    stats = pytest.importorskip("scipy.stats")

    def line(x: Any) -> Any:
        found = stats.linregress(x, np.arange(3.0) ** 2)
        return found.slope * found.stderr + found.pvalue

    def logarithm(x: Any) -> Any:
        return np.linalg.slogdet(np.outer(x, x) + np.eye(3)).logabsdet

    agrees(line, X[0])
    agrees(logarithm, X[0])
    with pytest.raises(bp.BackproseError):
        bp.grad(lambda x: stats.linregress(x, x**2).intercept_stderr)(X[0])


def test_factors_as_a_whole() -> None:
    linalg = pytest.importorskip("scipy.linalg")

    def by_cholesky(x: Any) -> Any:
        factor = linalg.cho_factor(x.T @ x + np.eye(3))
        return np.sum(linalg.cho_solve(factor, np.arange(3.0)) ** 2)

    def at_once(x: Any) -> Any:
        return np.sum(linalg.lu_solve(linalg.lu_factor(x.T @ x + np.eye(3)), x[0]) ** 2)

    def all_of_them(x: Any) -> Any:
        parts = np.linalg.qr(x.T)
        total = 0.0
        for part in parts:
            total = total + np.sum(part**3)
        return total

    for function in (by_cholesky, at_once, all_of_them):
        agrees(function, X)
