"""Writes that read their own target, views of what is written, adjoints that share a buffer: right or refused."""

from typing import Any

import numpy as np
import pytest

import backprose as bp
from tests.checks import check_second
from tests.fuzz.run import check_function

X = np.array([0.5, -1.2, 2.1, 0.7])
G = np.array([1.0, 2.0, 3.0, 4.0])
M = np.arange(9.0).reshape(3, 3) / 4 + 0.3


def a1(x):
    s = x * 1.0
    s *= s
    return np.sum(s * G)


def a2(x):
    x *= x[::-1]
    return np.sum(x * G)


def a3(m):
    m *= m[0]
    return np.sum(m**2)


def a4(m):
    m[0] *= m[0]
    return np.sum(m**2)


def a5(m):
    m *= m.T
    return np.sum(m**2)


def a6(m):
    m /= m[1]
    return np.sum(m**2)


def b1(x):
    left = x[0]
    for i in range(2):
        left, x = x[i] * left, x * left
    return np.sum(x)


def b2(x):
    for e in x:
        x = x * e
    x[1] *= 2.0
    return np.sum(x)


def b3(x):
    left = x[0]
    for i in range(2):
        left, x = left * x[0], x / left
    return np.sum(x * G)


def c1(x):
    x[:-1] *= x[1:]
    return np.sum(x * G)


def c2(x):
    x[1:3] *= x[2:4]
    return np.sum(x * G)


def c3(m):
    m[:2] -= m[1:] * 2
    m[0, :2] /= m[0, 1:3]
    return np.sum(m**2)


def d1(m):
    return np.sum(m[1:, [0, 0]] ** 2)


def d2(m):
    return np.sum(m[:, np.array([0, 0])] ** 3)


INDEX = np.array([0, 2, 0])


def e1(x):
    return np.sum(x[INDEX] ** 2)


def f1(a):
    a[...] *= a
    return a * 3


def g1(x):
    s = []
    for i in range(4):
        s.append(x[i] ** 2)  # noqa: PERF401  # the list is the point
    return s[1] * s[2]


def fact(x, n):
    if n == 0:
        return 1.0
    return x * fact(x, n - 1)


def h1(x):
    return fact(x[0], 4)


def k1(u, w):
    e = np.flip(u[:1]) ** 2
    u[::1] = e
    u += np.max(w)
    return np.sum(u)


def l1(x):
    y = x * 2
    z = y
    for i in range(3):
        z = z * y[i]
    y[0] = 3.0
    return np.sum(z) + np.sum(y * G)


def m1(v):
    a = np.zeros(3)
    a[:] = v
    return np.sum(a * np.arange(3.0))


def m2(v):
    a = np.ones(3)
    a *= v[0]
    a[1:2] = v[:, 1:2] ** 2
    return np.sum(a * np.arange(3.0))


def n1(x):
    y = np.ones(2)
    for j in range(4):
        y[0] = max(x[j] * (0.3 * j), -1.27)
    return np.mean(y)


def own_length(x):
    x[: len(x) - 1] *= x[1]
    x[1 : len(x)] += x[0] ** 2
    return np.sum(x**3)


def own_length_in_a_loop(x):
    for i in range(3):
        x[i : min(i + 2, len(x))] = x[i] * x[i - 1]
        x[:: len(x) - 1] *= x[1]
    return np.sum(x**3)


