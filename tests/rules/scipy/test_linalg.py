"""What a case of one call does not show: symmetric arguments, factors that pass from one call to the next, errors."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import linalg

import backprose as bp
from tests import differences

A = np.array([[0.4, -0.7, 0.2], [1.1, 0.2, 0.3], [-0.5, 0.6, 0.9]])
B = np.array([[0.3, 1.0], [-0.8, 0.1], [0.5, -0.4]])


def continuous(q: Any, r: Any) -> Any:
    x = linalg.solve_continuous_are(A, B, q @ q.T, np.eye(2) + r @ r.T)
    return np.sum(x * np.arange(9.0).reshape(3, 3))


def discrete(q: Any, r: Any) -> Any:
    x = linalg.solve_discrete_are(A, B, q @ q.T + np.eye(3), np.eye(2) + r @ r.T)
    return np.sum(x * np.arange(9.0).reshape(3, 3))


def factors(a: Any, b: Any) -> Any:
    c, low = linalg.cho_factor(a @ a.T + np.eye(3), lower=True)
    lu, piv = linalg.lu_factor(a)
    return np.sum(linalg.cho_solve((c, low), b) ** 2) + np.sum(linalg.lu_solve((lu, piv), b, trans=1) ** 3)


@pytest.mark.parametrize("function", [continuous, discrete, factors])
def test_slopes(function: Any) -> None:
    point = [A, B] if function is factors else [A, B.T @ B]
    ways = [np.cos(np.arange(one.size)).reshape(one.shape) for one in point]
    slope = differences.slope(function, point, ways)
    bars = bp.grad(function, wrt=(0, 1))(*point)
    assert slope.agrees(differences.inner(list(bars), ways))
    assert slope.agrees(bp.jvp(function, tuple(point), tuple(ways))[1])


def test_what_is_not_unique_is_an_error() -> None:
    def rows(a: Any) -> Any:
        q, _ = linalg.qr(a)
        return np.sum(q)

    def sides(a: Any) -> Any:
        u, _ = linalg.polar(a)
        return np.sum(u)

    with pytest.raises(ValueError, match="mode='economic'"):
        bp.grad(rows)(B)
    with pytest.raises(ValueError, match="the other side"):
        bp.grad(sides)(B.T)


def test_blocks_that_do_not_move() -> None:
    def f(x: Any, y: Any) -> Any:
        return np.sum(linalg.block_diag(x, y, B) ** 2 * np.arange(56.0).reshape(7, 8))

    y = np.ones((1, 3))
    slope = differences.slope(lambda x: f(x, y), [A], [A.T])
    assert slope.agrees(bp.jvp(f, (A, y), (A.T, None))[1])


CUT = np.diag([3.0, 2.0, 0.5]) + 0.1 * A
OF_A = np.cos(np.arange(9.0)).reshape(3, 3)


@pytest.mark.parametrize(
    "function",
    [
        lambda a: np.sum(OF_A * np.linalg.pinv(a, 0.4)),
        lambda a: np.sum(OF_A[0] * np.linalg.lstsq(a, np.ones(3), rcond=0.4)[0]),
        lambda a: np.sum(OF_A * linalg.pinv(a, rtol=0.4)),
        lambda a: np.sum(OF_A * linalg.pinvh(a, rtol=0.4)),
        lambda a: np.sum(OF_A[0] * linalg.lstsq(a, np.ones(3), cond=0.4)[0]),
    ],
)
def test_singular_values_that_are_cut_off(function: Any) -> None:
    """Of matrices of constant rank a derivative is known, which would be wrong here."""
    for derive in (lambda: bp.grad(function)(CUT), lambda: bp.jvp(function, (CUT,), (A,))):
        with pytest.raises(ValueError, match="cut off"):
            derive()


def test_right_hand_sides_where_singular_values_are_cut_off() -> None:
    for function in (
        lambda b: np.sum(OF_A[0] * np.linalg.lstsq(CUT, b, rcond=0.4)[0]),
        lambda b: np.sum(OF_A[0] * linalg.lstsq(CUT, b, cond=0.4)[0]),
    ):
        assert differences.gradient(function, [B[:, 0]], 0).agrees(bp.grad(function)(B[:, 0]))
