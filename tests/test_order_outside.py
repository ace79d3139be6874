"""What is outside, and what inner functions share, is read and changed in the order that Python does it in."""

from __future__ import annotations

import types
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

import backprose as bp
from tests import differences
from tests.checks import is_guard

X = np.array([0.7, 1.3, -0.4, 2.1])
MODULE: Any = types.ModuleType("settings_of_a_test")
ARRAY, LIST, TABLE = np.array([1.0, 2.0]), [1.0, 2.0], {"a": 1.0, "b": 2.0}
NESTED: dict[str, Any] = {"w": [1.0, 0.5]}
PAIRS = [[1.0], [2.0]]
WEIGHTS = [1.0, 2.0, 3.0]
first = second = 0.0


class Setting:
    K = 2.0


class Counter:
    def __init__(self) -> None:
        self.k, self.j = 2.0, 3.0

    def get(self) -> float:
        return self.k

    def inc(self) -> float:
        self.k += 1
        return self.k

    def swapped(self, u: Any) -> Any:
        self.k, old = 5.0, self.k
        return old * u


class Layer:
    def __init__(self, k: float) -> None:
        self.k = k

    def __call__(self, u: Any) -> Any:
        return self.k * u


COUNTER, LAYERS = Counter(), list[Any]()


@pytest.fixture(autouse=True)
def afresh() -> Iterator[None]:
    reset()
    yield
    reset()


def reset() -> None:
    global first, second
    first, second = 1.0, 2.0
    ARRAY[:] = LIST[:] = 1.0, 2.0
    TABLE.update(a=1.0, b=2.0)
    NESTED["w"][:] = 1.0, 0.5
    PAIRS[0][0] = 1.0
    COUNTER.k, COUNTER.j = 2.0, 3.0
    LAYERS[:] = Layer(3.0), Layer(5.0)
    Setting.K = MODULE.K = 2.0


def state() -> str:
    shown = (first, second, ARRAY, LIST, TABLE, NESTED, PAIRS, COUNTER.k, COUNTER.j, [one.k for one in LAYERS])
    return repr((*shown, getattr(Setting, "K", None), MODULE.K))


# ---------------------------------------------------------------- outside
def swaps(x: Any) -> Any:
    global first, second
    ARRAY[0], ARRAY[1] = ARRAY[1], ARRAY[0]
    LIST[0], LIST[1] = LIST[1], LIST[0]
    TABLE["a"], TABLE["b"] = TABLE["b"], TABLE["a"]
    COUNTER.k, COUNTER.j = COUNTER.j, COUNTER.k
    first, second = second, first
    return x[0] ** 2


def fibonacci(x: Any) -> Any:
    global first, second
    first, second = second, first + second
    r = first * x[0]
    return r + second * x[1]


def products(x: Any) -> Any:
    a = COUNTER.get() * COUNTER.inc()
    return a * x[0]


def bump() -> float:
    global first
    first += 10.0
    return first


def two(a: Any, b: Any, x: Any) -> Any:
    return a * x[0] + b * x[1]


def arguments(x: Any) -> Any:
    return two(first, bump(), x)


def swapped_call(x: Any) -> Any:
    global first
    first, z = first * 2, bump()
    return x[0] * first * z


def in_a_loop_test(x: Any) -> Any:
    n = 0
    while n < bump() - first + 2:
        n += 1
        x = x * 1.1
    else:
        x = x * first
    return np.sum(x)


def old_index(x: Any) -> Any:
    y = x.copy()
    y[int(first) - 1] *= bump()
    return np.sum(y * x)


def chosen(x: Any) -> Any:
    return x[0] * (second if bump() > first - 1 else 7.0)


def display(x: Any) -> Any:
    return np.array([COUNTER.get(), COUNTER.inc(), COUNTER.get()]) @ x[:3]


def old_number(x: Any) -> Any:
    return COUNTER.swapped(x[0])


def nested_write(x: Any) -> Any:
    NESTED["w"][0] = 5.0
    return x[0] ** 2


def unpacked_write(x: Any) -> Any:
    a, _ = PAIRS
    a[0] = 3.0
    return x[0] ** 2


def read_and_unpacked(x: Any) -> Any:
    y = x[0] ** 2 * PAIRS[0][0]
    a, _ = PAIRS
    a[0] = 3.0
    return y * PAIRS[0][0]


def read_unpacked(x: Any) -> Any:
    a, _ = PAIRS
    y = x[0] ** 2 * a[0]
    a[0] = 3.0
    return y * a[0]


def class_set(x: Any) -> Any:
    r = x[0] * Setting.K
    setattr(Setting, "K", 20.0)
    return r


