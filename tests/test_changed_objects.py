"""Integers, masks, lists and sets that decide what is differentiated, changed in place: followed, or refused."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import backprose as bp
from tests.fuzz.run import check_function

X = np.array([0.3, 1.2, 1.4])


class Walker:
    def step(self, a: Any) -> None:
        a[0] = (a[0] + 1) % 3


WALKER = Walker()


def doubled(row):
    row *= 2.0
    return row[0]


def each_once(x, n):
    seen = set()
    total = 0.0
    for i in range(n):
        if i % 3 not in seen:
            seen.add(i % 3)
            total += x[i % 3] * len(seen)
    return total


def length_of_a_set(x):
    left = {0, 1}
    first = x[len(left)] ** 2
    left.discard(1)
    return first + x[len(left)] ** 3


def rows_by_a_key(x):
    A = np.outer(x, x)
    max(A, key=doubled)
    return np.sum(A**2)


def set_in_place(x):
    seen = {0}
    total = x[len(seen)] ** 2
    seen |= {1}
    return total + x[len(seen)] ** 3


def object_of_the_users(x):
    order = np.array([2, 1, 0])
    first = x[order[0]] ** 2
    walker = WALKER
    walker.step(order)
    return first + x[order[0]] ** 3


@pytest.mark.parametrize(
    ("function", "args"),
    [
        (each_once, (X, 5)),
        (rows_by_a_key, (X,)),
        (length_of_a_set, (X,)),
        (set_in_place, (X,)),
        (object_of_the_users, (X,)),
    ],
)
def test_followed(function: Callable[..., Any], args: tuple[Any, ...]) -> None:
    outcome = check_function(function, args, ("x",))
    assert outcome.kind == "right", outcome.detail


def shuffled(x):
    rng = np.random.default_rng(0)
    order = np.arange(3)
    first = x[order[0]] ** 2
    rng.shuffle(order)
    return first + x[order[0]] ** 3


def heap(x):
    order = [2, 1, 0]
    first = x[order[0]] ** 2
    heapq.heapify(order)
    return first + x[order[0]] ** 3


def sorted_by_the_class(x):
    order = [2, 1, 0]
    first = x[order[0]] ** 2
    list.sort(order)
    return first + x[order[0]] ** 3


def method_under_a_name(x):
    order = np.array([2, 1, 0])
    put = order.put
    first = x[order[0]] ** 2
    put(0, 1)
    return first + x[order[0]] ** 3


def key_that_writes(x):
    x = x.reshape(3, 1) * 2.0
    max(x, key=doubled)
    return np.sum(x**2)


@pytest.mark.parametrize(
    "function", [key_that_writes, shuffled, heap, sorted_by_the_class, method_under_a_name],
    ids=lambda one: one.__name__,
)  # fmt: skip
def test_refused(function: Callable[..., Any]) -> None:
    with pytest.raises(bp.BackproseError):
        bp.grad(function)(X)
