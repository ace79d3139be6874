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
    f = lambda t: t**3 * x[0] + np.sin(t * x[2])
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
        h = lambda q, p: energy(q, x[0]) + p @ p / 2
        p = p - 0.1 * bp.grad(h, wrt="q")(q, p)
        q = q + 0.1 * bp.grad(h, wrt="p")(q, p)
    return np.sum(q**2) + np.sum(p * q)


def both_parts_of_a_hamiltonian(x):
    h = lambda q, p: energy(q, x[0]) + p @ p / 2
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
    u = lambda t: np.tanh(x[0] * t + x[1]) * x[2]
    du = bp.grad(u)
    ddu = bp.grad(du)
    total = 0.0
    for t in (0.1, 0.4, 0.9):
        total += (ddu(t) + du(t) - u(t)) ** 2
    return total


def residual_at_an_array(x):
    t = np.linspace(0.0, 1.0, 4)
    u = lambda t: np.tanh(x[0] * t + x[1]) * x[2]
    du = bp.elementwise_grad(u)(t)
    return np.sum((du + u(t)) ** 2)


def newton_with_a_hessian(x):
    objective = lambda z: np.sum(z**4) + np.sum((z - x) ** 2) * x[0]
    z = x * 1.0
    for _ in range(2):
        z = z - np.linalg.solve(bp.hessian(objective)(z), bp.grad(objective)(z))
    return np.sum(z**2)


def implicit_euler(x):
    y = x * 1.0
    for _ in range(2):
        old = y
        residual = lambda z: z - old - 0.1 * field(z, x[0])
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
        inner = lambda t: bp.jvp(lambda s: np.sin(s * t) * x[0], (q[0],), (t,))[1]
        return bp.grad(inner)(q[1]) * q[2]

    return bp.grad(outer)(x) @ x


def derivative_of_a_derivative(x):
    return bp.grad(bp.grad(lambda t: t**4 * x[0] + np.sin(t)))(x[1])


def hvp_as_jvp_of_grad(x):
    f = lambda z: np.sum(z**4) * x[0] + z[0] * z[1]
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
FIRST = set(globals())


# ---------------------------------------------------------------- more, of the first order
def inactive(x):
    t = bp.grad(lambda t: np.sin(t) * RATE)(2.0)
    if bp.grad(lambda t: t * t)(1.5) > 1:
        return np.sum(x * t)
    return np.sum(x)


def inactive_nested(x):
    g = lambda t: bp.grad(lambda s: s**3 * t)(t)
    return np.sum(x) * bp.grad(g)(2.0)


def in_a_comprehension(x):
    return sum([bp.grad(lambda t: t ** (i + 1) * x[0])(x[1]) for i in range(3)])


def in_a_generator(x):
    return sum(bp.grad(lambda t: t ** (i + 1) * x[0])(x[1]) for i in range(3))


def in_a_conditional_expression(x):
    return bp.grad(lambda t: t**2 * x[0])(x[1]) if x[2] > 0 else x[1]


def before_an_early_return(x):
    def f(t):
        if t > 0:
            return t**3 * x[0]
        return np.sin(t) * x[1]

    for i in range(3):
        if x[i] > 0.7:
            return bp.grad(f)(x[i])
    return bp.grad(f)(x[1])


def in_a_while_loop(x):
    t = x[0]
    n = 0
    while abs(t * t - x[2]) > 1e-3 and n < 20:
        r = lambda z: z * z - x[2]
        t = t - r(t) / bp.grad(r)(t)
        n += 1
    return t


def by_position(x):
    v, (a, b) = bp.value_and_grad(lambda a, b: np.sum(a * b * x), wrt=(0, 1))(x, x**2)
    return v * a @ b


def by_keyword(x):
    return bp.grad(lambda t, s: t**2 * s, wrt="s")(t=x[0], s=x[1]) * bp.grad(lambda t, s: t**2 * s)(x[0], s=x[1])


