"""Python's own functions and protocols: max and min, math as values, loops over all kinds of objects, what raises."""

from __future__ import annotations

import functools
import math
import operator
from collections import Counter, UserList
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import backprose as bp
from tests.fuzz.run import check_function

X = np.array([0.5, -1.2, 2.1])
A = np.array([[0.3, 1.2], [0.9, 0.4]])
BLOCK = np.arange(12.0).reshape(2, 3, 2) / 7


# ---------------------------------------------------------------- right
def greatest_of_a_star(x):
    return max(*[x[0], x[1]]) * min(*(x[1], x[2], 1.0))


def greatest_by_a_key(x):
    return max(x[0], x[1], key=lambda v: -v) + min([x[0], x[1]], key=abs) + max(-x[0], x[1], key=None)


def greatest_or_a_default(x):
    return max([], default=x[0]) * max([x[1], x[2]], default=0.0)


def apply(function, *args):
    return function(*args)


def functions_of_math(x):
    return apply(math.exp, 0.5 * float(x[0])) * sum(one(float(x[1])) for one in [math.sin, math.cos, np.tanh])


def functions_of_operator(x):
    return functools.reduce(operator.mul, [float(x[0]), 2, 3]) + apply(operator.add, x[1], apply(max, x[0], x[2]))


def nothing_to_choose_from(x):
    y = x[0] * 2.0
    try:
        max([])
    except ValueError:
        y = y * 3.0
    return y


def a_text_that_raises(x):
    y = x[0] * 2.0
    try:
        "{}".format()  # noqa: F524
    except IndexError:
        y = y * 3.0
    try:
        "%d %d" % (1,)  # noqa: F507, UP031
    except TypeError:
        y = y * 5.0
    return y


def a_bool_is_an_int(x):
    flag = x[0] > 0
    return x[1] * (2.0 if isinstance(bool(flag), int) else 3.0)


def kron_of_all_ranks(a, x, block):
    first = np.sum(np.kron(a, x) ** 2) + np.sum(np.kron(x, a) ** 3) + np.sum(np.kron(x, x**2)[2:])
    return first + np.sum(np.kron(block, a) ** 2) + np.sum(np.kron(x[0], a)) + np.sum(np.kron(block, x[1]) ** 2)


class Numbers:
    def __init__(self, data: Any) -> None:
        self.data = data

    def __getitem__(self, i: Any) -> Any:
        return self.data[i]

    def __len__(self) -> Any:
        return len(self.data)


class Listed(Numbers):
    def __iter__(self) -> Any:
        return iter(self.data)


class Backward(Numbers):
    def __iter__(self) -> Any:
        return reversed(self.data)


class Short(Numbers):
    def __len__(self) -> Any:
        return 2


class Doubled(list):  # type: ignore[type-arg]
    def __iter__(self) -> Any:
        return iter([2.0, 4.0])


def loop(x, items):
    total = 0.0
    for item in items:
        total += item * x
    return total


def made_and_looped_over(x):
    total = 0.0
    for i, item in enumerate(Listed([x[0], x[1], x[2]]).data):
        total += item * x[i]
    listed = Listed([x[0], x[1], x[2]])
    for item in listed:
        total += item**2
    return total


RIGHT: list[tuple[Callable[..., Any], tuple[Any, ...]]] = [
    (greatest_of_a_star, (X,)),
    (greatest_by_a_key, (X,)),
    (greatest_or_a_default, (X,)),
    (functions_of_math, (X,)),
    (functions_of_operator, (X,)),
    (nothing_to_choose_from, (X,)),
    (a_text_that_raises, (X,)),
    (a_bool_is_an_int, (X,)),
    (kron_of_all_ranks, (A, X, BLOCK)),
    (made_and_looped_over, (X,)),
    (loop, (0.7, Listed([1.0, 2.0]))),
    (loop, (0.7, Numbers([1.0, 2.0]))),
    (loop, (0.7, range(3))),
    (loop, (0.7, (1.0, 2.0))),
]


