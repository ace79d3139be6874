"""Lists of a length that is not known, given to NumPy: as they are, side by side, by keyword, as operands, as rows."""

from __future__ import annotations

import copy
from collections import deque
from typing import Any

import numpy as np
import pytest

import backprose as bp
from tests.fuzz.run import check_function

X = np.array([1.3, 0.7, 2.1])


def doubled(x: Any) -> Any:
    return [2.0 * item for item in x]


def squares(x: Any) -> Any:
    made = []
    for item in x:
        made.append(item * item)  # noqa: PERF401  that is what is tested
    return made


ONE = {
    name: getattr(np, name)
    for name in "prod sinc square sort cumsum var std median max min ptp diff exp flip diag gradient squeeze".split()
}
JOINED = {
    "array": lambda a, b: np.array([a, b]),
    "stack": lambda a, b: np.stack([a, b], axis=1),
    "concatenate": lambda a, b: np.concatenate([a, b]),
    "vstack": lambda a, b: np.vstack((a, b)),
    "hstack": lambda a, b: np.hstack([a, b]),
    "column_stack": lambda a, b: np.column_stack([a, b]),
    "dstack": lambda a, b: np.dstack([a, b]),
    "sum": lambda a, b: np.sum([a, b]),
    "mean": lambda a, b: np.mean([a, b], axis=1),
    "norm": lambda a, b: np.linalg.norm([a, b], axis=0),
    "rot90": lambda a, b: np.rot90([a, b]),
    "transpose": lambda a, b: np.transpose([a, b]),
    "average": lambda a, b: np.average(a, weights=b),
    "dot": np.dot,
    "fmin": lambda a, b: np.fmin(a, 1.9) + np.fmax(b, 0.9),
    "clip": lambda a, b: np.clip(a, 0.3, 3.2) * np.power(b, 3),
    "meshgrid": lambda a, b: np.meshgrid(a, b)[0] * np.meshgrid(a, b)[1] ** 2,
    "trapezoid": lambda a, b: np.trapezoid(a, dx=0.1) * np.linalg.norm(b),
    "accumulate": lambda a, b: np.maximum.accumulate(a) + np.partition(b, 1),
}


@pytest.mark.parametrize("name", ONE)
def test_one(name: str) -> None:
    operation = ONE[name]

    def made(x: Any) -> Any:
        return np.sum(operation(doubled(x)) ** 2)

    def appended(x: Any) -> Any:
        return np.sum(operation(squares(x)) ** 2)

    def taken(x: Any) -> Any:
        items = list(x)
        return np.sum(operation(items) ** 2)

    for function in (made, appended, taken):
        outcome = check_function(function, (X,), "x")
        assert outcome.kind == "right", outcome.detail


@pytest.mark.parametrize("name", JOINED)
def test_joined(name: str) -> None:
    operation = JOINED[name]

    def both(x: Any) -> Any:
        return np.sum(operation(doubled(x), squares(x)) ** 2)

    def one(x: Any) -> Any:
        return np.sum(operation(squares(x), x) ** 2)

    for function in (both, one):
        outcome = check_function(function, (X,), "x")
        assert outcome.kind == "right", outcome.detail


class Record:
    def __init__(self) -> None:
        self.times: list[Any] = []
        self.values: list[Any] = []

    def add(self, time: float, value: Any) -> None:
        self.times.append(time)
        self.values.append(value)

    def array(self) -> Any:
        return np.array([self.times, self.values])


def recorded(x: Any) -> Any:
    record = Record()
    for k in range(20):
        x = x - 0.01 * x**2
        record.add(0.1 * k, x)
    times, values = record.array()
    return np.sum(times * values)


def beside_arrays(x: Any) -> Any:
    items = doubled(x)
    return np.sum(x * items) + np.sum(x - items) + np.sum((x + 1) / items) + x @ items + items @ x


def rows(x: Any) -> Any:
    points = []
    for item in x:
        points.append((item, item * item))  # noqa: PERF401
    table = np.array(points)
    pairs = [[a, a * b] for a, b in zip(x, x[::-1], strict=True)]
    return np.sum(table[:, 0] * table[:, 1]) + np.linalg.norm(pairs) + pairs[1][0]


def displays(x: Any) -> Any:
    one, other = np.meshgrid([x[0], 1.0, x[1]], [0.0, x[2]])
    a, b = np.broadcast_arrays([x[0], x[1]], [[x[0]], [2.0]])
    return np.sum(one * other) + np.sum(a * b**2)


