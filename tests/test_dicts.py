# ruff: noqa: PLC0206  loops over a dict itself are what is tested
"""Dicts whose keys are known, and the dicts and queues of the standard library; against differences."""

from __future__ import annotations

import itertools
from collections import OrderedDict, defaultdict, deque
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import backprose as bp
from tests.fuzz.run import check_function

X = np.array([0.5, -1.2, 2.1, 0.7])


def dict_loop(p: Any) -> Any:
    t = 0.0
    for k in p:
        t = t + np.sum(p[k] ** 2)
    return t


def dict_local_loop(x: Any) -> Any:
    d = {"u": x[0], "v": x[1]}
    d["w"] = x[2] * 3
    t = 0.0
    for k in d:
        t += d[k] ** 2
    return t


def dict_in(x: Any) -> Any:
    d = {"u": x[0]}
    if "v" in d:
        return x[1]
    if "u" not in d:
        return x[2]
    return d["u"] * d.get("v", x[3]) * d.get("u")


def dict_setdefault(x: Any) -> Any:
    d = {}
    d.setdefault("a", x[0])
    d.setdefault("a", x[1])
    d.setdefault("b", x[2])
    return d["a"] * d["b"]


def dict_update_pop(x: Any) -> Any:
    d = {"a": x[0], "b": x[1]}
    d.update(c=x[2], a=x[3])
    d.update({"e": x[1] * 2})
    v = d.pop("b")
    w = d.pop("zz", 2.0)
    return v * w + d["a"] * d["c"] + d["e"]


def dict_names(x: Any) -> Any:
    names = ("u", "v", "w")
    p = {}
    for i, n in enumerate(names):
        p[n] = x[i] ** 2
    return p["u"] * p["v"] + p["w"]


def dict_fstring(p: Any, n: Any) -> Any:
    t = 0.0
    for i in range(2):
        t = t + np.sum(p[f"w{i}"] ** 2) * (i + 1)
    return t


def dict_concat(p: Any) -> Any:
    t = 0.0
    for i in range(2):
        t = t + np.sum(p["w" + str(i)] ** 3)
    return t


def dict_len_fstring(p: Any) -> Any:
    t = 0.0
    for i in range(len(p)):
        t = t + np.sum(p[f"w{i}"] ** 3)
    return t


def dict_comp2(x: Any) -> Any:
    d = {i: x[i] ** 2 for i in range(3)}
    return d[0] * d[1] + d[2]


def dict_comp_items(p: Any) -> Any:
    q = {k: v * 2 for k, v in p.items()}
    return q["a"] * np.sum(q["b"] ** 2)


def dict_sgd(p: Any, g: Any) -> Any:
    q = {k: p[k] - 0.1 * g[k] * p[k] for k in p}
    return q["a"] * q["b"]


def dict_tuple_keys(x: Any) -> Any:
    d = {}
    for i in range(2):
        for j in range(2):
            d[i, j] = x[i] * x[j + 1]
    return d[0, 1] * d[1, 0] + d[1, 1]


def dict_keys_list(x: Any) -> Any:
    d = {"a": x[0], "b": x[1]}
    for k in list(d.keys()):
        d[k] = d[k] * 2
    for k in sorted(d):
        d[k] += 1.0
    return d["a"] * d["b"]


def dict_len_values(x: Any) -> Any:
    d = {"a": x[0], "b": x[1]}
    return sum(d.values()) / len(d) * max(d.values())


def dict_fromkeys(x: Any) -> Any:
    d = dict.fromkeys(("a", "b"), x[0])
    d["a"] = d["a"] * x[1]
    return d["a"] + d["b"]


def dict_zip2(x: Any) -> Any:
    d = dict(zip(("a", "b"), (x[0], x[1])))
    return d["a"] * d["b"]


def dict_merge(x: Any) -> Any:
    d = {"a": x[0]} | {"b": x[1]}
    e = {**d, "c": x[2]}
    return e["a"] * e["b"] * e["c"]


def dict_del(x: Any) -> Any:
    d = {"a": x[0], "b": x[1], "c": x[2]}
    del d["b"]
    return sum(d.values())


def dict_of_functions(x: Any) -> Any:
    fs = {"sin": np.sin, "sq": lambda v: v * v}
    return np.sum(fs["sin"](x)) + np.sum(fs["sq"](x))


def defaultdict_(x: Any) -> Any:
    d = defaultdict(float)
    for i in range(4):
        d[i % 2] += x[i]
    return d[0] * d[1]


def defaultdict_list(x: Any) -> Any:
    d = defaultdict(list)
    for i in range(4):
        d[i % 2].append(x[i])
    return d[0][0] * d[1][1]


def ordereddict(x: Any) -> Any:
    d = OrderedDict()
    d["a"] = x[0]
    d["b"] = x[1]
    return d["a"] * d["b"]


