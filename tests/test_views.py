"""Views that are held while what they see changes: NumPy's own meaning, in both directions, or a refusal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import backprose as bp
from tests import differences
from tests.fuzz.run import check_function

rng = np.random.default_rng(7)
GIVEN: dict[str, Any] = {
    "A": rng.normal(size=(4, 3)),
    "x": rng.normal(size=5),
    "y": rng.normal(size=5),
    "scale": rng.normal(size=4),
    "n": 3,
    "a": 0.7,
}


def row(A):
    row = A[1]  # a view
    row *= 2.0
    row[0] = row[0] ** 2
    return np.sum(A**2)


def other_name(x):
    y = x
    y += x * x
    return np.sum(x * y)


def transposed(A):
    B = A.T
    B[0] = B[0] ** 2
    return np.sum(A * A[::-1])


def rows_by_index(A, scale):
    for i in range(1, len(A)):
        row = A[i]
        row -= scale[i] * A[i - 1]
        row[0] = row[0] ** 2
    return np.sum(A**2)


def rows_in_turn(A):
    for row in A:
        row *= np.sin(row)
        row[1:] += row[:-1]
    return np.sum(A**2)


def views_of_views(x):
    v = x[1:]
    w = v[1:]
    x *= 2.0
    w[0] = v[0] * x[0]
    v /= 1.0 + w[0] ** 2
    return np.sum(x * x) + np.sum(v)


def raveled(A):
    flat = A.ravel()
    flat[1] = flat[0] * flat[2]
    return np.sum(A**2)


def slices_in_a_loop(x, n):
    y = x
    for i in range(n):
        v = y[i:]
        v *= 0.9 + 0.1 * np.sin(x[0])
    return np.sum(x**2) + np.sum(y)


def index_changes(x):
    i = 1
    v = x[i:]
    i = 2
    v[i] = v[0] * 3.0
    return np.sum(x * v[0])


def views_by_branch(x):
    v = x[1:]
    if np.sum(x) > 0:
        v = x[:-1]
        v[0] *= 2.0
    else:
        v[0] *= 3.0
    return np.sum(x**2)


def base_is_rebound(x):
    v = x[1:]
    x = x * 2.0
    v[0] = 5.0 * x[0]
    return np.sum(x) + np.sum(v**2)


def unpacked_rows(A):
    a, b = A[0], A[1]
    a += b**2
    b *= a
    return np.sum(A**2)


def overlapping_slices(x):
    x[1:] = x[:-1]
    x[:-1] += x[1:] * x[:-1]
    return np.sum(x**2)


def rows_that_do_not_swap(A):
    A[0], A[1] = A[1], A[0]
    return np.sum(A**3)


def nested_loops(A, x):
    for i in range(3):
        row = A[i]
        for j in range(2):
            cell = row[j:]
            cell[0] = cell[0] * x[j] + row[-1]
            if cell[0] > 2.0:
                break
        row -= x[:3]
    return np.sum(A * A)


def as_array(x):
    y = np.asarray(x)
    y[0] = 2.0 * y[1]
    return np.sum(x * y)


def reshaped(A):
    v = A.reshape(-1)
    w = v[2:8]
    w *= w
    A[1] = A[0] * A[2]
    return np.sum(v * v)


def view_read_while_base_changes(x):
    u = np.zeros(len(x))
    inner = u[1:-1]
    for k in range(3):
        inner[:] = inner + 0.5 * (u[2:] - u[:-2]) + x[1:-1]
        u[0] = u[1]
        u[-1] = u[-2] ** 2
    return np.sum(u**2)


def rows_of_the_transpose(A):
    for row in A:
        row[0] = row[1]
    for row in A.T:
        row *= row
    return np.sum(A)


def strided(x):
    v = x[::2]
    w = x[::-1]
    v[1] = w[0] * v[0]
    w[1] += v[1]
    return np.sum(x**2)


def new_axes(x):
    r = x[None, :]
    r[0, 1] = 4.0 * r[0, 2]
    q = x[:, np.newaxis]
    q[2] *= x[1]
    return np.sum(x**2)


def name_rebound(x):
    y = x
    y[0] = 3.0
    y = y * 2.0
    x[1] = 5.0 * x[2]
    return np.sum(x * y)


def view_in_a_while(A):
    while np.sum(A[0]) < 10.0:
        r = A[0]
        r += 1.0 + r**2
    return np.sum(A)


def view_seen_by_a_while(y):
    v = y[1:]
    turns = 0
    while np.sum(y**2) < 20.0:
        v *= 1.5
        turns += 1
    return np.sum(y * y) + turns


def conditional(x, y):
    a = x if np.sum(x) > 0 else y
    a[0] = 2.0 * a[1]
    return np.sum(x * y)


def in_place_or_not(x, n):
    out = x if n > 5 else x.copy()
    out += np.sin(out)
    return np.sum(out * x)


def in_place(x, a):
    out = x if a < 5 else x.copy()
    out += np.sin(out)
    return np.sum(out * x)


def one_of_three(x, y, n):
    a = x
    for i in range(n):
        a[i] = np.sin(a[i - 1]) * y[i]
        if a[i] > 0.2:
            a = y[1:]
        elif a[i] > 0:
            a = x[:-1]
    a *= 2.0
    return np.sum(x[1:] * a[0]) + np.sum(y)


def _damp(part, by):
    part[1:] += np.tanh(by)


def chosen_and_passed_on(A, a):
    square = A[:3]
    b = square.T if np.sum(A) > 0.1 else square
    _damp(b[0], a * A[0, 0])
    q = b[1]
    q *= A[0]
    for r in b:
        r[0] = np.sin(r[1])
    while np.sum(b) < 5.0:
        b += 0.5 + a
    return np.sum(A * 2.0 * A)


def names_of_a_choice(x, y, a):
    b = x if a > 0.5 else y
    c = b if x[0] > 0 else y
    c[1:3] = c[0] * a
    d = c[::2]
    d /= 1.0 + d**2
    return np.sum(b * c) + np.sum(x * y)


def base_is_rebound_in_a_loop(x):
    for _ in range(3):
        v = x[1:]
        x = x * 2.0
        v[0] = x[0]
        x = x + np.sum(v)
    return np.sum(x)


def view_of_an_earlier_turn(x, n):
    v = x[1:]
    for _ in range(n):
        x = x * v[0]
        v[0] = np.sin(x[1])
        if x[0] > 0.1:
            v = x[1:]
    return np.sum(x) + np.sum(v)


def bound_anew_in_every_turn(x, n):
    c = x
    c += np.sin(x.sum())
    for _ in range(n):
        x = 0.8 * np.tanh(x * c[0])
        c[1:] *= x[:-1]
    return np.sum(x * c)


def through_a_branch_in_the_call(x, y, a):
    np.multiply(x[:3], a, out=y[1:4], where=(y[1:4] > 0 if a > 0.5 else y[:3] > 0))
    return np.sum(y)


def row_and_name_change_places(A, x):
    for row in A:
        row *= 0.5
        row, x = x[:3], row
        row[1] = np.sin(row[0])
    return np.sum(x * A[0]) + np.sum(A**2)


def names_of_rows_change_places(A, x, y):
    t = x[0]
    if x[0] > y[0]:
        x, y = y, x
    for row in A:
        row[1] = y[2] * x[1]
        row, y = y, row
    x[::2] *= t
    return np.sum(A * A) + x[:3] @ y[:3]


def pushed_and_changed(x):
    kept = []
    for _ in range(3):
        kept.append(x)
        x += 1.0
    return np.sum(kept[0])


def _halves(x):
    return np.sin(x), np.cos(x)


def results_of_a_call(x):
    a, b = _halves(x)
    a[1:] *= b[:-1]
    b[0] = a[1]
    return np.sum(a * b)


def copies_taken_back(x):
    kept = []
    for _ in range(3):
        kept.append(x.copy())
        x = np.sin(x)
    total = 0.0
    while kept:
        y = kept.pop()
        y[1:] *= y[:-1]
        total += np.sum(y * x)
    return total


def swapped_in_a_while(x, y):
    k = 0
    while k < 3:
        k += 1
        x, y = y, x
        x += 0.3 * np.sin(y) * k
    np.multiply(x, y, out=x)
    return np.sum(x**2) + np.sum(y)


def turned_around(x, y, a):
    z = x * y
    while a < 2.0:
        x, y, z = y, z, x
        y[1:] *= a
        if np.sum(z) > 0.3:
            z -= a * x[0]
        a += 0.4
    return np.sum(x * y) + np.sum(z**2)


def array_bound_anew_in_a_loop(x, y):
    seen = y[1:]
    for k in range(3):
        seen[k:] = np.sin(seen[k:]) * x[k]
        for j in range(k):
            y = np.cos(y) * x + seen[j]
    return np.sum(seen**2) + np.sum(y)


def array_and_its_view_change_places(x, y):
    z = np.tanh(x)
    turned = np.flip(z)
    seen = z[:-1]
    z[z < 0.0] = np.sin(y[0])
    if np.sum(y) < 1e3:
        z, turned = turned, z
        z -= 0.3 * np.tanh(np.sum(turned[:-1]) * y)
    return np.sum(seen**2) + np.sum(z * y) * turned[1]


def several_arrays_under_one_name(x, y, n):
    first = x
    for i in range(n):
        x[1:] *= y[i]
        if i == 1:
            x = np.sin(x) + y
        x[0] = x[2] ** 2
    return np.sum(first * y) + np.sum(x**2)


def view_of_what_was_tried(x, y, n):
    v = y * 2.0
    try:
        v = x
        n = 1 // (n - 3)
        v = np.sin(x)
    except ZeroDivisionError:
        v[0] = y[1] * y[0]
    return np.sum(x * v) + np.sum(y)


def view_bound_in_a_try(A, n):
    row = A[0]
    row *= 2.0
    try:
        row = A[n]
        row[1] = row[0] ** 2
        row = A[n + 5]
    except IndexError:
        row[0] = np.sin(row[1]) * A[0, 1]
    row += A[1]
    return np.sum(A**2) + np.sum(row)


def array_bound_anew_in_a_try(x, y, n):
    v = x[1:]
    try:
        x = np.cos(x) * y
        n = 1 // (n - 3)
        x = x * 2.0
    except ZeroDivisionError:
        v[0] = x[1] ** 2
    v *= y[0]
    return np.sum(v * x[1:]) + np.sum(x)


def _sum_of_halves(v, a, k):
    if k == 0 or len(v) < 2:
        return np.sum(v) * a
    s = _sum_of_halves(v[::2], a, k - 1)
    s += 0.5 * _sum_of_halves(v[1::2], np.sin(s), k - 1)
    return np.tanh(s) * v[0]


def number_from_a_recursion(x, a):
    s = _sum_of_halves(x, a, 3)
    t = s
    s += _sum_of_halves(x, np.sin(s), 2)
    return s * t + t


def numbers_tried_in_a_while(x, a):
    k = 0
    s = np.sin(a)
    while (k := k + 1) < 4 and (t := np.sin(s) + x[0]) < 9.0:
        try:
            s, t = t, np.cos(s) + 1 // (k - 2)
            s *= t
        except ZeroDivisionError:
            t, s = s, 0.8 * np.tanh(t)
    return s * np.sum(x * t)


def diagonal(A):
    d, e = A.diagonal(), np.diag(A, k=-1)
    A[0, 0] = A[0, 1] * d[1]
    A[1, 0] *= 2.0
    return np.sum(d * d) * e[0] + np.sum(e * d) * np.diag(A, 1)[0]


def part_of_a_diagonal(A):
    B = A * 2
    d = np.diag(B, 1)
    e = d[1:]
    B[0, 1] = A[0, 0]
    B[1, 2] *= A[0, 0]
    B = B * B
    return np.sum(d * d) + e[0] * B[0, 1]


def diagonal_in_a_loop(A):
    d = np.diagonal(A, 0, 0, 1)
    s = 0.0
    for i in range(2):
        A[i, i] = A[i, i + 1] * d[i + 1]
        s += np.sum(d**2) * d[i]
    a, b, _ = d
    A[1, 1] = 1.0
    for v in d:
        s += v * a
    return s + b


def diagonal_by_a_test(A, n):
    d = np.diag(A) if n > 1 else A[0]
    A[0, 0] = A[1, 1] * A[0, 1]
    return np.sum(d * d)


def diagonals_of_a_stack(A):
    B = np.stack([A, 2 * A])
    d = np.diagonal(B, 0, 1, 2)
    B[0, 1, 1] = A[0, 0]
    return np.sum(d * d)


def stretched(x):
    v = np.broadcast_to(x, (2, 5))
    x[0] = x[1] * x[2]
    return v[0, 1] * v[1, 0] + np.sum(v[0] * x)


RIGHT = [
    diagonal,
    part_of_a_diagonal,
    diagonal_in_a_loop,
    diagonal_by_a_test,
    diagonals_of_a_stack,
    stretched,
    swapped_in_a_while,
    turned_around,
    array_bound_anew_in_a_loop,
    array_and_its_view_change_places,
    several_arrays_under_one_name,
    view_of_what_was_tried,
    view_bound_in_a_try,
    array_bound_anew_in_a_try,
    number_from_a_recursion,
    numbers_tried_in_a_while,
    row,
    other_name,
    transposed,
    rows_by_index,
    rows_in_turn,
    views_of_views,
    raveled,
    slices_in_a_loop,
    index_changes,
    views_by_branch,
    base_is_rebound,
    unpacked_rows,
    overlapping_slices,
    rows_that_do_not_swap,
    nested_loops,
    as_array,
    reshaped,
    view_read_while_base_changes,
    rows_of_the_transpose,
    strided,
    new_axes,
    name_rebound,
    view_in_a_while,
    view_seen_by_a_while,
    conditional,
    in_place_or_not,
    in_place,
    one_of_three,
    chosen_and_passed_on,
    names_of_a_choice,
    base_is_rebound_in_a_loop,
    view_of_an_earlier_turn,
    bound_anew_in_every_turn,
    through_a_branch_in_the_call,
    row_and_name_change_places,
    names_of_rows_change_places,
    pushed_and_changed,
    results_of_a_call,
    copies_taken_back,
]


def arguments(function: Callable[..., Any]) -> tuple[Any, ...]:
    names = function.__code__.co_varnames[: function.__code__.co_argcount]
    return differences.fresh(tuple(GIVEN[name] for name in names))


@pytest.mark.parametrize("function", RIGHT)
def test_right(function: Callable[..., Any]) -> None:
    names = function.__code__.co_varnames[: function.__code__.co_argcount]
    wrt = tuple(name for name in names if name != "n")
    outcome = check_function(function, arguments(function), wrt)
    assert outcome.kind == "right", outcome.detail


AGAIN_REFUSED = (
    view_of_an_earlier_turn,
    number_from_a_recursion,
    array_bound_anew_in_a_loop,
    row_and_name_change_places,
)


@pytest.mark.parametrize("function", AGAIN_REFUSED)
def test_second_derivative_refused(function: Callable[..., Any]) -> None:
    args = arguments(function)
    with pytest.raises(bp.BackproseError):
        bp.jvp(bp.grad(function), args, (args[0], *(None,) * (len(args) - 1)))


@pytest.mark.parametrize("function", [function for function in RIGHT if function not in AGAIN_REFUSED])
def test_second_derivative(function: Callable[..., Any]) -> None:
    args = arguments(function)
    way = np.cos(np.arange(float(args[0].size))).reshape(args[0].shape)
    df = bp.grad(function)
    h = 1e-6
    ends = [df(args[0] + step * way, *args[1:]) for step in (h, -h)]
    wanted = (ends[0] - ends[1]) / (2 * h)
    _, forward = bp.jvp(df, args, (way, *(None,) * (len(args) - 1)))
    assert np.allclose(forward, wanted, 1e-4, 1e-4)

    _, pullback = bp.vjp(df, *args)
    assert np.allclose(pullback(way), wanted, 1e-4, 1e-4)


def test_array_in_another_order() -> None:
    """A reshaped array that is a copy: the text that was written for a view says so."""
    with pytest.raises(ValueError, match="not in C order"):
        bp.grad(reshaped)(np.asfortranarray(GIVEN["A"]))


def scaled_in_its_order(A, k, W):
    v = A.T.reshape(-1)
    v *= k
    A += A[::-1]
    return np.sum(A * W)


def test_an_adjoint_that_is_copied_keeps_the_order_of_its_array() -> None:
    A, W = np.asfortranarray([[0.5, 1.5], [0.7, 0.2]]), np.array([[1.0, 2.0], [3.0, 4.0]])
    assert np.allclose(bp.grad(scaled_in_its_order)(A, 0.7, W), 0.7 * (W + W[::-1]))
