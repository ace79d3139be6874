"""``bp.root`` and ``bp.fixed_point``: the implicit function theorem, at the solution however it was found."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import backprose as bp
from backprose.check import compare


def kepler(anomaly, m, e):
    return anomaly - e * np.sin(anomaly) - m


def step(x, A, b):
    return np.tanh(A @ x) * 0.5 + b


def balance(u, x, w):  # names that mean something else where the rule is written
    return u**3 + w * u - x


def halves(x):
    return 0.5 * x + 1.0


def heron(y, a):
    return (y + a / y) / 2


def of_a_root(m, e):
    return np.cos(bp.root(kepler, 1.0, m, e)) * m


def of_a_fixed_point(A, b):
    x = bp.fixed_point(step, np.zeros(3), A, b)
    return np.sum(x * x)


def each(x, w):
    return np.sum(bp.root(balance, np.ones(3), x, w) * x)


def in_a_loop(m, e):
    total = 0.0
    for i in range(3):
        total += bp.root(kepler, m, m * (i + 1), e) ** 2
    return total


def started_there(a):
    y = bp.fixed_point(heron, np.sqrt(a), a)
    return y * a


def of_a_matrix(a):
    y = bp.fixed_point(heron, np.ones((2, 2)), a)
    return np.sum(y @ y)


def constant(x):
    return bp.root(halves, 1.0) * x


M = np.array([[0.3, 0.1, -0.2], [0.5, 0.2, 0.1], [0.0, 0.4, -0.3]])
B = np.array([0.1, -0.4, 0.7])
PROGRAMS: dict[str, tuple[Callable[..., Any], dict[str, Any]]] = {
    "of_a_root": (of_a_root, {"m": 0.8, "e": 0.3}),
    "of_a_fixed_point": (of_a_fixed_point, {"A": M, "b": B}),
    "each": (each, {"x": np.array([1.0, 2.0, 0.5]), "w": 1.5}),
    "in_a_loop": (in_a_loop, {"m": 0.8, "e": 0.3}),
    "started_there": (started_there, {"a": 2.0}),
    "of_a_matrix": (of_a_matrix, {"a": np.array([[2.0, 3.0], [0.5, 1.7]])}),
    "constant": (constant, {"x": 2.0}),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_against_differences(name: str) -> None:
    function, arguments = PROGRAMS[name]
    for line in compare(function, arguments, tuple(arguments)):
        assert line.good, line


@pytest.mark.parametrize("name", PROGRAMS)
def test_forward_against_reverse_and_second_order(name: str) -> None:
    function, arguments = PROGRAMS[name]
    values = tuple(arguments.values())
    rng = np.random.default_rng(0)
    way = [rng.normal(size=v.shape) if isinstance(v, np.ndarray) else float(rng.normal()) for v in values]
    gradient = bp.grad(function, wrt=tuple(arguments))
    value, moved = bp.jvp(function, values, way)
    assert value == pytest.approx(function(*values), rel=1e-15)
    assert moved == pytest.approx(sum(np.sum(g * t) for g, t in zip(gradient(*values), way, strict=True)), rel=1e-9)
    _, second = bp.jvp(gradient, values, way)
    h = 1e-5
    ahead, behind = (gradient(*(v + s * h * t for v, t in zip(values, way, strict=True))) for s in (1, -1))
    for part, one, other in zip(second, ahead, behind, strict=True):
        np.testing.assert_allclose(part, (one - other) / (2 * h), rtol=1e-5, atol=1e-7)


def test_third_order() -> None:
    def f(m):
        return bp.root(kepler, 1.0, m, 0.3)

    second = bp.grad(bp.grad(f))
    h = 1e-4
    assert bp.grad(second)(0.8) == pytest.approx((second(0.8 + h) - second(0.8 - h)) / (2 * h), rel=1e-5)


def test_no_step_is_needed() -> None:
    """A Newton loop that starts at its solution has the derivative 0; this one has the right one."""

    def loop(a):
        y = np.sqrt(4.0)
        while abs(y * y - a) > 1e-12:
            y = heron(y, a)
        return y

    assert bp.grad(loop)(4.0) == 0.0
    assert bp.grad(lambda a: bp.fixed_point(heron, 2.0, a))(4.0) == pytest.approx(0.25)


def test_where_it_starts_has_no_derivative() -> None:
    assert bp.grad(lambda x0: bp.root(kepler, x0, 0.8, 0.3))(1.0) == 0.0


def test_the_value_is_the_plain_one() -> None:
    assert bp.value_and_grad(of_a_root)(0.8, 0.3)[0] == of_a_root(0.8, 0.3)
    assert bp.root(kepler, 1.0, 0.8, 0.3, tol=1e-3) == pytest.approx(1.062, rel=1e-3)
    assert bp.grad(lambda m: bp.root(kepler, 1.0, m, 0.3, tol=1e-14))(0.8) == pytest.approx(1.1716, rel=1e-3)
    np.testing.assert_allclose(bp.root(balance, np.ones(3), np.array([1.0, 2.0, 0.5]), 1.5) > 0, True)


def x(w, x0, tol):
    return w * w - x0 * tol


def test_names_that_mean_something_else_in_the_rule() -> None:
    assert bp.grad(lambda a: bp.root(x, 1.0, a, 2.0))(8.0) == pytest.approx(2 / (2 * 4.0))
    assert bp.grad(bp.grad(lambda a: bp.root(x, 1.0, a, 2.0)))(8.0) == pytest.approx(-4 / (4 * 4.0**3))


def test_pickles() -> None:
    again = pickle.loads(pickle.dumps(bp.grad(of_a_root)))
    assert again(0.8, 0.3) == bp.grad(of_a_root)(0.8, 0.3)


def test_no_convergence_is_an_error() -> None:
    with pytest.raises(ArithmeticError):
        bp.fixed_point(lambda x: x + 1.0, 0.0)
    with pytest.raises((ArithmeticError, np.linalg.LinAlgError)):
        bp.root(lambda x: x * x + 1.0, 1.0)


def test_a_function_that_reads_variables_of_another_is_refused() -> None:
    def f(a):
        return bp.root(lambda x: x * x - a, 1.0)

    def g(a):
        def inner(x):
            return x * x - a

        return bp.root(inner, 1.0)

    for function in (f, g):
        with pytest.raises(bp.UnsupportedError, match="root of this"):
            bp.grad(function)(2.0)


def test_complex_numbers_are_refused() -> None:
    with pytest.raises(bp.UnsupportedError, match="complex"):
        bp.grad(lambda a: np.real(bp.fixed_point(heron, 1.0 + 1j, a)))(2.0 + 1j)


def test_a_function_that_is_rebound(monkeypatch: pytest.MonkeyPatch) -> None:
    df = bp.grad(of_a_root)
    first = df(0.8, 0.3)

    def other(anomaly, m, e):
        return anomaly - 2 * m * e

    monkeypatch.setitem(globals(), "kepler", other)
    assert df(0.8, 0.3) != first
    assert df(0.8, 0.3) == pytest.approx(np.cos(0.48) - 0.8 * np.sin(0.48) * 0.6)
