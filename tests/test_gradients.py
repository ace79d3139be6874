"""``gradients(f, of=, wrt=)`` against differences of the same program with something added to the last value."""
# ruff: noqa: RET504 (what is returned has a name, to ask for it)

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest

import backprose as bp
from tests import differences
from tests.checks import same_bits

X = np.array([0.3, -0.8, 1.2])


# Each program takes what is added to the last value of the variable as its last argument, for the differences; for the
# derivative it is a parameter that nobody passes.
def loss(W, x, extra=0.0):
    scores = x @ W
    scores = scores + 1.0
    scores = scores + extra
    p = np.exp(scores)
    total = np.sum(p**2)
    return 2 * total


def turns(x, n, extra=0.0):
    total = 0.0
    for i in range(n):
        y = x * (i + 1)
        if i == n - 1:
            y = y + extra
        total += np.sum(y**2) * np.sum(x)
    return total


def carried(x, n, extra=0.0):
    for i in range(n):
        x = np.sin(x) * 2
        if i == n - 1:
            x = x + extra
    if n == 0:
        x = x + extra
    y = x * x
    return np.sum(y * y)


def written(x, n, extra=0.0):
    u = np.zeros(n)
    u[0] = x[0]
    for i in range(1, n):
        u[i] = u[i - 1] * x[1] + 1
    u = u + extra
    return np.sum(u**3)


def while_loop(x, n, extra=0.0):
    s = 0.0
    acc = 0.0
    while s < n:
        s = s + x[0] ** 2 + 0.5
        if s >= n:
            s = s + extra
        acc = acc * s + s**2
    return acc


def branches(x, flag, extra=0.0):
    if flag:
        s = x * 2
        s = s + extra
        r = np.sum(s * x)
    else:
        s = np.sum(x)
        s = s + extra
        r = s**2
    return r


def left_early(x, n, extra=0.0):
    best = 0.0
    for i in range(n):
        t = x[i] ** 2
        if t > 1 or i == n - 1:
            t = t + extra
        if t > 1:
            best = t * 3 + best
            break
        best = best + t
    return best


def helper(y):
    return y * np.sin(y)


def calls(x, extra=0.0):
    y = helper(x)
    y = y + extra
    z = helper(y)
    return np.sum(z)


def second_name(x, extra=0.0):
    y = x
    y = y + extra
    return np.sum(y * x)


def of_loss(W, x):
    scores = x @ W
    scores = scores + 1.0
    p = np.exp(scores)
    total = np.sum(p**2)
    return 2 * total


def of_turns(x, n):
    total = 0.0
    for i in range(n):
        y = x * (i + 1)
        total += np.sum(y**2) * np.sum(x)
    return total


def of_carried(x, n):
    for _ in range(n):
        x = np.sin(x) * 2
    y = x * x
    out = np.sum(y * y)
    return out


def of_written(x, n):
    u = np.zeros(n)
    u[0] = x[0]
    for i in range(1, n):
        u[i] = u[i - 1] * x[1] + 1
    e = np.sum(u**3)
    return e


def of_while_loop(x, n):
    s = 0.0
    acc = 0.0
    while s < n:
        s = s + x[0] ** 2 + 0.5
        acc = acc * s + s**2
    return acc


def of_branches(x, flag):
    if flag:
        s = x * 2
        r = np.sum(s * x)
    else:
        s = np.sum(x)
        r = s**2
    return r


def of_left_early(x, n):
    best = 0.0
    for i in range(n):
        t = x[i] ** 2
        if t > 1:
            best = t * 3 + best
            break
        best = best + t
    return best


def of_calls(x):
    y = helper(x)
    z = helper(y)
    v = np.sum(z)
    return v


def of_second_name(x):
    y = x
    v = np.sum(y * x)
    return v


CASES = [
    (of_loss, loss, (np.eye(3), X), "total", "scores", 2.0),
    (of_turns, turns, (X, 3), "total", "y", 1.0),
    (of_carried, carried, (X, 3), "out", "x", 1.0),
    (of_carried, carried, (X, 0), "out", "x", 1.0),
    (of_written, written, (X, 4), "e", "u", 1.0),
    (of_while_loop, while_loop, (X, 3.0), "acc", "s", 1.0),
    (of_branches, branches, (X, True), "r", "s", 1.0),
    (of_branches, branches, (X, False), "r", "s", 1.0),
    (of_left_early, left_early, (X, 3), "best", "t", 1.0),
    (of_left_early, left_early, (X, 2), "best", "t", 1.0),
    (of_calls, calls, (X,), "v", "y", 1.0),
    (of_second_name, second_name, (X,), "v", "y", 1.0),
]


@pytest.mark.parametrize(("function", "moved", "args", "of", "wrt", "factor"), CASES)
def test_against_differences(
    function: Any, moved: Any, args: tuple[Any, ...], of: str, wrt: str, factor: float
) -> None:
    mine = differences.fresh(args)
    found = bp.gradients(function, of=of, wrt=wrt)(*mine)
    zero = np.zeros_like(found) if isinstance(found, np.ndarray) else 0.0
    slope = differences.gradient(moved, (*args, zero), len(args))
    assert slope.agrees(factor * found, 1e-6, 1e-8, 1.0), (found, slope)
    for before, after in zip(args, mine, strict=True):
        np.testing.assert_array_equal(before, after)


@pytest.mark.parametrize(("function", "args"), [(of_loss, (np.eye(3), X)), (of_turns, (X, 3)), (of_calls, (X,))])
def test_parameters_are_variables_too(function: Any, args: tuple[Any, ...]) -> None:
    """Of a parameter that is never assigned and what is returned it is the gradient."""
    name = function.__code__.co_varnames[0]
    result = {of_loss: "total", of_turns: "total", of_calls: "v"}[function]
    factor = 2.0 if function is of_loss else 1.0
    np.testing.assert_allclose(factor * bp.gradients(function, of=result, wrt=name)(*args), bp.grad(function)(*args))