def deque_(x: Any) -> Any:
    q = deque()
    for v in x:
        q.append(v * v)
    t = 0.0
    while q:
        t = t * 0.5 + q.popleft()
    return t


def dict_of_names_in_a_loop(A: Any) -> Any:
    t = 0.0
    for row in A:
        halves = {name: item * 0.5 for name, item in zip(NAMES, row)}
        t = t * halves["rate"] + np.sin(sum(halves.values()))
    return t


def keys_that_count(x: Any) -> Any:
    w = {i: i * 10.0 for i in range(2)}
    rows = {i: [x[i] * i, 1.0] for i in range(2)}
    return sum(w[i] * v for i, v in enumerate([x[0], x[1]])) + sum(rows[i][0] * v for i, v in enumerate([x[2], x[3]]))


def keys_that_count_in_a_loop(x: Any) -> Any:
    w, s = {0: 5.0, 1: x[2]}, 0.0
    for i, v in enumerate([x[0], x[1]]):
        s += w[i] * v
    return s + max(w[i] * x[0] for i, _ in enumerate([1, 2]))


def keys_and_their_places(x: Any) -> Any:
    d, s = {2: x[0], 1: x[1], 0: x[2]}, 0.0
    for i, k in enumerate(d):
        s += d[k] * d[i] * (i + 1)
    for k in reversed(d):
        s = s * x[3] + d[k]
    for one, other in itertools.pairwise(d):
        s += d[one] / d[other]
    return s + sum(d[i] * k for i, k in enumerate(d))


PROGRAMS: list[tuple[Callable[..., Any], tuple[Any, ...]]] = [
    (dict_loop, ({"a": 1.5, "b": np.array([1.0, 2.0])},)),
    (dict_local_loop, (X,)),
    (dict_in, (X,)),
    (dict_setdefault, (X,)),
    (dict_update_pop, (X,)),
    (dict_names, (X,)),
    (dict_fstring, ({"w0": np.array([1.0, 2.0]), "w1": np.array([0.5, -1.0])}, 2)),
    (dict_concat, ({"w0": np.array([1.0, 2.0]), "w1": np.array([0.5, -1.0])},)),
    (dict_len_fstring, ({"w0": np.array([1.0, 2.0]), "w1": np.array([0.5, -1.0])},)),
    (dict_comp2, (X,)),
    (dict_comp_items, ({"a": 1.5, "b": np.array([1.0, 2.0])},)),
    (dict_sgd, ({"a": 1.5, "b": 2.0}, {"a": 0.1, "b": 0.3})),
    (dict_tuple_keys, (X,)),
    (dict_keys_list, (X,)),
    (dict_len_values, (X,)),
    (dict_fromkeys, (X,)),
    (dict_zip2, (X,)),
    (dict_merge, (X,)),
    (dict_del, (X,)),
    (dict_of_functions, (X,)),
    (defaultdict_, (X,)),
    (defaultdict_list, (X,)),
    (ordereddict, (X,)),
    (deque_, (X,)),
    (keys_that_count, (X,)),
    (keys_that_count_in_a_loop, (X,)),
    (keys_and_their_places, (X,)),
    (dict_of_names_in_a_loop, (np.stack([X[:3], X[1:]]),)),
]


@pytest.mark.parametrize(("function", "args"), PROGRAMS, ids=[one.__name__ for one, _ in PROGRAMS])
def test_right(function: Callable[..., Any], args: tuple[Any, ...]) -> None:
    outcome = check_function(function, args, function.__code__.co_varnames[0])
    assert outcome.kind == "right", outcome.detail


NAMES = ["rate", "scale", "shift"]


def named_values(x: Any) -> Any:
    params = dict(zip(NAMES, x, strict=False))
    return params["rate"] * params["scale"] ** 2 + sum(params.values())


def test_names_outside_are_asked_for_at_each_call(monkeypatch: pytest.MonkeyPatch) -> None:
    derived, x = bp.grad(named_values), np.array([1.0, 2.0, 3.0])
    np.testing.assert_allclose(derived(x), [5.0, 5.0, 1.0])
    NAMES[0], NAMES[1] = NAMES[1], NAMES[0]
    try:
        np.testing.assert_allclose(derived(x), [5.0, 2.0, 1.0])
        monkeypatch.setitem(globals(), "NAMES", ("shift", "rate", "scale"))
        np.testing.assert_allclose(derived(x), [1.0, 10.0, 13.0])
    finally:
        monkeypatch.undo()
        NAMES[0], NAMES[1] = NAMES[1], NAMES[0]


def test_an_array_of_fewer_items_than_names_is_refused_when_it_runs() -> None:
    derived = bp.grad(named_values)
    np.testing.assert_allclose(derived(np.array([1.0, 2.0, 3.0, 4.0])), [5.0, 5.0, 1.0, 0.0])
    with pytest.raises(ValueError, match="made for 3 or more items of x"):
        derived(np.array([1.0, 2.0]))
