"""What functions made in a function see: defaults and ``partial`` what was so when they were made, else what is now."""

# ruff: noqa: PERF401

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from tests.test_statements import check


def power(k, c, z):
    return c * z + k


def scale(k):
    return lambda z: z * k


def shifted(k, by):
    k = k + by

    def inner(z):
        return z * k + by

    return inner


def defaults_in_a_loop(x):
    made = []
    for i in range(3):
        made.append(lambda z, i=i: z * (i + 1))
    out = 0.0
    for g in made:
        out += g(x) * out + x
    return out + made[0](x)


def late_in_a_loop(x):
    made = []
    for i in range(3):
        made.append(lambda z: z * (i + 1))
    return made[0](x) + made[1](x * x)


def partial_in_a_loop(x):
    made = []
    c = 0.5 * x
    for k in range(2):
        made.append(partial(power, k, c))
        c = c * 0.5
    return made[0](x) + 10 * made[1](x) * c


def def_in_a_loop(x):
    made = []
    s = x
    for i in range(2):

        def g(z, k=i, t=s):
            return z * k + t * t

        made.append(g)
        s = s * x
    return made[0](x) + 10 * made[1](x)


def partial_in_a_row(x):
    c = x * x
    g = partial(power, 2, c=c)
    c = c * 100.0
    return g(z=x) + c


def from_a_factory(x):
    k = 1.2 * x
    g = scale(k)
    k = k * 10
    return g(x) + k


def from_a_factory_in_a_loop(x):
    made = []
    k = x
    for _ in range(3):
        made.append(scale(k))
        k = k * x
    return made[0](x) + 2 * made[1](x) + 3 * made[2](x)


def factory_with_a_variable(x):
    k = 2.0 * x
    g = shifted(k, x)
    k, x = k * x, 3.0 * x
    return g(k) + x


PROGRAMS = [
    defaults_in_a_loop, late_in_a_loop, partial_in_a_loop, def_in_a_loop, partial_in_a_row, from_a_factory,
    from_a_factory_in_a_loop, factory_with_a_variable,
]  # fmt: skip


@pytest.mark.parametrize("function", PROGRAMS, ids=lambda one: one.__name__)
def test_right(function: Callable[..., Any]) -> None:
    for at in (1.3, -0.6):
        check(function, at, second=True)
