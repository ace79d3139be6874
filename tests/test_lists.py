# ruff: noqa: PERF401, RUF005, C416, RUF007
"""Lists of a length that is not known when the derivative is written; against differences, both modes, twice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pytest

import backprose as bp
from tests import differences
from tests.fuzz.run import check_function

X = np.array([0.5, -1.2, 2.1, 0.7])
N = 5


# ---------------------------------------------------------------- growing and reading
def trajectory(x, n):
    states = [x]
    for t in range(n):
        states.append(states[-1] * 0.9 + 0.1 * np.sin(states[t]))
    return np.sum(np.stack(states) ** 2)


def earlier_states(x, n):
    states = []
    for t in range(n):
        before = states[t - 1] if t > 0 else x
        states.append(before * np.cos(before) + t)
    total = 0.0
    for s in states:
        total = total + np.sum(s**2)
    return total * np.sum(states[-1]) + np.sum(states[0])


def sum_of_arrays(x, n):
    parts = []
    for i in range(n):
        parts.append(np.sin(x * i))
    return np.sum(sum(parts) ** 2)


def numbers(x, n):
    values = [x[0], x[1]]
    for i in range(n):
        values.append(values[-1] * values[-2] + x[2])
    return sum(values) + max(values) * min(values) + len(values)


def comprehension(x, n):
    squares = [v * v for v in x]
    scaled = [s * i for i, s in enumerate(squares)]
    return sum(scaled) * sum([np.sum(x) * k for k in range(n)])


def filtered(x, n):
    positive = [v for v in x if v > 0]
    return sum([p * q for p, q in zip(positive, positive[1:])]) * n


def array_of_numbers(x, n):
    values = []
    for i in range(n):
        values.append(np.sum(x) * i + x[i % 4] ** 2)
    a = np.array(values)
    return np.sum(a**2) + np.mean(values) + np.dot(values, a)


def concatenated(x, n):
    parts = [x[:1]]
    for i in range(n):
        parts.append(x[: 1 + i % 3] * i)
    return np.sum(np.concatenate(parts) ** 3)


def hstacked(x, n):
    rows = []
    for i in range(n):
        rows.append(np.outer(x, x[: 1 + i % 2]) + i)
    flat = []
    for i in range(n):
        flat.append(x * i)
    return np.sum(np.hstack(rows) ** 2) + np.sum(np.hstack(flat) ** 2) * np.sum(np.vstack(flat) ** 3)


def stacked_last(x, n):
    columns = [x]
    for i in range(n):
        columns.append(x * columns[i])
    return np.sum(np.stack(columns, axis=1) @ np.arange(1.0, n + 2)) + np.sum(np.stack(columns, axis=-1)[0])


# ---------------------------------------------------------------- writing items
def filled(x, n):
    values = [0.0] * n
    for i in range(n):
        values[i] = np.sin(x[i % 4]) * (values[i - 1] if i else 1.0) + x[0]
    return sum(values) + values[-1] * values[0]


def filled_arrays(x, n):
    rows = [x] * n
    for i in range(1, n):
        rows[i] = rows[i - 1] * x + i
    return np.sum(np.stack(rows) ** 2)


def added_to(x, n):
    bins = [0.0] * 3
    for i in range(n):
        bins[i % 3] += x[i % 4] ** 2
        bins[0] *= 1.5
    return bins[0] * bins[1] + np.exp(-bins[2])


def overwritten_after_use(x, n):
    values = [x[0], x[1], x[2]]
    total = 0.0
    for i in range(n):
        total = total + values[i % 3] ** 2
        values[i % 3] = values[(i + 1) % 3] * np.cos(values[i % 3])
    return total + values[0] * values[1] * values[2]


def swapped(x, n):
    values = [v for v in x]
    for i in range(n):
        values[i % 4], values[(i + 1) % 4] = values[(i + 1) % 4] * 1.1, values[i % 4]
    return values[0] * values[1] + values[2] ** 2 * values[3]


# ---------------------------------------------------------------- taking off, putting on
def stack_unbalanced(x, n):
    stack = []
    for i in range(n):
        stack.append(x * (i + 1))
        stack.append(2.0 * x)
        if i % 2:
            stack.pop()
    top = stack.pop()
    below = stack.pop()
    return np.sum(top * below * below) + np.sum(stack[0] ** 2)


def stack_with_constants(x, n):
    stack = []
    stack.append(x[0])
    stack.append(2.0)
    stack.append(x[1])
    a = stack.pop()
    b = stack.pop()
    return a * b * stack.pop() * n


def while_stack(x, n):
    todo = [x[0] * n]
    total = 0.0
    while todo:
        v = todo.pop()
        total = total + v**2
        if v > 0.4:
            todo.append(v * 0.5 * x[2] / 2.1)
            todo.append(v * 0.3)
    return total


def queue(x, n):
    line = [v for v in x]
    total = 0.0
    for i in range(n):
        first = line.pop(0)
        total = total + first * line[0]
        line.append(first * np.sin(first) + i)
    return total + sum(line)


def window(x, n):
    recent = [x[0]]
    total = 0.0
    for i in range(n):
        recent.append(recent[-1] * x[i % 4])
        recent = recent[-2:]
        total = total + sum(recent) ** 2
    return total


def extended(x, n):
    values = []
    for i in range(n):
        values.extend([x[0] * i, x[1]])
        values += [x[2] ** i]
    values.extend(x)
    both = values + [x[3]]
    return sum(v * w for v, w in zip(both, reversed(both)))


def reversed_and_copied(x, n):
    values = [x[0]]
    for i in range(n):
        values.append(values[i] * x[1] + 1.0)
    kept = list(values)
    kept[0] = 5.0
    values.reverse()
    return values[0] * values[1] + values[-1] * 3 + sum(kept[::2]) + sum(values[1:3])


def two_names(x, n):
    values = [x[0]]
    other = values
    for i in range(n):
        other.append(values[-1] * x[1])
    return sum(values) * other[0]


def cleared(x, n):
    values = []
    total = 0.0
    for i in range(n):
        values.append(x[i % 4] * i)
        if len(values) == 2:
            total = total + values[0] * values[1] ** 2
            values.clear()
    return total + sum(values)


# ---------------------------------------------------------------- control flow
def in_branches(x, n):
    if x[0] > 0:
        values = [x[0], x[1]]
    else:
        values = [x[1]]
    if n > 3:
        values.append(x[2] ** 2)
    return sum(values) * values[-1] * len(values)


def with_break(x, n):
    values = []
    for i in range(n):
        values.append(x[i % 4] * (i + 1))
        if values[-1] > 2.0:
            break
    return sum(values) + values[-1] ** 2


def early_return(x, n):
    values = [x[0]]
    for i in range(n):
        values.append(values[-1] * x[2] * 0.5)
        if values[-1] > 0.5:
            return np.sum(np.array(values)) * x[1]
    return values[-1]


def nested_loops(x, n):
    total = 0.0
    for i in range(n):
        row = []
        for j in range(i + 1):
            row.append(x[j % 4] * i)
            row[0] = row[0] * row[-1] * 0.1 + 1.0
        total = total + sum(row) ** 2 + row[0]
    return total


def list_of_each_turn(x, n):
    rows = []
    for i in range(n):
        row = [v * i for v in x]
        rows.append(np.array(row) ** 2)
    return np.sum(np.stack(rows) * np.arange(4.0))


def search(x, n):
    values = [x[0] * 3, x[1], x[2], x[3]]
    found = 0.0
    for v in values:
        if v > 1.8:
            found = v
            break
    return found**2 * n


def while_grows(x, n):
    values = [x[2]]
    while values[-1] > 0.1 and len(values) < 10:
        values.append(values[-1] * 0.5 * np.cos(x[0]))
    return np.sum(np.array(values) ** 2)


# ---------------------------------------------------------------- helpers, objects, items that are structures
def make_powers(x, n):
    powers = [1.0]
    for _ in range(n):
        powers.append(powers[-1] * x)
    return powers


def helper_returns(x, n):
    return sum(make_powers(x[0], n)) * sum(make_powers(x[1], 3))


def push_twice(values, v):
    values.append(v)
    values.append(v * v)


def helper_appends(x, n):
    values = [x[3]]
    for i in range(n):
        push_twice(values, values[i] * x[0])
    return sum(values)


class Recorder:
    def __init__(self, rate):
        self.rate = rate
        self.history = []

    def step(self, x):
        self.history.append(x * self.rate)
        return self.history[-1] + 1.0

    def mean(self):
        return sum(self.history) / len(self.history)


def in_an_object(x, n):
    recorder = Recorder(x[1])
    y = x[0]
    for _ in range(n):
        y = recorder.step(y)
    return y * recorder.mean() + recorder.history[0]


class Point(NamedTuple):
    place: Any
    weight: Any


@dataclass
class Sample:
    time: float
    value: Any


def tuples_in_a_list(x, n):
    pairs = []
    for i in range(n):
        pairs.append((x * i, x[i % 4] ** 2))
    total = 0.0
    for vector, weight in pairs:
        total = total + np.sum(vector) * weight
    return total * pairs[-1][1]


def named_tuples(x, n):
    points = [Point(x, 1.0)]
    for i in range(n):
        last = points[-1]
        points.append(Point(last.place * 0.9 + i, last.weight * x[0]))
    return sum(np.sum(p.place) * p.weight for p in points)


def dataclasses_in_a_list(x, n):
    samples = [Sample(0.1 * i, x * i + 1.0) for i in range(n)]
    return sum(np.sum(s.value**2) * s.time for s in samples)


def stack_of_tuples(x, n):
    todo = [(x[0], 1.0)]
    total = 0.0
    for i in range(n):
        v, w = todo.pop()
        total = total + v * w
        todo.append((v * x[1], w + x[2]))
    return total


def objects_in_a_loop(x, n):
    total = 0.0
    for i in range(n):
        sample = Sample(float(i), x * i)
        sample.value = sample.value**2
        total = total + np.sum(sample.value) * sample.time
    return total


def repeated_constant(x, n):
    values = [1.0] * 40
    for i in range(n):
        values[i] = x[i % 4]
    return sum(values) * values[0]


def thirty_turns(x, n):
    values = []
    for i in range(30):
        values.append(x[i % 4] ** 2)
    return sum(values) * n


def index_not_known(x, n):
    parts = [x, x * 2]
    return np.sum(parts[n - 4])


def made_anew(x, n):
    parts = [x]
    for i in range(n):
        parts = parts + [x * i]
    return np.sum(parts[0] * parts[-1])


def grown_in_a_branch(x, n):
    values = [1.0]
    if x[0] > 0:
        values.append(2.0)
    return x[0] ** 2 * len(values)


def closure(x, n):
    seen = []

    def note(v):
        seen.append(v * x[1])
        return v + seen[-1]

    y = x[0]
    for _ in range(n):
        y = note(y)
    return y + sum(seen)


def index_list(x, n):
    order = []
    for i in range(n):
        order.append((i * 3) % 4)
    return np.sum(x[order] ** 2)


def dict_of_lists(x, n):
    log = {"a": [], "b": [x[0]]}
    for i in range(n):
        log["a"].append(x[1] * log["b"][-1])
        log["b"].append(np.sin(log["a"][i]))
    return sum(log["a"]) + sum(log["b"]) * len(log["a"])


def dynamic_programming(x, n):
    best = [0.0] * (n + 1)
    for i in range(1, n + 1):
        best[i] = max(best[i - 1], best[i - 1] * 0.5 + x[i % 4])
    return best[n] + best[-2]


def grows_while_read(x, n):
    values = [x[0]]
    k = 0
    while k < len(values) and k < 6:
        values.append(values[k] * x[1])
        k += 1
    return sum(values)


def made_of_the_last_one(x, n):
    before = [x[0]]
    for _ in range(n):
        after = []
        for v in before:
            after.append(v * x[1])
            after.append(v + x[2])
        before = after
    return sum(before)


def kept_of_the_last_turn(x, n):
    now = [x[0]]
    total = 0.0
    for _ in range(n):
        before = now
        now = [v * x[1] for v in before]
        now.append(x[2])
        total = total + sum(before) * now[0]
    return total


def chosen(x, n):
    one = [x[0], x[1]]
    for i in range(n):
        one.append(x[i % 4])
    other = [x[3]]
    best = one if x[0] > 0 else other
    best.append(x[2] ** 2)
    return sum(best) * best[0]


def unpacked(x, n):
    squares = [v * v for v in x]
    a, b, c, d = squares
    return a * b**2 + c * d


def stack_of_lists_beside_arrays(x, n):
    kept = []
    for i in range(n):
        parts = []
        for j in range(i):
            parts.append(x[j % 4] * (j + 1))
        kept.append((x * i, parts))
    total = 0.0
    while kept:
        y, parts = kept.pop()
        total = total * 0.9 + np.sum(np.sin(y))
        while parts:
            total += parts.pop() ** 2
    return total


def lists_that_are_left(x, n):
    kept = []
    for i in range(n):
        parts = []
        for j in range(i):
            parts.append(x[j % 4] * (j + 1))
        kept.append(parts)
    total = 0.0
    for _ in range(n - 2):
        parts = kept.pop()
        while parts:
            total += parts.pop() ** 2
    return total


def begun_in_one_branch(x, n):
    if n > 2:
        pairs = []
        for i in range(n):
            pairs.append((x * x, i))
    total = 0.0
    if n > 2:
        for _ in range(n):
            square, i = pairs.pop()
            total = total + i * np.sum(square)
    return total


PROGRAMS = [
    trajectory, earlier_states, sum_of_arrays, numbers, comprehension, filtered, array_of_numbers, concatenated,
    hstacked, stacked_last, filled, filled_arrays, added_to, overwritten_after_use, swapped, stack_unbalanced,
    stack_with_constants, while_stack, queue, window, extended, reversed_and_copied, two_names, cleared, in_branches,
    with_break, early_return, nested_loops, list_of_each_turn, search, while_grows, helper_returns, helper_appends,
    in_an_object, tuples_in_a_list, named_tuples, dataclasses_in_a_list, stack_of_tuples, objects_in_a_loop,
    repeated_constant, thirty_turns, index_not_known, made_anew,
    grown_in_a_branch, closure, index_list, dict_of_lists, dynamic_programming, grows_while_read,
    unpacked, made_of_the_last_one, kept_of_the_last_turn, chosen,
    stack_of_lists_beside_arrays, lists_that_are_left, begun_in_one_branch,
]  # fmt: skip


AGAIN_REFUSED = (stack_of_lists_beside_arrays, lists_that_are_left)  # adjoints of lists of lists


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda f: f.__name__)
def test_lists(program: Any) -> None:
    value, gradient = bp.value_and_grad(program)(X.copy(), N)
    expected = differences.gradient(lambda x: program(x, N), (X.copy(),), 0)
    assert value == program(X.copy(), N)
    np.testing.assert_allclose(gradient, expected.value, rtol=1e-6, atol=1e-7)
    direction = np.array([0.3, -0.2, 0.9, 0.4])
    same, tangent = bp.jvp(program, (X.copy(), N), (direction, None))
    assert same == value
    np.testing.assert_allclose(tangent, gradient @ direction, rtol=1e-10)
    _, pullback = bp.vjp(program, X.copy(), N)
    np.testing.assert_array_equal(pullback(1.0), pullback(1.0))
    np.testing.assert_allclose(pullback(1.0), gradient, rtol=1e-12)


@pytest.mark.parametrize("program", [f for f in PROGRAMS if f not in AGAIN_REFUSED], ids=lambda f: f.__name__)
def test_second_derivatives(program: Any) -> None:
    df = bp.grad(program)
    direction = np.array([0.3, -0.2, 0.9, 0.4])
    bend = differences.slope(lambda x: df(x, N), (X.copy(),), (direction,))
    scale = float(np.max(np.abs(bend.value))) + 1.0
    _, forward = bp.jvp(df, (X.copy(), N), (direction, None))
    assert bend.agrees(forward, 1e-6, 1e-7, scale)
    _, pullback = bp.vjp(df, X.copy(), N)
    assert bend.agrees(pullback(direction), 1e-6, 1e-7, scale)
    np.testing.assert_array_equal(pullback(direction), pullback(direction))


# ---------------------------------------------------------------- objects that are items of lists
def changed_after_append(x, n):
    samples = []
    sample = Sample(1.0, x)
    for i in range(n):
        samples.append(sample)
        sample.value = sample.value * i
    return np.sum(samples[0].value)


def list_changed_after_it_was_put_away(x, n):
    kept = []
    for i in range(n):
        parts = []
        for j in range(i):
            parts.append(x[j % 4])
        kept.append((i, parts))
        parts.append(x[0])
    return sum(len(kept.pop()[1]) for _ in range(n))


@pytest.mark.parametrize("program", [changed_after_append, list_changed_after_it_was_put_away])
def test_items_that_change_are_refused(program: Any) -> None:
    with pytest.raises(bp.UnsupportedError) as caught:
        bp.grad(program)(X.copy(), N)
    assert caught.value.section == "containers"


# ---------------------------------------------------------------- lists as arguments
def autocorrelation(xs, lag):
    total = 0.0
    for i in range(lag, len(xs)):
        total = total + xs[i] * xs[i - lag] ** 2
    return total + sum(xs)


def spread_of_rows(rows, k):
    table = np.stack(rows)
    return np.sum((table - table.mean(axis=0)) ** 2) + np.sum(rows[0] * rows[-k])


def weighted(pairs, k):
    total = 0.0
    for vector, weight in pairs:
        total = total + np.sum(vector**2) * weight
    return total * pairs[k][1]


def of_points(points, k):
    return sum(p.place * p.weight for p in points) * points[k].place


def of_samples(samples, k):
    total = 0.0
    for s in samples:
        total = total + np.sum(s.value**k) * s.time
    return total


def in_a_dict(data, k):
    total = 0.0
    for i in range(len(data["seen"])):
        total = total + data["seen"][i] ** k * data["weight"]
    return total


def changed_argument(xs, k):
    xs.append(xs[0] * k)
    xs[1] = xs[-1] ** 2
    return sum(xs)


def sliced_argument(xs, k):
    return sum([v * w for v, w in zip(xs[k:], xs)]) + max(xs)


def left_early(xs, k):
    best = 0.0
    for v in xs:
        if v > 1.0:
            best = v**3
            break
    return best + xs[k] ** 2


def make_numbers(count: int) -> list[float]:
    return [float(v) for v in np.random.default_rng(3).normal(size=count)]


def make_rows(count: int) -> list[Any]:
    return list(np.random.default_rng(4).normal(size=(count, 3)))


ARGUMENTS = {
    autocorrelation: make_numbers,
    spread_of_rows: make_rows,
    weighted: lambda count: list(zip(make_rows(count), make_numbers(count), strict=True)),
    of_points: lambda count: [Point(v, v + 1.0) for v in make_numbers(count)],
    of_samples: lambda count: [Sample(v, row) for v, row in zip(make_numbers(count), make_rows(count), strict=True)],
    in_a_dict: lambda count: {"seen": make_numbers(count), "weight": 0.7},
    changed_argument: make_numbers,
    sliced_argument: make_numbers,
    left_early: make_numbers,
}


def leaves(value: Any) -> list[Any]:
    if isinstance(value, list | tuple):
        return [leaf for part in value for leaf in leaves(part)]
    if isinstance(value, dict):
        return leaves(list(value.values()))
    return leaves(list(vars(value).values())) if isinstance(value, Sample) else [value]


def rebuilt(value: Any, leaf: Any) -> Any:
    """The structure with ``next(leaf)`` in place of each leaf."""
    if isinstance(value, Point):
        return Point(*(rebuilt(part, leaf) for part in value))
    if isinstance(value, list | tuple):
        return type(value)(rebuilt(part, leaf) for part in value)
    if isinstance(value, dict):
        return {key: rebuilt(part, leaf) for key, part in value.items()}
    return Sample(*(rebuilt(part, leaf) for part in vars(value).values())) if isinstance(value, Sample) else next(leaf)


@pytest.mark.parametrize("count", [6, 150])
@pytest.mark.parametrize("program", ARGUMENTS, ids=lambda f: f.__name__)
def test_arguments(program: Any, count: int) -> None:
    make = ARGUMENTS[program]
    argument = make(count)
    value, gradient = bp.value_and_grad(program)(argument, 2)
    assert value == program(make(count), 2)
    assert len(leaves(argument)) == len(leaves(make(count)))
    assert all(map(np.array_equal, leaves(argument), leaves(make(count))))
    assert type(gradient) is type(argument)
    assert [np.shape(one) for one in leaves(gradient)] == [np.shape(one) for one in leaves(argument)]
    rng = np.random.default_rng(5)
    way = [rng.normal(size=np.shape(leaf)) for leaf in leaves(argument)]
    way = [step if step.shape else float(step) for step in way]

    def along(step: float) -> Any:
        moved = (leaf + step * one for leaf, one in zip(leaves(make(count)), way, strict=True))
        return program(rebuilt(make(count), moved), 2)

    expected = (along(1e-6) - along(-1e-6)) / 2e-6
    found = sum(np.sum(a * b) for a, b in zip(leaves(gradient), way, strict=True))
    np.testing.assert_allclose(found, expected, rtol=1e-5)
    same, tangent = bp.jvp(program, (make(count), 2), (rebuilt(argument, iter(way)), None))
    assert same == value
    np.testing.assert_allclose(tangent, found, rtol=1e-9)
    _, pullback = bp.vjp(program, argument, 2)
    first, second = pullback(1.0), pullback(1.0)
    assert type(first) is type(argument)
    for one, two, three in zip(leaves(first), leaves(second), leaves(gradient), strict=True):
        np.testing.assert_array_equal(one, two)
        np.testing.assert_allclose(one, three, rtol=1e-12)


def test_one_text_for_lists_of_any_length() -> None:
    df = bp.grad(autocorrelation)
    for count in (70, 100, 333):
        assert len(df(make_numbers(count), 2)) == count
    assert len(df.variants) == 1
    assert type(df(tuple(make_numbers(80)), 2)) is tuple


# ---------------------------------------------------------------- lists as results
def all_states(x, n):
    states = [x]
    for i in range(n):
        states.append(states[-1] * np.cos(states[i]))
    return states


def test_a_list_as_result() -> None:
    states, pullback = bp.vjp(all_states, X.copy(), 3)
    np.testing.assert_array_equal(states, all_states(X, 3))
    seed = [np.cos(X + i) for i in range(4)]
    kept = [one.copy() for one in seed]
    first = pullback(seed)
    states.clear()
    np.testing.assert_array_equal(pullback(seed), first)
    np.testing.assert_array_equal(seed, kept)
    _, moved = bp.jvp(all_states, (X.copy(), 3), (np.array([0.3, -0.2, 0.9, 0.4]), None))
    inner = sum(np.sum(a * b) for a, b in zip(seed, moved, strict=True))
    np.testing.assert_allclose(inner, first @ np.array([0.3, -0.2, 0.9, 0.4]), rtol=1e-12)


# ---------------------------------------------------------------- refused
def pushed_and_written(x, n):
    u = x * 1.0
    states = []
    for _ in range(n):
        states.append(u)
        u[0] = u[0] * 2
    return np.sum(np.stack(states))


def item_written(x, n):
    states = [x * 1.0 for _ in range(n)]
    states[1] += x
    return np.sum(np.stack(states) ** 2)


def part_of_an_item_written(x, n):
    states = [x * 1.0 for _ in range(n)]
    states[-1][0] = x[2] ** 2
    return np.sum(np.stack(states) ** 2)


def item_in_two_places(x, n):
    rows = []
    row = [x[0]]
    for _ in range(n):
        rows.append(row)
        row.append(x[1])
    return sum(rows.pop())


def of_two_forms(x, n):
    items = []
    for i in range(n):
        items.append((x, i))
        items.append(x)
    return np.sum(items[1])


@pytest.mark.parametrize(
    "program",
    [pushed_and_written, item_written, part_of_an_item_written, item_in_two_places, of_two_forms],
)
def test_refused(program: Any) -> None:
    for transform in (bp.grad(program), lambda *args: bp.jvp(program, args, (X, None))):
        with pytest.raises(bp.BackproseError) as caught:
            transform(X.copy(), N)
        assert caught.value.where is not None
        assert caught.value.section in ("containers", "aliases")


# ---------------------------------------------------------------- names bound anew
def reordered(values, c):
    order = sorted(range(3), key=lambda i: -values[i])
    values = [values[i] for i in order]
    return values[0] ** 3 + values[1] * c


def rotated(values, c):
    k = int(c * 3)
    values = values[k:] + values[:k]
    return values[0] ** 3 + values[1] * c


def picked(values, c):
    chosen = [i for i in range(3) if values[i] > 0.4]
    values = [values[i] for i in chosen]
    return sum(values) * values[0] * c


def scaled(values, c):
    largest = max(range(3), key=lambda i: values[i])
    values = [v / values[largest] for v in values]
    return values[0] * values[2] * c


def number_then_pair(values, c):
    v = values[0] * c
    v = (v, values[1])
    return v[0] * v[1]


def first_above(values, v):
    for a in values:
        if a > v:
            return a * v
    return v


def returned_from_a_loop(values, c):
    return first_above([c, values[0]], 0.8) + first_above(values, 0.1) * first_above((values[1], c), 2.0)


@pytest.mark.parametrize("program", [reordered, rotated, picked, scaled, number_then_pair, returned_from_a_loop])
def test_names_bound_anew(program: Any) -> None:
    values, h = [0.3, 0.9, 0.5], 1e-6
    value, gradient = bp.value_and_grad(program)(values, 0.7)
    assert value == program(values, 0.7)
    assert bp.grad(program)(values, 0.7) == gradient
    for place in range(3):
        ends = [program([v + step * (k == place) for k, v in enumerate(values)], 0.7) for step in (h, -h)]
        assert np.isclose(gradient[place], (ends[0] - ends[1]) / (2 * h), 1e-6, 1e-8)


def key_that_counts(xs):
    calls = []

    def key(v):
        calls.append(1)
        return -v

    ordered = sorted(xs, key=key)
    return ordered[0] * len(calls)


def test_a_key_that_changes_a_list_is_refused() -> None:
    with pytest.raises(bp.BackproseError, match="function of each item"):
        bp.grad(key_that_counts)([0.7, 0.2, 0.9])


class Queue:
    def __init__(self) -> None:
        self.items = []

    def __bool__(self) -> bool:
        return bool(self.items)


def has_items(items: Any) -> bool:
    return bool(items)


def truth_of_lists(x: Any, given: Any) -> Any:
    low, pairs, queue = [], [], Queue()
    for v in x:
        if v < 0.5:
            low.append(v * 0.0)
            pairs.append((v, v))
            queue.items.append(v)
    y = 2 * x[0] if bool(low) else 3 * x[0]
    z = 5 * x[1] if has_items(pairs) and not bool([]) else x[1] * [7, 11][bool(low)]
    return y + z * (13 if queue else 17) * [19, 23][bool(given)] * (bool({"a": y}) + bool(Queue))


@pytest.mark.parametrize("x", [[0.1, 0.7], [0.7, 0.8], [0.1, 0.2]])
@pytest.mark.parametrize("given", [[], [0.0], [0.0] * 100, {}, {"a": 0}])
def test_the_truth_value_of_a_list_says_whether_it_has_items(x: Any, given: Any) -> None:
    outcome = check_function(truth_of_lists, (np.array(x), given), "x")
    assert outcome.kind == "right", outcome.detail
