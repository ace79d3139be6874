"""``with bp.adjoint_of(x) as x_bar:``: what its body does to the adjoint, in loops, branches, calls and writes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import backprose as bp

X = np.linspace(-1.0, 2.0, 4)


def numbers(function: Any, x: Any = X) -> Any:
    """The gradient of the function without its bodies: what it is where they change nothing."""
    return bp.grad(function)(x)


# ---------------------------------------------------------------- changing it
def test_a_clip() -> None:
    def f(x, limit):
        y = np.sin(x)
        with bp.adjoint_of(y) as y_bar:
            y_bar = np.clip(y_bar, -limit, limit)
        return np.sum(y * y * 3 * x)

    expected = 3 * np.sin(X) ** 2 + np.clip(6 * np.sin(X) * X, -0.5, 0.5) * np.cos(X)
    df = bp.grad(f)
    np.testing.assert_allclose(df(X, 0.5), expected)
    assert "    # with bp.adjoint_of(y) as y_bar\n    y_bar = np.clip(" in df.source
    assert f(X, 0.5) == bp.value_and_grad(f)(X, 0.5)[0]


def test_only_what_follows_counts() -> None:
    def f(x):
        y = x * 2.0
        before = y * 5.0
        with bp.adjoint_of(y) as g:
            g = g * 100.0
        return np.sum(y) + np.sum(before)

    np.testing.assert_allclose(numbers(f), np.full(4, 2 * (100.0 + 5.0)))


def test_an_update_and_names_of_the_bodys_own() -> None:
    def f(x):
        y = x * 2.0
        with bp.adjoint_of(y) as g:
            norm = np.sqrt(np.sum(g * g))
            if norm > 1.0:
                g = g / norm
            else:
                g *= 3.0
        return np.sum(y * x)

    bar = X.copy()
    norm = np.sqrt(np.sum(bar * bar))
    np.testing.assert_allclose(numbers(f), 2 * X + 2 * bar / norm)
    np.testing.assert_allclose(numbers(f, X / 10), 2 * X / 10 + 2 * bar / 10 * 3)


def test_a_number_for_an_array() -> None:
    def f(x):
        y = x * 2.0
        with bp.adjoint_of(y) as g:
            g = 1.0  # noqa: F841
        return np.sum(np.outer(y, y))

    np.testing.assert_allclose(numbers(f), np.full(4, 2.0))


def test_an_array_of_the_users_is_not_written() -> None:
    target = np.ones(4)

    def f(x):
        y = x * 2.0
        z = y * y
        with bp.adjoint_of(y) as g:
            g = target  # noqa: F841
        return np.sum(y) + np.sum(z)

    df = bp.grad(f)
    np.testing.assert_allclose(df(X), 2 * (1 + 4 * X))
    np.testing.assert_array_equal(target, np.ones(4))
    np.testing.assert_allclose(df(X), 2 * (1 + 4 * X))


def test_what_the_body_reads_is_as_it_was_there() -> None:
    def f(x):
        scale = 2.0
        total = 0.0
        for i in range(3):
            x = x * 1.0
            with bp.adjoint_of(x) as g:
                g = g * scale + i * np.sum(x)
            scale = scale + 1.0
            total = total + np.sum(x) * i
            x = x * x
        return total + scale

    x, bars, xs = X.copy(), [], []
    for _ in range(3):
        xs.append(x)
        x = x * x
    bar = np.zeros(4)
    for i in reversed(range(3)):
        bar = (bar * 2 * xs[i] + i) * (2.0 + i) + i * np.sum(xs[i])
        bars.append(bar)
    np.testing.assert_allclose(numbers(f), bar)


def test_in_a_branch_and_a_while() -> None:
    def f(x):
        n = 0
        y = x
        while n < 3:
            if n != 1:
                y = y * 2.0
                with bp.adjoint_of(y) as g:
                    g = g * 10.0
            n += 1
        return np.sum(y)

    np.testing.assert_allclose(numbers(f), np.full(4, 400.0))


def test_an_array_that_is_written() -> None:
    def f(x):
        y = x * 1.0
        for i in range(1, len(x)):
            y[i] = y[i] + y[i - 1]
            with bp.adjoint_of(y) as g:
                g = g * 0.5
        y[0] = 7.0
        return np.sum(y)

    bar = np.array([0.0, 1.0, 1.0, 1.0])
    for i in (3, 2, 1):
        bar = bar * 0.5
        bar[i - 1] += bar[i]
    np.testing.assert_allclose(numbers(f), bar)


def test_in_a_function_that_is_called() -> None:
    def damped(x):
        y = x * 3.0
        for _ in range(1):
            y = y * 1.0
        with bp.adjoint_of(y) as g:
            g = g * 0.5
        return y

    def f(x):
        return np.sum(damped(x) * x)

    np.testing.assert_allclose(numbers(f), 3 * X + 0.5 * 3 * X)


def clipped_in_place(a):
    for i in range(len(a)):
        a[i] = a[i] * 2.0
    with bp.adjoint_of(a) as g:
        g = np.clip(g, -1.0, 1.0)


def test_in_a_procedure() -> None:
    def f(x):
        y = x * 1.0
        clipped_in_place(y)
        return np.sum(y * y)

    np.testing.assert_allclose(numbers(f), 2 * np.clip(4 * X, -1, 1))


def test_of_an_argument_and_of_a_number() -> None:
    def f(x):
        with bp.adjoint_of(x) as x_bar:
            x_bar = x_bar * 2.0
        y = x * x
        with bp.adjoint_of(y) as y_bar:
            y_bar = max(y_bar, -1.0) * 10.0
        return -y * 3.0

    assert bp.grad(f)(2.0) == 2 * 4.0 * -10.0


def test_of_objects() -> None:
    class Model:
        def __init__(self, rate):
            self.rate = rate

        def energy(self, x):
            y = x * self.rate
            factor = self.rate * 2
            with bp.adjoint_of(y) as g:
                g = np.multiply(g, factor)
            return np.sum(y * y)

    def f(x):
        return Model(3.0).energy(x)

    np.testing.assert_allclose(numbers(f), 3 * 6 * 2 * 3 * X)


def test_a_captured_variable() -> None:
    factor = 10.0

    def f(x):
        y = x * 3.0
        with bp.adjoint_of(y) as g:
            g = g * factor
        return np.sum(y * y)

    df = bp.grad(f)
    np.testing.assert_allclose(df(X), 3 * 10 * 2 * 3 * X)
    factor = 20.0
    np.testing.assert_allclose(df(X), 3 * 20 * 2 * 3 * X)

    def inner(parts):
        y = parts[0] * 3.0
        with bp.adjoint_of(y) as g:
            g = g * strange
        return np.sum(y)

    strange = 2.0

    def outer(x):
        return inner([x, x])

    df = bp.grad(outer)
    with pytest.raises(bp.UnsupportedError, match="strange"):
        df(X)


def test_in_a_try_and_alone_in_a_branch() -> None:
    def f(x):
        try:
            y = x * 2.0
            with bp.adjoint_of(y) as g:
                g = g * 3.0
        except ValueError:
            y = x
        return np.sum(y * y)

    np.testing.assert_allclose(numbers(f), 2 * 3 * 2 * 2 * X)

    def h(x):
        y = x * 2.0
        if np.sum(x) > 0:
            with bp.adjoint_of(y) as g:
                g = g * 3.0
        else:
            print("other way")
        return np.sum(y * y)

    np.testing.assert_allclose(numbers(h), 2 * 3 * 2 * 2 * X)
    np.testing.assert_allclose(numbers(h, -X), -2 * 2 * 2 * X)
    assert bp.jvp(h, (X,), (X,))[1] == pytest.approx(2 * 4 * np.sum(X * X))


def test_of_a_view() -> None:
    def f(x):
        a, b = x[:2], x[2:]
        with bp.adjoint_of(a) as g:
            g = g * 10
        return np.sum(a * b)

    np.testing.assert_allclose(numbers(f), [*(10 * X[2:]), *X[:2]])


def damped(y):
    with bp.adjoint_of(y) as g:
        g = g * 0.5
    return [y, y * y]


def test_of_the_argument_of_a_function_that_is_carried_out() -> None:
    def f(x):
        return np.sum(damped(x * 3.0)[1])

    np.testing.assert_allclose(numbers(f), 0.5 * 3 * 2 * 3 * X)


def test_of_complex_numbers() -> None:
    def f(x):
        z = x * (1 + 2j)
        with bp.adjoint_of(z) as g:
            g = g * 1j
        return np.sum(np.real(z))

    np.testing.assert_allclose(numbers(f), np.full(4, np.real(1j * (1 + 2j))))

    def g(x):
        y = x * 1.0
        with bp.adjoint_of(y) as y_bar:
            y_bar = y_bar * (1 + 2j)
        return np.sum(np.real(y * (1 + 1j)))

    np.testing.assert_allclose(numbers(g), np.ones(4))


def test_second_order() -> None:
    """The clip is a part of the first derivative as any other."""

    def f(x):
        y = x**3
        with bp.adjoint_of(y) as g:
            g = np.tanh(g)
        return np.sum(y * y)

    df = bp.grad(f)
    np.testing.assert_allclose(df(X), np.tanh(2 * X**3) * 3 * X**2)
    _, moved = bp.jvp(df, (X,), (np.ones(4),))
    step = 1e-6
    np.testing.assert_allclose(moved, (df(X + step) - df(X - step)) / (2 * step), rtol=1e-6, atol=1e-8)


# ---------------------------------------------------------------- looking at it
def test_printing_happens_in_the_backward_sweep(capsys: pytest.CaptureFixture[str]) -> None:
    def f(x):
        for i in range(3):
            x = x * 2.0
            with bp.adjoint_of(x) as x_bar:
                print(f"turn {i}: {x_bar:.1f}")
        return x

    df = bp.grad(f)
    assert df(1.0) == 8.0
    assert capsys.readouterr().out == "turn 2: 1.0\nturn 1: 2.0\nturn 0: 4.0\n"
    assert 'print(f"turn {i}: {x_bar:.1f}")' in df.source
    value, pullback = bp.vjp(f, 1.0)
    assert capsys.readouterr().out == ""
    assert (pullback(1.0), pullback(2.0)) == (8.0, 16.0)
    assert capsys.readouterr().out.count("turn") == 6
    assert bp.jvp(f, (1.0,), (1.0,)) == (8.0, 8.0)
    assert capsys.readouterr().out == ""
    assert f(1.0) == value
    assert capsys.readouterr().out.startswith("turn 0: 0.0")


seen: list[Any] = []


def test_what_is_kept_does_not_change() -> None:
    def f(x):
        y = x * 2.0
        z = y * 1.0
        with bp.adjoint_of(y) as g:
            seen.append(g)
        return np.sum(y * y) + np.sum(z)

    seen.clear()
    df = bp.grad(f)
    df(X)
    np.testing.assert_allclose(seen[0], 4 * X)
    df(X)
    np.testing.assert_allclose(seen[0], 4 * X)
    np.testing.assert_allclose(seen[1], 4 * X)


def test_what_is_kept_of_an_array_that_is_written() -> None:
    def f(x):
        y = x * 1.0
        for i in range(len(x)):
            y[i] = y[i] * 2.0
            with bp.adjoint_of(y) as g:
                seen.append((i, g))
                print(np.sum(g))
        return np.sum(y)

    seen.clear()
    bp.grad(f)(X)
    assert [i for i, _ in seen] == [3, 2, 1, 0]
    for i, bar in seen:
        np.testing.assert_allclose(bar, [1.0] * (i + 1) + [2.0] * (3 - i))


def test_where_there_is_no_adjoint_it_does_not_run() -> None:
    def f(x):
        unread = x * 2.0
        fixed = np.ones(3)
        with bp.adjoint_of(unread) as g:
            seen.append(g)
        with bp.adjoint_of(fixed) as h:
            seen.append(h)
        return np.sum(x) + np.sum(fixed)

    seen.clear()
    np.testing.assert_allclose(numbers(f), np.ones(4))
    assert seen == []


# ---------------------------------------------------------------- refused
def _elsewhere(x):
    y = x * 2.0
    with bp.adjoint_of(y) as g:
        g = g * 2.0
        norm = np.sum(g)
    return np.sum(y) + norm


def _already_a_variable(x):
    g = x * 2.0
    y = g * 2.0
    with bp.adjoint_of(y) as g:
        g = g * 2.0
    return np.sum(y * g)


def _an_expression(x):
    with bp.adjoint_of(x * 2) as g:
        g = g * 2.0
    return np.sum(x)


def _a_loop(x):
    y = x * 1.0
    with bp.adjoint_of(y) as g:
        for i in range(3):
            g = g * i
    return np.sum(y)


def _a_write(x):
    y = x * 1.0
    with bp.adjoint_of(y) as g:
        g[0] = 0.0
    return np.sum(y)


def _no_name(x):
    y = x * 1.0
    with bp.adjoint_of(y):
        print("here")
    return np.sum(y)


def _two(x):
    y = x * 1.0
    with bp.adjoint_of(x) as g, bp.adjoint_of(y) as h:
        g = h  # noqa: F841
    return np.sum(y)


def _a_list(x):
    rows = [x, x]
    rows.append(x * 2)
    with bp.adjoint_of(rows) as g:
        print(g)
    return np.sum(rows[2])


def _a_view_of_what_is_written(x):
    y = x.copy()
    v = y[1:]
    with bp.adjoint_of(v) as g:
        g = g * 10
    y[2] = 5.0
    return np.sum(v) + np.sum(y)


def _a_local_object(x):
    found = []
    y = x * 1.0
    with bp.adjoint_of(y) as g:
        found.append(g)
    return np.sum(y)


@pytest.mark.parametrize(
    "function",
    [
        _elsewhere, _already_a_variable, _an_expression, _a_loop, _a_write, _no_name, _two, _a_list, _a_local_object,
        _a_view_of_what_is_written,
    ],
    ids=lambda function: function.__name__,
)  # fmt: skip
def test_refused(function: Any) -> None:
    with pytest.raises(bp.UnsupportedError):
        bp.grad(function)(X)
