"""Stars before arrays, among arguments and in displays: the function says how many values there are, or none has to."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pytest

import backprose as bp
from tests.fuzz.run import check_function

X = np.array([0.3, 0.7, 1.1])
A = np.array([[0.3, 0.2], [0.5, 0.1], [0.9, 0.4]])


class Row(NamedTuple):
    a: Any
    b: Any
    c: Any = 2.0


def with_default(a: Any, b: Any, c: float = 2.0) -> Any:
    return a * np.sin(b) + c * a


def with_none(a: Any, b: Any, c: Any = None) -> Any:
    return a * b if c is None else a * b * c


def with_rest(a: Any, *rest: Any) -> Any:
    return a * sum(r * r for r in rest) + len(rest)


def weighted(*values: Any) -> Any:
    total = 0.0
    for i, value in enumerate(values):
        total += value * value * (i + 1)
    return total / len(values)


def stacked(*rows: Any) -> Any:
    return np.sum(np.stack(rows) ** 2) + rows[0].sum()


class Line:
    def __init__(self, a: Any, b: Any, c: float = 0.5) -> None:
        self.a, self.b, self.c = a, b, c

    def at(self, p: Any, q: Any, *others: Any, scale: float = 2.0) -> Any:
        return self.a * p * q + sum(others) * self.b * scale


LINE = Line(1.0, 2.0)


def default(x: Any) -> Any:
    return with_default(*x) + with_default(*x[:2]) + with_default(1.0, *x[1:]) + with_default(*x[:2], c=x[2])


def none(x: Any) -> Any:
    return with_none(*x) + with_none(*x[1:])


def rest(x: Any) -> Any:
    return with_rest(*x) + weighted(*x) * with_rest(x[0], 2.0, *x)


def rows(a: Any) -> Any:
    return stacked(*a)


def made(x: Any) -> Any:
    line, row = Line(*x), Row(*x)
    return line.a * line.b + line.c**2 + row.a * row.b * row.c + Row(*x[:2]).c


def method(x: Any) -> Any:
    return LINE.at(*x) + Line(1.0, x[0]).at(*x)


def nested(x: Any) -> Any:
    def inner(a: Any, b: Any = 3.0, *more: Any) -> Any:
        return a * b + sum(more)

    f = lambda a, b, c=2.0, d=1.5: a * b * c * d
    return inner(*x) + f(*x)


def of_numpy(x: Any) -> Any:
    return np.hypot(*x[:2]) + math.atan2(*x[1:]) + max(*x) * min(*x)


def in_a_loop(x: Any) -> Any:
    total = 0.0
    for _ in range(2):
        total = total * x[0] + with_default(*x)
    return total


def display(x: Any) -> Any:
    a = [*x, *(2 * x), 1.0]
    b = [*a, x[0]]
    a[0] = 5.0
    return sum(v * v for v in b) + a[1] + a[0] + np.sum(np.array([0.0, *x, 0.0]) ** 2)


def display_of_rows(a: Any) -> Any:
    return np.sum(np.stack([*a, a[0] * 2]) ** 2)


def display_again(x: Any) -> Any:
    y = [0.0, *x]
    for i in range(3):
        y = [*y, y[i] * x[i]]
    return sum(y)


def letters(x: Any) -> Any:
    p = dict(zip("abc", x))
    return p["a"] * np.sin(p["b"]) + p["c"]


@pytest.mark.parametrize(
    ("function", "arg"),
    [
        *((one, X) for one in (default, none, rest, made, method, nested, of_numpy, in_a_loop)),
        *((one, X) for one in (display, display_again, letters)),
        *((one, A) for one in (rows, display_of_rows)),
    ],
    ids=lambda one: getattr(one, "__name__", ""),
)
def test_against_differences(function: Callable[..., Any], arg: Any) -> None:
    outcome = check_function(function, (arg,), function.__code__.co_varnames[0])
    assert outcome.kind == "right", outcome.detail


def taken(x: Any) -> Any:
    return with_default(*x)


def all_taken(x: Any) -> Any:
    return with_rest(*x)


def test_one_text_serves_all_lengths() -> None:
    derived = bp.grad(taken)
    np.testing.assert_allclose(derived(np.array([0.5, 0.0])), [2.0, 0.5])
    np.testing.assert_allclose(derived(np.array([0.5, 0.0, 3.0])), [3.0, 0.5, 0.5])
    with pytest.raises(ValueError, match="made for 2 or 3 items of x"):
        derived(np.ones(4))
    derived = bp.grad(all_taken)
    np.testing.assert_allclose(derived(np.array([2.0])), [0.0])
    np.testing.assert_allclose(derived(np.array([2.0, 3.0])), [9.0, 12.0])
    with pytest.raises(ValueError, match="made for 1 or more items of x"):
        derived(np.ones(0))


# ---------------------------------------------------------------- lists of a length that is not known
def with_options(x: Any) -> Any:
    options = {"c": x[0]}
    more = {"scale": x[1]}
    return with_default(*x[:2], **options) + LINE.at(*x, **more)


def of_a_list(x: Any) -> Any:
    listed = [v * v for v in x]
    total = with_default(*listed) + with_rest(*listed) + weighted(1.0, *listed) + max(*listed) * np.hypot(*listed[1:])
    rest_of_it = stacked(*[v * x for v in x])
    listed[1] = 0.5
    return total * rest_of_it + listed[1]


def handed_on(x: Any) -> Any:
    def call(function: Any, *args: Any, **options: Any) -> Any:
        return function(*args, **options)

    return call(with_default, *x) + call(LINE.at, *x, scale=x[0])


def columns(x: Any) -> Any:
    pairs = [(v, v * v) for v in x]
    firsts, seconds = zip(*pairs)
    pairs.append((x[0], x[1]))
    return sum(firsts) * max(seconds) + list(zip(*pairs[1:]))[1][0]


def columns_in_turn(x: Any) -> Any:
    pairs = [[v, v * v] for v in x]
    total = sum(np.prod(np.array(column)) for column in zip(*pairs))
    for k, column in enumerate(zip(*pairs)):
        total += (k + 1) * sum(column)
    for column in zip(*[(x[0], x[1]), (x[1], x[2])]):
        total *= column[0] + column[1] ** 2
    return total


class Named:
    def __init__(self, x: Any) -> None:
        self.x = x

    def reshape(self, *sizes: Any) -> Any:
        return np.sum(self.x) * len(sizes) * sizes[0]

    def clip(self, low: Any, high: Any) -> Any:
        return self.x[0] * low + high


def methods(x: Any) -> Any:
    a, turned, shape, bounds = np.outer(x, x * x), (1, 0), (1, 9), (0.4, 0.8)
    total = np.sum(a.transpose(*turned)[0] * x) + np.sum(a.transpose(*[turned])[1] * x) + a.clip(*bounds)[1, 1]
    total += a.reshape(*shape)[0, 5] * a.reshape(*a.shape[:1], -1)[2, 0] + a.sum(*(0,))[1]
    own = Named(x)
    return total * own.reshape(*turned) * own.reshape(2.0, x[1]) + own.clip(*bounds) * own.reshape(x[2])


@pytest.mark.parametrize("function", [with_options, of_a_list, handed_on, columns, columns_in_turn, methods])
def test_of_lists(function: Any) -> None:
    outcome = check_function(function, (X,), "x")
    assert outcome.kind == "right", outcome.detail


def several_of_each(x: Any) -> Any:
    given = (x, 1)
    return sum(k * v for k, v in enumerate(*given))


def neighbours(x: Any) -> Any:
    given, total = (x,), 0.0
    for pair in itertools.pairwise(*given):
        total += pair[0] * pair[1]
    return total


def counted(x: Any) -> Any:
    bounds, total = (0, 2), 0.0
    for k in range(*bounds):
        total += x[k]
    return total


@pytest.mark.parametrize("function", [several_of_each, neighbours, counted])
def test_stars_that_are_not_followed(function: Any) -> None:
    outcome = check_function(function, (X,), "x")
    assert outcome.kind == "refused", outcome.detail


# ---------------------------------------------------------------- taken apart before a later argument changes it
def emptied(table: Any) -> float:
    table["x"] = 0.0
    return 2.0


def grown(items: Any) -> float:
    items.append(5.0)
    items[0] = 0.0
    return 2.0


def of_three(x: Any, v: Any, y: Any) -> Any:
    return x * v * y


def of_all(*items: Any) -> Any:
    return items[0] * items[1] * items[-1]


def dict_before_a_call(x: Any) -> Any:
    table = {"x": x, "v": 0.5}
    return of_three(**table, y=emptied(table)) + table["x"]


def list_before_a_call(x: Any) -> Any:
    items = [x, 0.5]
    return of_all(*items, grown(items)) + items[0]


def displays_before_a_call(x: Any) -> Any:
    items, table = [x, 0.5], {"x": x, "v": 0.5}
    listed = [*items, grown(items)]
    both = {**table, "y": emptied(table)}
    return listed[0] * listed[2] + both["x"] * both["y"] + (*items, grown(items))[2]


def long_list_before_a_call(x: Any) -> Any:
    items = [x * k for k in range(40)]
    listed = [*items, items.pop(), len(items)]
    return listed[5] * listed[-2] + len(listed)


class Part:
    def __init__(self, x: Any) -> None:
        self.items, self.table = [x, 2.0], {"v": x}

    def bumped(self) -> float:
        self.items[0] = self.items[0] * 3.0
        self.table["v"] = 0.0
        return 2.0

    def product(self, a: Any, b: Any, c: Any, v: Any = 1.0) -> Any:
        return a * b * c * (1.0 + v)


def attributes_before_a_call(x: Any) -> Any:
    part = Part(x + 1.0)
    return part.product(*part.items, part.bumped(), **part.table) + x


BEFORE = [
    dict_before_a_call, list_before_a_call, displays_before_a_call, long_list_before_a_call, attributes_before_a_call,
]  # fmt: skip


def array_before_a_call(x: Any) -> Any:
    y = np.array([x, 2.0 * x])

    def scale(v: Any) -> float:
        v *= 2.0
        return 1.0

    return of_three(*y, scale(y)) + y[0]


BEFORE.append(array_before_a_call)


@pytest.mark.parametrize("function", BEFORE)
def test_taken_apart_before_a_later_argument_changes_it(function: Any) -> None:
    outcome = check_function(function, (1.3,), "x")
    assert outcome.kind == "right", outcome.detail
