"""Splines of SciPy's, made outside and called where a derivative passes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

pytest.importorskip("scipy")

from scipy import interpolate

import backprose as bp
from tests import differences

PLACES = np.arange(6.0)
cubic = interpolate.CubicSpline(PLACES, np.sin(PLACES))
smooth = interpolate.make_interp_spline(PLACES, np.cos(PLACES), k=5)
monotone = interpolate.PchipInterpolator(PLACES, np.exp(-PLACES))
akima = interpolate.Akima1DInterpolator(PLACES, PLACES**2)
several = interpolate.CubicSpline(PLACES, np.stack([PLACES, PLACES**2], axis=1))


def one(x):
    return np.sum(cubic(x) ** 2)


def products(x):
    return np.sum(smooth(x) * monotone(x) + akima(x, nu=1))


def of_a_number(x):
    return cubic(x[0] * x[1]) * smooth(x[2], 0)


def beyond(x):
    return np.sum(cubic(x + 4.0, extrapolate=True) + cubic(2 * x, 1))


def in_a_loop(x):
    for _ in range(3):
        x = x + 0.1 * cubic(x)
    return np.sum(x**2)


@pytest.mark.parametrize("function", [one, products, of_a_number, beyond, in_a_loop], ids=lambda one: one.__name__)
def test_against_differences(function: Callable[..., Any]) -> None:
    x, way = np.array([0.3, 1.8, 3.2]), np.array([0.5, 1.0, -0.7])
    slope = differences.slope(function, [x], [way])
    assert bp.value_and_grad(function)(x)[0] == function(x)
    assert slope.agrees(np.dot(bp.grad(function)(x), way))
    assert slope.agrees(bp.jvp(function, (x,), (way,))[1])
    assert differences.slope(bp.grad(function), [x], [way]).agrees(bp.hvp(function)(x, way))


def test_the_text() -> None:
    gradient = bp.grad(one)
    gradient(np.ones(3))
    assert "x_bar = result_bar * 2 * cubic(x) * cubic(x, 1)" in gradient.source


def test_another_spline_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    gradient, x = bp.grad(one), np.array([0.3, 1.8])
    np.testing.assert_allclose(gradient(x), 2 * cubic(x) * cubic(x, 1))
    monkeypatch.setitem(globals(), "cubic", smooth)
    np.testing.assert_allclose(gradient(x), 2 * smooth(x) * smooth(x, 1))
    monkeypatch.setitem(globals(), "cubic", several)
    with pytest.raises(bp.BackproseError):
        gradient(x)
    monkeypatch.setitem(globals(), "cubic", lambda y: y**2)
    np.testing.assert_allclose(gradient(x), 4 * x**3)


def test_what_is_refused() -> None:
    def of_rows(x):
        return np.sum(several(x))

    with pytest.raises(bp.BackproseError):
        bp.grad(of_rows)(np.ones(3))
