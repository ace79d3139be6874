"""NumPy's arrays beside objects and lists: what NumPy makes of them is what the derivative is of, or it is refused."""

from __future__ import annotations

import types
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import backprose as bp
from tests.checks import is_guard
from tests.differences import gradient

POINT = np.array([0.3, 0.5, 0.7])


class Scaled:
    def __init__(self, w: Any) -> None:
        self.w = w

    def __rmul__(self, other: Any) -> Any:
        return other * self.w + np.sum(other)

    def __mul__(self, other: Any) -> Any:
        return other * self.w


class Own(Scaled):
    __array_ufunc__ = None


class Vector:
    def __init__(self, a: Any, b: Any) -> None:
        self.a, self.b = a, b

    def __len__(self) -> int:
        return 2

    def __getitem__(self, i: int) -> Any:
        return (self.a, self.b)[i]

    def __rmul__(self, k: Any) -> Any:
        return Vector(k * self.a + 1, k * self.b + 1)

    __mul__ = __rmul__


SCALED, OWN, VECTOR = Scaled(2.0), Own(2.0), Vector(1.0, 2.0)
NUMBERS, ONE, HELD = [5.0, 6.0, 2.0], [3], types.SimpleNamespace()
MODULE = types.ModuleType("module")
MODULE.bend = np.sin  # type: ignore[attr-defined]
MODULE.weights = [1.0, 2.0, 0.5]  # type: ignore[attr-defined]


def number_reflected(x: Any) -> Any:
    return x[0] * SCALED + 2.0 * SCALED


def own_reflected(x: Any) -> Any:
    return np.sum(x * OWN)


def object_first(x: Any) -> Any:
    return np.sum(SCALED * x)


def local_reflected(x: Any) -> Any:
    return np.sum(x) * Scaled(x[0])


def vector_first(x: Any) -> Any:
    made = 2.0 * (VECTOR * x[0])
    return made[0] * made[1]


def list_in_a_product(x: Any) -> Any:
    return np.dot(x, NUMBERS) + x @ NUMBERS + np.sum(NUMBERS * x) + x.dot(MODULE.weights)


def list_in_functions(x: Any) -> Any:
    return (
        np.average(x, weights=NUMBERS)
        + np.sum(x**NUMBERS)
        + np.sum(np.arctan2(x, NUMBERS))
        + np.sum(np.ldexp(x, [1, 2, 3]))
    )


def list_of_one_number(x: Any) -> Any:
    y = x * ONE
    return np.sum(y * y) + np.sum(2 * x * ONE)


def list_as_a_list(x: Any) -> Any:
    return np.sum((NUMBERS * 2)[0] * x) + sum(NUMBERS) * x[0] + len(NUMBERS) * x[1] + max(NUMBERS) * x[2]


def repeated(n: Any) -> Any:
    return [n] * 3


def joined(n: Any) -> Any:
    return np.array([n] + [n * n] * 2)


def lists_of_helpers(x: Any) -> Any:
    return repeated(x[0])[1] * 3 + np.sum(joined(x[1]) * x) + sum(repeated(x[2]))


TAKEN = [
    number_reflected, own_reflected, object_first, local_reflected, vector_first, list_in_a_product, list_in_functions,
    list_of_one_number, list_as_a_list, lists_of_helpers,
]  # fmt: skip


@pytest.mark.parametrize("function", TAKEN)
def test_right(function: Callable[..., Any]) -> None:
    expected = gradient(function, (POINT,), 0).value
    np.testing.assert_allclose(bp.grad(function)(POINT), expected, rtol=1e-6)
    np.testing.assert_allclose([bp.jvp(function, (POINT,), (one,))[1] for one in np.eye(3)], expected, rtol=1e-6)


def array_reflected(x: Any) -> Any:
    return np.sum(x * SCALED)


def vector_reflected(x: Any) -> Any:
    made = x[0] * VECTOR
    return made[0] * made[1]


def array_of_objects(x: Any) -> Any:
    return np.sum(np.array(x, dtype=object) * 2)


def cast_to_objects(x: Any) -> Any:
    return np.sum(x.astype("O") * x.astype(object))


def cast_to_texts(x: Any) -> Any:
    return np.sum(x.astype(str).astype(float)) + np.sum(np.array(x, dtype="U32").astype(float))


def slice_of_a_list(x: Any) -> Any:
    return np.sum(x * ONE[:])


def method_by_name(x: Any) -> Any:
    return getattr(x, "sum")()


