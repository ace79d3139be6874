"""Functions under other names: of modules, in data, as defaults, and chosen by a test; to second order too."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import backprose as bp
from tests.checks import check_second
from tests.fuzz.run import check_function

A = np.array([0.5, -0.3])


def relu(z):
    return np.where(z > 0, z, 0.0)


def sq(z):
    return z * z


def apply(f, x):
    return np.sum(f(f(x)))


# ---------------------------------------------------------------- chosen by a test
def kept_under_two_names(x, k):
    g = np.sin if k > 1 else np.cos
    h = g
    g = np.tanh if k > 2 else np.exp
    return np.sum(g(x) * h(x))


def collected(x, k):
    fs = []
    for i in range(3):
        if k > i:
            g = np.sin
        else:
            g = np.cos
        fs.append(g)
    for f in fs:
        x = f(x)
    return np.sum(x)


def collected_tuple(x, k):
    f0 = np.sin if k > 0 else np.cos
    f1 = np.sin if k > 1 else np.cos
    for f, c in ((f0, 1.0), (f1, 2.0)):
        x = f(c * x)
    return np.sum(x)


def changed_test(x, k):
    g = np.sin if k > 1 else np.cos
    k = 0
    return np.sum(g(x)) * (k + 1.0)


def nested(x, k):
    if k > 0:
        if k > 1:
            g = np.sin
        else:
            g = np.cos
    else:
        g = np.tanh
    return np.sum(g(x))


def elifs(x, k):
    if k == 0:
        g = np.sin
    elif k == 1:
        g = relu
    elif k == 2:
        g = lambda v: v * k
    else:
        g = sq
    return np.sum(g(x)) + np.sum(g(x + 1))


def closures_chosen(x, k):
    a = x[0]
    if k > 1:

        def g(v):
            return v * a
    else:

        def g(v):
            return v + a * a

    a = x[1]
    return np.sum(g(x))


def writes_chosen(x, k):
    def dbl(v):
        v[0] *= 2
        return v

    def sqr(v):
        v[1] *= v[0]
        return v

    g = dbl if k > 1 else sqr
    y = x * 1.0
    g(y)
    return np.sum(y**2)


def passed_on(x, k):
    g = sq if k > 1 else np.exp
    return apply(g, x) + apply(lambda v: g(v) * 2, x)


def in_object(x, k):
    class_ = {"f": sq if k > 1 else np.exp}
    return np.sum(class_["f"](x))


def branch_active(x, k):
    if np.sum(x) > 0:
        f = np.sin
    else:
        f = np.cos
    for i in range(3):
        x = f(x) * k
    return np.sum(x)


def keyword(x, k):
    def a(v, c=1.0):
        return v * c

    def b(v, c=2.0):
        return v**2 + c

    g = a if k > 1 else b
    return np.sum(g(x)) + np.sum(g(x, c=x[0])) + np.sum(g(c=3.0, v=x))


def early(x, k):
    f = sq
    if k > 1:
        return np.sum(f(x))
    f = np.exp
    return np.sum(f(x))


def in_try(x, k):
    try:
        f = np.sin if k > 1 else np.cos
        y = f(x)
    except ValueError:
        y = x
    return np.sum(y)


def default_reads(x, k):
    g = (lambda v, c=k: v * c) if k > 1 else (lambda v, c=2 * k: v * v * c)
    k = 10
    return np.sum(g(x)) * k


def while_loop(x, k):
    i = 0
    while i < 4:
        f = np.sin if i < k else relu
        x = f(x) + 0.1
        i += 1
    return np.sum(x)


def unrolled_in_loop(x, k):
    for j in range(k + 1):
        fs = []
        for c in (1.0, 2.0, 3.0):
            if c * j > 2:
                g = np.sin
            else:
                g = np.cos
            fs.append(g)
        for f in fs:
            x = f(x)
    return np.sum(x)


CHOSEN = (
    kept_under_two_names, collected, collected_tuple, changed_test, nested, elifs, closures_chosen,
    writes_chosen, passed_on, in_object, branch_active, keyword, early, in_try, default_reads, while_loop,
    unrolled_in_loop,
)  # fmt: skip


# ---------------------------------------------------------------- under another name
def compose(*fs):
    def h(z):
        for g in reversed(fs):
            z = g(z)
        return z

    return h


def local_name(x):
    t = np.tanh
    return np.sum(t(x) * t(2 * x))


def in_dict(x):
    return np.sum({"tanh": np.tanh, "relu": relu}["tanh"](x))


def by_data_loop(x, n):
    for i in range(n):
        g = np.sin if i % 2 == 0 else np.cos
        x = g(x)
    return np.sum(x)


def reversed_pair(x, k):
    inc = lambda z: z + k
    fs = (inc, lambda z: z * k)
    for g in reversed(fs):
        x = g(x)
    return np.sum(x)


def composed(x, k):
    inc = lambda z: z + k
    return np.sum(compose(inc, lambda z: z * k)(x))


def sliced_backward(x, k):
    fs = [np.sin, np.tanh, relu]
    for g in fs[::-1]:
        x = g(x)
    for g in fs:
        x = g(x)
    return np.sum(x)


def reduce_fs(x, k):
    return np.sum(functools.reduce(lambda v, f: f(v), [np.sin, np.tanh, relu], x))


def zip_fs(x, k):
    for f, c in zip([np.sin, np.tanh], [1.0, k]):
        x = f(c * x)
    return np.sum(x)


def enum_fs(x, k):
    for i, f in enumerate((np.sin, np.tanh)):
        x = f(i * k + x)
    return np.sum(x)


def pass_local(x):
    t = np.tanh
    return apply(t, x) + apply(np.sin, x)


def default_f(x, act=np.tanh):
    return np.sum(act(x))


def default_own(x, act=relu):
    return np.sum(act(x))


def with_keywords(x, k):
    """What is computed again is the same call."""
    total, running, turned = np.sum, np.cumsum, np.transpose
    X = np.stack((x, k * x))
    return np.sum(total(X, axis=1) ** 2 * running(X, axis=1)[:, 1]) + np.sum(turned(turned(X, axes=(1, 0)) ** 2) ** 2)


def default_with_keywords(x, k, reduce=np.mean):
    return np.sum(reduce(np.stack((x, k * x**2)), axis=0, keepdims=True) ** 2)


NAMED = (
    local_name, in_dict, by_data_loop, reversed_pair, composed, sliced_backward, reduce_fs, zip_fs, enum_fs,
    pass_local, default_f, default_own, with_keywords, default_with_keywords,
)  # fmt: skip

CASES = [
    *((function, (A, k), "x") for function in CHOSEN for k in (0, 1, 3)),
    *(
        (function, (A, 2)[: function.__code__.co_argcount - len(function.__defaults__ or ())], "x")
        for function in NAMED
    ),
]


@pytest.mark.parametrize(
    ("function", "args", "wrt"), CASES, ids=[f"{one.__name__}-{args[-1]}" for one, args, _ in CASES]
)
def test_right(function: Callable[..., Any], args: tuple[Any, ...], wrt: str) -> None:
    outcome = check_function(function, args, wrt)
    assert outcome.kind == "right", outcome.detail
    check_second(function, args, (wrt,))


def test_ufuncs_as_arguments() -> None:
    """Each has a text of its own."""

    def layer(x, act):
        return np.sum(act(x))

    df = bp.grad(layer)
    for act, slope in ((np.tanh, 1 - np.tanh(A) ** 2), (np.sin, np.cos(A)), (sq, 2 * A)):
        assert np.allclose(df(A, act), slope)


# ---------------------------------------------------------------- chosen by a text that an object holds
class Net:
    def __init__(self, kind="sin"):
        self.kind, self.name, self.layers = kind, "square", [np.tanh, relu, sq]
        self.table = {"sin": np.sin, "square": sq}

    def __call__(self, x):
        for layer in self.layers:
            x = layer(x)
        return self.table[self.kind](x) * self.table[self.name](x)

    def often(self, x, n):
        for _ in range(n):
            x = self.table[self.kind](x)
        return x

    def switched(self, x):
        y = self.table[self.kind](x)
        self.kind = "square"
        return y * self.table[self.kind](x)


def of_an_argument(net, x):
    return np.sum(net(x) + net.often(x, 3)) + np.sum(net.switched(x))


def of_a_local(x):
    net = Net()
    return np.sum(net(x) + net.often(x, 2)) + np.sum(net.switched(x) * net(x))


@pytest.mark.parametrize(
    ("function", "args"), [(of_an_argument, (Net(), A)), (of_a_local, (A,)), (of_an_argument, (Net("square"), A))]
)
def test_texts_in_objects(function: Callable[..., Any], args: tuple[Any, ...]) -> None:
    outcome = check_function(function, args, "x")
    assert outcome.kind == "right", outcome.detail


def test_a_text_of_the_derivative_for_each_text_in_an_object() -> None:
    derived, net = bp.grad(lambda x, net: np.sum(net.often(x, 1))), Net()
    np.testing.assert_allclose(derived(A, net), np.cos(A))
    net.kind = "square"
    np.testing.assert_allclose(derived(A, net), 2 * A)
    net.kind = "sin"
    np.testing.assert_allclose(derived(A, net), np.cos(A))


def changed_in_a_loop(x, n):
    net = Net()
    for i in range(n):
        x = net.table[net.kind](x)
        if i > 0:
            net.kind = "square"
    return np.sum(x)


# ---------------------------------------------------------------- refused
def another_function_in_the_next_turn(x, n):
    f = np.sin
    for i in range(n):
        x = f(x)
        if i > 0:
            f = np.cos
    return np.sum(x)


def two_values_of_a_chosen_function(x, k):
    g = (lambda v: (v, v * 2)) if k > 1 else (lambda v: (v * v, v))
    p, q = g(x)
    return np.sum(p * q)


def chosen_function_compared(x, k):
    g = sq if k > 1 else np.exp
    return np.sum(x) if g is sq else np.sum(g(x))


def method_of_an_array_kept(x, k):
    total = x.sum
    return total() * k


@pytest.mark.parametrize(
    ("function", "reason"),
    [
        (another_function_in_the_next_turn, "not the same on every way"),
        (two_values_of_a_chosen_function, "a function that a test chooses"),
        (chosen_function_compared, "this comparison of functions"),
        (method_of_an_array_kept, "the method sum as a value"),
        (changed_in_a_loop, "which item it means is not known"),
    ],
)
def test_refused(function: Callable[..., Any], reason: str) -> None:
    with pytest.raises(bp.BackproseError, match=reason):
        bp.grad(function)(A, 2)


# ---------------------------------------------------------------- objects outside, and places in lists of functions
class Counted:
    def __init__(self, k):
        self.k, self.calls = k, 0

    def pulled(self, x):
        self.calls += 1
        return self.k * np.sin(x)

    def scaled(self, x, by=2.0):
        return self.k * by * x

    def grown(self, x):
        y = self.k * x
        self.k = 1.5 * self.k
        return y

    def __call__(self, x):
        return self.k * x * x

    @property
    def half(self):
        return self.k / 2


class Other(Counted):
    def __call__(self, x):
        return np.cos(x) * self.half


ONE, TWO, THREE = Counted(0.5), Counted(0.7), Other(0.9)
LAYERS = [np.tanh, relu, lambda v: 1.5 * v]
MODELS = [ONE, THREE, np.cos]


def one_of_two(x, k):
    model = ONE if k > 1 else THREE
    same = model
    return np.sum(same.scaled(x) * model(x) + same.half * x + model.k)


def one_of_three(x, k):
    model = ONE if k > 2 else (THREE if k > 1 else TWO)
    y = model(x)
    if k == 2:
        model = ONE
    return np.sum(y * model.pulled(x) + model(y))


def another_object_in_each_turn(x, k):
    total = 0.0
    for i in range(k + 1):
        model = ONE if i % 2 else THREE
        total = total + np.sum(model(x)) * model.half
    return total


def place_in_a_list(x, k):
    first, last = LAYERS[k - 1], MODELS[k]
    for i in range(k + 1):
        x = LAYERS[i](x) + MODELS[(i + 1) % 3](x)
    return np.sum(first(x) * last(x) + first(x))


def place_of_the_greatest(x, k):
    return np.sum(LAYERS[np.argmax(x)](x)) * k


@pytest.mark.parametrize("k", [1, 2])
@pytest.mark.parametrize(
    "function", [one_of_two, one_of_three, another_object_in_each_turn, place_in_a_list, place_of_the_greatest]
)
def test_objects_and_places(function: Callable[..., Any], k: int) -> None:
    outcome = check_function(function, (A, k), "x")
    assert outcome.kind == "right", outcome.detail


def of_changed_objects(x, k):
    model = ONE if k > 1 else THREE
    return np.sum(model.grown(x) * x)


def test_a_method_that_changes_what_is_read() -> None:
    before = ONE.k
    try:
        found = bp.grad(of_changed_objects)(A, 2)
        after, ONE.k = ONE.k, before
        slopes = np.zeros_like(A)
        for place in np.ndindex(*A.shape):
            step = np.zeros_like(A)
            step[place] = 1e-6
            ends = []
            for way in (step, -step):
                ONE.k = before
                ends.append(of_changed_objects(A + way, 2))
            slopes[place] = (ends[0] - ends[1]) / 2e-6
        assert ONE.k == after
        assert np.allclose(found, slopes, atol=1e-6)
    finally:
        ONE.k = before


def test_a_place_that_is_not_there_is_refused_when_it_runs() -> None:
    derived = bp.grad(lambda x, k: np.sum(LAYERS[k](x)))
    np.testing.assert_allclose(derived(A, 2), [1.5, 1.5])
    for k in (3, -1):
        with pytest.raises(ValueError, match="items 0 to 2"):
            derived(A, k)
