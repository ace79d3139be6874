"""Something of another kind is put where a number was outside: what is known of that says nothing by then."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest

import backprose as bp
from tests import outside_data as data
from tests.checks import is_guard

X = np.array([0.3, 0.7, 1.1])
COLUMN = np.array([[1.0], [2.0]])
RATE = 2.0


class Setting:
    shared = 2.0

    def __init__(self) -> None:
        self.k: Any = 2.0

    @classmethod
    def share(cls, value: Any) -> None:
        cls.shared = value


SETTING, VALUES = Setting(), [1.0, 2.0]


def reset() -> None:
    global RATE
    RATE = SETTING.k = Setting.shared = data.RATE = 2.0
    VALUES[:] = [1.0, 2.0]


@contextmanager
def using(value: Any) -> Iterator[None]:
    SETTING.k = value
    yield
    SETTING.k = 2.0


class Using:
    def __enter__(self) -> None:
        global RATE
        RATE = COLUMN  # type: ignore[assignment]

    def __exit__(self, *error: object) -> None:
        global RATE
        RATE = 2.0


def put(owner: Any) -> None:
    owner.k = COLUMN


def put_deeper(owner: Any) -> None:
    put(owner)


def by_a_generator(x: Any) -> Any:
    with using(COLUMN):
        return np.sum(x * SETTING.k)


def a_number_by_a_generator(x: Any) -> Any:
    with using(3.0):
        return np.sum(x * SETTING.k)


def by_a_class(x: Any) -> Any:
    with Using():
        return np.sum(x * RATE)


def by_setattr(x: Any) -> Any:
    setattr(SETTING, "k", COLUMN)
    return np.sum(x * SETTING.k)


def by_append(x: Any) -> Any:
    VALUES.append(COLUMN)  # type: ignore[arg-type]
    return np.sum(x * VALUES[-1])


def by_an_unbound_method(x: Any) -> Any:
    list.append(VALUES, COLUMN)  # type: ignore[arg-type]
    return np.sum(x * VALUES[-1])


def by_setitem(x: Any) -> Any:
    operator.setitem(VALUES, 0, COLUMN)  # type: ignore[call-overload]
    return np.sum(x * VALUES[0])


def by_a_helper(x: Any) -> Any:
    put_deeper(SETTING)
    return np.sum(x * SETTING.k)


def in_place(x: Any) -> Any:
    SETTING.k += COLUMN
    return np.sum(x * SETTING.k)


def under_another_name(x: Any) -> Any:
    first = SETTING
    second = first
    second.k = COLUMN
    return np.sum(x * SETTING.k)


def by_a_class_method(x: Any) -> Any:
    Setting.share(COLUMN)
    return np.sum(x * Setting.shared)


def by_vars(x: Any) -> Any:
    vars(SETTING).update(k=COLUMN)
    return np.sum(x * SETTING.k)


def in_a_module(x: Any) -> Any:
    data.RATE = COLUMN  # type: ignore[assignment]
    return np.sum(x * data.RATE)


def beside_a_list(x: Any) -> Any:
    squares = [2 * v * v for v in x]
    SETTING.k = 3.0  # says nothing of the list
    return sum(squares)


PUT = [
    by_a_generator, a_number_by_a_generator, by_a_class, by_setattr, by_append, by_an_unbound_method, by_setitem,
    by_a_helper, in_place, under_another_name, by_a_class_method, by_vars, in_a_module, beside_a_list,
]  # fmt: skip
TAKEN = [a_number_by_a_generator, beside_a_list]


@pytest.mark.parametrize("function", PUT)
def test_what_is_put_outside_is_seen_or_refused(function: Callable[..., Any]) -> None:
    def at(x: Any) -> Any:
        reset()
        return function(x)

    expected = [(at(X + step) - at(X - step)) / 2e-6 for step in 1e-6 * np.eye(3)]
    reset()
    try:
        gradient = bp.grad(function)(X)
    except (bp.BackproseError, ValueError) as error:
        refused = isinstance(error, bp.BackproseError) or is_guard(error)
    else:
        refused = False
        assert np.allclose(gradient, expected, atol=1e-6)
    finally:
        reset()
    assert refused == (function not in TAKEN)
