# ruff: noqa: UP031  percent formats are what is tested
"""Lists sorted, cut and put together; iterators of the standard library; divmod and texts. Against differences."""

from __future__ import annotations

import functools
import itertools
import math
import operator
from collections.abc import Callable
from functools import reduce
from itertools import combinations, product
from typing import Any

import numpy as np
import pytest

import backprose as bp
from tests.fuzz.run import check_function

X = np.array([0.5, -1.2, 2.1, 0.7])


class P:
    def __init__(self, x: Any, v: Any) -> None:
        self.x = x
        self.v = v

    def step(self, dt: Any) -> Any:
        self.x += dt * self.v


def list_objects_changed_few(x: Any) -> Any:
    ps = [P(x[i % 4], x[(i + 1) % 4]) for i in range(3)]
    for t in range(3):
        for p in ps:
            p.step(0.1)
    return sum(p.x**2 for p in ps)


def filter_for(x: Any) -> Any:
    t = 0.0
    for v in filter(lambda v: v > 0, x):
        t += v * v
    return t


def list_filter(x: Any) -> Any:
    pos = list(filter(lambda v: v > 0, x))
    return pos[0] * pos[-1] * len(pos)


def zip_star(x: Any) -> Any:
    rows = [(x[0], x[1]), (x[2], x[3])]
    a, b = zip(*rows)
    return a[0] * a[1] + b[0] * b[1]


def zip_list(x: Any) -> Any:
    pairs = list(itertools.pairwise(x))
    return sum((a * b for a, b in pairs)) + pairs[0][1]


def enum_start(x: Any) -> Any:
    t = 0.0
    for i, v in enumerate(x, 1):
        t += i * v**2
    for i, v in enumerate([x[0], x[1]], start=2):
        t += i * v
    return t


def enum_list(x: Any) -> Any:
    ps = list(enumerate(x))
    return ps[1][0] * ps[1][1] ** 2


def reversed_list(x: Any) -> Any:
    xs = [x[0], x[1], x[2]]
    t = 0.0
    for v in reversed(xs):
        t = t * 0.5 + v
    return t


def reversed_list_kept(x: Any) -> Any:
    xs = list(reversed([v * v for v in x]))
    return xs[0] * xs[1]


def enum_reversed(x: Any) -> Any:
    t = 0.0
    for i, v in enumerate(reversed(x)):
        t += i * v * v
    for v in reversed(list(enumerate(x))):
        t += v[0] * v[1]
    return t


def sorted_plain(x: Any) -> Any:
    s = sorted(x)
    return s[0] * s[1] + s[3] ** 2


def sorted_reverse(x: Any) -> Any:
    s = sorted([x[0], x[1], x[2]], reverse=True)
    return s[0] * s[1] + s[2] ** 2


def sorted_key(x: Any) -> Any:
    s = sorted(x, key=lambda v: -abs(v))
    return s[0] * s[1] + s[3] ** 3


def sorted_key_abs(x: Any) -> Any:
    s = sorted(x, key=abs)
    return s[0] * s[1] + s[3] ** 3


def sorted_pairs(x: Any) -> Any:
    s = sorted([(x[0], x[1]), (x[2], x[3]), (x[1], x[0])], key=lambda p: p[0])
    return s[0][1] * s[2][0]


def list_sort(x: Any) -> Any:
    s = [v * 2 for v in x]
    s.sort(reverse=True)
    return s[0] * s[1] ** 2


def max_key(x: Any) -> Any:
    m = max(x, key=lambda v: abs(v - 1))
    return m**2


def max_key_pairs(x: Any) -> Any:
    m = max([(x[0], x[1]), (x[2], x[3])], key=lambda p: p[1])
    return m[0] * m[1]


def max_of_list(x: Any) -> Any:
    return max([x[0] * 2, x[1], x[2]]) * min(x[0], x[1], x[3])


def it_product(x: Any) -> Any:
    t = 0.0
    for i, j in itertools.product(range(3), range(4)):
        t += x[i] * x[j] * (i - j) ** 2
    return t


def it_product_repeat(x: Any) -> Any:
    return sum((x[i] * x[j] ** 2 for i, j in product(range(3), repeat=2)))


def it_combinations(x: Any) -> Any:
    t = 0.0
    for i, j in combinations(range(len(x)), 2):
        t += (x[i] - x[j]) ** 4
    return t