def ring(x: Any) -> Any:
    past = deque([0.0] * 3, maxlen=3)
    newest = deque([x[0], x[1]], 2)
    total = 0.0
    for item in x:
        past.appendleft(item)
        newest.append(past[0] * newest[0])
        total = total + past[0] * past[1] + past[2] ** 2 + newest[-1]
    newest.rotate(1)
    return total + newest[0]


class Model:
    def __init__(self, weight: Any) -> None:
        self.weight, self.parts = weight, [weight.copy(), 1.0]


def copies(x: Any) -> Any:
    model = Model(x)
    shallow, deep = copy.copy(model), copy.deepcopy(model)
    shallow.weight = shallow.weight * 2.0
    shallow.parts[1] = 5.0
    deep.parts[0] = deep.parts[0] * x
    deep.weight[0] = 7.0
    array = copy.deepcopy(x)
    array[1] = 3.0
    both = copy.deepcopy({"x": x, "parts": [2.0 * x, x[0]]})
    both["x"][2] = 0.0
    return np.sum(model.weight * shallow.weight * deep.parts[0] * array) + model.parts[1] * np.sum(both["parts"][0])


@pytest.mark.parametrize("function", [beside_arrays, rows, displays, ring, copies])
def test_right(function: Any) -> None:
    outcome = check_function(function, (X,), "x")
    assert outcome.kind == "right", outcome.detail


def test_deepcopy_of_one_array_that_is_there_twice() -> None:
    def function(x: Any) -> Any:
        both = copy.deepcopy({"x": x, "twice": [x, 1.0]})
        both["x"][2] = 0.0
        return np.sum(both["twice"][0])

    with pytest.raises(ValueError, match="this derivative was made for"):
        bp.grad(function)(X)


def test_lists_of_an_object() -> None:
    outcome = check_function(recorded, (1.3,), "x")
    assert outcome.kind == "right", outcome.detail


def test_second_derivative_of_displays() -> None:
    direction = np.array([0.2, -0.5, 0.3])
    found = bp.hvp(displays)(X, direction)
    gradient = bp.grad(displays)
    expected = (gradient(X + 1e-6 * direction) - gradient(X - 1e-6 * direction)) / 2e-6
    assert found == pytest.approx(expected, rel=1e-6)


# ---------------------------------------------------------------- arrays without axes that a function writes into
def scale(v: Any, k: Any) -> None:
    v *= k


def assign(v: Any, k: Any) -> None:
    v[...] = v * k


def into(v: Any, k: Any) -> None:
    np.multiply(v, k, out=v)


def twice(v: Any, k: Any) -> None:
    scale(v, k)
    v += k
    assign(v, 2.0)


@pytest.mark.parametrize("write", [scale, assign, into, twice])
def test_no_axes(write: Any) -> None:
    def local(x: Any) -> Any:
        s = np.array(0.0)
        s += x
        for _ in range(2):
            write(s, x)
        return s * x

    def part(x: Any) -> Any:
        y = np.array([x, 2.0 * x])
        write(y[..., 0], x)
        write(y[1, ...], x * x)
        return np.sum(y**2)

    def reshaped(x: Any) -> Any:
        y = np.array([x])
        z = y.reshape(())
        write(z, x)
        return np.sum(y) * x

    for function in (local, part, reshaped):
        outcome = check_function(function, (1.3,), "x")
        assert outcome.kind == "right", outcome.detail


def test_argument_without_axes() -> None:
    def given(x: Any, k: Any) -> Any:
        scale(x, k)
        return x**2

    assert bp.grad(given, wrt=(0, 1))(np.array(2.0), 0.7) == pytest.approx((1.96, 5.6))
    assert bp.jvp(given, (np.array(2.0), 0.7), (np.array(0.0), 1.0))[1] == pytest.approx(5.6)


def tuples_of_integers(x: Any, k: Any) -> Any:
    y = x[0] * np.multiply(k, x[1])
    return (
        np.sum(x**k) + np.sum(np.arctan2(x, k)) + np.sum(np.power(k, x) * y) + np.dot(x, k) + np.average(x, weights=k)
    )


@pytest.mark.parametrize("k", [(1, 2), (1, 0), (True, False), [1, 2], (1.0, 2.0), (3, 2.0)])
def test_tuples_of_integers_are_arrays_beside_arrays(k: Any) -> None:
    outcome = check_function(tuples_of_integers, (np.array([0.5, 1.2]), k), "x")
    assert outcome.kind == "right", outcome.detail