@pytest.mark.parametrize(("function", "args"), RIGHT, ids=lambda one: getattr(one, "__name__", ""))
def test_right(function: Callable[..., Any], args: tuple[Any, ...]) -> None:
    names = function.__code__.co_varnames[: len(args)]
    wrt = [name for name, arg in zip(names, args, strict=True) if isinstance(arg, float | np.ndarray)]
    for name in wrt:
        outcome = check_function(function, args, name)
        assert outcome.kind == "right", outcome.detail


def test_a_function_of_math_gives_a_float() -> None:
    value, _ = bp.value_and_grad(lambda x: apply(math.exp, x))(0.3)
    assert type(value) is float
    assert value == math.exp(0.3)


# ---------------------------------------------------------------- refused
LOOPED: list[Any] = [
    iter([2.0]), {2.0, 3.0}, {2.0: 1.0}, Counter(a=2), (v for v in [2.0]), frozenset([1.0]), Doubled([1.0, 3.0]),
    Backward([1.0, 2.0]), Short([1.0, 2.0, 3.0]), map(float, [1]), UserList([1.0]).data.__iter__(),
]  # fmt: skip


@pytest.mark.parametrize("items", LOOPED, ids=lambda one: type(one).__name__)
@pytest.mark.parametrize("mode", ["reverse", "forward"])
def test_a_loop_over_what_has_no_items_by_index(items: Any, mode: str) -> None:
    with pytest.raises(bp.BackproseError) as caught:
        bp.grad(loop)(0.7, items) if mode == "reverse" else bp.jvp(loop, (0.7, items), (1.0, None))
    assert caught.value.section == "iteration"


def over_a_set(x):
    total = 0.0
    for item in (1.0, 2.0):
        total += item * x
    return total


def over_a_set_made(x, n):
    items = set(range(n))
    total = 0.0
    for item in items:
        total += item * x
    return total


def over_backward(x, n):
    items = Backward([x, n * x])
    total = 0.0
    for i, item in enumerate(items):
        total += item * i
    return total


def greatest_of_pairs(x, n):
    return max((x, n), (2 * x, n))[0]


def greatest_of_lists(x, n):
    return max([x, n], [n, x])[0]


def renewed_in_its_own_value(x, n):
    y = x
    y += (y := x * n)
    return y


def renewed_index(x, n):
    y = [x, n * x]
    i = 0
    y[i] += (i := 1) * x
    return y[0] + i


def test_an_index_that_the_value_assigns() -> None:
    """Python takes the place before the value."""
    assert check_function(renewed_index, (1.3, 2), "x").kind == "right"


class Thing:
    peer: Any = None

    def __init__(self, v: Any) -> None:
        self.v = v


def two_that_refer_to_each_other(x, n):
    one, other = Thing(x), Thing(n * x)
    one.peer, other.peer = other, one
    one.peer.v += x
    return one.v * other.v


def one_in_itself(x, n):
    one = Thing(x)
    one.peer = one
    one.peer.v = n * x
    return one.v


def recursion_in_a_function(x, n):
    def power(k):
        return x if k < 1 else power(k - 1) * x

    return power(n)


@pytest.mark.parametrize(
    "function",
    [
        over_a_set_made, over_backward, greatest_of_pairs, greatest_of_lists,
        renewed_in_its_own_value, two_that_refer_to_each_other, one_in_itself,
        recursion_in_a_function,
    ],
)  # fmt: skip
def test_refused(function: Callable[..., Any]) -> None:
    args = (0.7, 3)[: function.__code__.co_argcount]
    with pytest.raises(bp.BackproseError) as caught:
        bp.grad(function)(*args)
    assert caught.value.where is not None
    with pytest.raises(bp.BackproseError):
        bp.jvp(function, args, (1.0, None)[: len(args)])


