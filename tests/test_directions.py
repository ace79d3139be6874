"""Jacobians by a tangent function for all directions at once: right, or the directions are gone through in a loop."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import backprose as bp
from tests import test_sparse_random as random_programs

AT_ONCE = "a direction in each row"
X = np.array([0.3, -0.8, 1.2, 0.5])
A = np.cos(np.arange(12.0)).reshape(3, 4)


def fit(x, t):
    amplitude, rate, *_ = x[0], x[1]
    return amplitude * np.exp(-rate * t) + x[2]


def unpacked(x, t):
    a, b, c, d = x
    return a * np.sin(b * t) + c * t - d


def chained(x):
    return np.concatenate([10 * (x[1:] - x[:-1] ** 2), 1 - x[:-1], np.tanh(x[::2])])


def dense_layer(x, a):
    return np.tanh(a @ x + 1) * np.sum(x**2)


def from_the_left(x, a):
    return x @ a.T + x[0] * a[:, 1]


def of_a_matrix(x, a):
    y = a * x  # more axes than the argument
    return y @ x + np.sum(y, axis=1) * x[2]


def to_a_matrix(x, a):
    return a * x - x[1] * a + np.sum(x)


def with_a_column(x, a):
    return a * x - x[0] * a + np.sum(x)


def total(x):
    return np.sum(x**3) * x[0]


def gathered(x):
    index = np.array([2, 0, 0, 3, 1])
    return x[index] * x[index[::-1]]


def chosen(x, a):
    return np.where(a > 0, x, x[0] * x) + x[-1]


def branches(x, up):
    if up:
        y = x * x[0]
    else:
        y = np.sin(x) - x[1]
    return y * 2


def turns(x, n):
    y = x
    for i in range(n):
        y = y * x[i] + np.sin(y)
    return y


def stacked(x):
    return np.array([x[0] * x[1], x[2] - x[3] ** 2, np.sum(x)])


def heat(x, steps):
    for _ in range(steps):
        new = x.copy()
        new[1:-1] += 0.1 * (x[2:] - 2 * x[1:-1] + x[:-2]) * x[1:-1]
        x = new
    return x


def read_before_it_is_written(x):
    y = x.copy()
    first, last = y[0], y[-1]
    y[0] = last * 2
    y[-1] = first * y[1]
    y[1] += first
    return y * first


def oscillator(x, steps):
    x = x.copy()
    for _ in range(steps):
        place, speed = x[0], x[1]
        x[0] += 0.1 * speed
        x[1] -= 0.1 * np.sin(place) * x[2]
    return x


def updated_number(x):
    s = x[0] * x[1]
    before = s
    s += x[2]
    s *= x[3]
    return x * s + before


def summed_in_a_loop(x):
    s = 0.0
    kept = s
    for i in range(len(x)):
        s += x[i] ** 2
        kept = kept + s
    return x * s + kept


def filled(x):
    r = np.zeros_like(x)
    for i in range(1, len(x) - 1):
        r[i] = x[i - 1] * x[i + 1] - x[i] ** 3
    r[0] = x[0]
    return r


def filled_from_numbers(x, n):
    r = np.zeros(n)
    for i in range(n):
        r[i] = x[i] * x[0]
    return r


def rows_written(x, a):
    b = a * x
    row = b[1]
    row[:] = x * x[0]
    b[0] -= row
    return b


def identity(x):
    return x


def single(x):
    return 2.5 * x * x[0]


PROGRAMS: dict[str, tuple[Callable[..., Any], tuple[Any, ...], bool]] = {  # and whether it is done at once
    "fit": (fit, (X, np.arange(5.0)), True), "unpacked": (unpacked, (X, np.arange(5.0)), True),
    "chained": (chained, (X,), True), "dense_layer": (dense_layer, (X, A), True),
    "from_the_left": (from_the_left, (X, A), True), "of_a_matrix": (of_a_matrix, (X, A), True),
    "to_a_matrix": (to_a_matrix, (X, A), True), "total": (total, (X,), True), "gathered": (gathered, (X,), True),
    "chosen": (chosen, (X, A), True), "branches": (branches, (X, True), True),
    "otherwise": (branches, (X, False), True), "turns": (turns, (X, 3), True), "stacked": (stacked, (X,), True),
    "heat": (heat, (X, 2), True),
    "read_before_it_is_written": (read_before_it_is_written, (X,), True), "oscillator": (oscillator, (X, 3), True),
    "updated_number": (updated_number, (X,), True), "summed_in_a_loop": (summed_in_a_loop, (X,), True),
    "filled": (filled, (X,), True), "filled_from_numbers": (filled_from_numbers, (X, 3), True),
    "rows_written": (rows_written, (X, A), True), "identity": (identity, (X,), True),
    "single": (single, (X.astype(np.float32),), True),
}  # fmt: skip


@pytest.mark.parametrize("name", PROGRAMS)
def test_programs(name: str) -> None:
    function, args, at_once = PROGRAMS[name]
    jacobian = bp.jacobian(function, direction="forward")
    found = jacobian(*args)
    assert found.dtype == args[0].dtype
    reverse = bp.jacobian(function, direction="reverse")(*args)
    np.testing.assert_allclose(found, reverse, rtol=1e-5 if name == "single" else 1e-12, atol=1e-13)
    for j in range(4 if name != "single" else 0):
        step = 1e-6 * np.eye(4)[j]
        slope = (function(args[0] + step, *args[1:]) - function(args[0] - step, *args[1:])) / 2e-6
        np.testing.assert_allclose(found[..., j], slope, rtol=1e-6, atol=1e-8)
    assert (AT_ONCE in jacobian.source) == at_once, jacobian.source
    found[...] = 7.0
    assert not np.any(jacobian(*args) == 7.0), "it owns its memory"


@pytest.mark.parametrize("length", [1, 2, 3])
def test_length_one(length: int) -> None:
    for function, args in (
        (total, ()),
        (heat, (2,)),
        (summed_in_a_loop, ()),
        (turns, (1,)),
        (with_a_column, (np.ones((3, 1)),)),
    ):
        found = bp.jacobian(function, direction="forward")(X[:length], *args)
        np.testing.assert_allclose(found, bp.jacobian(function, direction="reverse")(X[:length], *args), rtol=1e-12)


@pytest.mark.parametrize("length", [31, 32, 33, 64, 70])
def test_more_than_are_done_at_once(length: int) -> None:
    x = np.cos(np.arange(float(length)))
    for function, args in ((chained, ()), (heat, (2,)), (summed_in_a_loop, ()), (with_a_column, (A[:, :1],))):
        jacobian = bp.jacobian(function, direction="forward")
        found = jacobian(x, *args)
        assert AT_ONCE in jacobian.source
        np.testing.assert_allclose(found, bp.jacobian(function, direction="reverse")(x, *args), rtol=1e-11, atol=1e-13)

    def size(x):
        return np.sum(bp.jacobian(heat, direction="forward")(x, 1) ** 3)

    gradient = bp.grad(size)(x)
    for j in (0, length - 1):
        step = 1e-6 * np.eye(length)[j]
        assert gradient[j] == pytest.approx((size(x + step) - size(x - step)) / 2e-6, rel=1e-5)


def test_single_precision() -> None:
    for function, args in (
        (summed_in_a_loop, ()),
        (filled, ()),
        (chained, ()),
        (oscillator, (2,)),
        (dense_layer, (A,)),
    ):
        x = X.astype(np.float32)
        found = bp.jacobian(function, direction="forward")(x, *args)
        assert found.dtype == np.float32
        np.testing.assert_allclose(found, bp.jacobian(function)(X, *args), rtol=1e-4, atol=1e-5)


def test_no_elements() -> None:
    assert bp.jacobian(identity)(X[:0]).shape == (0, 0)


def test_what_is_not_known_is_gone_through_in_a_loop() -> None:
    """Arguments with axes that are not known, several of them, several results, rules without this form."""
    unknown = bp.jacobian(to_a_matrix)
    assert AT_ONCE not in unknown.source, "before the first call nothing is known"
    assert AT_ONCE not in bp.jacobian(unpacked, wrt=("x", "t")).source_for(X, np.arange(5.0))
    for function, args in (
        (lambda x: np.sort(x) * x, (X,)),
        (lambda x: (x, x[0] * x), (X,)),
        (lambda x: np.cumsum(x) * x, (X,)),
        (lambda x: np.roll(x, 1), (X,)),
        (lambda m: m @ m, (np.eye(3),)),
    ):
        jacobian = bp.jacobian(function, direction="forward")
        found, reverse = jacobian(*args), bp.jacobian(function, direction="reverse")(*args)
        for one, other in zip(
            *(part if isinstance(part, tuple) else (part,) for part in (found, reverse)), strict=True
        ):
            np.testing.assert_allclose(one, other, rtol=1e-12)
        assert AT_ONCE not in jacobian.source


def test_it_is_differentiated_itself() -> None:
    def size(x):
        return np.sum(bp.jacobian(chained, direction="forward")(x) ** 2) + np.sum(bp.jacobian(heat)(x, 1) ** 3)

    gradient = bp.grad(size)(X)
    for j in range(4):
        step = 1e-6 * np.eye(4)[j]
        assert gradient[j] == pytest.approx((size(X + step) - size(X - step)) / 2e-6, rel=1e-6)
    second = bp.jacobian(bp.jacobian(chained, direction="forward"), direction="reverse")(X)
    ahead, behind = (bp.jacobian(chained)(X + h * np.eye(4)[1]) for h in (1e-6, -1e-6))
    np.testing.assert_allclose(second[..., 1], (ahead - behind) / 2e-6, atol=1e-7)


def test_hessian_at_once() -> None:
    def energy(x):
        return np.sum(x**4) + x[0] ** 3 * x[1]

    hessian = bp.hessian(energy)
    found = hessian(X)
    np.testing.assert_allclose(found, bp.hessian(energy, direction="reverse")(X), rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(found, found.T, rtol=1e-12)


def test_random_programs(tmp_path: Path) -> None:
    at_once = 0
    for seed in range(random_programs.PROGRAMS // 2):
        program = random_programs.load(seed, tmp_path).program
        forward, reverse = (bp.jacobian(program, direction=one) for one in ("forward", "reverse"))
        for turn in range(2):
            args = random_programs.arguments(np.random.default_rng(seed + 100 * turn))
            try:
                with np.errstate(all="ignore"):
                    found, expected = (random_programs.flat(one(*args)) for one in (forward, reverse))
            except (bp.BackproseError, IndexError, np.linalg.LinAlgError):
                continue
            for one, other in zip(found, expected, strict=True):
                if np.isfinite(other).all():
                    np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-11, err_msg=forward.source)
            at_once += AT_ONCE in forward.source
    assert at_once > random_programs.PROGRAMS // 12, "else this says little"