def it_pairwise(x: Any) -> Any:
    return sum((a * b for a, b in itertools.pairwise(x)))


def it_count(x: Any) -> Any:
    t = 0.0
    for i, v in zip(itertools.count(1), x):
        t += i * v * v
    return t


def ft_reduce(x: Any) -> Any:
    return reduce(lambda a, b: a * 0.5 + b * b, x)


def ft_reduce_init(x: Any) -> Any:
    return functools.reduce(lambda a, b: a * 0.5 + b * b, x, 1.0)


def ft_reduce_op(x: Any) -> Any:
    return functools.reduce(operator.mul, [x[0], x[1], x[2]])


def ft_reduce_mats(x: Any) -> Any:
    mats = [np.outer(x[:2], x[:2]), np.outer(x[1:3], x[2:4]), np.outer(x[:2], x[2:])]
    return np.sum(reduce(np.matmul, mats))


def math_log_base(v: Any) -> Any:
    return math.log2(v) + math.log(v, v + 1)


def del_item(x: Any) -> Any:
    xs = [x[0], x[1], x[2]]
    del xs[1]
    return xs[0] * xs[1]


def del_slice(x: Any) -> Any:
    xs = [x[0], x[1], x[2], x[3]]
    del xs[1:3]
    return xs[0] * xs[1]


def del_slice_long(x: Any, n: Any) -> Any:
    xs = [x[i % 4] * i for i in range(n)]
    del xs[:5]
    del xs[-1]
    del xs[2]
    return sum(v * v for v in xs)


def slice_assign(x: Any) -> Any:
    xs = [x[0], x[1], x[2], x[3]]
    xs[1:3] = [x[0] * 2, x[1] * 3, x[2] * 4]
    return xs[0] * xs[1] + xs[2] * xs[4] + len(xs)


def slice_assign_long(x: Any, n: Any) -> Any:
    xs = [x[i % 4] * i for i in range(n)]
    xs[1:3] = [x[0] * 2, x[1] * 3, x[2] * 4]
    return sum(v * v for v in xs)


def divmod_(x: Any) -> Any:
    q, r = divmod(x[0], 0.3)
    return q * x[1] + r * r


def divmod_int(x: Any, n: Any) -> Any:
    q, r = divmod(n, 4)
    return x[q] * x[r]


def walrus_late(x: Any) -> Any:
    if 0 < x[0] < (y := (x[2] * 2)):
        return y * x[0]
    return x[1]


def walrus_late2(x: Any) -> Any:
    if 0 < x[0] < (y := (x[2] * 2)) < 100:
        return y * x[0]
    return x[1]


def raise_fmt(x: Any) -> Any:
    if x[0] > 10:
        raise ValueError("too large: %g and %d" % (x[0], len(x)))
    if x[0] > 20:
        raise ValueError("too large: " + str(x[0]))
    return x[0] * 2


def list_insert_pop(x: Any) -> Any:
    xs = list(x)
    xs.insert(1, x[0] * 5)
    a = xs.pop(2)
    xs.insert(-1, x[2])
    return a * xs[1] + xs[3] ** 2


def list_insert_pop_long(x: Any, n: Any) -> Any:
    xs = [x[i % 4] * i for i in range(n)]
    xs.insert(3, x[0] * 5)
    a = xs.pop(2)
    return a * xs[3] + sum(v * v for v in xs)


def list_pop_k(x: Any, k: Any) -> Any:
    xs = [v * v for v in x]
    a = xs.pop(k)
    return a * xs[0]


def list_mul(x: Any) -> Any:
    xs = [x[0], x[1]] * 3
    return sum(xs) * xs[2]


def list_eq(x: Any) -> Any:
    xs = [1, 2]
    if xs == [1, 2] and (1, 2) == (1, 2):
        return x[0] ** 2
    return x[1]


def list_copy_alias(x: Any) -> Any:
    a = [x[0], x[1]]
    b = a
    b[0] = x[2]
    c = a[:]
    c[1] = x[3]
    return a[0] * a[1] + c[0] * c[1]


def list_in_list_alias(x: Any) -> Any:
    row = [x[0], x[1]]
    g = [row, row]
    g[0][0] = x[2]
    return g[1][0] * g[1][1]


def noted(v):
    return np.sin(v) * v