def casteljau(points, t):
    left = list(points)
    while len(left) > 1:
        left = [(1 - t) * a + t * b for a, b in zip(left[:-1], left[1:])]  # noqa: RUF007
    return np.sum(left[0] ** 2)


def test_a_list_that_is_made_anew_of_its_neighbours_to_second_order() -> None:
    """Its type was lost in the loop, and its adjoint was an array."""
    points, t = np.array([[0.0, 0.1], [1.0, 0.5], [0.3, 0.9]]), 0.4
    derivative = bp.grad(casteljau, wrt=(0, 1))
    backward = bp.vjp(derivative, points, t, wrt=(0, 1))[1]((points, 1.0))
    forward = bp.jvp(derivative, (points, t), (points, 1.0))[1]
    assert np.allclose(backward[0], forward[0])
    assert np.allclose(backward[1], forward[1])


# ---------------------------------------------------------------- folds, and functions by way of a value
def product(x, factor):
    return functools.reduce(operator.mul, x, factor)


def assigned_what_it_was_given(x, factor):
    y = x[0] * factor
    for _ in range(2):
        y = apply(np.sin, y)
        y = apply(operator.mul, y, y)
    thing = Thing(y)
    thing.v = apply(np.multiply, thing.v, thing.v)
    return thing.v * x[1]


@pytest.mark.parametrize("function", [product, assigned_what_it_was_given])
@pytest.mark.parametrize("name", ["x", "factor"])
def test_the_old_value_is_kept(function: Callable[..., Any], name: str) -> None:
    """The variable was overwritten before its old value was read backwards."""
    outcome = check_function(function, (X, 0.7), name)
    assert outcome.kind == "right", outcome.detail


# ---------------------------------------------------------------- iterators and views that are kept
def views_of_a_dict(x):
    table = {"a": x, "b": 2 * x}
    values = table.values()
    table["c"] = 3 * x
    return sum(values)


def kept_reversed(x):
    items = [x, x * 2]
    backward = reversed(items)
    items[0] = 9 * x
    return list(backward)[1]


def kept_zip(x):
    items = [x, x * 2]
    pairs = zip(items, items, strict=True)
    items[0] = 9 * x
    return sum(a * b for a, b in pairs)


def used_twice(x):
    pairs = enumerate([x, 2 * x])
    return sum(i * a for i, a in pairs) + sum(i * a for i, a in pairs)


def listed_backward(x):
    return list(reversed([x, 2 * x]))[0]  # noqa: RUF015


def record(x):
    records = np.zeros(2, [("mass", float), ("count", int)])
    records["mass"] = x
    records[0]["mass"] = x * 3
    return np.sum(records["mass"]) * x


@pytest.mark.parametrize("function", [views_of_a_dict, kept_reversed, kept_zip, used_twice, record])
def test_refused_in_both_modes(function: Callable[..., Any]) -> None:
    with pytest.raises(bp.BackproseError):
        bp.grad(function)(0.7)
    with pytest.raises(bp.BackproseError):
        bp.jvp(function, (0.7,), (1.0,))


def test_a_list_made_backward() -> None:
    assert bp.grad(listed_backward)(0.7) == 2.0
    assert bp.jvp(listed_backward, (0.7,), (1.0,))[1] == 2.0


def test_a_view_of_a_dict_that_does_not_change_may_be_kept() -> None:
    def f(x: Any) -> Any:
        table = {"a": x, "b": 2 * x}
        keys = table.keys()
        return sum(table[key] * len(keys) for key in keys)

    assert bp.grad(f)(0.7) == 6.0


def test_vectors_stacked_as_rows_to_second_order() -> None:
    """The transpose of the transpose was a vector."""

    def f(a: Any) -> Any:
        return np.sum(np.vstack((a[0], a[1] * 3)) ** 3) + np.sum(np.hstack((a[0, 0], a[1], a[0, 1] ** 2)) ** 3)

    derivative = bp.grad(f)
    assert np.allclose(bp.vjp(derivative, A)[1](A), bp.jvp(derivative, (A,), (A,))[1])
