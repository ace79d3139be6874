"""Derivatives that are called in a function that is differentiated: right in both modes and once more, or refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import backprose as bp
from tests import differences
from tests.checks import same_bits

SCALE = 2.0
X = np.array([0.5, -0.3, 0.8])


def energy(x, k=1.5):
    total = 0.0
    for i in range(len(x)):
        if x[i] > 0:
            total += k * x[i] ** 3
        else:
            total -= np.sin(x[i])
    return total * SCALE


def changing(x):
    x[0] *= x[1]
    return np.sum(x**3)


def quartic(t):
    return t**4 / 4 - t


d_energy = bp.grad(energy)
d_energy_both = bp.grad(energy, wrt=("x", "k"))
slope = bp.grad(quartic)
bend = bp.grad(slope)


class Body:
    def __init__(self, place):
        self.place = place

    def force(self):
        return -d_energy(self.place)


# ---------------------------------------------------------------- programs
def made_where_it_is_called(x):
    return np.sum(x * bp.grad(energy)(x, k=2.0))


def with_a_name(x):
    derivative = bp.grad(energy, wrt="x")
    total = 0.0
    for i in range(3):
        total += np.sum(derivative(x=x * i))
    return total


def of_the_module(x):
    velocity = np.zeros_like(x)
    for _ in range(3):
        velocity = velocity - 0.1 * d_energy(x)
        x = x + 0.1 * velocity
    return np.sum(x**2)


def several(x):
    of_x, of_k = bp.grad(energy, wrt=("x", "k"))(x, x[0])
    return np.sum(of_x) * of_k


def value_too(x):
    value, gradient = bp.value_and_grad(energy)(x)
    both = bp.value_and_grad(energy)(2 * x)
    return value * np.sum(gradient) + both[0] * both[1][1]


def in_branches(x):
    gradient = d_energy(x) if x[1] > 0 else d_energy_both(x, 0.5)[0]
    return gradient @ gradient


def in_a_test(x):
    if d_energy(x)[0] > 1:
        return np.sum(d_energy(x))
    return np.sum(d_energy(2 * x))


def helper(x):
    return -d_energy(x) * 0.5


def through_a_helper(x):
    return np.sum(helper(x) ** 2)


def in_a_method(x):
    body = Body(x)
    body.place = body.place + 0.1 * body.force()
    return np.sum(body.place**2)


def written_into(x):
    y = x * 1.0
    gradient = d_energy(y)
    y[0] = gradient[1] * y[0]
    y *= gradient
    return np.sum(y)


def of_a_function_that_writes(x):
    y = 1.0 * x
    return np.sum(bp.grad(changing)(y) * y)


def newton(x):
    t = x[2] + 1.0
    for _ in range(3):
        t = t - slope(t) / bend(t)
    return t * x[0]


def derivative_that_does_not_move(x):
    z = np.array([1.0, 2.0])
    return np.sum(x[:2] * d_energy(z) * bp.grad(energy)(z))


def passed_on(x):
    return np.sum(applied(d_energy, x) ** 2)


def applied(function, x):
    return function(x)


d_nested = bp.grad(made_where_it_is_called)


def twice_nested(x):
    return np.sum(d_nested(x) ** 2)


def cubic(x):
    return np.sum(x**4) * x[0] + np.sin(x[1])


def bent(x):
    return np.sin(x) * x[0]


def bell(x):
    return np.exp(-(x**2))


def total_energy(x):
    total = 0.0
    for i in range(len(x)):
        total += x[i] ** 3
    return total


times_hessian = bp.hvp(cubic)
rows_of_bent = bp.jacobian(bent, direction="reverse")


def of_hvp(x):
    return np.sum(x * bp.hvp(cubic)(x, x * x))


def of_hvp_of_the_module(x):
    for _ in range(2):
        x = x - 0.1 * times_hessian(x, np.ones(3))
    return np.sum(x**2)


def of_hvp_that_moves_in_its_direction_alone(x):
    return np.sum(bp.hvp(cubic)(np.array([1.0, 2.0, 0.5]), x) ** 2)


def of_jacobian(x):
    return np.sum(bp.jacobian(bent)(x) @ x)


def of_rows(x):
    return np.sum(rows_of_bent(x) @ x)


def of_hessian(x):
    return np.sum(bp.hessian(cubic)(x) @ x)


def of_elementwise_grad(x):
    return np.sum(bp.elementwise_grad(bell)(x) * x)


def of_gradients(x):
    return bp.gradients(total_energy, of="total", wrt="x")(x) @ x


PROGRAMS = [
    of_hvp, of_hvp_of_the_module, of_hvp_that_moves_in_its_direction_alone, of_jacobian, of_rows, of_hessian,
    of_elementwise_grad, of_gradients,
    made_where_it_is_called, with_a_name, of_the_module, several, value_too, in_branches, in_a_test, through_a_helper,
    in_a_method, written_into, of_a_function_that_writes, newton, derivative_that_does_not_move, passed_on,
    twice_nested,
]  # fmt: skip


@pytest.mark.parametrize("function", PROGRAMS, ids=lambda one: one.__name__)
def test_right(function: Callable[..., Any]) -> None:
    way = np.array([0.3, -0.2, 0.9])
    expected = differences.gradient(function, (X,), 0)
    value, gradient = bp.value_and_grad(function)(X.copy())
    assert same_bits(value, function(X.copy()))
    assert expected.agrees(gradient, 1e-6, 1e-8, 1.0)
    value, tangent = bp.jvp(function, (X.copy(),), (way,))
    assert same_bits(value, function(X.copy()))
    np.testing.assert_allclose(tangent, np.sum(gradient * way), rtol=1e-9, atol=1e-10)
    value, pullback = bp.vjp(function, X.copy())
    assert same_bits(pullback(1.0), pullback(1.0))
    np.testing.assert_allclose(pullback(1.0), gradient, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("function", [made_where_it_is_called, of_the_module, several, newton])
def test_once_more(function: Callable[..., Any]) -> None:
    way = np.array([0.3, -0.2, 0.9])
    df = bp.grad(function)
    expected = differences.slope(df, (X,), (way,))
    assert expected.agrees(bp.jvp(df, (X,), (way,))[1], 1e-6, 1e-7, 1.0)
    assert expected.agrees(bp.vjp(df, X)[1](way), 1e-6, 1e-7, 1.0)


def test_the_text_calls_the_derivative_as_it_is_written_where_it_does_not_move() -> None:
    text = bp.grad(derivative_that_does_not_move).source_for(X)
    assert "d_energy(z) * bp.grad(energy)(z)" in text


def test_a_global_that_is_bound_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    df = bp.grad(of_the_module)
    df(X)
    monkeypatch.setitem(globals(), "d_energy", bp.grad(lambda x: np.sum(x**2)))
    assert differences.gradient(of_the_module, (X,), 0).agrees(df(X), 1e-6, 1e-8, 1.0)
    monkeypatch.undo()
    monkeypatch.setitem(globals(), "SCALE", 3)
    assert differences.gradient(of_the_module, (X,), 0).agrees(df(X), 1e-6, 1e-8, 1.0)


# ---------------------------------------------------------------- refused
def of_itself(x):
    return calls_it(x)


def calls_it(x):
    return np.sum(bp.grad(of_itself)(x))


def of_one_another(x):
    return np.sum(bp.grad(of_another)(x))


def of_another(x):
    return np.sum(bp.grad(of_one_another)(x))


def deeper(f, x):
    return deeper(bp.grad(lambda t: f(t) * x[0]), x) if x[1] > 0 else f(x[0])


def of_functions_without_end(x):
    return deeper(lambda t: t**2, x)


def writes_outside(x):
    seen = np.zeros(3)

    def inner(t):
        seen[0] = t
        return t**2 * x[0]

    return bp.grad(inner)(x[1]) + seen[0]


def binds_outside(x):
    count = 0.0

    def inner(t):
        nonlocal count
        count = count + t
        return t**2 * x[0]

    return bp.grad(inner)(x[1]) + count


def changes_outside(x):
    seen = []

    def inner(t):
        seen.append(t)
        return t**2 * x[0]

    return bp.grad(inner)(x[1]) + seen[0]


def prints_in_a_pullback(x):
    def inner(t):
        print(t)
        return t * x

    return np.sum(bp.vjp(inner, x)[1](x))


def pulls_back_what_two_ways_made(x):
    value, pull = bp.vjp(lambda t: t * x, x)
    for _ in range(2):
        value, pull = bp.vjp(lambda t: t**2 * x, value)
    return np.sum(pull(x))


def of_a_list_of_unknown_length(x):
    items = [x[i] ** 2 for i in range(len(x))]
    return bp.grad(lambda items: sum(items))(items)[0]


def with_wrt_that_is_not_passed(x):
    return bp.grad(lambda t, a=2.0: t * a * x[0], wrt="a")(x[0])


def with_an_unknown_wrt(x, name="t"):
    return bp.grad(lambda t: t * x[0], wrt=[name, "s"][len(x) - 3])(x[0])


def between_variables_of_a_lambda(x):
    return bp.gradients(lambda t: t * x[0], of="t", wrt="t")(x[0])


def of_an_array(x):
    return np.sum(bp.grad(lambda t: t * x)(x))


def with_a_tangent_of_another_form(x):
    return bp.jvp(lambda p: p["a"], ({"a": x},), (x,))[1] @ x


def of_any_number_of_arguments(x):
    return bp.grad(lambda *args: args[0] * x[0])(x[1])[0]


def writes_into_a_module(x):
    def inner(t):
        global SCALE
        SCALE = t
        return t**2 * x[0]

    return bp.grad(inner)(x[1])


def writes_outside_deeper(x):
    seen = np.zeros(3)

    def inner(t):
        seen[0] = t
        return t**2 * x[0]

    return bp.grad(lambda s: bp.grad(inner)(s) * s)(x[1]) + seen[0]


def writes_outside_in_between(x):
    def middle(s):
        seen = np.zeros(3)

        def inner(t):
            seen[0] = t
            return t**2 * x[0]

        return bp.grad(inner)(s) * s + seen[0]

    return bp.grad(middle)(x[1])


def prints_in_a_pullback_deeper(x):
    def inner(t):
        print(t)
        return t * x

    return np.sum(bp.grad(lambda s: np.sum(bp.vjp(inner, s)[1](x)))(x))


def returns_a_function(x):
    value, _ = bp.jvp(lambda t: (t, lambda s: s * t), (x[0],), (1.0,))
    return value[1](x[1])


def writes_into_another_array(x):
    y = x * 1.0

    def inner(t):
        t[0] = t[1] ** 2
        return np.sum(t * y)

    return bp.grad(inner)(y)[1]


REFUSED = [
    writes_outside_deeper, writes_outside_in_between, prints_in_a_pullback_deeper, returns_a_function,
    writes_into_another_array,
    of_itself, of_one_another, of_functions_without_end, writes_outside, binds_outside, changes_outside,
    prints_in_a_pullback, pulls_back_what_two_ways_made, of_a_list_of_unknown_length, with_wrt_that_is_not_passed,
    with_an_unknown_wrt, between_variables_of_a_lambda, of_an_array, with_a_tangent_of_another_form,
    of_any_number_of_arguments, writes_into_a_module,
]  # fmt: skip
SECTIONS = ("derivatives-inside", "aliases", "recursion", "procedures", "functions", "containers", "results", "globals")


@pytest.mark.parametrize("function", REFUSED, ids=lambda one: one.__name__)
@pytest.mark.parametrize("transform", [bp.grad, lambda function: lambda x: bp.jvp(function, (x,), (x,))])
def test_refused(function: Callable[..., Any], transform: Any) -> None:
    with pytest.raises(bp.BackproseError) as caught:
        transform(function)(np.abs(X))
    assert caught.value.section in SECTIONS
    assert caught.value.where is not None
    assert caught.value.where.file == __file__
    assert caught.value.why
    assert caught.value.instead


def prints_in_a_gradient(x):
    def inner(t):
        print("once")
        return t**2 * x[0]

    value, tangent = bp.jvp(inner, (x[1],), (1.0,))
    return bp.grad(inner)(x[1]) * tangent + value


def test_prints_as_often_as_the_program(capsys: pytest.CaptureFixture[str]) -> None:
    expected = differences.gradient(prints_in_a_gradient, (X,), 0)
    capsys.readouterr()
    assert expected.agrees(bp.grad(prints_in_a_gradient)(X), 1e-6, 1e-8, 1.0)
    assert capsys.readouterr().out == "once\nonce\n"
    bp.jvp(prints_in_a_gradient, (X,), (X,))
    assert capsys.readouterr().out == "once\nonce\n"
    bp.hvp(prints_in_a_gradient)(X, X)
    assert capsys.readouterr().out == "once\nonce\n"