def jvp_kwargs(x):
    def f(t, *, s):
        return t**2 * s

    return bp.jvp(f, (x[0],), (1.0,), {"s": x[1]})[1] + bp.vjp(f, x[0], kwargs={"s": x[2]})[1](2.0)


def imported_in_the_function(x):
    from backprose import grad

    return grad(lambda t: t**2 * x[0])(x[1])


def element_by_element(x):
    return np.sum(bp.elementwise_grad(lambda t, k: np.sin(t) * k, 0)(x, x[0]))


def of_a_recursion(x):
    def fact(t, n):
        return t if n == 0 else t * fact(t + x[0], n - 1)

    return bp.grad(lambda t: fact(t, 3))(x[1])


def with_a_starred_argument(x):
    args = (x[0], x[1])
    return bp.grad(lambda a, b: a**2 * b)(*args)


def beside_an_integer(x):
    return bp.grad(lambda t, n: t**n * x[0])(x[1], 3)


def trace_of_a_hessian(x):
    H = bp.hessian(lambda z: np.sum(z**3) * x[0])(x)
    return np.trace(H)


def by_a_matrix(x):
    W = np.outer(x, x)
    G = bp.grad(lambda W: np.sum(np.tanh(W @ x)))(W)
    return np.sum(G * W)


def made_by_a_function(x):
    def make(k):
        def f(t):
            return np.sin(k * t)

        return bp.grad(f)

    d1 = make(x[0])
    d2 = make(x[1])
    return d1(x[2]) * d2(x[2])


def descent_with_momentum(x):
    # momentum with dict state
    params = {"w": x * 1.0, "b": 0.5}
    vel = {"w": np.zeros(3), "b": 0.0}
    for i in range(3):
        g = bp.grad(lambda p: np.sum((p["w"] * x + p["b"]) ** 2))(params)
        for k, v in vel.items():
            vel[k] = 0.9 * v - 0.1 * g[k]
            params[k] = params[k] + vel[k]
    return np.sum(params["w"]) * params["b"]


def force(q, k):
    h = lambda q: np.sum(q**3) * k
    return bp.grad(h)(q)


def through_helper(x):
    for _ in range(2):
        x = x - 0.1 * force(x, x[0])
    return np.sum(x**2)


def changing(y):
    y[0] *= y[1]
    return np.sum(y**3)


def vjp_of_what_writes(x):
    y = 1.0 * x
    v, pull = bp.vjp(changing, y)
    return pull(v) @ y


def value_of_what_writes(x):
    y = 1.0 * x
    return bp.vjp(changing, y)[0] * y[0]


def closure_writes_copy(x):
    def f(u):
        u = u.copy()
        u[0] *= x[1]
        for i in range(1, 3):
            u[i] += u[i - 1] ** 2
        return np.sum(u**2)

    return bp.grad(f)(x) @ x


def in_a_try(x):
    def f(t):
        try:
            y = t**3 * x[0]
        except ValueError:
            y = t
        with np.errstate(over="ignore"):
            return y * t

    return bp.grad(f)(x[1])


def text_result(x):
    v, pull = bp.vjp(lambda t: {"y": t * x[0], "name": "hello"}, x[1])
    return v["y"] * pull({"y": 2.0, "name": None})


def local_import(x):
    import math

    return bp.grad(lambda t: math.sin(t * x[0]))(x[1])


def with_a_text(x):
    def f(t):
        label = f"{len(x)}"
        return t**2 * x[0] * len(label)

    return bp.grad(f)(x[1])


def of_an_object_in_a_loop(x):
    class_ = Model(x[0], x[1])
    history = []
    for i in range(3):
        g = bp.grad(lambda w: np.sum(w**2 * x) + class_.b * w)(class_.w)
        class_.w = class_.w - 0.1 * g
        history.append(class_.w)
    return sum(history)


def of_a_while_loop(x):
    def f(t):
        n = 0
        while t < 2.0:
            t = t * 1.5 + x[0]
            n += 1
            if n > 5:
                break
        return t * t

    return bp.grad(f)(x[2])


