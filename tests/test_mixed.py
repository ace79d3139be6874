"""Features together: queues, orders, keys and calls in tests of loops, with effects that happen once."""

from __future__ import annotations

import math
from collections import defaultdict, deque
from collections.abc import Callable
from functools import reduce
from typing import Any

import numpy as np
import pytest

from tests.fuzz.run import check_function

X = np.array([0.5, -1.2, 2.1, 0.7])


class M:
    total = 0

    def __init__(self, w: Any) -> None:
        self.w = w
        self.seen = []

    def __call__(self, v: Any) -> Any:
        self.seen.append(v)
        return self.w * v

    def __len__(self) -> Any:
        return len(self.seen)

    def __getitem__(self, i: Any) -> Any:
        return self.seen[i]

    def __eq__(self, o: object) -> Any:
        return self.w == o

    def __hash__(self) -> Any:
        return 1


gm = M(2.0)


def order_of_pops(x: Any) -> Any:
    s = [x[0], x[1], x[2]]

    def take() -> Any:
        return s.pop()

    t = 0.0
    n = 0
    while n < 5 and len(s) > 0 and (take() > -5):
        t = t * 2 + sum(s) * (n + 1)
        n += 1
    return t + len(s)


def and_changes(x: Any) -> Any:
    box = {"v": x[0]}

    def grow() -> Any:
        box["v"] = box["v"] * 2
        return box["v"] < 100

    if x[2] > 1 and grow() and (x[3] > 0):
        box["v"] = box["v"] + x[1]
    if x[2] > 100 and grow():
        box["v"] = box["v"] * 3
    return box["v"] ** 2


def or_value(x: Any) -> Any:

    def f(v: Any) -> Any:
        return v * 2

    y = 0.0 or f(x[0])
    z = f(x[1]) or x[2]
    return y * z


def while_or_break(x: Any) -> Any:

    def small(v: Any) -> Any:
        return abs(v) < 4

    y = x[0]
    n = 0
    while small(y) or n < 2:
        n += 1
        if n > 6:
            break
        y = y * 1.7
        if n == 3:
            continue
        y = y + x[1] * 0.1
    return y * n


def nested_while(x: Any) -> Any:

    def go(a: Any, b: Any) -> Any:
        return a < 5 and b < 4

    t = 0.0
    i = 0
    while i < 3 and go(t, i):
        j = 0
        while go(t, j) and any(v > t for v in x):
            t = t + x[i] ** 2 * 0.3 + 0.1
            j += 1
        i += 1
    return t


def sort_alias(x: Any) -> Any:
    a = [x[0], x[1], x[2], x[3]]
    b = a
    a.sort()
    return b[0] * b[3] + a[1] ** 2


def sorted_keeps(x: Any) -> Any:
    a = [v * 2 for v in x]
    b = sorted(a, reverse=True)
    a[0] = x[3]
    b[1] = x[0] * x[2]
    return sum((u * v for u, v in zip(a, b)))


def sort_in_loop(x: Any, n: Any) -> Any:
    best = []
    for i in range(n):
        best.append(np.sin(x[i % 4] * (i + 1)))
        best.sort(key=lambda v: -v)
        if len(best) > 3:
            best.pop()
    return best[0] * best[1] + best[2] ** 2


def deque_window(x: Any, n: Any) -> Any:
    q = deque()
    t = 0.0
    for i in range(n):
        q.append(x[i % 4] * i)
        if len(q) > 2:
            t += q.popleft() ** 2
    return t + sum(q)


def queue_bfs(x: Any, n: Any) -> Any:
    q = deque([x[0]])
    t = 0.0
    k = 0
    while q and k < n:
        v = q.popleft()
        t += v * v
        k += 1
        q.append(v * 0.5)
        q.append(v + x[1] * 0.1)
    return t


def dd(x: Any) -> Any:
    g = defaultdict(list)
    for i in range(4):
        g["even" if i % 2 == 0 else "odd"].append(x[i] ** 2)
    return sum(g["even"]) * sum(g["odd"]) + len(g)