def own_size(x):
    y = x**2
    y[: y.size] *= y[2]
    y[: y.shape[0] // 2] = 0.0
    y[np.size(y) - 1] *= y[0] + x[2]
    return np.sum(y**3)


def own_rows(x):
    m = x.reshape(2, 2)
    m[0, : len(m)] = x[3] ** 2
    m[:, :: len(m)] *= m[1, 1]
    return np.sum(x**3)


def own_view(x):
    v = x[:: len(x) - 1]
    v[:] = x[1]
    x[1:-1] += x[2:] * x[:-2]
    v[: len(v) - 1] *= x[1]
    return np.sum(x**3)


def own_content(x):
    x[: int(x[2])] *= x[1]
    x[int(x[2]) - 2 : len(x)] += x[3] ** 2
    return np.sum(x**3)


def number_written(x, y):
    w = np.array(x)
    w *= y
    return w[()] * float(w)


def number_before_a_write(x, y):
    w = np.array(x)
    w *= y
    u = w[()]
    w *= x
    return u * w


def number_through_views(x, y):
    w = np.asarray(x).copy()
    w *= y
    u = w[...]
    w *= x
    return u * w.item() * w.T * w[..., None][0] * w[None, ..., None].sum()


def number_asked_for_its_item(x, y):
    w = np.array(y)
    w[()] = x
    w.fill(w * y)
    w[()] += x
    return w.item() * w[()] * w[...] * w[None][0] * w.T


def number_by_an_axis(x, y):
    w = np.array([[x]]).sum(axis=tuple(range(int(y) + 2)))
    v = w[...] * w * y
    return v * w * w[()] * w


def number_of_no_known_rank(x, y):
    w = np.array([x]).reshape([1] * int(y))
    w *= y
    u = w * y
    return w[()] * w * w[...] * u


NUMBERS = [
    number_written,
    number_before_a_write,
    number_through_views,
    number_asked_for_its_item,
    number_by_an_axis,
    number_of_no_known_rank,
]
LENGTHS = [own_length, own_length_in_a_loop, own_size, own_rows, own_view, own_content]
RIGHT = [(f, (X,)) for f in (a1, a2, l1, n1, b1, b2, b3, c1, c2, e1, g1)]
RIGHT += [(f, (M,)) for f in (a3, a4, a5, a6, c3, d1, d2)]
RIGHT += [(f, (np.array([[0.5, 0.7, -1.1]]),)) for f in (m1, m2)]
RIGHT += [(k1, (np.array([0.7]), X))]
RIGHT += [(f1, (np.array(2.0),))]


def copies(args: tuple[Any, ...]) -> list[Any]:
    return [arg.copy() for arg in args]


def slopes(f: Any, args: tuple[Any, ...], h: float = 1e-6) -> Any:
    found = np.zeros_like(args[0])
    for place in np.ndindex(found.shape):
        ends = []
        for step in (h, -h):
            moved = copies(args)
            moved[0][place] += step
            ends.append(float(f(*moved)))
        found[place] = (ends[0] - ends[1]) / (2 * h)
    return found


@pytest.mark.parametrize(("f", "args"), RIGHT, ids=[f.__name__ for f, _ in RIGHT])
def test_right(f: Any, args: tuple[Any, ...]) -> None:
    want = slopes(f, args)
    assert np.allclose(bp.grad(f)(*copies(args)), want, 1e-4, 1e-6)
    value, pullback = bp.vjp(f, *copies(args))
    assert value == f(*copies(args))
    for _ in range(2):
        assert np.allclose(pullback(1.0), want, 1e-4, 1e-6)
    way = np.cos(np.arange(float(want.size))).reshape(want.shape)
    _, tangent = bp.jvp(f, copies(args), (way, *(None,) * (len(args) - 1)))
    assert np.allclose(tangent, np.sum(want * way), 1e-4, 1e-6)


def test_second_derivative_of_repeated_reads() -> None:
    _, bent = bp.jvp(bp.grad(e1), (X,), (np.ones(4),))
    assert np.allclose(bent, [4.0, 0.0, 2.0, 0.0])


@pytest.mark.parametrize("f", LENGTHS)
def test_bounds_that_read_what_is_written(f: Any) -> None:
    outcome = check_function(f, (X,), "x")
    assert outcome.kind == "right", outcome
    check_second(f, (X,), ("x",))


@pytest.mark.parametrize("f", NUMBERS)
def test_arrays_without_axes(f: Any) -> None:
    """Their adjoints and tangents may be NumPy scalars, which have no parts to write to."""
    for args in ((1.5, 0.7), (np.array(1.5), 0.7), (np.array(1.5), np.array(0.7))):
        outcome = check_function(f, args, ("x", "y"))
        assert outcome.kind == "right", outcome
        check_second(f, args, ("x", "y"))


def part_of_a_number(x, y):
    w = np.array(x)
    w.fill(x * y)
    w[w > 0] *= y
    return w * y


def test_parts_of_arrays_without_axes() -> None:
    """Both modes say the same."""
    with pytest.raises(bp.BackproseError, match="a write to this place"):
        bp.grad(part_of_a_number)(1.5, 0.7)
    with pytest.raises(bp.BackproseError, match="a write to this place"):
        bp.jvp(part_of_a_number, (1.5, 0.7), (1.0, None))


def test_a_bound_is_written_as_it_was() -> None:
    """The shape of an array is the same after a write: nothing is held for it; content is."""
    df = bp.grad(own_length)
    df(X.copy())
    assert "x_bar[:len(x) - 1] *=" in df.source
    df = bp.grad(own_content)
    df(X.copy())
    assert "whole = int(x[2])\n" in df.source
    assert "x[:whole] *= x[1]" in df.source


def shorter(x):
    kept = bytearray([1, 2, 3, 4])
    for _ in range(2):
        x = x * kept[1]
        kept[:1] = b""
    return np.sum(x * kept[0])


def test_slices_of_what_is_no_array() -> None:
    """What is put back in its slice may not fit there any more."""
    with pytest.raises(bp.BackproseError, match="its length may change"):
        bp.grad(shorter)(X)
    assert bp.jvp(shorter, (X,), (np.ones(4),))[1] == 4 * 2 * 3 * 3


def test_recursion() -> None:
    _, pullback = bp.vjp(fact, 1.5, 4, wrt=(0,))
    assert pullback(1.0) == (13.5,)
    assert bp.jvp(fact, (1.5, 4), (1.0, None)) == (1.5**4, 13.5)
