"""Functions and classes that the program names, whatever it does with them: rebound, they lead to a new derivative."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

import backprose as bp


def bend(r, k):
    return k * r**2


def straight(r, k):
    return 10 * k * r


def pair(p):
    return p[0] * p[1]


def sum_of(p):
    return p[0] + p[1]


class Spring:
    def __init__(self, v):
        self.v = v

    def energy(self):
        return self.v * 2


class Stiff:
    def __init__(self, v):
        self.v = v

    def energy(self):
        return self.v**3


half = partial(bend, k=3.0)
other_half = partial(straight, k=5.0)


def called(x):
    return bend(x, 2.0)


def by_partial(x):
    return partial(bend, k=2.0)(x)


def by_value(x):
    def apply(g, *args):
        return g(*args)

    return apply(bend, x, 2.0)


def turn(v):
    return v * v


def pair_of(v):
    return v + 1


def by_map(x):
    return sum(map(turn, [x, 2 * x]))


def with_a_structure(x):
    return pair((x, 2.0))


def with_a_class(x):
    return Spring(x).energy()


def with_a_partial(x):
    return half(x)


CASES = [
    (called, "bend", straight), (by_partial, "bend", straight), (by_value, "bend", straight), (by_map, "turn", pair_of),
    (with_a_structure, "pair", sum_of), (with_a_class, "Spring", Stiff), (with_a_partial, "half", other_half),
]  # fmt: skip


@pytest.mark.parametrize(("f", "name", "new"), CASES, ids=[f.__name__ for f, _, _ in CASES])
def test_rebound(f: Callable[..., Any], name: str, new: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    df = bp.value_and_grad(f)
    for _ in range(2):
        value, gradient = df(3.0)
        assert value == f(3.0)
        assert gradient == pytest.approx((f(3.0 + 1e-6) - f(3.0 - 1e-6)) / 2e-6, rel=1e-6)
        monkeypatch.setattr(sys.modules[__name__], name, new)
