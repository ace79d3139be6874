"""Functions and classes that the program names, whatever it does with them: rebound, they lead to a new derivative."""

from __future__ import annotations

import sys
import types
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest

import backprose as bp
from backprose import pipeline


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


def of_builtins(x):
    return abs(x) * max(2.0, x) + sum((x, x))


def in_a_helper(x):
    return magnitude(x) * 2.0


def magnitude(x):
    return abs(x)


@pytest.mark.parametrize("f", [of_builtins, in_a_helper])
@pytest.mark.parametrize("name", ["abs", "max", "sum"])
def test_a_builtin_gets_another_meaning(f: Callable[..., Any], name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    transforms = bp.value_and_grad(f), bp.value_and_grad(bp.grad(f))
    assert transforms[0](3.0)[0] == f(3.0)
    assert transforms[1](3.0)[0] == bp.grad(f)(3.0)
    monkeypatch.setattr(
        sys.modules[__name__], name, lambda *args: np.sin(np.stack(args).ravel()[-1]) ** 3, raising=False
    )
    for _ in range(2):
        value, gradient = transforms[0](3.0)
        assert value == f(3.0)
        assert gradient == pytest.approx((f(3.0 + 1e-6) - f(3.0 - 1e-6)) / 2e-6, rel=1e-6)
        assert transforms[1](3.0)[0] == gradient
        monkeypatch.undo()


# ---------------------------------------------------------------- between two transforms, which share what they can
rule_of_x, count, rows = np.sin, 2, [1.0, 2.0]
tools = types.ModuleType("tools")
tools.bend = straight  # type: ignore[attr-defined]


class Box:
    shift = 1.0


box = Box()


def by_a_rule(x):
    return rule_of_x(x) * 2.0


def deeper(v):
    return turn(v) + 1.0


def through_another(x):
    return deeper(x) * deeper(2.0)


def with_a_global(x):
    y = x * count
    return y * y if count < 2.5 else y


def with_a_list(x):
    total = x
    for row in rows:
        total = total * row
    return total


def of_a_module(x):
    return tools.bend(x, 2.0)


def of_an_object(x):
    return x**2 * box.shift


LATER: list[tuple[Callable[..., Any], Any, str, Any]] = [
    (called, None, "bend", straight), (by_value, None, "bend", straight), (by_map, None, "turn", pair_of),
    (with_a_class, None, "Spring", Stiff), (with_a_partial, None, "half", other_half),
    (by_a_rule, None, "rule_of_x", np.exp), (through_another, None, "turn", pair_of),
    (with_a_global, None, "count", 3.5), (with_a_list, None, "rows", np.array([3.0])),
    (of_a_module, tools, "bend", bend), (of_an_object, box, "shift", 4), (with_a_class, Spring, "energy", Stiff.energy),
    (called, bend, "__code__", straight.__code__), (of_an_object, None, "box", tools),
]  # fmt: skip
tools.shift = 0.25  # type: ignore[attr-defined]


@pytest.mark.parametrize(("f", "owner", "name", "new"), LATER, ids=[f"{f.__name__}-{name}" for f, _, name, _ in LATER])
def test_rebound_before_the_next_transform(
    f: Callable[..., Any], owner: Any, name: str, new: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for again in range(2):
        slope = pytest.approx((f(3.0 + 1e-6) - f(3.0 - 1e-6)) / 2e-6, rel=1e-6)
        first = bp.jvp(f, (3.0,), (1.0,)) if again else bp.value_and_grad(f)(3.0)
        assert first == (f(3.0), slope)
        monkeypatch.setattr(owner or sys.modules[__name__], name, new)
    slope = pytest.approx((f(3.0 + 1e-6) - f(3.0 - 1e-6)) / 2e-6, rel=1e-6)
    value, pullback = bp.vjp(f, 3.0)
    assert (value, pullback(1.0)) == (f(3.0), slope)
    assert bp.jvp(f, (3.0,), (1.0,)) == (f(3.0), slope)


def test_the_front_end_runs_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """For every transform of a function, while what its names mean is the same."""
    ran: list[str] = []
    front = pipeline._Compilation.front
    monkeypatch.setattr(
        pipeline._Compilation, "front", lambda self, *given: (ran.append(given[0].tree.name), front(self, *given))[1]
    )

    def scaled(x):
        return np.sum(x * count)

    at = np.ones(3)
    bp.grad(scaled)(at)
    bp.jvp(scaled, (at,), (at,))
    bp.vjp(scaled, at)
    assert ran == ["scaled"]
    monkeypatch.setattr(sys.modules[__name__], "count", 5)
    bp.value_and_grad(scaled)(at)
    assert ran == ["scaled", "scaled"]
