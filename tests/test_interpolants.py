"""Interpolants of SciPy's that are made in a function, of values that derivatives pass through."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

pytest.importorskip("scipy")

from scipy import interpolate
from scipy.interpolate import CubicSpline, RegularGridInterpolator, interpn

import backprose as bp
from tests import differences

X = np.array([0.0, 0.3, 0.7, 1.2, 1.5, 2.0])
P = np.array([0.0, 0.8, 2.0])
R = np.array([0.0, 1.1])
DOWN = np.array([2.0, 0.8, 0.0])
GRID = (P, R)
CENTRES = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0], [2.0, 1.0], [1.5, 2.0]])
NEAR = np.array([[0.2, 0.3], [0.5, 0.5], [1.1, 0.7]])
KNOTS = np.array([0.0, 0.0, 0.0, 0.5, 1.0, 1.5, 2.0, 2.0, 2.0])


def at_once(y, q):
    return np.sum(np.sin(CubicSpline(X, y)(q)))


def natural(y, q):
    s = interpolate.CubicSpline(X, y, bc_type="natural")
    return np.sum(s(q) * s(q + 0.1, 1)) + s(q[0])


def with_ends(y, q):
    s = interpolate.CubicSpline(X, y, bc_type=((1, 0.5), (2, -0.3)))
    more = np.sum(s.derivative()(q) ** 2) + np.sum(s.derivative(2)(q) ** 2) + np.sum(s.antiderivative()(q) ** 2)
    return np.sum(s(q) ** 2) + s.integrate(q[0], q[1] + 1) + more


def of_two(y, q):
    s = CubicSpline(X, np.stack((y, y**2), 1))
    return np.sum(s(q) ** 2)


def periodic(y, q):
    s = interpolate.CubicSpline(X, np.array([1.0, 2.0, 0.5, 0.2, 0.3, 1.0]), bc_type="periodic")
    return np.sum(s(q + 3) ** 2) + s.integrate(0.5, q[1] + 7) + np.sum(y)


def monotone(y, q):
    s = interpolate.PchipInterpolator(X, y)
    return np.sum(s(q) ** 2) + s.integrate(0.2, q[1]) + np.sum(s(q, 1))


def monotone_at_once(y, q):
    return np.sum(interpolate.pchip_interpolate(X, y, q) ** 2) + np.sum(interpolate.pchip_interpolate(X, y, q, 1) ** 2)


def akima(y, q):
    s = interpolate.Akima1DInterpolator(X, y)
    return np.sum(s(q) ** 2) + np.sum(s(q, 1) ** 2)


def makima(y, q):
    s = interpolate.Akima1DInterpolator(X, y, method="makima")
    return np.sum(s(q) ** 2) + np.sum(s(q, nu=1) ** 2)


def b_spline(y, q):
    s = interpolate.make_interp_spline(X, y, 3)
    return np.sum(s(q) ** 2) + np.sum(s(q, 1, extrapolate=False) ** 2)


def b_splines(y, q):
    s = interpolate.make_interp_spline(X, np.stack((y, y**2), 1), 3, bc_type="natural")
    return np.sum(s(q) ** 2)


def of_coefficients(y, q):
    s = interpolate.BSpline(KNOTS, y, 2)
    return np.sum(s(q) ** 3)


def of_pieces(y, q):
    s = interpolate.PPoly(np.reshape(y, (3, 2)), np.array([0.0, 1.0, 2.0]))
    return np.sum(s(q) ** 3)


def cubic_1d(y, q):
    s = interpolate.interp1d(X, y, "cubic")
    return np.sum(s(q) ** 2)


def linear_1d(y, q):
    s = interpolate.interp1d(X, y)
    y = y * 2
    return np.sum(s(q) ** 2) + np.sum(y)


def beyond_1d(y, q):
    filled = interpolate.interp1d(X, y, bounds_error=False, fill_value=0.7)(q + 1)
    return np.sum(filled**2) + np.sum(interpolate.interp1d(X, y, fill_value="extrapolate")(q + 1) ** 2)


def in_a_loop(y, q):
    s = interpolate.CubicHermiteSpline(X, y, np.cos(y))
    for _ in range(3):
        q = q + 0.01 * s(q)
    return np.sum(q**2)


def made(y):
    return CubicSpline(X, y)


def made_elsewhere(y, q):
    s = made(y)
    return np.sum(s(q) ** 3)


def in_a_branch(y, q):
    s = interpolate.CubicSpline(X, y)
    if s(q[0]) > 0:
        return s(0.5) * np.ones(())
    return s(0.3) ** 2


def on_a_grid(y, q):
    return np.sum(interpn((P, R), np.reshape(y, (3, 2)), np.reshape(q, (2, 2)) * 0.5) ** 2)


def grid_beyond(y, q):
    s = RegularGridInterpolator((P, R), np.reshape(y, (3, 2)), bounds_error=False, fill_value=None)
    return np.sum(s(np.reshape(q, (2, 2)) + 1) ** 2)


def grid_of_vectors(y, q):
    s = RegularGridInterpolator((P,), np.reshape(y, (3, 2)), bounds_error=False, fill_value=0.3)
    return np.sum(s(np.reshape(q, (4, 1)) + 0.5) ** 2)


def grid_nearest(y, q):
    s = RegularGridInterpolator((DOWN, R), np.reshape(y, (3, 2)), method="nearest")
    return np.sum(s(np.reshape(q, (2, 2)) * 0.5) ** 2) + np.sum(q)


def grid_downwards(y, q):
    s = RegularGridInterpolator((DOWN, R), np.reshape(y, (3, 2)))
    return np.sum(s(np.stack((q, 0.4 * q), -1)) ** 3)


def grid_outside(y, q):
    s = RegularGridInterpolator(GRID, np.reshape(y, (3, 2)))
    return np.sum(s(np.stack((q, 0.4 * q), -1)) ** 3)


def grid_of_one_axis(y, q):
    return np.sum(RegularGridInterpolator((X,), y)(q) ** 3)


def radial(y, q):
    s = interpolate.RBFInterpolator(CENTRES, np.stack((y, y**2), 1), kernel="gaussian", epsilon=1.3, smoothing=0.1)
    return np.sum(s(NEAR) ** 2) + np.sum(interpolate.RBFInterpolator(CENTRES, y)(NEAR) ** 2) + np.sum(q)


PROGRAMS = [
    at_once, natural, with_ends, of_two, periodic, monotone, monotone_at_once, akima, makima, b_spline, b_splines,
    of_coefficients, of_pieces, cubic_1d, linear_1d, beyond_1d, in_a_loop, made_elsewhere, in_a_branch, on_a_grid,
    grid_beyond, grid_of_vectors, grid_nearest, grid_downwards, grid_outside, grid_of_one_axis, radial,
]  # fmt: skip


@pytest.mark.parametrize("function", PROGRAMS, ids=lambda one: one.__name__)
def test_both_modes_and_the_second_order(function: Callable[..., Any]) -> None:
    rng = np.random.default_rng(1)
    point = [rng.normal(size=6), rng.uniform(0.1, 1.8, size=4)]
    ways = [rng.normal(size=6), rng.normal(size=4)]
    wrt = ("y", "q")
    value, bars = bp.value_and_grad(function, wrt=wrt)(*point)
    assert value == function(*point)
    slope = differences.slope(function, point, ways)
    assert slope.agrees(differences.inner(list(bars), ways))
    assert slope.agrees(bp.jvp(function, tuple(point), tuple(ways))[1])

    def slopes(*moved: Any) -> Any:
        return np.concatenate(bp.grad(function, wrt=wrt)(*moved))

    second = bp.hvp(function, wrt=wrt)(*point, tuple(ways))
    assert differences.slope(slopes, point, ways).agrees(np.concatenate(second))


def test_the_text() -> None:
    gradient = bp.grad(natural, wrt=("y", "q"))
    gradient(np.ones(6), np.array([0.3, 0.5]))
    assert 'c = cubic_coefficients(X, y, 0, "natural")' in gradient.source
    assert "if s_" not in gradient.source


def test_another_class_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    gradient, y, q = bp.grad(at_once), np.arange(6.0) ** 2, np.array([0.3, 1.8])
    first = gradient(y, q)
    monkeypatch.setitem(globals(), "CubicSpline", interpolate.PchipInterpolator)
    second = gradient(y, q)
    np.testing.assert_allclose(second, bp.grad(at_once)(y, q))
    assert not np.allclose(first, second)


def test_what_is_refused() -> None:
    def of_places(x, y):
        return CubicSpline(x, y)(0.3)

    def along_the_second_axis(x, y):
        return np.sum(CubicSpline(X, np.stack((x, y)), axis=1)(0.3))

    def of_a_period(x, y):
        return CubicSpline(X, np.concatenate((y[:5], y[:1])), bc_type="periodic")(0.3) + x[0]

    def roots(x, y):
        return np.sum(CubicSpline(X, y).roots()) + x[0]

    def smoothly(x, y):
        s = RegularGridInterpolator(GRID, np.reshape(y, (3, 2)), method="slinear")
        return np.sum(s(NEAR)) + x[0]

    def rows(x, y):
        return np.sum(interpolate.interp1d(X, np.stack((x, y)))(0.3))

    def centres(x, y):
        return np.sum(interpolate.RBFInterpolator(np.reshape(x, (6, 1)), y)(NEAR[:, :1]))

    for function in (of_places, along_the_second_axis, of_a_period, roots, smoothly, rows, centres):
        with pytest.raises(bp.BackproseError):
            bp.grad(function, wrt=("x", "y"))(X, X**2)
        with pytest.raises(bp.BackproseError):
            bp.jvp(function, (X, X**2), (X, X))