def test_a_variable_with_respect_to_itself() -> None:
    assert bp.gradients(of_turns, of="total", wrt="total")(X, 3) == 1.0


def test_what_was_computed_before_does_not_count() -> None:
    def early(x):
        total = np.sum(x)
        x = x * 2
        return total + np.sum(x)

    np.testing.assert_array_equal(bp.gradients(early, of="total", wrt="x")(X), np.zeros(3))


def test_second_order() -> None:
    derivative = bp.gradients(of_turns, of="total", wrt="y")
    way = np.array([0.2, 0.5, -1.0])
    slope = differences.slope(lambda x: derivative(x, 3), (X,), (way,))
    assert slope.agrees(bp.jvp(derivative, (X, 3), (way, None))[1], 1e-6, 1e-8, 1.0)


def test_the_text() -> None:
    derivative = bp.gradients(of_loss, of="total", wrt="scores")
    derivative(np.eye(3), X)
    assert derivative.source == (
        "def of_loss_total_by_scores(W, x):\n"
        "    # forward\n"
        "    scores = x @ W\n"
        "    scores = scores + 1.0\n"
        "    p = np.exp(scores)\n"
        "\n"
        "    # total = np.sum(p**2)\n"
        "    p_bar = 2 * p\n"
        "    # p = np.exp(scores)\n"
        "    scores_bar = p_bar * p\n"
        "    return scores_bar\n"
    )
    assert repr(derivative) == "backprose.gradients(tests.test_gradients.of_loss, of='total', wrt='scores')"
    assert repr(pickle.loads(pickle.dumps(derivative))) == repr(derivative)


def part_of_another(x):
    y = x * 1.0
    row = y[1:]
    row[0] = 5.0 * x[0]
    z = np.sum(y**2)
    return z


def fills(y):
    y[0] = 3.0


def changed_by_a_call(x):
    y = x * 1.0
    fills(y)
    z = np.sum(y**2)
    return z


def a_structure(x):
    pair = (x, 2 * x)
    z = np.sum(pair[0] * pair[1])
    return z


def a_list(x, n):
    items = []
    for _ in range(n):
        items.append(x)  # noqa: PERF401
    z = np.sum(items[n - 1])
    return z


REFUSED = [
    (of_loss, (np.eye(3), X), "nothing", "W"),
    (of_loss, (np.eye(3), X), "total", "nothing"),
    (of_turns, (X, 3), "y", "x"),
    (of_turns, (X, 3), "total", "i"),
    (of_carried, (X, 3), "y", "x"),
    (part_of_another, (X,), "z", "row"),
    (part_of_another, (X,), "z", "y"),
    (changed_by_a_call, (X,), "z", "y"),
    (a_structure, (X,), "z", "pair"),
    (a_list, (X, 3), "z", "items"),
]


@pytest.mark.parametrize(("function", "args", "of", "wrt"), REFUSED)
def test_refused(function: Any, args: tuple[Any, ...], of: str, wrt: str) -> None:
    with pytest.raises(bp.BackproseError):
        bp.gradients(function, of=of, wrt=wrt)(*args)


def test_a_variable_without_a_value() -> None:
    with pytest.raises(ValueError, match="y has no value"):
        bp.gradients(of_turns, of="total", wrt="y")(X, 0)


# ---------------------------------------------------------------- the seed is 1, and 1 times an array is that array
def product(x, y):
    s = x @ y
    return s


def written_beside(x):
    b = x * 2.0
    b[0] = x[0] * x[1]
    total = np.sum(x * b)
    return total


def weighted(x, k):
    y = np.sin(x)
    for i in range(1, len(x)):
        y[i] += y[i - 1] * x[0]
    total = np.sum(y * k)
    return total


def weighted_on_a_way(x, k, on):
    y = np.sin(x)
    for i in range(1, len(x)):
        y[i] += y[i - 1] * x[0]
    if on:
        return np.sum(y * k)
    return np.sum(y)


def test_no_array_of_the_callers_is_handed_out_or_written() -> None:
    y = np.ones(3)
    gradient = bp.gradients(product, of="s", wrt="x")(X, y)
    assert not np.shares_memory(gradient, y)
    x = X.copy()
    found = bp.gradients(written_beside, of="total", wrt="x")(x)
    assert differences.gradient(written_beside, (X,), 0).agrees(found)
    assert same_bits(x, X)


@pytest.mark.parametrize("dtype", [float, int, bool, "float32", "float16"])
def test_weights_of_any_dtype(dtype: Any) -> None:
    k = np.array([1, 2, 3]).astype(dtype)
    kept = k.copy()
    for function, args in ((weighted, (X, k)), (weighted_on_a_way, (X, k, True))):
        expected = differences.gradient(function, args, 0)
        assert expected.agrees(bp.grad(function)(*args))
        assert np.allclose(bp.grad(function)(*args), bp.grad(function)(X, k.astype(float), *args[2:]), rtol=1e-14)
        v = np.array([0.2, 0.5, -0.3])
        slope = differences.slope(lambda x, *rest: bp.grad(function)(x, *rest), args, (v, *(None,) * len(args[1:])))
        assert slope.agrees(bp.hvp(function)(*args, v), 1e-5)
    assert differences.gradient(weighted, (X, k), 0).agrees(bp.gradients(weighted, of="total", wrt="x")(X, k))
    assert same_bits(k, kept)
