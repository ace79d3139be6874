"""Statements: assignments in expressions, patterns, unpacking, loop else; value, both modes and second derivatives."""

# ruff: noqa: RET505, RUF018
from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

import backprose as bp
from tests import differences

FACTOR = 2.0
POINTS = (1.7, 0.6, -0.8)


class Kind(enum.Enum):
    LINEAR = 1
    SQUARE = 2


@dataclass
class Circle:
    radius: float
    scale: float = 1.0


# ---------------------------------------------------------------- assignment expressions
def walrus_in_tests(x):
    if (y := x * x) > 1 and (z := y * x) > 2:
        return y * z
    elif (q := 3 * x) > 1:
        return q * y
    return y


def walrus_or(x):
    if (y := x * x) < 0.5 or not (z := y + x) > 2:
        return 3 * y
    return y * z


def walrus_in_while(x):
    n = 0
    while abs(r := x * x - 2.0) > 1e-8 and n < 9:
        x = x - 0.3 * r
        n += 1
    return x + r


def walrus_order(x):
    y = 2.0
    return y + (y := x * x) * y + np.sin(z := y * x) + z


def walrus_while_else(x):
    k = 0
    while (k := k + 1) < 5:
        if k == 3:
            continue
        if x * k > 7:
            break
        x = x * 1.1
    else:
        x = x * x
    return x


def walrus_in_comprehension(x):
    return sum(y for v in (x, 2 * x, 3 * x) if (y := v * v) > 3)


def walrus_in_targets(x):
    a = np.array([1.0, 2.0, 3.0])
    i = 0
    a[i] = (i := 2) * x
    a[i] += (i := 1) * x * x
    return a[i] * x + a[0] + a[2]


def walrus_in_a_lambda(x):
    f = lambda t: (u := t * t) * u + u
    return f(x) + [w := x * 2, w * w][1]


def walrus_in_a_guard(x):
    c = Circle(x, 2 * x)
    match c:
        case Circle(r, s) if (q := r * s) > 2:
            return q * r
        case Circle(scale=s):
            return s * q


def walrus_in_assert(x):
    assert (y := x * x) > 0, f"bad {y}"
    t = z if (z := y * 2) > 3 else y
    return t * y


# ---------------------------------------------------------------- del, sets, globals, unpacking
def deletions(x):
    y = x * x
    z = y * y
    del y
    y = 3 * x
    items = [x, 2 * x, 3 * x]
    del items[1]
    table = {"a": x, "b": y}
    del table["a"]
    return sum(items) + table["b"] + z


def unpacked_where_made(x):
    place = np.array([x, x * x])
    for k in range(3):
        u, v = place + 0.1 * k * place
        place = np.array([u * v, np.sin(v)])
    rows = np.stack([place, x * place])
    a, b = rows[1]
    return a - b


def starred_unpacking(x):
    a, *b = (x, x * x, 3 * x)
    *c, d = [x, 2 * x, 3 * x * x]
    e, (f, *g), h = x, (x * x, x, 2 * x), 3 * x
    return a * b[0] + b[1] * c[0] + c[1] * d + e * f * g[0] * g[1] * h


def nested_unpacking(x):
    t = (x, (x * x, 3 * x))
    first, *rest = t
    u, v = rest[0]
    a, (b, c) = t
    return first * u * v + a * b * c


def sets(x, mode="fast", n=2):
    known = {"fast", "slow"}
    if mode in {"fast", "quick"} and mode in known:
        x = x * x
    if n not in {1, 3}:
        return x * x
    return x


def global_read(x):
    global FACTOR
    return FACTOR * x * x


# ---------------------------------------------------------------- match
def match_values(x, scheme="rk2"):
    match scheme:
        case "euler":
            return x * x
        case "heun" | "rk2":
            return x * x * x
        case _:
            raise ValueError(f"unknown {scheme} at {x:.3f}")


def match_displays(x, scheme="rk2", n=1):
    match scheme, n:
        case "euler", 1:
            y = x
        case "rk2", k if k > 3:
            y = x * k
        case "rk2", 1 | 2:
            y = x * x
        case None, _:
            y = x
        case _:
            y = 3 * x
    return y


def match_classes(x):
    c = Circle(x, 2 * x)
    match c:
        case Circle(r, scale=q) if q > 3:
            return r * q
        case Circle(r, s):
            return r * r * s
    return x


def match_kinds(x, kind=Kind.SQUARE):
    match kind:
        case Kind.LINEAR:
            y = x
        case Kind.SQUARE:
            y = x * x
    return y


def match_numbers(x, v=3):
    match v * 2:
        case 1:
            return x
        case float():
            return x * 4
        case int(k):
            return x * x * k