def writes_by_name(x: Any) -> Any:
    y = x.copy()
    getattr(y, "fill")(3.0)
    return np.sum(y * x)


def all_items(x: Any) -> Any:
    return np.array([*x])


def stars_in_a_helper(x: Any) -> Any:
    return np.sum(all_items(x))


def test_an_array_of_all_items_in_a_helper() -> None:
    x = np.array([0.5, -1.5, 2.0])
    assert np.array_equal(bp.grad(stars_in_a_helper)(x), np.ones(3))
    assert bp.jvp(stars_in_a_helper, (x,), (x,))[1] == 1.0


REFUSED = [
    method_by_name, writes_by_name, array_reflected, vector_reflected, array_of_objects,
    cast_to_objects, cast_to_texts, slice_of_a_list,
]  # fmt: skip


@pytest.mark.parametrize("function", REFUSED)
@pytest.mark.parametrize("mode", ["reverse", "forward"])
def test_refused(function: Callable[..., Any], mode: str) -> None:
    with pytest.raises((bp.BackproseError, ValueError)) as caught:
        bp.grad(function)(POINT) if mode == "reverse" else bp.jvp(function, (POINT,), (POINT,))
    assert isinstance(caught.value, bp.BackproseError) or is_guard(caught.value)


def of_a_module(x: Any) -> Any:
    return np.sum(MODULE.bend(x))


def test_a_function_of_a_module_that_is_replaced_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    derived = bp.grad(of_a_module)
    np.testing.assert_allclose(derived(POINT), np.cos(POINT))
    monkeypatch.setattr(MODULE, "bend", np.cos)
    np.testing.assert_allclose(derived(POINT), -np.sin(POINT))
    monkeypatch.setattr(MODULE, "bend", lambda v: v**2)
    np.testing.assert_allclose(derived(POINT), 2 * POINT)


OPTION: Any = None


def optional(x: Any) -> Any:
    if OPTION is not None:
        x = x * OPTION.w
    return np.sum(x)


def test_a_pullback_reads_only_what_the_program_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    np.testing.assert_allclose(bp.vjp(optional, POINT)[1](1.0), np.ones(3))
    monkeypatch.setitem(globals(), "OPTION", Scaled(3.0))
    np.testing.assert_allclose(bp.vjp(optional, POINT)[1](1.0), 3 * np.ones(3))


class Box:
    def __init__(self, w: Any) -> None:
        self.w = w


BOX, BUFFER = Box(2.0), np.array([1.0, 2.0, 3.0])


def changes_outside(x: Any, box: Any) -> Any:
    BOX.w = 8.0
    return np.sum(x) * box.w


def changes_an_argument(x: Any, one: Any, other: Any) -> Any:
    one.w = 5.0
    return np.sum(x) * other.w


def changes_in_a_list(x: Any, boxes: Any) -> Any:
    boxes[0].w = 4.0
    return np.sum(x) * boxes[1].w


TABLE = {"k": {"v": 2.0}}


def set_to_nine(table: Any) -> None:
    table["v"] = 9.0


def changes_outside_by_a_helper(x: Any, table: Any) -> Any:
    set_to_nine(TABLE["k"])
    return np.sum(x) * table["v"]


def writes_outside(x: Any) -> Any:
    BUFFER[0] = 5.0
    return np.sum(x * x)


@pytest.mark.parametrize(
    ("function", "args"),
    [
        (changes_outside, lambda: (POINT, BOX)),
        (changes_outside_by_a_helper, lambda: (POINT, TABLE["k"])),
        (changes_an_argument, lambda: (POINT, BOX, BOX)),
        (changes_in_a_list, lambda: (POINT, [BOX, BOX])),
        (writes_outside, lambda: (BUFFER,)),
    ],
)
def test_one_thing_under_two_names_is_refused(function: Callable[..., Any], args: Callable[[], Any]) -> None:
    with pytest.raises(bp.BackproseError) as caught:
        bp.grad(function)(*args())
    assert caught.value.section == "aliases"


def test_two_things_are_not() -> None:
    np.testing.assert_allclose(bp.grad(changes_outside)(POINT, Box(3.0)), 3 * np.ones(3))
    np.testing.assert_allclose(bp.grad(changes_an_argument)(POINT, Box(3.0), Box(4.0)), 4 * np.ones(3))
    np.testing.assert_allclose(bp.grad(writes_outside)(POINT), 2 * POINT)