def two_jacobians(x):
    J, K = bp.jacobian(lambda a, b: np.sin(a) * b * x, wrt=("a", "b"))(x, x**2)
    return np.sum(J @ K)


def jacobian_of_the_module(x):
    return np.sum(bp.jacobian(field, 1)(x, x[0]))


def hessian_of_the_module(x):
    return np.sum(bp.hessian(energy, wrt="q")(x, x[1]))


def value_and_gradient_of_a_dict(x):
    v, g = bp.value_and_grad(lambda p: p["a"] * np.sum(p["b"] ** 2))({"a": x[0], "b": x})
    return v * g["a"] * np.sum(g["b"])


def grad_of_vjp_closure(x):
    def f(t):
        v, pull = bp.vjp(lambda s: np.sin(s) * t, t**2)
        return pull(v) * t

    return bp.grad(f)(x[0]) * x[1]


def not_read(x):
    bp.grad(lambda t: t * x[0])(x[1])
    return np.sum(x)


def names_that_mean_two_things(x):
    np_ = x
    w = x[0]
    return bp.grad(lambda w: w**2 * np_[1])(w) * bp.grad(lambda x: x**3)(w)


def reads_a_global(x):
    return bp.grad(lambda t: RATE * t**2 * x[0])(x[1])


def in_a_test(x):
    df = bp.grad(lambda t: t**3 * x[0])
    return df(x[1]) if df(x[1]) > -100 and x[0] > 0 else 0.0


def vjp_in_a_recursion(x):
    def go(t, n):
        if n == 0:
            return t
        v, pull = bp.vjp(lambda s: np.sin(s) * x[0], t)
        return go(pull(v), n - 1)

    return go(x[1], 2)


class Oscillator:
    def __init__(self, k):
        self.k = k
        self.force = bp.grad(lambda q: -self.k * q**4)

    def go(self, q):
        return self.force(q)


def of_a_list_of_layers(x):
    ws = [x * 1.0, x**2, x**3]

    def net(ws, z):
        for w in ws:
            z = np.tanh(w * z)
        return np.sum(z)

    gs = bp.grad(net)(ws, x)
    ws = [w - 0.1 * g for w, g in zip(ws, gs)]
    return net(ws, x)


def parameters_of_one_name(x):
    def f(x):
        g = lambda y: bp.grad(lambda x: np.sum(x**2 * y))(x)
        return np.sum(bp.jvp(g, (x[0],), (1.0,))[1])

    return bp.grad(f)(x) @ x


def a_decorated_jacobian(x):
    @bp.jacobian
    def rows(z):
        return z**2 * x

    return np.sum(rows(x))


def decorated_twice(x):
    @bp.grad
    @bp.grad
    def h(t):
        return t**4 * x[0]

    return h(x[1])


def kept_in_an_object(x):
    return Oscillator(x[0]).go(x[1])


def kept_in_a_dict(x):
    d = {"a": bp.grad(lambda t: t**3 * x[0]), "b": bp.grad(lambda t: np.sin(t) * x[2])}
    return d["a"](x[1]) * d["b"](x[1])


def kept_in_a_list(x):
    ds = [bp.grad(lambda t, k=k: t**k * x[0]) for k in (2, 3)]
    return ds[0](x[1]) * ds[1](x[1])


def pullbacks_in_a_list(x):
    pulls = []
    z = x
    for w in (x, x**2):
        z, pull = bp.vjp(lambda z, w=w: np.sin(z * w), z)
        pulls.append(pull)
    bar = z
    for pull in reversed(pulls):
        bar = pull(bar)
    return np.sum(bar)


def columns_by_jvp(x):
    n = len(x)
    v = np.eye(n)
    cols = [bp.jvp(lambda z: z**2 * x[0], (x,), (v[i],))[1] for i in range(n)]
    return np.sum(np.stack(cols) @ x)