def class_set_first(x: Any) -> Any:
    setattr(Setting, "K", 20.0)
    return x[0] * Setting.K


def module_set(x: Any) -> Any:
    r = x[0] * MODULE.K
    setattr(MODULE, "K", 20.0)
    return r


def module_dict(x: Any) -> Any:
    r = x[0] * MODULE.K
    MODULE.__dict__["K"] = 20.0
    return r


def module_vars(x: Any) -> Any:
    r = x[0] * MODULE.K
    vars(MODULE).update(K=20.0)
    return r


class Using:
    def __enter__(self) -> None:
        setattr(Setting, "K", 44.0)

    def __exit__(self, *error: object) -> None:
        setattr(Setting, "K", 2.0)


def class_set_around(x: Any) -> Any:
    with Using():
        r = x[0] * Setting.K
    return r * 1.0


def layers_reversed(x: Any) -> Any:
    LAYERS.reverse()
    return LAYERS[0](x[0])


def layers_inserted(x: Any) -> Any:
    LAYERS.insert(0, Layer(7.0))
    return LAYERS[0](x[0])


def layers_deleted(x: Any) -> Any:
    del LAYERS[0]
    return LAYERS[0](x[0])


def mean(x: Any, w: Any) -> Any:
    total = 0.0
    for i in range(len(w)):
        total += x[i] * w[i]
    return total / len(w)


def list_to_a_helper(x: Any) -> Any:
    return mean(x, WEIGHTS) * mean(x, w=LIST)


# ---------------------------------------------------------------- inner functions
def stepper(x: Any) -> Any:
    y, v = x[0], x[1]

    def force() -> Any:
        return -y

    for _ in range(3):
        y, v = y + 0.1 * v, v + 0.1 * force()
    return y * v


def loss_before(x: Any) -> Any:
    w = x

    def square() -> Any:
        return np.sum(w**2)

    w, loss = w - 0.1 * w, square()
    return loss + np.sum(w)


def terms(x: Any) -> Any:
    n, total = 0, 0.0

    def term() -> Any:
        return x[n] ** 2

    while n < 4:
        n, total = n + 1, total + term()
    return total


def bumped(x: Any) -> Any:
    k = x[0]

    def twice() -> Any:
        nonlocal k
        k *= 2
        return k

    a, k, b = k, k + 1, twice()
    return a * k + b**2


def inner_derivative(x: Any) -> Any:
    y = x * 2
    y, g = y + 1, bp.grad(lambda w: np.sum(w**2 * y))(x)
    return np.sum(g * y)


def read_before_a_call(x: Any) -> Any:
    c = x[2]

    def changed() -> Any:
        nonlocal c
        c = x[3]
        return x[0]

    def both() -> Any:
        listed = [c, changed(), c]
        return listed[0] + listed[1] * listed[2]

    summed = lambda: c + changed()
    return summed() * both() * x[1]


FUNCTIONS = [
    swaps, fibonacci, products, arguments, swapped_call, in_a_loop_test,
    old_index, chosen, display, old_number, nested_write, unpacked_write,
    read_and_unpacked, read_unpacked, class_set, class_set_first, module_set,
    module_dict, module_vars, class_set_around, layers_reversed, layers_inserted, layers_deleted, list_to_a_helper,
    stepper, loss_before, terms, bumped, inner_derivative, read_before_a_call,
]  # fmt: skip
REFUSED = [in_a_loop_test, read_and_unpacked, read_unpacked, layers_reversed, layers_inserted, layers_deleted]


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("mode", ["grad", "vjp", "jvp"])
def test_order(function: Callable[..., Any], mode: str) -> None:
    def at(x: Any) -> Any:
        reset()
        return function(x)

    slope, value = differences.gradient(at, (X,), 0), at(X)
    after = state()
    reset()
    try:
        if mode == "grad":
            found, gradient = bp.value_and_grad(function)(X)
            seen = state()
        elif mode == "vjp":
            found, pullback = bp.vjp(function, X)
            seen = state()
            reset()
            gradient = pullback(1.0)
        else:
            gradient = np.zeros(4)
            for k, way in enumerate(np.eye(4)):
                reset()
                found, gradient[k] = bp.jvp(function, (X,), (way,))
                seen = state()
    except (bp.BackproseError, ValueError) as error:
        refused = isinstance(error, bp.BackproseError) or is_guard(error)
    else:
        refused = False
        assert (found, seen) == (value, after)
        assert np.allclose(gradient, slope.value, rtol=1e-6, atol=1e-8)
    assert refused == (function in REFUSED)
