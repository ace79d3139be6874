"""What is carried out in place reads the variables of its own module, whatever these names mean in the caller."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import numpy as np
import pytest

import backprose as bp
from tests import differences, other_module
from tests.other_module import Body, applied, parts, set_scale

SCALE = 3.0  # another one than there


@pytest.fixture(autouse=True)
def as_it_was(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(other_module, "SCALE", 0.5)
    monkeypatch.setattr(other_module, "GRAVITY", 9.81)
    yield
    other_module.LOG.clear()


def slope(function: Callable[..., Any]) -> Any:
    return float(differences.gradient(function, (1.3,), 0).value)


def of_a_class(x: Any) -> Any:
    return Body(x).energy(2.0) * SCALE


def of_a_structure(x: Any) -> Any:
    found = parts(x)
    return found["a"] * found["b"]


def of_a_function_that_is_given_one(x: Any) -> Any:
    return applied(lambda v: v * v * x * SCALE, x)


def under_a_parameter(x: Any, GRAVITY: Any = 2.0) -> Any:
    return Body(x).energy(GRAVITY) * GRAVITY


def under_a_variable(x: Any) -> Any:
    SCALE = x * 2
    return Body(x).energy(SCALE) * SCALE


def under_the_name_of_the_module(x: Any) -> Any:
    other_module = x * 2
    return Body(x).energy(other_module)


def under_a_loop_variable(x: Any) -> Any:
    total = 0.0
    for GRAVITY in range(3):
        total = total + parts(x)["a"] * GRAVITY
    return total


def in_a_comprehension(x: Any) -> Any:
    return sum([Body(x * GRAVITY).energy(1.0) for GRAVITY in (1.0, 2.0)])


def changed_between(x: Any) -> Any:
    y = applied(lambda v: v * x, x)
    set_scale(0.25)
    return y * applied(lambda v: v * v, x)


FUNCTIONS = [
    of_a_class, of_a_structure, of_a_function_that_is_given_one, under_a_parameter, under_a_variable,
    under_the_name_of_the_module, under_a_loop_variable, in_a_comprehension,
]  # fmt: skip


@pytest.mark.parametrize("function", FUNCTIONS)
def test_of_its_own_module(function: Callable[..., Any]) -> None:
    for _ in range(2):
        assert bp.value_and_grad(function)(1.3) == pytest.approx((function(1.3), slope(function)))
        value, pullback = bp.vjp(function, 1.3)
        assert (value, pullback(1.0)) == pytest.approx((function(1.3), slope(function)))
        assert bp.jvp(function, (1.3,), (1.0,)) == pytest.approx((value, pullback(1.0)))
        assert bp.hvp(function)(1.3, 1.0) == pytest.approx(slope(bp.grad(function)), abs=1e-6)
        other_module.GRAVITY, other_module.SCALE = 1.6, 0.7  # what is read is what it is now


def test_effects_happen_once() -> None:
    bp.value_and_grad(of_a_class)(1.3)
    assert other_module.LOG == [1.0]


def test_changed_in_the_call() -> None:
    expected = slope(lambda x: (set_scale(0.5), changed_between(x))[1])
    set_scale(0.5)
    try:
        found = bp.grad(changed_between)(1.3)
    except bp.UnsupportedError:
        pass
    else:
        assert found == pytest.approx(expected)


def test_an_array_in_place_of_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    df = bp.grad(of_a_structure)
    assert df(1.3) == pytest.approx(slope(of_a_structure))
    monkeypatch.setattr(other_module, "GRAVITY", np.float64(2.0))
    assert df(1.3) == pytest.approx(slope(of_a_structure))


def test_a_module_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """The functions stay those of the old one."""
    df = bp.grad(of_a_structure)
    before = df(1.3)
    other = ModuleType("tests.other_module")
    vars(other).update(GRAVITY=100.0, weight=lambda mass: mass, TABLE=np.zeros(3))
    monkeypatch.setitem(sys.modules, "tests.other_module", other)
    monkeypatch.setattr(sys.modules["tests"], "other_module", other)
    try:
        assert df(1.3) == before
    except bp.UnsupportedError as error:
        assert "another module" in str(error)  # noqa: PT017


def test_text() -> None:
    of_a_class(1.3)
    df = bp.grad(of_a_structure)
    df(1.3)
    assert df.source == (
        "def of_a_structure_grad(x, *, result_bar=1.0):\n"
        "    # forward\n"
        "    found_a = other_module.GRAVITY * x\n"
        "    found_b = x * other_module.GRAVITY + other_module.TABLE[0]\n"
        "\n"
        '    # return found["a"] * found["b"]\n'
        "    found_a_bar = result_bar * found_b\n"
        "    found_b_bar = result_bar * found_a\n"
        "    # found = parts(x)\n"
        "    x_bar = found_b_bar * other_module.GRAVITY + found_a_bar * other_module.GRAVITY\n"
        "    return x_bar\n"
    )


# ---------------------------------------------------------------- variables around what is carried out in place
def scaled(by: float) -> Callable[..., Any]:
    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*args: Any, **options: Any) -> Any:
            return by * function(*args, **options)

        def rescale(to: float) -> None:
            nonlocal by
            by = to

        wrapped.rescale = rescale  # type: ignore[attr-defined]
        return wrapped

    return decorate


@scaled(2.0)
@scaled(1.5)
def doubled(x: Any) -> Any:
    return np.sin(x)


@scaled(3.0)
def tripled(x: Any, power: float = 2.0) -> Any:
    return x**power


def of_decorated(x: Any) -> Any:
    return doubled(x) * tripled(x, power=3.0) + doubled(2 * x)


by_of_wrapped = 7.0


def under_the_name_that_it_would_get(x: Any) -> Any:
    return tripled(x) * by_of_wrapped


@pytest.mark.parametrize("function", [of_decorated, under_the_name_that_it_would_get])
def test_variables_around_decorated_functions(function: Callable[..., Any]) -> None:
    derived = bp.value_and_grad(function)
    assert derived(1.3) == (function(1.3), pytest.approx(slope(function), rel=1e-6))
    doubled.rescale(4.0)
    tripled.rescale(np.float64(0.25))
    try:
        assert derived(1.3) == (function(1.3), pytest.approx(slope(function), rel=1e-6))
        assert bp.hvp(function)(1.3, 1.0) == pytest.approx(
            (bp.grad(function)(1.3 + 1e-6) - bp.grad(function)(1.3 - 1e-6)) / 2e-6, rel=1e-5
        )
    finally:
        doubled.rescale(2.0)
        tripled.rescale(3.0)