def with_an_assertion(x):
    def f(t):
        assert t > -100, f"{t} {x} {RATE}"
        return t**2 * x[0]

    return bp.grad(f)(x[1])


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
    np.testing.assert_allclose(value, function(X.copy()), rtol=1e-14)  # the text of a derivative inside may be another
    assert expected.agrees(gradient, 1e-6, 1e-8, 1.0)
    value, tangent = bp.jvp(function, (X.copy(),), (WAY,))
    np.testing.assert_allclose(value, function(X.copy()), rtol=1e-14)
    np.testing.assert_allclose(tangent, np.sum(gradient * WAY), rtol=1e-8, atol=1e-9)
    value, pullback = bp.vjp(function, X.copy())
    assert same_bits(pullback(1.0), pullback(1.0))
    np.testing.assert_allclose(pullback(1.0), gradient, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(("function", "by_hand"), BY_HAND, ids=lambda one: one.__name__)
def test_as_by_hand(function: Callable[..., Any], by_hand: Callable[..., Any]) -> None:
    np.testing.assert_allclose(bp.grad(function)(X), bp.grad(by_hand)(X), rtol=1e-10)
    np.testing.assert_allclose(bp.jvp(function, (X,), (WAY,)), bp.jvp(by_hand, (X,), (WAY,)), rtol=1e-10)
    np.testing.assert_allclose(bp.hvp(function)(X, WAY), bp.hvp(by_hand)(X, WAY), rtol=1e-8)


@pytest.mark.parametrize("function", [one for one in PROGRAMS if one.__name__ in FIRST], ids=lambda one: one.__name__)
def test_once_more(function: Callable[..., Any]) -> None:
    df = bp.grad(function)
    expected = differences.slope(df, (X,), (WAY,))
    assert expected.agrees(bp.hvp(function)(X, WAY), 1e-6, 1e-6, 1.0)
    assert expected.agrees(bp.vjp(df, X)[1](WAY), 1e-6, 1e-6, 1.0)


# ---------------------------------------------------------------- what the text takes for granted
def reads_the_module(x):
    return np.sum(bp.grad(lambda q: energy(q, RATE) * x[0])(x))


def test_a_global_that_is_bound_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    df = bp.grad(reads_the_module)
    df(X)
    for name, value in (("RATE", 0.7), ("RATE", 2), ("energy", lambda q, k: np.sum(q**4) * k)):
        monkeypatch.setitem(globals(), name, value)
        assert differences.gradient(reads_the_module, (X,), 0).agrees(df(X), 1e-6, 1e-8, 1.0)


def test_a_variable_of_another_function_that_is_bound_anew() -> None:
    rate = 0.5

    def inner(x):
        return np.sum(bp.grad(lambda q: np.sum(rate * q**3) * x[0])(x))

    df = bp.grad(inner)
    for new in (0.5, 2.0, 3):
        rate = new
        assert differences.gradient(inner, (X,), 0).agrees(df(X), 1e-6, 1e-8, 1.0)


def test_a_captured_array_that_is_written_before_the_pullback() -> None:
    scale = np.array([1.0, 2.0, 3.0])
    _, pullback = bp.vjp(lambda z: z**2 * scale, X)
    before = pullback(np.ones(3))
    scale *= 7.0
    assert same_bits(pullback(np.ones(3)), before)


def test_saved_files_run_alone(tmp_path: Any) -> None:
    for function in (hamiltonian, three_deep, vjp_several_times, inactive_nested, of_nested_structures):
        for make, args in ((bp.grad, (X,)), (bp.hvp, (X, WAY))):
            derivative = make(function)
            expected = derivative(*args)
            path = tmp_path / "dumped.py"
            derivative.save(path)
            text = path.read_text()
            assert "import backprose" not in text
            space: dict[str, Any] = {}
            exec(compile(text, str(path), "exec"), space)
            assert same_bits(space[derivative.__wrapped__.__name__](*args), expected)


def of_the_shape(x, v):
    return np.sum(bp.jvp(lambda z: z**2 * x[0], (x,), (v,))[1])


def of_the_direction(x, v):
    return np.sum(bp.hvp(cubed)(x, v))


def of_the_cotangent(x, v):
    return np.sum(bp.vjp(lambda z: z**2 * x[0], x)[1](v))


def cubed(x):
    return np.sum(x**3)


@pytest.mark.parametrize("function", [of_the_shape, of_the_direction, of_the_cotangent])
def test_tangents_have_the_shape_of_what_they_belong_to(function: Callable[..., Any]) -> None:
    assert differences.gradient(function, (X, WAY), 0).agrees(bp.grad(function)(X, WAY), 1e-6, 1e-8, 1.0)
    for wrong in (2.0, np.ones(1), np.ones((2, 3))):
        with pytest.raises((ValueError, bp.BackproseError)):
            bp.grad(function)(X, wrong)


def test_single_precision() -> None:
    x = X.astype(np.float32)
    for function in (hamiltonian, of_a_dict, vjp_several_times, jvp_of_a_function):
        value, gradient = bp.value_and_grad(function)(x)
        assert same_bits(value, function(x))
        assert gradient.dtype == np.float32
        np.testing.assert_allclose(gradient, bp.grad(function)(X), rtol=2e-3, atol=1e-4)


def complex_tangent(x):
    value, tangent = bp.jvp(lambda z: z**2 * x[0], (x[1] + 1j * x[2],), (1.0 + 0j,))
    return np.real(tangent) * np.imag(value)


def complex_pullback(x):
    value, pull = bp.vjp(lambda z: z**2 * x[0], x[1] + 1j * x[2])
    return np.real(pull(1.0 + 2j) * value)


def one_array_twice(x):
    gradient = bp.grad(lambda p: np.sum(p["a"] ** 2 * p["b"]))({"a": x, "b": x})
    return gradient["a"] @ gradient["b"]


@functools.wraps(reads_the_module)
def with_the_attributes_of_another(x):
    return np.sum(bp.grad(lambda q: np.sum(q**4) * x[1])(x))


@pytest.mark.parametrize(
    "function", [complex_tangent, complex_pullback, one_array_twice, with_the_attributes_of_another]
)
def test_right_too(function: Callable[..., Any]) -> None:
    bp.grad(reads_the_module)(X)
    assert differences.gradient(function, (X,), 0).agrees(bp.grad(function)(X), 1e-6, 1e-8, 1.0)


def of_a_structure_of_many_kinds(params, x):
    gradient = bp.grad(lambda p: np.sum(p["w"] ** p["n"]) * p["b"] * np.sum(x))(params)
    assert gradient["n"] is None
    assert gradient["name"] is None
    return np.sum(gradient["w"]) * gradient["b"]


def test_what_is_no_float_has_no_gradient() -> None:
    def of_floats(w, b):
        return of_a_structure_of_many_kinds({"w": w, "b": b, "n": 3, "name": "net"}, X)

    gradient = bp.grad(of_a_structure_of_many_kinds)({"w": X, "b": 0.7, "n": 3, "name": "net"}, X)
    assert gradient["n"] is gradient["name"] is None
    assert differences.gradient(of_floats, (X, 0.7), 0).agrees(gradient["w"], 1e-6, 1e-8, 1.0)
    assert differences.gradient(of_floats, (X, 0.7), 1).agrees(gradient["b"], 1e-6, 1e-8, 1.0)


def with_a_stopped_part(x):
    return bp.grad(lambda t: t**2 * bp.stop_gradient(x[0]) * x[1])(x[0])


def test_a_stopped_part_stays_stopped() -> None:
    a, b, _ = X
    np.testing.assert_allclose(bp.grad(with_a_stopped_part)(X), [2 * a * b, 2 * a * a, 0.0])


def three_lambdas(x):
    f = lambda a: np.sum(a**3) * x[0]
    g = lambda b: np.sum(bp.grad(f)(b) * b) * x[1]
    h = lambda c: bp.jvp(g, (c,), (x,))[1]
    return np.sum(bp.grad(h)(x))


def test_lambdas_three_deep() -> None:
    x = np.array([0.7, 1.3, 0.9])
    assert differences.gradient(three_lambdas, (x,), 0).agrees(bp.grad(three_lambdas)(x), 1e-6)
