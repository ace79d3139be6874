"""Guards hold as long as what a derivative took for granted is so."""

from __future__ import annotations

import builtins
import types
from collections.abc import Callable
from types import FunctionType
from typing import Any

import numpy as np
import pytest

from backprose.load.guards import Guard, resolve

rate: Any = 0.5
axis: Any = 0
config: Any = types.SimpleNamespace(inner=types.SimpleNamespace(rate=0.5))


def helper(x, n=1):
    return x * n


def home(x): ...


def enclosing(value: object) -> tuple[FunctionType, Callable[[object], None]]:
    def inner() -> object:
        return value

    def change(new: object) -> None:
        nonlocal value
        value = new

    return inner, change


@pytest.fixture(autouse=True)
def put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("rate", "axis", "config", "helper"):
        monkeypatch.setitem(globals(), name, globals()[name])


def test_names_are_found_as_python_finds_them() -> None:
    inner, _ = enclosing("cell")
    assert resolve(inner, "value") == "cell"
    assert resolve(home, "rate") == 0.5
    assert resolve(home, "len") is len
    assert resolve(home, "np.linalg.norm") is np.linalg.norm
    assert resolve(home, "") is home
    with pytest.raises(NameError):
        resolve(home, "no_such_name")
    with pytest.raises(AttributeError):
        resolve(home, "np.no_such_name")


def test_a_global_hides_a_builtin(monkeypatch: pytest.MonkeyPatch) -> None:
    guard = Guard.identity(home, "len")
    monkeypatch.setitem(globals(), "len", lambda x: 0)
    assert not guard.holds()


@pytest.mark.parametrize(
    ("before", "after", "holds"),
    [
        (0.5, 0.25, True),
        (0.5, 1, False),
        (0.5, np.float64(0.5), False),
        (np.zeros(3), np.ones(4), True),
        (np.zeros(3), np.zeros(1), False),
        (np.zeros(3), np.zeros((3, 3)), False),
        (np.zeros(3), np.zeros(3, np.float32), False),
        (np.zeros((3, 1)), np.zeros((1, 3)), False),
        ((1, 2.0), (3, 4.0), True),
        ((1, 2.0), (3, 4), False),
        (None, 0.0, False),
        ("a", "b", True),
    ],
)
def test_types(before: object, after: object, holds: bool) -> None:
    globals()["rate"] = before
    guard = Guard.type(home, "rate")
    assert guard.holds()
    globals()["rate"] = after
    assert guard.holds() is holds


def test_a_missing_name_does_not_hold() -> None:
    guard = Guard.type(home, "rate")
    del globals()["rate"]
    assert not guard.holds()
    globals()["rate"] = 1.0
    assert guard.holds()


def test_a_cell() -> None:
    inner, change = enclosing(1.0)
    guard = Guard.type(inner, "value")
    change(2.0)
    assert guard.holds()
    change(2)
    assert not guard.holds()


def test_an_attribute() -> None:
    guard = Guard.type(home, "config.inner.rate")
    config.inner.rate = 0.1
    assert guard.holds()
    config.inner = None
    assert not guard.holds()


def test_a_function_that_is_rebound() -> None:
    guard = Guard.identity(home, "helper")
    globals()["helper"] = lambda x: x
    assert not guard.holds()


def test_a_function_whose_code_is_replaced_as_autoreload_does(monkeypatch: pytest.MonkeyPatch) -> None:
    guard = Guard.identity(home, "helper")
    assert guard.holds()
    with monkeypatch.context() as patch:
        patch.setattr(helper, "__code__", (lambda x, n: x).__code__)
        assert not guard.holds()
    with monkeypatch.context() as patch:
        patch.setattr(helper, "__defaults__", (2,))
        assert not guard.holds()
    assert guard.holds()


def test_the_primal_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    guard = Guard.identity(home, "")
    assert guard.holds()
    monkeypatch.setattr(home, "__code__", (lambda x: x).__code__)
    assert not guard.holds()


class Model:
    rate = 1.0

    def step(self) -> float:
        return 1.0


def test_a_method_that_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    class Child(Model):
        pass

    guard = Guard.of_class(home, Child)
    monkeypatch.setattr(Model, "rate", 2.0)
    assert guard.holds()
    with monkeypatch.context() as patch:
        patch.setattr(Model, "step", lambda self: 2.0)
        assert not guard.holds()
    assert guard.holds()
    monkeypatch.setattr(Child, "__len__", lambda self: 2, raising=False)
    assert not guard.holds()


def test_values() -> None:
    guard = Guard.value(home, "axis")
    globals()["axis"] = 0.0
    assert not guard.holds()
    globals()["axis"] = False
    assert not guard.holds()
    globals()["axis"] = 0
    assert guard.holds()
    globals()["axis"] = (0, 1)
    assert not guard.holds()


def test_builtins_are_those_of_the_function() -> None:
    space = {"__builtins__": {"abs": len}}
    exec("def f(): return abs", space)
    function: Any = space["f"]
    assert resolve(function, "abs") is len
    assert resolve(home, "abs") is builtins.abs
