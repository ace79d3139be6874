"""Functions that write into their arguments, called from functions that are differentiated."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import backprose as bp
from tests import differences
from tests.fuzz.run import check_function
from tests.test_views import arguments


def _sweep(A, scale):
    for i in range(1, len(A)):
        row = A[i]  # a view
        row -= scale[i] * A[i - 1]
        row[0] = row[0] ** 2


def rows_swept(A, scale):
    _sweep(A, scale)
    return np.sum(A**2)


def _relu(row, a):
    row *= a
    row[row < 0.0] = 0.0
    return np.sum(row)


def row_by_row(A, a):
    s = 0.0
    for i in range(len(A)):
        s += _relu(A[i], a) * A[0, 0]
    return s + np.sum(A**2)


def _step(x, y):
    for i in range(2):
        _inner(x[i:], y)


def _inner(v, y):
    v += np.sin(v) * y[0]


def two_levels_deep(x, y):
    u = np.zeros(len(x))
    u[:] = x
    _step(u, y)
    _step(u, y * 2.0)
    return np.sum(u * x)


def _ret(x):
    x *= 2.0
    return x


def returns_its_argument(x):
    y = _ret(x)
    z = _ret(y[1:])
    return np.sum(x * y) + np.sum(z)


def _cyc(u, f):
    if len(u) == 1:
        u[0] = f[0] * 2.0
        return
    u[1:] += f[:-1] * u[0]
    e = np.zeros_like(u[1:])
    _cyc(e, f[1:] * u[1:])
    u[1:] += e


def recursive(x, y):
    u = x * 1.0
    _cyc(u, y)
    return np.sum(u**2)


def _swap(a, i, j):
    t = a[i]
    a[i] = a[j]
    a[j] = t * 2.0


def elements_swapped(x):
    for k in range(3):
        _swap(x, k, k + 1)
    return np.sum(x * np.arange(5.0))


def _two(p, q):
    p += q
    q *= p


def two_arrays(A, x):
    _two(A[0], A[1])
    _two(A[2], x[:3])
    return np.sum(A**2) + np.sum(x)


def in_a_branch(x):
    if np.sum(x) > -100.0:
        _swap(x, 0, 1)
        x *= x
    else:
        _swap(x, 1, 2)
    return np.sum(x**2)


def _overlapping(p, q):
    p += q
    q *= p


def neighbours(A):
    for i in range(1, len(A)):
        _overlapping(A[i], A[i - 1])
    return np.sum(A**2)


def same_array_twice(x):
    _overlapping(x, x)
    return np.sum(x**2)


def _rebinds(x):
    x[0] = 2.0 * x[1]
    x = x * 3.0
    x[1] = 4.0
    return np.sum(x)


def _rebinds_perhaps(x):
    x[0] = 2.0 * x[1]
    if x[0] > 1.0:
        x = x * 3.0
    x[1] = 4.0
    return np.sum(x)


def _reshaped(p):
    column = p.reshape(2, 2)
    column[1] -= p[:2]
    p = column * p[0]
    p[0] = 3.0 * p[1]
    return p


def argument_is_reshaped(x):
    first = _reshaped(x[:4])
    return np.sum(x**2) + np.sum(first**2)


def view_of_what_is_rebound(x):
    part = x[1:3]
    part[0] = 2.0 * x[0]
    x = np.concatenate((part, x))
    part[1] *= x[1]
    for _ in range(2):
        x = x[1:] * x[0]
        part[0] += x[0]
    return np.sum(x**2) + np.sum(part)


def argument_is_rebound(x):
    return _rebinds(x) + np.sum(x)


def _part(x):
    x[0] = x[1] ** 2
    return x[1:]


def part_of_the_argument(x):
    y = _part(x)
    y[0] = 3.0 * x[0]
    return np.sum(x) + np.sum(y**2)


def _first_odd(a, start):
    if start % 2:
        a[start] = 2.0 * a[start - 1]
        return start
    return _first_even(a, start + 1)


def _first_even(a, start):
    a[start] *= 1.5
    if start > 3:
        return start
    return _first_odd(a, start + 1) if start % 2 == 0 else _first_even(a, start + 1)


def mutual_recursion(x):
    last = _first_even(x, 0)
    return np.sum(x**2) + last


def _scratch(buffer, x):
    buffer[:] = x * x
    return np.sum(buffer[1:] * buffer[:-1])


def work_space(x):
    buffer = np.empty(len(x))
    total = 0.0
    for k in range(3):
        total += _scratch(buffer, x * (k + 1.0))
    return total


def _count(counts, x):
    counts[0] += 1
    return np.sum(x) * counts[0]


def integers_are_counted(x):
    counts = np.zeros(2, dtype=int)
    total = _count(counts, x) + 0.0
    more = _count(counts, x**2)
    return total + more


def _handed_out(p, q):
    p -= 0.3 * np.sin(q)
    if np.sum(p) > 0.14:
        return p
    a = np.sin(np.linspace(0.3, p[-2], len(p)))
    return np.tanh(a - q)


def argument_or_new(x, y):
    _handed_out(x, y)
    b = _handed_out(y, x[::-1])
    b[0] *= 2.0
    return np.sum(x * y) + np.sum(b)


def _anew_on_one_way(p, q):
    p[0] = q[0] ** 2
    if q[1] > 0:
        p = 0.7 * p + np.cos(q)
    p[1] *= 2.0
    return np.sum(p)


def argument_rebound_on_one_way(x, y):
    s = _anew_on_one_way(x, y)
    return s * _anew_on_one_way(y, x) + np.sum(x * y)


def _changed_part(p, q):
    p[1:] = q[:-1] ** 2
    return p[1:]


def part_of_an_argument(x, y):
    v = _changed_part(x, y)
    v[0] = y[2] * 3.0
    w = _changed_part(y, x * v[0])
    return np.sum(x * y) + np.sum(w)


def _both_written(p, q):
    q *= p
    p += q


def array_that_moves_in_the_call(x):
    p = x * 1.0
    q = np.ones_like(x)
    _both_written(p, q)
    return np.sum(q**2) + np.sum(p)


RIGHT = [
    argument_or_new,
    argument_rebound_on_one_way,
    part_of_an_argument,
    rows_swept,
    row_by_row,
    two_levels_deep,
    recursive,
    elements_swapped,
    two_arrays,
    in_a_branch,
    mutual_recursion,
    neighbours,
    same_array_twice,
    argument_is_rebound,
    argument_is_reshaped,
    view_of_what_is_rebound,
    work_space,
    integers_are_counted,
    array_that_moves_in_the_call,
]


@pytest.mark.parametrize("function", RIGHT)
def test_right(function: Callable[..., Any]) -> None:
    outcome = check_function(
        function, arguments(function), function.__code__.co_varnames[: function.__code__.co_argcount]
    )
    assert outcome.kind == "right", outcome.detail


@pytest.mark.parametrize("function", [part_of_the_argument])
def test_right_or_refused(function: Callable[..., Any]) -> None:
    outcome = check_function(
        function, arguments(function), function.__code__.co_varnames[: function.__code__.co_argcount]
    )
    assert outcome.kind in ("right", "refused"), outcome.detail


def smooth(u, k):
    inner = u[1:-1]
    inner += k * (u[2:] - 2 * inner + u[:-2])


def scale_first(A, b):
    A[0] = A[0] * b
    b *= 2.0
    return np.sum(A)


def first(x, y):
    x[0] = x[0] * y[1] ** 2


def _rates(y, out):
    out[0] = y[1]
    out[1] = -y[0] * y[1]


def _scaled_rates(y, *, out=None, scale=2.0):
    if out is None:
        out = np.zeros(2)
    out[:] = y[:2] * scale
    return out


def _handed_on(function, y, out):
    function(y, out=out)
    return out


def given_by_keyword(x):
    rates, rows = np.zeros(2), np.zeros((2, 2))
    _rates(x, out=rates)
    for i in range(2):
        _rates(x * rows.sum() + rates[0], out=rows[i])
    _scaled_rates(x, out=rates)
    total = np.sum(rates * rows) + _scaled_rates(x)[1] + np.sum(_handed_on(_rates, x, rows[0]))
    _rates(x, out=x[1:])
    return total + np.sum(x**2)


def test_an_array_to_write_into_given_by_the_keyword_out() -> None:
    outcome = check_function(given_by_keyword, (np.array([0.7, 1.3, 0.4]),), "x")
    assert outcome.kind == "right", outcome.detail


def test_output_is_what_the_argument_holds_at_the_end() -> None:
    u, way = np.arange(5.0) ** 2, np.cos(np.arange(5.0))
    value, pullback = bp.vjp(smooth, u, 0.3, wrt=("u", "k"), outputs="u")
    expected = u.copy()
    smooth(expected, 0.3)
    assert np.array_equal(value, expected)
    assert np.array_equal(u, np.arange(5.0) ** 2)
    assert not np.shares_memory(value, u)
    u_bar, k_bar = pullback(way)
    value[:] = 0.0  # the caller's to change
    again = pullback(way)
    assert np.array_equal(u_bar, again[0])
    assert k_bar == again[1]
    _, tangent = bp.jvp(smooth, (u, 0.3), (np.ones(5), 1.0), outputs="u")
    assert np.isclose(np.sum(tangent * way), np.sum(u_bar) + k_bar)


def test_outputs_and_a_result() -> None:
    A, b = np.ones((2, 3)), np.arange(3.0)
    (A_end, b_end, total), pullback = bp.vjp(scale_first, A, b, wrt=("A", "b"), outputs=("A", "b"))
    assert np.array_equal(A_end, [[0.0, 1.0, 2.0], [1.0, 1.0, 1.0]])
    assert np.array_equal(b_end, 2 * b)
    assert total == 6.0
    A_bar, b_bar = pullback((np.zeros((2, 3)), np.ones(3), 1.0))
    assert np.array_equal(A_bar, [[0.0, 1.0, 2.0], [1.0, 1.0, 1.0]])
    assert np.array_equal(b_bar, [3.0, 3.0, 3.0])


def test_output_of_size_one() -> None:
    x, y = np.array([2.0]), np.array([1.0, 3.0])
    value, (x_bar, y_bar) = bp.value_and_grad(first, wrt=("x", "y"), outputs="x")(x, y)
    assert value == 18.0
    assert np.array_equal(x_bar, [9.0])
    assert np.array_equal(y_bar, [0.0, 12.0])
    with pytest.raises(ValueError, match="one number"):
        bp.grad(smooth, outputs="u")(np.arange(5.0), 0.3)


def test_outputs_that_cannot_be() -> None:
    with pytest.raises(bp.ArgumentError, match="no parameter named 'z'"):
        bp.grad(first, outputs="z")
    with pytest.raises(bp.ArgumentError, match="binds x anew"):
        bp.vjp(_rebinds_perhaps, np.ones(3), outputs="x")
    with pytest.raises(bp.ArgumentError, match="cannot be an output"):
        bp.vjp(smooth, np.ones(5), 0.3, outputs="k")
    with pytest.raises(bp.ArgumentError, match="it is a structure"):
        bp.vjp(scaled, {"a": np.ones(2)}, 2.0, outputs="d")


def scaled(d, k):
    d["a"] *= k


def left_early(A, k):
    A[0] *= k
    if A[0, 0] > 1:
        return
    A[1] = 0


def test_a_bare_return_is_no_result() -> None:
    value, pullback = bp.vjp(left_early, np.ones((2, 2)), 0.5, wrt="A", outputs="A")
    assert np.array_equal(value, [[0.5, 0.5], [0.0, 0.0]])
    assert np.array_equal(pullback(np.ones((2, 2))), [[0.5, 0.5], [0.0, 0.0]])


def view_as_result(x):
    x[0] = x[0] * x[1]
    return x[:1].reshape(())


def test_value_that_is_a_view_of_what_is_put_back() -> None:
    value, gradient = bp.value_and_grad(view_as_result)(np.array([2.0, 3.0]))
    assert value == 6.0
    assert np.array_equal(gradient, [3.0, 2.0])


def test_returned_argument() -> None:
    x = np.array([0.5, -1.0, 2.0])
    assert np.array_equal(bp.grad(returns_its_argument)(x), [8 * x[0], *(32 * x[1:] + 4)])


def test_pullback_again_and_again() -> None:
    """What a pullback hands to the backward functions is its own."""
    args = arguments(two_levels_deep)
    value, pullback = bp.vjp(two_levels_deep, *args, wrt=("x", "y"))
    first = pullback(1.0)
    again = pullback(1.0)
    assert all(np.array_equal(one, other) for one, other in zip(first, again, strict=True))
    assert value == two_levels_deep(*differences.fresh(args))