def insert_many(x: Any, n: Any) -> Any:
    xs = list(x)
    for i in range(n):
        xs.insert(i, xs[0] * 0.5)
        del xs[-1]
        xs[1:3] = [x[0], xs[2] * 2]
    return sum((v * (i + 1) for i, v in enumerate(xs)))


def pop_neg(x: Any, k: Any) -> Any:
    xs = [v * 1.0 for v in x]
    a = xs.pop(k)
    xs.insert(k, a * 2)
    return sum((v * (i + 1) for i, v in enumerate(xs))) * a


def reduce_tuple(x: Any) -> Any:
    t = reduce(lambda a, b: (a[0] + b, a[1] * b), [x[0], x[1], x[2]], (0.0, 1.0))
    return t[0] * t[1]


def walrus_while(x: Any) -> Any:
    y = x[2]
    n = 0
    while n < 10 and (y := (y * 0.8)) > 0.5 and ((z := (y + 1)) < 100):
        n += 1
    return y * z


def glob_obj_eq(x: Any) -> Any:
    return x[0] ** 2 if gm == 2.0 else x[1]


def import_twice(x: Any) -> Any:

    def inner(v: Any) -> Any:
        import math

        return math.cos(v)

    return inner(x[0]) * math.sin(x[1])


def fmt_key(x: Any) -> Any:
    d = {f"k{i}{j}": x[i] * x[j] for i in range(2) for j in range(3)}
    return sum(d[k] for k in d if k.endswith("1")) + d["k" + "02"]


PROGRAMS: list[tuple[Callable[..., Any], tuple[Any, ...]]] = [
    (order_of_pops, (X,)),
    (and_changes, (X,)),
    (or_value, (X,)),
    (while_or_break, (X,)),
    (nested_while, (X,)),
    (sort_alias, (X,)),
    (sorted_keeps, (X,)),
    (sort_in_loop, (X, 7)),
    (deque_window, (X, 6)),
    (queue_bfs, (X, 6)),
    (dd, (X,)),
    (insert_many, (X, 5)),
    (pop_neg, (X, -2)),
    (reduce_tuple, (X,)),
    (walrus_while, (X,)),
    (glob_obj_eq, (X,)),
    (import_twice, (X,)),
    (fmt_key, (X,)),
]


@pytest.mark.parametrize(("function", "args"), PROGRAMS, ids=[one.__name__ for one, _ in PROGRAMS])
def test_right(function: Callable[..., Any], args: tuple[Any, ...]) -> None:
    outcome = check_function(function, args, function.__code__.co_varnames[0])
    assert outcome.kind == "right", outcome.detail


# ---------------------------------------------------------------- nested functions with names of ours, called twice
class Disc:
    def __init__(self, radius: Any) -> None:
        self.radius = radius

    def area(self, scale: float) -> Any:
        return self.radius * scale


def early_returns_twice(x: Any) -> Any:
    def area(s: Any) -> Any:
        if s > 0:
            return s * 2
        return s * 3

    def total(s: Any) -> Any:
        t = sum(v * s for v in x)
        return t if any(v > s for v in x) else -t

    return area(x[0]) * area(x[1]) + total(x[2]) * total(x[3])


def known_returns_twice(x: Any) -> Any:
    def area(s: Any, big: bool) -> Any:
        if big:
            return s * 2
        return s * 3

    return area(x[0], True) + area(x[1], False) * area(x[2], True)


def objects_or_numbers(x: Any) -> Any:
    def area(s: Any) -> Any:
        if isinstance(s, Disc):
            return s.area(2.0)
        return s * 3

    return area(Disc(x[0])) + area(x[1]) * area(x[2] * 2)


@pytest.mark.parametrize("function", [early_returns_twice, known_returns_twice, objects_or_numbers])
def test_called_twice(function: Callable[..., Any]) -> None:
    outcome = check_function(function, (X,), "x")
    assert outcome.kind == "right", outcome.detail
