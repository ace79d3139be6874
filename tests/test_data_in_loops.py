"""Structures that are bound anew, updated item by item or sorted, in loops and branches; to second order too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pytest

import backprose as bp
from tests.checks import check_second
from tests.fuzz.run import check_function

A = np.array([0.5, -0.3])


class State(NamedTuple):
    p: Any
    t: Any


def step(s):
    return State(s.p * 2.0, s.t + 0.1 * s.t)


STATE = State(A, 1.2)


# ---------------------------------------------------------------- tuples that are arguments, bound anew
def by_a_helper(s, n):
    for _ in range(n):
        s = step(s)
    return np.sum(s.p) * s.t


def by_replace(s, n):
    for _ in range(n):
        s = s._replace(p=s.p * s.t)
    return np.sum(s.p) * s.t


def in_a_branch(s, n):
    if n > 2:
        s = step(s)
    return np.sum(s.p) * s.t


def beside_the_old_one(s, n):
    old = s
    for _ in range(n):
        s = State(s.p * old.t, s.t * 1.1)
    return np.sum(s.p * old.p) * s.t * old.t


def until_it_is_large(s, n):
    while s.t < n:
        s = step(s)
    return np.sum(s.p) * s.t


def left_early(s, n):
    for i in range(10):
        if s.t > n:
            break
        s = step(s)
    return np.sum(s.p) * s.t * (i + 1.0)


def plain_tuple(s, n):
    s = tuple(s)
    for _ in range(n):
        s = (s[0] * s[1], s[1] + 0.1)
    return np.sum(s[0]) * s[1]


def nested_tuple(s, n):
    p, t = s
    s = ((p, t), t * 2)
    for _ in range(n):
        s = ((s[0][0] * s[1], s[0][1] + s[1]), s[1] * 1.1)
    return np.sum(s[0][0]) * s[1] * s[0][1]


def written_and_bound_anew(s, n):
    for _ in range(n):
        s.p[0] *= s.t
        s = State(s.p, s.t * 1.1)
    return np.sum(s.p) * s.t


def crosswise(s, n):
    a, b = s, State(s.p * 2, 0.7)
    for _ in range(n):
        a, b = State(b.p, a.t * b.t), State(a.p * a.t, b.t)
    return np.sum(a.p * 2 + b.p) * a.t


TUPLES = (
    by_a_helper, by_replace, in_a_branch, beside_the_old_one, until_it_is_large, left_early, plain_tuple, nested_tuple,
    written_and_bound_anew, crosswise,
)  # fmt: skip


# ---------------------------------------------------------------- defaults
def push(v, acc=None):
    acc = [] if acc is None else acc
    acc.append(v)
    return acc


def push_or(v, acc=None):
    acc = acc or []
    acc.append(v)
    return acc


def scaled(v, options=None):
    options = options or {}
    return v * options.get("k", 2.0)


def none_default(x, k):
    return sum(push(x, push(k))) * x


def or_default(x, k):
    return sum(push_or(x, push_or(k))) * x


def dict_default(x, k):
    return scaled(x) * scaled(x, {"k": k})


def own_default(x, k, history=None):
    history = history if history is not None else []
    for _ in range(30):
        x = x * k
        history.append(x)
    return sum(history)


DEFAULTS = (none_default, or_default, dict_default, own_default)


# ---------------------------------------------------------------- dicts, key by key
def momentum(s, n):
    m = {k: np.zeros_like(v) for k, v in s.items()}
    for _ in range(n):
        for k, p in s.items():
            m[k] = 0.9 * m[k] + 2 * p**2
    return sum(np.sum(v**2) for v in m.values())


def adam(s, n):
    m = {k: np.zeros_like(v) for k, v in s.items()}
    v = {k: np.zeros_like(p) for k, p in s.items()}
    for t in range(1, n + 1):
        g = {k: 2 * p * np.cos(p) for k, p in s.items()}
        for k in s:
            m[k] = 0.9 * m[k] + 0.1 * g[k]
            v[k] = 0.99 * v[k] + 0.01 * g[k] ** 2
            s[k] = s[k] - 0.1 * (m[k] / (1 - 0.9**t)) / (np.sqrt(v[k] / (1 - 0.99**t)) + 1e-3)
    return sum(np.sum(v**2) for v in s.values())


def new_dict_each_turn(s, n):
    for _ in range(n):
        g = {k: 2 * p * np.cos(p) for k, p in s.items()}
        s = {k: s[k] - 0.1 * g[k] for k in s}
    return sum(np.sum(v**2) for v in s.values())


def side_by_side(s, n):
    for _ in range(n):
        g = {k: 2 * p * np.cos(p) for k, p in s.items()}
        s = {k: p - 0.1 * q for (k, p), q in zip(s.items(), g.values())}
    return sum(np.sum(v**2) for v in s.values())


def sorted_items(s, n):
    total = 0.0
    for _ in range(n):
        for name, v in sorted(s.items(), reverse=True):
            total = total * 1.5 + np.sum(v)
            if name == "p":
                total = total**2
    return total


def sorted_keys(s, n):
    total = 0.0
    for name in sorted(s.keys(), reverse=True):
        total = total * 1.5 + np.sum(s[name] ** n)
    for name in sorted(s, key=lambda name: -len(name)):
        total = total * 0.5 + np.sum(s[name])
    return total


# ---------------------------------------------------------------- lists that are arguments, bound anew
def weights(s, n):
    for _ in range(n):
        g = [2 * p * np.cos(p) for p in s]
        s = [p - 0.1 * q for p, q in zip(s, g)]
    return sum(np.sum(q**2) for q in s)


def item_by_item(s, n):
    for _ in range(n):
        s = [s[0] * np.sum(s[1]), s[1] * 1.1]
    return np.sum(s[0]) * np.sum(s[1])


def in_a_branch_as_list(s, n):
    if n > 2:
        s = [s[0] * 2, s[1] * 3]
    return np.sum(s[0] ** 2) + np.sum(s[1])


def written_by_index(s, n):
    for i in range(n):
        s[i % 2] = s[i % 2] * 2
        s = [s[1], s[0] * 3]
    return np.sum(s[0] * 2) + np.sum(s[1] ** 2)


def bound_anew_or_written(s, n):
    if n > 2:
        s = [s[0][::-1], s[1] ** 2]
    else:
        s[0] = s[0] * s[1]
        s[1] = np.sum(s[0])
    return np.sum(s[0] * s[1] ** 2)


def bound_anew_or_longer(s, n):
    if n > 2:
        s = [np.sum(s[0]) * s[1], s[1] ** 2]
    else:
        s.append(s[0] * s[1])
    return np.sum(s[0] * s[-1] ** 2)


LISTS = (weights, in_a_branch_as_list, written_by_index, bound_anew_or_written, bound_anew_or_longer)
DICTS = (momentum, adam, new_dict_each_turn, side_by_side, sorted_items, sorted_keys)

CASES = [
    *((function, (STATE, n), "s") for function in TUPLES for n in (0, 3)),
    *((function, (1.3, 0.4), ("x", "k")) for function in DEFAULTS),
    *((function, ([A, 2 * A], n), "s") for function in LISTS for n in (0, 3)),
    *((bound_anew_or_written, ([A, 1.2], n), "s") for n in (0, 3)),
    *((function, ({"p": A, "t": 1.2}, n), "s") for function in DICTS for n in (1, 3)),
]


@pytest.mark.parametrize(
    ("function", "args", "wrt"), CASES, ids=[f"{k}-{one.__name__}-{args[1]}" for k, (one, args, _) in enumerate(CASES)]
)
def test_right(function: Callable[..., Any], args: tuple[Any, ...], wrt: Any) -> None:
    outcome = check_function(function, args, wrt)
    assert outcome.kind == "right", outcome.detail
    check_second(function, args, (wrt,) if isinstance(wrt, str) else wrt)


# ---------------------------------------------------------------- what is not known to be there
def length_of_two_ways(x, k):
    items = [x, (x, 2.0)]
    if k > 1:
        items.append(3.0)
    return x * len(items)


def truth_of_two_ways(x, k):
    items = {}
    if k > 1:
        items["a"] = 1.0
    return x * 3 if items else x


def key_of_two_ways(x, k):
    items = {}
    for _ in range(k):
        items["a"] = 1.0
    return x * 3 if "a" in items else x


def keys_of_two_ways(x, k):
    items = {}
    if k > 1:
        items["a"] = 1.0
    for _ in items:
        x = x * 2
    return x * len(list(items.keys()))


@pytest.mark.parametrize("function", [length_of_two_ways, truth_of_two_ways, key_of_two_ways, keys_of_two_ways])
def test_items_of_two_ways_are_refused(function: Callable[..., Any]) -> None:
    with pytest.raises(bp.BackproseError, match="not the same on every way"):
        bp.grad(function)(1.3, 1)


def test_default_that_is_given() -> None:
    """A text for ``None`` is none for a list."""

    def kept(x, history=None):
        history = [] if history is None else history
        history.append(x * x)
        return sum(history)

    assert bp.grad(kept)(1.5) == 3.0
    assert bp.grad(kept, wrt="history")(1.5, [2.0, 3.0]) == [1.0, 1.0]
    assert bp.grad(kept)(1.5) == 3.0


def of_several_ranks(s, n):
    for _ in range(n):
        s = [s[0] * s[1][0], s[1] * 1.1]
    return np.sum(s[0]) * np.sum(s[1])


def layers(s, x, n):
    for _ in range(n):
        h = x
        for W, b in s:
            h = np.tanh(W * h + b)
        s = [(W - 0.1 * h, b - 0.1 * x) for W, b in s]
    return sum(np.sum(W) * np.sum(b) for W, b in s)


def test_lists_of_items_that_are_not_alike() -> None:
    for function, args, wrt in (
        (of_several_ranks, ([np.eye(2) + 0.1, A], 3), ("s",)),
        (item_by_item, ([A, 2 * A], 3), ("s",)),
        (of_several_ranks, ([1.5, A], 3), ("s",)),
        (layers, ([(A, 3 * A), (2 * A, A)], A, 2), ("s", "x")),
    ):
        outcome = check_function(function, args, wrt)
        assert outcome.kind == "right", outcome.detail


# ---------------------------------------------------------------- texts among the arguments
def by_name(s, name, n):
    for _ in range(n):
        s[name] = s[name] * 1.1
        s["p"] = s["p"] * s["t"]
    return np.sum(s[name]) + s["t"] * (2.0 if name == "p" else 3.0)


def by_names(s, names, n):
    total = 0.0
    for _ in range(n):
        for name in names:
            total = total * 1.1 + np.sum(s[name] ** 2)
    return total


def by_a_name_bound_anew(s, name, n):
    first = np.sum(s[name])
    name = "t"
    return first * s[name] * n


def by_table(s, how, n):
    table = {"square": lambda v: v**2, "sin": np.sin}
    for _ in range(n):
        s = {key: table[how](value) for key, value in s.items()}
    return np.sum(s["p"]) * s["t"]


@pytest.mark.parametrize(
    ("function", "name"),
    [
        (by_name, "p"), (by_name, "t"), (by_names, ("t", "p")), (by_names, ["p"]), (by_a_name_bound_anew, "p"),
        (by_table, "square"), (by_table, "sin"),
    ],
)  # fmt: skip
def test_texts_among_the_arguments(function: Callable[..., Any], name: Any) -> None:
    args = ({"p": A, "t": 1.2}, name, 2)
    outcome = check_function(function, args, ("s",))
    assert outcome.kind == "right", outcome.detail
    check_second(function, args, ("s",))


def test_each_text_has_its_own_derivative() -> None:
    df = bp.grad(by_name)
    found = [df({"p": A, "t": 1.2}, name, 1)["p"].tolist() for name in ("p", "t", "p")]
    assert found[0] == found[2]
    assert found[0] != found[1]
    with pytest.raises(bp.BackproseError, match="'q'"):
        df({"p": A, "t": 1.2}, "q", 1)


def test_function_in_a_function_that_calls_itself() -> None:
    def known(x):
        def power(k):
            return x if k < 1 else power(k - 1) * x

        return power(3)

    def unknown(x, n):
        def power(k):
            return x if k < 1 else power(k - 1) * x

        return power(n)

    assert check_function(known, (1.3,), "x").kind == "right"
    with pytest.raises(bp.BackproseError, match="calls itself"):
        bp.grad(unknown)(1.3, 3)
