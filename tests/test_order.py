"""Python evaluates from left to right: what a call changes in the middle of an expression was read before it, or after.

Right or refused.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import backprose as bp


class S:
    def __init__(self, v):
        self.v = v

    def bump(self):
        self.v = self.v * 2
        return self.v


def attribute(x):
    s = S(x)
    s.v += s.bump()
    return s.v


def item_of_a_dict(x):
    d = {"k": x}

    def change():
        d["k"] = d["k"] * 3
        return d["k"]

    d["k"] += change()
    return d["k"]


def item_of_a_list(x):
    items = [x]

    def change():
        items[0] = items[0] * 3
        return items[0]

    items[0] += change()
    return items[0]


def nonlocal_name(x):
    y = x

    def change():
        nonlocal y
        y = y * 3
        return y

    y += change()
    return y


def operands(x):
    y = x

    def change():
        nonlocal y
        y = y * 3
        return y

    return y + change() + y


def display(x):
    y = x

    def change():
        nonlocal y
        y = y * 3
        return y

    z = [y, change(), y]
    return z[0] + 10 * z[1] + 100 * z[2]


def comparison(x):
    s = S(x)
    return (s.v < s.bump() < s.v * 9) * s.v + (s.bump() > 0 and s.v)


def append_within(x):
    items = [x]
    items[0] += items.append(x * 5) or 1.0
    return items[0] + items[1]


def pop_and_append_within(x):
    items = [x]
    items[0] += items.pop() * 0 + (items.append(x * 5) or 1.0)
    return items[0]


def element_of_an_array(x):
    q = np.array([x, 2 * x])

    def change():
        q[0] = 9.0
        return q[1]

    q[0] += change()
    return q[0]


def array_bound_anew(x):
    q = np.array([x, 2 * x])

    def change():
        nonlocal q
        q = q * 3
        return q[1]

    q[0] += change()
    return q[0]


def tripled(x):
    x[0] = x[0] * 2.0
    for _ in range(2):
        x[1] = x[1] * 3.0
    return x[1]


def whole_array(x):
    q = np.array([x, 2 * x])
    s = 0.0
    s += tripled(q)
    q += tripled(q) * 1.0
    return np.sum(q**2) * s


def element_in_a_function(x):
    q = np.array([x, 2 * x])
    q[1] += tripled(q)
    return np.sum(q**2)


FOLLOWED = [operands, display, comparison, append_within, array_bound_anew, whole_array]
REFUSED = [
    attribute, item_of_a_dict, item_of_a_list, nonlocal_name, pop_and_append_within, element_of_an_array,
    element_in_a_function,
]  # fmt: skip


@pytest.mark.parametrize("f", FOLLOWED, ids=lambda one: one.__name__)
def test_right(f: Callable[..., Any]) -> None:
    value, gradient = bp.value_and_grad(f)(0.7)
    assert value == f(0.7)
    assert np.isclose(gradient, (f(0.7 + 1e-6) - f(0.7 - 1e-6)) / 2e-6)
    assert np.isclose(bp.jvp(f, (0.7,), (1.0,))[1], gradient)


@pytest.mark.parametrize("f", REFUSED, ids=lambda one: one.__name__)
def test_refused(f: Callable[..., Any]) -> None:
    with pytest.raises(bp.BackproseError, match="augmented assignment"):
        bp.grad(f)(0.7)
