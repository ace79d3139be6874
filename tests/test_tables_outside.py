"""Tables of texts outside: followed by their keys, and never stale."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest

import backprose as bp
from tests.fuzz.run import check_function

WEIGHTS: dict[str, Any] = {}
TERMS: list[Any] = []
NAMES = ("a", "b")
DEFAULT = 3.0


class Model:
    names: ClassVar = ["a", "b"]

    def __init__(self, x: Any) -> None:
        self.a, self.b = x, x * x

    def total(self) -> Any:
        return sum(getattr(self, name) for name in self.names)


@pytest.fixture(autouse=True)
def fresh() -> None:
    WEIGHTS.clear()
    WEIGHTS.update(a=1.0, b=2.0)
    TERMS[:] = [("a", 1), ("b", 2)]
    Model.names = ["a", "b"]


def weighted(x: Any) -> Any:
    parts = {"a": x, "b": x * x, "c": x**3}
    total = 0.0
    for name, weight in WEIGHTS.items():
        total += weight * parts[name]
    return total


def powers(x: Any) -> Any:
    parts = {"a": x, "b": x * x}
    return sum(parts[name] ** power for name, power in TERMS)


def by_keys(x: Any) -> Any:
    parts = dict(zip("abc", (x, x * x, 3.0), strict=True))
    total = 0.0
    for place, name in enumerate(WEIGHTS):
        total += place * parts[name]
    for name, (other, _) in zip(WEIGHTS, TERMS, strict=False):
        total += parts[name] * WEIGHTS[other]
    return total


def by_attributes(x: Any) -> Any:
    return Model(x).total()


def picked(x: Any, key: str = "a") -> Any:
    parts = {"a": x, "b": x * x}
    return parts[key]


def picks(x: Any) -> Any:
    return picked(x) + picked(x, "b") + sum(picked(x, key=name) for name in NAMES)


def scaled(x: Any, by: float = DEFAULT, powers: list[int] = [2]) -> Any:
    return by * x ** powers[0]


def with_defaults(x: Any) -> Any:
    return scaled(x) + scaled(x, 2.0)


@pytest.mark.parametrize("function", [weighted, powers, by_keys, by_attributes, picks, with_defaults])
def test_right(function: Any) -> None:
    assert check_function(function, (0.7,), "x").kind == "right"


def slope(function: Any) -> float:
    return (function(0.7 + 1e-6) - function(0.7 - 1e-6)) / 2e-6


def test_changed_tables_are_seen() -> None:
    derivative = bp.grad(weighted)
    changes: list[Any] = [
        lambda: WEIGHTS.update(a=5.0),
        lambda: WEIGHTS.update(c=0.5),
        lambda: WEIGHTS.pop("b"),
        lambda: WEIGHTS.update(a=2),
        lambda: WEIGHTS.update({"b": 1.0}),
    ]
    for change in changes:
        assert derivative(0.7) == pytest.approx(slope(weighted))
        change()
    assert derivative(0.7) == pytest.approx(slope(weighted))


def test_changed_terms_are_seen() -> None:
    derivative = bp.grad(powers)
    for term in (("a", 3), ("b", 1), ("a", 2.5)):
        TERMS.append(term)
        assert derivative(0.7) == pytest.approx(slope(powers))
    TERMS[0] = ("b", 4)
    assert derivative(0.7) == pytest.approx(slope(powers))


def test_changed_names_of_a_class_are_seen() -> None:
    derivative = bp.grad(by_attributes)
    assert derivative(0.7) == pytest.approx(slope(by_attributes))
    Model.names.append("a")
    assert derivative(0.7) == pytest.approx(slope(by_attributes))
    Model.names = ["b"]
    assert derivative(0.7) == pytest.approx(slope(by_attributes))


def test_changed_defaults_are_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    derivative = bp.grad(with_defaults)
    assert derivative(0.7) == pytest.approx(slope(with_defaults))
    monkeypatch.setitem(globals(), "DEFAULT", 7.0)  # the default stays what it was
    assert derivative(0.7) == pytest.approx(slope(with_defaults))
    monkeypatch.setattr(scaled, "__defaults__", (7.0, [2]))
    assert derivative(0.7) == pytest.approx(slope(with_defaults))
    scaled.__defaults__[1][0] = 3  # type: ignore[index]
    assert derivative(0.7) == pytest.approx(slope(with_defaults))


def changes_what_named_a_default(x: Any) -> Any:
    global DEFAULT
    DEFAULT = 7.0
    return scaled(x)


def test_default_is_not_the_global_that_it_was_given_by(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(globals(), "DEFAULT", DEFAULT)
    assert bp.grad(changes_what_named_a_default)(0.7) == pytest.approx(3.0 * 2 * 0.7)


def changes_its_table(x: Any) -> Any:
    parts = {"a": x, "b": x * x, "c": x}
    WEIGHTS["a"] += 1.0
    total = 0.0
    for name, weight in WEIGHTS.items():
        total += weight * parts[name]
    WEIGHTS["c"] = 1.0
    return total


def test_table_that_is_changed_by_the_call_is_right_or_refused() -> None:
    for _ in range(2):
        try:
            found = bp.grad(changes_its_table)(0.7)
        except bp.BackproseError:
            continue
        weights = dict(WEIGHTS)  # after the call
        weights.pop("c")
        assert found == pytest.approx(weights["a"] + weights["b"] * 1.4)
