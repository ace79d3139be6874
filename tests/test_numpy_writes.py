"""NumPy's own ways of writing into arrays, against differences: both modes, to second order, value and arguments."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np
import pytest

import backprose as bp
from tests import differences
from tests.fuzz.run import check_function

X = np.array([0.5, 1.2, 2.1, 0.7])
G = np.array([1.0, 2.0, 3.0, 4.0])
M = np.arange(12.0).reshape(3, 4) / 7 + 0.2
I = np.array([0, 0, 1])  # noqa: E741  # the index with a repetition


# ---------------------------------------------------------------- through indices that repeat elements
def fancy_write(x, i):
    x[i] = x[1:] ** 2
    return np.sum(x * G * x)


def fancy_add(x, i):
    x[i] += x[1:] ** 2
    x[i] -= x[0] * x[1:]
    return np.sum(x * G * x)


def fancy_multiply(x, i):
    x[i] *= x[1:] ** 2
    x[i] /= x[1:]
    return np.sum(x * G * x)


def fancy_power(x, i):
    x[i] **= x[1:]
    return np.sum(x * G * x)


def fancy_list(x):
    x[[0, 0, 1]] = x[1:] ** 2
    return np.sum(x * G * x)


def fancy_columns(x):
    y = np.zeros((3, 4))
    y[:, [0, 2, 0]] = np.outer(x[:3], x[1:])
    return np.sum(y**3)


def fancy_pairs(m, i):
    m[1, i] -= m[0, :3] * m[2, i]
    m[:, i] = m[:, 1:] * m[0, 0]
    m[np.ix_([0, 2], [1, 1])] = m[:2, :2] ** 2
    return np.sum(m**2)


def fancy_index_changes(x, i):
    for k in range(3):
        x[i] = x[(i + k) % 4] * x[k]
        i = (i + 1) % 3
    return np.sum(x**2)


def add_at(x, i):
    y = x * x
    np.add.at(y, i, x[1:] ** 2)
    np.subtract.at(y, i, x[0])
    return np.sum(y**2)


def add_at_rows(m, i):
    for k in range(3):
        np.add.at(m, (k, i), m[k, :3] * m[0, 0])
        np.add.at(m[k], [0, 0], m[k, 1])
    return np.sum(m**3)


def fancy_read(x, i):
    return np.sum(x[i] ** 3) * x[i[0]]


# ---------------------------------------------------------------- other places
def masks(x):
    x[x > 1] = x[x > 1] ** 2
    chosen = x > 0.6
    x[chosen] += 0.7 * x[1]
    x[chosen] *= x[chosen]
    return np.sum(x * G * x)


def whole(x):
    x[...] = x * x[0]
    x[None] = x * 2
    x[:] = x[0] * x
    return np.sum(x * G * x)


def parts_of_parts(m):
    for k in range(3):
        i = np.array([k, 0, k])
        m[i, 1] = m[i, 2] * m[0, 0]
        m[k][1:] = m[k][:-1] * 2
        m[k][1] *= m[k][2]
    return np.sum(m**2)


# ---------------------------------------------------------------- operators in place
def powers(x):
    x **= 2
    x **= x
    x[1] **= 3
    x[1:] **= x[:-1]
    return np.sum(x * G * x)


def remainders(x):
    x %= 0.4
    x[1:] += 2 * x[:-1]
    y = x * 5
    y //= 2
    return np.sum(x * G * x) + np.sum(y * x)


def products(m):
    a = m[:, :3] * 1.0
    a @= a
    return np.sum(a**2)


# ---------------------------------------------------------------- out= and where=
def out(x):
    y = np.zeros_like(x)
    np.exp(x, out=y)
    np.multiply(x, y, y)
    np.sin(y, out=y)
    np.add(y[1:], x[:-1], out=y[1:])
    np.divide(y, x, out=x)
    return np.sum(x * G * y)


def out_given_back(x):
    y = np.add(x, 1.0, out=x)
    z = np.exp(x, out=np.empty_like(x))
    return np.sum(y * z)


def out_given_back_and_written(x, m):
    y = np.add(x[1:], m[0, 0], out=x[1:])
    np.multiply(y, np.cos(x[0]), out=y)
    z = np.maximum(m, 0.1 * m, out=m)
    np.fill_diagonal(z, y[0] * z[0, 1])
    return np.sum(y) * np.sum(x) + np.sum(z * m)


def where_fresh(x):
    y = np.divide(x, x - 1.2, out=np.zeros_like(x), where=x != 1.2)
    return np.sum(y * y * x)


def where_in_place(x):
    np.divide(x, x[0] - 0.5, out=x, where=x < 0.1)
    np.sqrt(x - 0.6, out=x, where=x > 0.6)
    return np.sum(x * x * G)


def out_of_reductions(m):
    y = np.zeros((3, 3))
    np.dot(m[:, :3], m[:, 1:], out=y)
    np.matmul(y, y, out=y)
    z = np.zeros(3)
    np.sum(y, axis=0, out=z)
    np.cumsum(z * z, out=z)
    y.mean(axis=1, out=z)
    return np.sum(z * z)


def clip(x):
    np.clip(x, 0.6, 1.0, out=x)
    y = x * G
    y.clip(1.1, 3.0, out=y)
    return np.sum(x * y * y)


# ---------------------------------------------------------------- functions that write
def copyto(x):
    y = np.zeros(4)
    np.copyto(y, x)
    np.copyto(y, x * x, where=x > 1)
    np.copyto(x, y[1])
    return np.sum(y * x)


def fill(x):
    y = x * x
    y.fill(x[0])
    y[1:].fill(x[1])
    y *= x
    return np.sum(y * x)


def put(x):
    x.put([0, 1], x[2] * x[3])
    np.put(x, [3, 0, 3], x[1] ** 2)
    np.putmask(x, x > 1, x * x)
    np.place(x, x < 0.6, x[1] * 2)
    return np.sum(x * x * G)


def values_repeated(x):
    np.put(x, [0, 1, 2, 0], x[:3] ** 2)
    np.put(x, (3, 1), x[1:] * x[0])
    np.putmask(x, x > 0.3, x[:2] ** 2)
    np.place(x, x > 0.5, x[1:3] * G[:2])
    return np.sum(x * x * G)


def fill_diagonal(m):
    np.fill_diagonal(m, m[0, 1] * 2)
    np.fill_diagonal(m, m[0] ** 2)
    np.fill_diagonal(m[:, 1:], [0.5, m[1, 1]])
    return np.sum(m**3)


def sort(x):
    x.sort()
    x[::2].sort()
    y = np.sort(-x * x)
    y[1:].sort()
    return np.sum(y * x * G)


def sort_axis(m):
    m.sort(axis=0)
    m[0].sort()
    return np.sum(m * G * m)


def view_bound_anew(m):
    row = m[0]
    power = row[1:] ** 2
    row = row.copy()
    m[0, 1:] = power
    m[1] = row * m[0]
    return np.sum(m**2) + np.sum(row**3)


def mixed(x):
    for k in range(3):
        np.multiply(x, x[k], out=x)
        x **= 0.5
        if x[1] > 0.5:
            np.tanh(x, out=x)
            np.copyto(x, x[k], where=x > 0.7)
        np.add.at(x, [k, k], x[0])
    return np.sum(x * x * G)


def early(x):
    for k in range(4):
        np.exp(-x, out=x)
        if x[k] > 0.5:
            break
        x[[k, k]] **= 2
    return np.sum(x * x * G)


def helper(y, i):
    z = np.zeros(3)
    np.multiply(y, 2.0, out=z)
    z[i] += y
    return z


def in_helper(x, i):
    return np.sum(helper(x[1:], i) ** 2) + np.sum(helper(x[:3] * x[0], i) ** 3)


def multiply_at(x, i):
    np.multiply.at(x, i, x[1:])
    np.maximum.at(x, [0, -1, 0], x[2] * 0.8)
    np.divide.at(x, x > 0.3, 1.5 + x[1] ** 2)
    np.multiply.at(x, np.array([True, False, True, False]), x[1])
    return np.sum(x * G)


def multiply_at_in_loop(m, i):
    for k in range(2):
        np.multiply.at(m[k], i, m[k, 0] + np.arange(3.0) * m[1, 1])
        np.minimum.at(m[1], np.array([0, 0, 2]), np.cos(m[0, :1]))
    np.multiply.at(m, [1, 1], m[0])
    return np.sum(m**2)


def as_value(x, i):
    y = np.add.at(x, i, 1.0)
    return np.sum(x) + (0.0 if y is None else 1.0)


def put_in_order(m):
    np.put(m, [0, 3, 0], np.cos(m[1]))
    m[0].put([0, 1], m[1, 1])
    m.put(2, m[0, 0] ** 2)
    return np.sum(m**2)


def rows_at(m):
    np.multiply.at(m, [1], np.cos(m[:1]))
    np.multiply.at(m, [0, 1, 0], m[[0, 1, 1]] * m[1])
    np.divide.at(m, np.array([0, 1, 0]), 2 + np.sin(m[:1]))
    return np.sum(m**2)


RIGHT = [
    fancy_write, fancy_add, fancy_multiply, fancy_power, fancy_list, fancy_columns, fancy_pairs, fancy_index_changes,
    add_at, add_at_rows, fancy_read, masks, whole, parts_of_parts, powers, remainders, products, out, out_given_back,
    out_given_back_and_written,
    where_fresh, where_in_place, out_of_reductions, clip, copyto, fill, put, values_repeated,
    fill_diagonal, sort, sort_axis, view_bound_anew, mixed, early, in_helper,
    as_value, multiply_at, multiply_at_in_loop, put_in_order, rows_at,
]  # fmt: skip
ARGUMENTS = {"x": X, "m": M, "i": I}


def arguments(f: Any) -> tuple[Any, ...]:
    return tuple(ARGUMENTS[name].copy() for name in inspect.signature(f).parameters)


@pytest.mark.parametrize("f", RIGHT, ids=[f.__name__ for f in RIGHT])
def test_right(f: Any) -> None:
    args = arguments(f)
    rest = (None,) * (len(args) - 1)
    way = np.cos(np.arange(float(args[0].size))).reshape(args[0].shape)
    mine = differences.fresh(args)
    value, gradient = bp.value_and_grad(f)(*mine)
    expected = f(*differences.fresh(args))
    assert value == expected
    assert type(value) is type(expected)
    for before, after in zip(args, mine, strict=True):
        assert np.array_equal(before, after)
    scale = float(np.max(np.abs(gradient)))
    assert differences.gradient(f, args, 0).agrees(gradient, 1e-6, 1e-8, scale)
    _, pullback = bp.vjp(f, *mine)
    first, second = pullback(1.0), pullback(1.0)
    assert np.array_equal(first, second)
    assert np.allclose(first, gradient, 1e-12, 1e-14)
    _, tangent = bp.jvp(f, mine, (way, *rest))
    assert np.isclose(tangent, np.sum(way * gradient), 1e-9, 1e-11)


@pytest.mark.parametrize("f", RIGHT, ids=[f.__name__ for f in RIGHT])
def test_second_order(f: Any) -> None:
    args = arguments(f)
    rest = (None,) * (len(args) - 1)
    way = np.cos(np.arange(float(args[0].size))).reshape(args[0].shape)
    df = bp.grad(f)
    bend = differences.slope(lambda *given: df(*given), args, (way, *rest))
    scale = float(np.max(np.abs(bend.value)))
    _, forward = bp.jvp(df, args, (way, *rest))
    assert bend.agrees(forward, 1e-6, 1e-7, scale)
    _, pullback = bp.vjp(df, *args)
    assert bend.agrees(pullback(way), 1e-6, 1e-7, scale)


def test_without_axes() -> None:
    def f(a):
        a[...] *= a
        a[()] = a * a
        a **= 0.5
        return a * 3

    a = np.array(0.7)
    assert np.isclose(bp.grad(f)(a), 6 * 0.7)
    assert np.isclose(bp.jvp(f, (a,), (np.array(1.0),))[1], 6 * 0.7)
    assert a == 0.7


def test_casts() -> None:
    """A cast in a write is undone; through integers nothing passes."""

    def f(x):
        y = np.zeros(4, np.float32)
        y[[0, 0]] = x[:2] * x[1:3]
        np.exp(x[1:], out=y[1:])
        z = np.zeros(4, int)
        z[1] = x[0] * 10
        z.fill(x[0] * 10)
        return np.sum(y * G) + np.sum(z * x)

    want = np.full(4, 5.0)
    want[1:3] += [2.1, 1.2]
    want[1:] += G[1:] * np.exp(X[1:])
    assert np.allclose(bp.grad(f)(X), want, 1e-6)
    assert np.isclose(bp.jvp(f, (X,), (G,))[1], np.sum(want * G), 1e-6)


def no_such_cast(x):
    y = np.zeros(4, int)
    np.exp(x, out=y)
    return np.sum(y * x)


def test_cast_rules_are_numpys() -> None:
    for call in (no_such_cast, bp.grad(no_such_cast)):
        with pytest.raises(TypeError, match="Cannot cast"):
            call(X.copy())


def not_computed(x):
    return np.sum(np.exp(x, where=x > 1))


def casting(x):
    y = np.zeros(4)
    np.exp(x, out=y, casting="unsafe")
    return np.sum(y)


def multiply_at_columns(m, i):
    np.multiply.at(m, (0, i), 2.0)
    return np.sum(m)


def mask_as_a_list(x):
    np.multiply.at(x, [True, False, True, False], x[1])
    return np.sum(x)


@pytest.mark.parametrize("f", [mask_as_a_list, not_computed, casting, multiply_at_columns])
def test_refused(f: Any) -> None:
    with pytest.raises(bp.BackproseError):
        bp.grad(f)(*arguments(f))


# ---------------------------------------------------------------- displays
def display_whole(x):
    x[:] = x[1], x[0] * 2
    return x[0] * 2 + x[1]


def display_part_of_a_local(x):
    y = np.zeros(3)
    y[0:2] = [x[0] * x[1], 3 * x[0]]
    return np.sum(y)


def display_row(x):
    A = np.zeros((2, 2))
    for i in range(2):
        A[i] = [x[i], 2 * x[0]]
    return np.sum(A * A)


def display_places(x):
    y = np.zeros(3)
    y[[0, 2]] = x[0], x[1] ** 2
    return np.sum(y)


def display_added(x):
    y = np.zeros(2)
    y += [x[0], x[1] ** 2]
    y[:1] *= [x[0]]
    return np.sum(y)


def display_nested(x):
    A = np.zeros((2, 2))
    A[:] = [[x[0], 1.0], [2.0, x[1]]]
    return np.sum(A * A)


def display_named(x):
    values = [x[0], x[1] ** 2]
    y = np.zeros(2)
    y[:] = values
    return np.sum(y)


def display_scaled(x):
    y = np.ones((2, 2))
    y *= [x[0], x[1]]
    y[1] /= (x[1], 2.0)
    y **= [2.0, x[0]]
    return np.sum(y * x)


DISPLAYS = [
    display_whole, display_part_of_a_local, display_row, display_places, display_added, display_nested, display_named,
    display_scaled,
]  # fmt: skip


@pytest.mark.parametrize("f", DISPLAYS, ids=lambda f: f.__name__)
def test_displays(f: Any) -> None:
    at, h = np.array([0.7, 0.4]), 1e-6
    wanted = [(f(at + step) - f(at - step)) / (2 * h) for step in np.eye(2) * h]
    value, gradient = bp.value_and_grad(f)(at)
    assert value == f(at.copy())
    assert np.allclose(gradient, wanted, 1e-6)
    assert np.isclose(bp.jvp(f, (at,), (np.array([1.0, -2.0]),))[1], wanted[0] - 2 * wanted[1], 1e-6)


# ---------------------------------------------------------------- of a rank that only the run tells
def pairs_of_either(x, n):
    z = x
    if n > 2:
        z = x[0]
    return np.sum(np.hypot.outer(x, z) ** 2) + np.sum(np.arctan2.outer(z, 2.0) + np.hypot.outer(z, x))


def pairs_of_pairs(x, n):
    for _ in range(n - 1):
        x = np.arctan2.outer(x, 1 + x * x)
    return np.sum(x)


@pytest.mark.parametrize("n", [2, 3])
@pytest.mark.parametrize("function", [pairs_of_either, pairs_of_pairs])
def test_outer_of_an_unknown_rank(function, n: int) -> None:
    outcome = check_function(function, (np.array([0.5, -1.2, 2.1]), n), "x")
    assert outcome.kind == "right", outcome.detail


# ---------------------------------------------------------------- an index for each axis, values in a list
def multiply_at_an_element(x):
    a = np.ones((2, 2)) * x[0]
    np.multiply.at(a, (0, 1), x[1])
    return np.sum(a**2)


def exp_at_an_element(x):
    a = np.outer(x[:2], x[1:3])
    at = (0, 1)
    np.exp.at(a, at)
    np.sin.at(a, (1,))
    return np.sum(a**2)


def add_a_list_at(x):
    a = np.zeros(2)
    np.add.at(a, [0, 1, 1], [x[0], x[1], x[2] ** 2])
    np.subtract.at(a, [1, 0], [x[0], 0.5])
    return np.sum(a**2)


@pytest.mark.parametrize("function", [multiply_at_an_element, exp_at_an_element, add_a_list_at])
def test_at(function):
    for way in np.eye(4):
        slope = differences.slope(function, (X,), (way,))
        try:
            assert slope.agrees(bp.value_and_grad(function)(X)[1] @ way)
        except bp.BackproseError:
            assert function is add_a_list_at
        value, tangent = bp.jvp(function, (X,), (way,))
        assert value == function(X)
        assert slope.agrees(tangent)


# ---------------------------------------------------------------- slices that overlap
def spread_too_far(x, n):
    y = np.append(np.cos(x), 1.0)
    y[::2] = y[:n]
    return np.sum(y * np.arange(5))


def spread_of_a_row(x, n):
    A = np.outer(np.append(x, 1.0), x)
    A[::2, n] = A[:3, n]
    return np.sum(A * A)


def shifted_and_gathered(x, n):
    y = np.cos(x)
    y[1:] = y[:-1]
    y[:n] = y[::2]
    y[::-1] = y
    y[::2] = y[1::2]
    return np.sum(y * np.arange(4))


@pytest.mark.parametrize("function", [spread_too_far, spread_of_a_row])
def test_slices_that_numpy_does_not_copy(function):
    for transform in (lambda: bp.grad(function)(X, 3), lambda: bp.jvp(function, (X, 3), (X, None))):
        with pytest.raises(bp.AliasError, match="one element after the other"):
            transform()


@pytest.mark.parametrize("function", [shifted_and_gathered])
def test_slices_that_numpy_copies(function):
    value, gradient = bp.value_and_grad(function)(X, 2)
    assert value == function(X, 2)
    for way in np.eye(4):
        assert differences.slope(function, (X, 2), (way, None)).agrees(gradient @ way)


def add_at_a_diagonal(x):
    A = np.outer(x, x)
    w = np.diagonal(A)
    s = np.sum(A * A)
    np.add.at(w, [0, 2], x[:2])
    return np.sum(A**3) * s


def multiply_at_a_diagonal(x):
    A = np.outer(x, x)
    np.multiply.at(np.diagonal(A), [0, 2], x[:2])
    return np.sum(A**3)


@pytest.mark.parametrize("function", [add_at_a_diagonal, multiply_at_a_diagonal])
def test_writes_through_a_diagonal(function):
    for transform in (lambda: bp.grad(function)(X), lambda: bp.jvp(function, (X,), (X,))):
        with pytest.raises(bp.UnsupportedError, match=r"through np\.diagonal"):
            transform()