def match_in_a_loop(x, kind=Kind.LINEAR):
    for i in range(4):
        match i:
            case 0:
                x = x * x
            case 1:
                continue
            case j if j > 2:
                break
            case _:
                x = match_kinds(x, kind) + match_values(x)
    return x


# ---------------------------------------------------------------- loop else, flags, text
def for_else(x):
    s = 0.0
    for i in range(4):
        if x * i > 5:
            break
        s = s + x * x
    else:
        s = s * 2
    return s


def while_else(x):
    s = x
    n = 0
    while n < 4:
        n += 1
        if n == 2:
            continue
        if s > 100:
            return s
        s = s * x
    else:
        s = s + x
    return s


def nested_else(x):
    total = x
    for i in range(3):
        for j in range(3):
            if x * j > 2 - i:
                break
            total = total + x * j
        else:
            total = total * x
            continue
        if i == 2:
            return total * 2
    else:
        total = total + x
    return total


def flags(x, mode="fast", kind=Kind.SQUARE):
    if kind is Kind.LINEAR:
        return x
    elif 0 < x < x * x < 10 or mode == "fast":
        return x * x
    return 3 * x


PROGRAMS: list[Callable[..., Any]] = [
    walrus_in_tests, walrus_or, walrus_in_while, walrus_order, walrus_while_else, walrus_in_comprehension,
    walrus_in_targets, walrus_in_a_lambda, walrus_in_a_guard, walrus_in_assert,
    deletions, unpacked_where_made, starred_unpacking, nested_unpacking, sets, global_read,
    match_values, match_displays, match_classes, match_kinds, match_numbers, match_in_a_loop, for_else, while_else,
    nested_else, flags,
]  # fmt: skip


def check(function: Callable[..., Any], at: float, second: bool = True) -> None:
    """Value, gradient, tangent and second derivative of a function of one number."""
    slope = differences.gradient(function, (at,), 0)
    value, gradient = bp.value_and_grad(function)(at)
    assert value == function(at)
    assert slope.agrees(gradient, 1e-6, 1e-8, abs(gradient)), f"{gradient!r}, differences {slope}"
    value, tangent = bp.jvp(function, (at,), (1.0,))
    assert value == function(at)
    assert tangent == pytest.approx(gradient, rel=1e-12)
    value, pullback = bp.vjp(function, at)
    assert value == function(at)
    assert pullback(1.0) == pullback(1.0) == pytest.approx(gradient, rel=1e-12)
    if second:
        once = bp.grad(function)
        slope = differences.gradient(once, (at,), 0)
        twice = bp.grad(once)(at)
        assert slope.agrees(twice, 1e-5, 1e-7, abs(twice)), f"second: {twice!r}, differences {slope}"
        assert bp.jvp(once, (at,), (1.0,))[1] == pytest.approx(twice, rel=1e-9)


@pytest.mark.parametrize("at", POINTS)
@pytest.mark.parametrize("function", PROGRAMS, ids=lambda function: function.__name__)
def test_statements(function: Callable[..., Any], at: float) -> None:
    check(function, at)


def test_flags_given() -> None:
    for kind in Kind:
        for scheme, n in (("euler", 1), ("rk2", 5), ("rk2", 2), (None, 3), ("heun", 1)):
            check(lambda x, kind=kind: match_kinds(x, kind), 1.3, second=False)
            check(lambda x, scheme=scheme, n=n: match_displays(x, scheme, n), 1.3, second=False)
    with pytest.raises(ValueError, match=r"unknown rk4 at 1\.500"):
        bp.grad(match_values)(1.5, "rk4")


def test_a_global_changed_between_calls_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    df = bp.grad(global_read)
    assert df(1.5) == 6.0
    monkeypatch.setitem(globals(), "FACTOR", 3.0)
    assert df(1.5) == 9.0


def used_after_del(x):
    y = x * x
    if x > 0:
        del y
    return y


def alternatives_that_bind(x, pair=None):
    match pair:
        case [a] | [_, a]:
            return x * a
    return x


def assigned_where_not_always_reached(x):
    return x if 0 < x < (y := x * x) else y


def test_assigned_where_not_always_reached() -> None:
    assert bp.grad(assigned_where_not_always_reached)(1.5) == 1.0
    assert bp.grad(assigned_where_not_always_reached)(0.5) == 1.0


@pytest.mark.parametrize(
    ("function", "section"),
    [
        (used_after_del, "del"),
        (alternatives_that_bind, "match-statements"),
    ],
)
def test_refused(function: Callable[..., Any], section: str) -> None:
    with pytest.raises(bp.BackproseError) as caught:
        bp.grad(function)(1.5)
    assert caught.value.section == section
    assert caught.value.where is not None