def generator_summed(x):
    g = (a * a for a in x)
    total = sum(g)
    return total + x[0]


def generator_of_calls(x):
    g = (noted(a) for a in x)  # kept
    y = np.array(list(g))
    best = (noted(a) for a in y)
    return max(best) + y[0] * y[1]


def generator_in_a_loop(x):
    total = 0.0
    for i in range(2):
        g = (noted(a) * i for a in x if a > 0)
        total += sum(g)
    return total


def generators_side_by_side(x):
    cubes = (noted(a) ** 3 for a in x)
    total = 0.0
    squares = (noted(a) ** 2 for a in x)
    for p, q in zip(cubes, squares):
        if p > 10:
            break
        total += p * q
    return total


def zip_of_calls_first(x):
    y, total = 2 * x[1:], 0.0
    for a, b in zip((noted(q) for q in y), x):
        total += a * b
    return total


PROGRAMS: list[tuple[Callable[..., Any], tuple[Any, ...]]] = [
    (list_objects_changed_few, (X,)),
    (filter_for, (X,)),
    (list_filter, (X,)),
    (zip_star, (X,)),
    (zip_list, (X,)),
    (enum_start, (X,)),
    (enum_list, (X,)),
    (reversed_list, (X,)),
    (reversed_list_kept, (X,)),
    (enum_reversed, (X,)),
    (sorted_plain, (X,)),
    (sorted_reverse, (X,)),
    (sorted_key, (X,)),
    (sorted_key_abs, (X,)),
    (sorted_pairs, (X,)),
    (list_sort, (X,)),
    (max_key, (X,)),
    (max_key_pairs, (X,)),
    (max_of_list, (X,)),
    (it_product, (X,)),
    (it_product_repeat, (X,)),
    (it_combinations, (X,)),
    (it_pairwise, (X,)),
    (it_count, (X,)),
    (ft_reduce, (X,)),
    (ft_reduce_init, (X,)),
    (ft_reduce_op, (X,)),
    (ft_reduce_mats, (X,)),
    (math_log_base, (1.7,)),
    (del_item, (X,)),
    (del_slice, (X,)),
    (del_slice_long, (X, 20)),
    (slice_assign, (X,)),
    (slice_assign_long, (X, 20)),
    (divmod_, (X,)),
    (divmod_int, (X, 7)),
    (walrus_late, (X,)),
    (walrus_late2, (X,)),
    (raise_fmt, (X,)),
    (list_insert_pop, (X,)),
    (list_insert_pop_long, (X, 20)),
    (list_pop_k, (X, 3)),
    (list_mul, (X,)),
    (list_eq, (X,)),
    (list_copy_alias, (X,)),
    (list_in_list_alias, (X,)),
    (generator_summed, (X,)),
    (generator_of_calls, (X,)),
    (generator_in_a_loop, (X,)),
    (generators_side_by_side, (X,)),
    (zip_of_calls_first, (X,)),
]


@pytest.mark.parametrize(("function", "args"), PROGRAMS, ids=[one.__name__ for one, _ in PROGRAMS])
def test_right(function: Callable[..., Any], args: tuple[Any, ...]) -> None:
    outcome = check_function(function, args, function.__code__.co_varnames[0])
    assert outcome.kind == "right", outcome.detail


def too_early(x):
    y, total = 2 * x[1:], 0.0
    for a, b in zip((noted(q) for q in x), y):
        total += a * b
    return total


def test_a_call_for_an_item_that_zip_drops_is_refused_when_it_runs() -> None:
    with pytest.raises(ValueError, match="a y that has no fewer items than x"):
        bp.grad(too_early)(X)


def read_later(x):
    g = (a * a for a in x)
    x = x * 2
    return sum(g) + x[0]


def read_twice(x):
    g = (a * a for a in x)
    return sum(g) + sum(g)


def read_after_a_call(x):
    g = (a * a for a in x)
    return noted(x[0]) + sum(g)


def read_by_another_function(x):
    g = (a * a for a in x)
    later = lambda: sum(g)
    return later()


@pytest.mark.parametrize("function", [read_later, read_twice, read_after_a_call, read_by_another_function])
def test_generators_that_are_kept_are_refused(function: Callable[..., Any]) -> None:
    with pytest.raises(bp.BackproseError, match="a generator expression here"):
        bp.grad(function)(X)
