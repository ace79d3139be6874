"""Derivatives inside of lambdas, nested functions, structures, and ``jvp`` and ``vjp`` inside: right in both modes and
once more."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pytest

import backprose as bp
from tests import differences
from tests.checks import same_bits

X = np.array([0.5, -0.3, 0.8])
WAY = np.array([0.3, -0.2, 0.9])
RATE = 0.3


def energy(q, k):
    return np.sum(k * q**3) + np.sin(q[0]) * k


def wave(t, a):
    return np.sin(a * t) + t**2


def field(q, k):
    return np.sin(q) * k + q[::-1] ** 2


def loss(w, x, y):
    return np.sum((np.tanh(x * w[0] + w[1]) - y) ** 2)


def stretched(x, scale=2.0, *, power=3):
    return np.sum(scale * x**power)


d_energy = bp.grad(energy)
hvp_energy = bp.hvp(energy)


# ---------------------------------------------------------------- closures
def of_a_lambda(x):
    a = x[0]
    return bp.grad(lambda t: np.sin(t * a) + t**3)(x[1])


def of_a_lambda_with_a_name(x):
    f = lambda t: t**3 * x[0] + np.sin(t * x[2])  # noqa: E731
    df = bp.grad(f)
    return df(x[1]) * df(2.0 * x[1])


def of_a_def(x):
    def inner(q):
        total = 0.0
        for i in range(len(q)):
            total = total + q[i] ** 3 * x[i]
        return total

    return np.sum(bp.grad(inner)(x**2) * x)


def hamiltonian(x):
    q, p = x, np.cos(x)
    for _ in range(3):
        h = lambda q, p: energy(q, x[0]) + p @ p / 2  # noqa: E731
        p = p - 0.1 * bp.grad(h, wrt="q")(q, p)
        q = q + 0.1 * bp.grad(h, wrt="p")(q, p)
    return np.sum(q**2) + np.sum(p * q)


def both_parts_of_a_hamiltonian(x):
    h = lambda q, p: energy(q, x[0]) + p @ p / 2  # noqa: E731
    dq, dp = bp.grad(h, wrt=("q", "p"))(x, x**2)
    return dq @ dp


def inner_gradient_step(x):
    w = x[:2]
    lr = 0.1 * x[2]
    data, target = x * 1.5, np.cos(x)
    for _ in range(3):
        w = w - lr * bp.grad(lambda w: loss(w, data, target))(w)
    return loss(w, target, data)


def residual_of_a_differential_equation(x):
    u = lambda t: np.tanh(x[0] * t + x[1]) * x[2]  # noqa: E731
    du = bp.grad(u)
    ddu = bp.grad(du)
    total = 0.0
    for t in (0.1, 0.4, 0.9):
        total += (ddu(t) + du(t) - u(t)) ** 2
    return total


def residual_at_an_array(x):
    t = np.linspace(0.0, 1.0, 4)
    u = lambda t: np.tanh(x[0] * t + x[1]) * x[2]  # noqa: E731
    du = bp.elementwise_grad(u)(t)
    return np.sum((du + u(t)) ** 2)


def newton_with_a_hessian(x):
    objective = lambda z: np.sum(z**4) + np.sum((z - x) ** 2) * x[0]  # noqa: E731
    z = x * 1.0
    for _ in range(2):
        z = z - np.linalg.solve(bp.hessian(objective)(z), bp.grad(objective)(z))
    return np.sum(z**2)


def implicit_euler(x):
    y = x * 1.0
    for _ in range(2):
        old = y
        residual = lambda z: z - old - 0.1 * field(z, x[0])  # noqa: E731
        z = old
        for _ in range(2):
            z = z - np.linalg.solve(bp.jacobian(residual)(z), residual(z))
        y = z
    return np.sum(y**2)


def read_when_it_is_called(x):
    scale = x[0]
    df = bp.grad(lambda t: scale * t**3)
    first = df(x[1])
    scale = scale * x[2]
    return first * df(x[1])


def passed_to_a_function(x):
    return applied(lambda t: np.sin(t * x[0]), x[1])


def applied(f, t):
    return bp.grad(f)(t) * f(t)


def returned_by_a_function(x):
    return derivative_of(lambda t: t**3 * x[0])(x[1])


def derivative_of(f):
    return bp.grad(f)


def decorated(x):
    @bp.grad
    def slope(t):
        return np.sin(t * x[0]) * t

    return slope(x[1]) * slope(x[2])


def decorated_with_arguments(x):
    @bp.value_and_grad(wrt=("a", "b"))
    def slope(t, a, b):
        return np.sin(t * a) * b + a * x[0]

    value, (da, db) = slope(x[2], x[1], x[0])
    return value * da + db


def in_branches(x):
    f = (lambda t: t**3 * x[0]) if x[1] > 0 else (lambda t: np.sin(t) * x[2])
    return bp.grad(f)(x[1]) * x[0]


def chosen_in_a_branch(x):
    df = bp.grad(lambda t: t**3 * x[0])
    if x[1] < 0:
        df = bp.grad(lambda t: np.cos(t) * x[2])
    return df(x[1]) ** 2


def with_defaults(x):
    return np.sum(bp.grad(stretched)(x)) + bp.hvp(stretched)(x, x**2) @ x


def with_a_default_that_is_active(x):
    def inner(t, a=x[0] ** 2):
        return np.sin(a * t)

    return bp.grad(inner)(x[1]) * bp.grad(inner, wrt=("t", "a"))(x[1], x[2])[1]


def with_any_number_of_arguments(x):
    def inner(*args):
        total = 0.0
        for one in args:
            total = total + one**3 * x[0]
        return total

    return bp.grad(lambda a, b: inner(a, b, x[2]))(x[1], x[0])


class Model:
    def __init__(self, w, b):
        self.w, self.b = w, b

    def __call__(self, t):
        return np.tanh(self.w * t) + self.b

    def slope(self, t):
        return bp.grad(lambda t: np.tanh(self.w * t) + self.b)(t)

    def slope_of_weight(self, t):
        return bp.grad(lambda w: w**2 * t + self.b * w)(self.w)


def in_a_method(x):
    model = Model(x[0], x[1])
    model.w = model.w * 2
    return model.slope(x[2]) * model.slope_of_weight(x[1])


# ---------------------------------------------------------------- structures
class Pair(NamedTuple):
    a: Any
    b: Any


def of_a_dict(x):
    p = {"w": x[:2], "b": x[2]}
    gradient = bp.grad(lambda p: np.sum(p["w"] ** 3) * p["b"] * x[0])(p)
    p = {key: p[key] - 0.1 * gradient[key] for key in p}
    return np.sum(p["w"]) * p["b"]


def of_nested_structures(x):
    p = {"layers": [(x, x[0]), (x**2, x[1])], "name": "net", "steps": 3}
    gradient = bp.grad(score)(p, x)
    return gradient["layers"][0][0] @ gradient["layers"][1][0] * gradient["layers"][1][1]


def score(p, x):
    total = 0.0
    for w, b in p["layers"]:
        total = total + np.sum(w**3) * b + w @ x
    return total


def of_a_named_tuple(x):
    value, gradient = bp.value_and_grad(lambda p: np.sum(p.a**2) * p.b)(Pair(x, x[1]))
    return value * np.sum(gradient.a) * gradient.b


def of_an_object(x):
    gradient = bp.grad(lambda model: model(x[0]) ** 2)(Model(x[1], x[2]))
    return gradient.w * gradient.b


def of_a_list_of_arrays(x):
    first, second = bp.grad(lambda ws: np.sum(ws[0] ** 2 * ws[1]))([x, x**2])
    return first @ second


def tangent_of_a_structure(x):
    value, tangent = bp.jvp(
        lambda p: {"y": p["w"] ** 2 * x, "z": p["b"]}, ({"w": x, "b": x[0]},), ({"w": x**2, "b": x[1]},)
    )
    return np.sum(value["y"] * tangent["y"]) + tangent["z"] * value["z"]


def pullback_of_a_structure(x):
    value, pull = bp.vjp(lambda p: (p["w"] ** 2 * x, p["b"] * x[2]), {"w": x, "b": x[0]})
    gradient = pull((value[0], value[1] * 2))
    return np.sum(gradient["w"] * x) + gradient["b"]


def hvp_of_a_structure(x):
    p = {"w": x, "b": x[0]}
    way = bp.hvp(lambda p: np.sum(p["w"] ** 3) * p["b"])(p, {"w": x**2, "b": x[1]})
    return np.sum(way["w"]) * way["b"]


# ---------------------------------------------------------------- jvp and vjp
def jvp_of_a_function(x):
    value, tangent = bp.jvp(field, (x, x[0]), (x**2, None))
    return np.sum(value * tangent)


def jvp_with_several_tangents(x):
    _, tangent = bp.jvp(field, (x, x[0]), (x**2, x[1]))
    return np.sum(tangent**2)


def jvp_in_a_loop(x):
    total = 0.0
    for i in range(3):
        way = np.zeros_like(x)
        way[i] = 1.0
        total += np.sum(bp.jvp(lambda z: field(z, x[1]), (x,), (way,))[1] ** 2)
    return total


def jvp_of_a_scalar(x):
    value, tangent = bp.jvp(lambda t: np.sin(t * x[0]), (x[1],), (x[2],))
    return value * tangent


def vjp_of_a_function(x):
    value, pull = bp.vjp(field, x, x[0])
    return np.sum(pull(value) * x)


def vjp_several_times(x):
    value, pull = bp.vjp(lambda z, k: field(z, k) * x, x**2, x[0], wrt=("z", "k"))
    total = 0.0
    for i in range(3):
        z_bar, k_bar = pull(value * (i + 1.0))
        total += np.sum(z_bar) * k_bar
    return total


def vjp_without_its_value(x):
    _, pull = bp.vjp(lambda z: np.sin(z) * x[0], x)
    return pull(x)[0] * bp.vjp(field, x, x[1], wrt=1)[1](x**2)


def pullback_passed_on(x):
    value, pull = bp.vjp(lambda z: z**3 * x, x)
    return twice(pull, value)


def twice(pull, bar):
    return np.sum(pull(bar) * pull(bar**2))


def variables_that_change_before_the_pullback(x):
    scale = x[0]
    z = x * 1.0
    value, pull = bp.vjp(lambda z: np.sin(z) * scale, z)
    scale = scale * 7.0
    z = z * 2.0
    return np.sum(pull(value) * z) * scale


def an_argument_that_is_bound_anew_before_the_pullback(x):
    value, pull = bp.vjp(lambda z: np.sin(z) * x, np.cos(x))
    x = x * 3.0
    return np.sum(pull(value) * x)


def bound_anew_in_a_loop_before_the_pullback(x):
    z, total = x * 1.0, 0.0
    for i in range(3):
        value, pull = bp.vjp(lambda y: np.sin(y) * z * (i + 1), z)
        z = z * 0.7 + value
        total += np.sum(pull(value) * z)
    return total


def written_before_the_pullback(x):
    z, k = x * 1.0, x**2
    value, pull = bp.vjp(lambda z: z**3 * k, z)
    z[0] = 10.0 * x[1]
    k *= 3.0
    value[1] = x[0]
    return np.sum(pull(value) * z) + np.sum(k)


def rows_of_a_jacobian(x):
    value, pull = bp.vjp(lambda z: field(z, x[0]), x)
    rows = np.zeros((3, 3))
    for i in range(3):
        bar = np.zeros_like(value)
        bar[i] = 1.0
        rows[i] = pull(bar)
    return np.sum(rows @ x)


# ---------------------------------------------------------------- in each other
def three_deep(x):
    def outer(q):
        inner = lambda t: bp.jvp(lambda s: np.sin(s * t) * x[0], (q[0],), (t,))[1]  # noqa: E731
        return bp.grad(inner)(q[1]) * q[2]

    return bp.grad(outer)(x) @ x


def derivative_of_a_derivative(x):
    return bp.grad(bp.grad(lambda t: t**4 * x[0] + np.sin(t)))(x[1])


def hvp_as_jvp_of_grad(x):
    f = lambda z: np.sum(z**4) * x[0] + z[0] * z[1]  # noqa: E731
    _, along = bp.jvp(bp.grad(f), (x,), (x**2,))
    return along @ bp.hvp(f)(x, x)


def grad_of_the_module_in_a_lambda(x):
    return bp.grad(lambda k: np.sum(d_energy(x, k) ** 2))(x[1])


def hvp_of_the_module(x):
    return np.sum(hvp_energy(x, x[1], x**2)) + np.sum(bp.jvp(d_energy, (x, x[0]), (x, None))[1])


def vjp_of_a_gradient(x):
    gradient, pull = bp.vjp(bp.grad(lambda z: np.sum(z**4) * x[0]), x)
    return pull(gradient) @ x


def of_other_functions_in_the_function(x):
    def one(t):
        return np.sin(t) * x[0]

    def two(t):
        return one(t) ** 2 + bp.grad(one)(t)

    return bp.grad(two)(x[1])


# ---------------------------------------------------------------- what only the compiler sees through
def of_an_object_that_is_called(x):
    model = Model(x[0], x[1])
    df = bp.grad(lambda t: model(t) * t)
    first = df(x[2])
    model.w = x[1]
    return first * df(x[2])


def of_an_object_that_is_called_by_hand(x):
    def slope(w, t):
        return (1 - np.tanh(w * t) ** 2) * w * t + np.tanh(w * t) + x[1]

    return slope(x[0], x[2]) * slope(x[1], x[2])


def of_a_method(x):
    return bp.grad(Model(x[0], x[1]).__call__)(x[2])


def of_a_method_by_hand(x):
    return (1 - np.tanh(x[0] * x[2]) ** 2) * x[0]


def of_a_partial_function(x):
    return bp.grad(functools.partial(wave, a=x[0]))(x[1]) * bp.grad(functools.partial(wave, x[1]))(x[2])


def of_a_partial_function_by_hand(x):
    return (np.cos(x[0] * x[1]) * x[0] + 2 * x[1]) * np.cos(x[2] * x[1]) * x[1]


BY_HAND = [
    (of_an_object_that_is_called, of_an_object_that_is_called_by_hand), (of_a_method, of_a_method_by_hand),
    (of_a_partial_function, of_a_partial_function_by_hand),
]  # fmt: skip
PROGRAMS = [
    value for value in list(globals().values())
    if callable(value) and getattr(value, "__module__", "") == __name__ and not isinstance(value, type)
    and getattr(getattr(value, "__code__", None), "co_varnames", ())[:1] == ("x",)
    and getattr(value, "__code__", value).co_argcount == 1 and value not in [one for pair in BY_HAND for one in pair]
]  # fmt: skip


def test_there_are_many() -> None:
    assert len(PROGRAMS) >= 40


@pytest.mark.parametrize("function", PROGRAMS, ids=lambda one: one.__name__)
def test_right(function: Callable[..., Any]) -> None:
    expected = differences.gradient(function, (X,), 0)
    value, gradient = bp.value_and_grad(function)(X.copy())
    assert same_bits(value, function(X.copy()))
    assert expected.agrees(gradient, 1e-6, 1e-8, 1.0)
    value, tangent = bp.jvp(function, (X.copy(),), (WAY,))
    assert same_bits(value, function(X.copy()))
    np.testing.assert_allclose(tangent, np.sum(gradient * WAY), rtol=1e-8, atol=1e-9)
    value, pullback = bp.vjp(function, X.copy())
    assert same_bits(pullback(1.0), pullback(1.0))
    np.testing.assert_allclose(pullback(1.0), gradient, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(("function", "by_hand"), BY_HAND, ids=lambda one: one.__name__)
def test_as_by_hand(function: Callable[..., Any], by_hand: Callable[..., Any]) -> None:
    np.testing.assert_allclose(bp.grad(function)(X), bp.grad(by_hand)(X), rtol=1e-10)
    np.testing.assert_allclose(bp.jvp(function, (X,), (WAY,)), bp.jvp(by_hand, (X,), (WAY,)), rtol=1e-10)
    np.testing.assert_allclose(bp.hvp(function)(X, WAY), bp.hvp(by_hand)(X, WAY), rtol=1e-8)


@pytest.mark.parametrize("function", PROGRAMS, ids=lambda one: one.__name__)
def test_once_more(function: Callable[..., Any]) -> None:
    df = bp.grad(function)
    expected = differences.slope(df, (X,), (WAY,))
    assert expected.agrees(bp.hvp(function)(X, WAY), 1e-6, 1e-6, 1.0)
    assert expected.agrees(bp.vjp(df, X)[1](WAY), 1e-6, 1e-6, 1.0)
