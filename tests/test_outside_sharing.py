"""Objects outside that a call changes and others that it reads: whether they share memory is asked at each call."""

from __future__ import annotations

import enum
import functools
import weakref
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import backprose as bp
from tests.differences import gradient

POINT = np.array([1.0, 2.0, 3.0])
BUFFER, WEIGHTS = np.zeros(3), np.full(3, 2.0)
BOX: dict[str, Any] = {}
HOLDER = SimpleNamespace(array=None)


class Part:
    def __init__(self, k: float) -> None:
        self.k = np.full(3, k)


ONE, OTHER = Part(1.0), Part(2.0)


def weighted(x: Any) -> Any:
    y = x * WEIGHTS
    BUFFER[0] = 7.0
    return np.sum(y)


def in_a_helper(x: Any) -> Any:
    return np.sum(clears(x) * WEIGHTS)


def clears(x: Any) -> Any:
    y = x * 3
    BUFFER[:] = 0.0
    return y


def of_objects(x: Any) -> Any:
    y = np.sum(x * OTHER.k)
    ONE.k[0] = 5.0
    return y


@pytest.mark.parametrize(
    ("function", "name", "value", "expected", "as_one"),
    [
        (weighted, "BUFFER", lambda: WEIGHTS[1:], 2.0, 2.0),
        (in_a_helper, "BUFFER", lambda: WEIGHTS, 6.0, 0.0),
        (of_objects, "OTHER", lambda: ONE, 2.0, 1.0),
    ],
)
@pytest.mark.parametrize("mode", ["reverse", "forward"])
def test_what_becomes_one_array_or_object_is_seen(
    function: Callable[..., Any],
    name: str,
    value: Callable[[], Any],
    expected: float,
    as_one: float,
    mode: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def derivative() -> Any:
        BUFFER[:], WEIGHTS[:], ONE.k[:] = 0.0, 2.0, 1.0
        return bp.grad(function)(POINT) if mode == "reverse" else bp.jvp(function, (POINT,), (np.ones(3) / 3,))[1]

    np.testing.assert_allclose(derivative(), expected)
    monkeypatch.setitem(globals(), name, value())
    np.testing.assert_allclose(derivative(), as_one)
    monkeypatch.undo()
    np.testing.assert_allclose(derivative(), expected)


def into_a_dict(x: Any) -> Any:
    y = np.ones(3)
    BOX["y"] = y
    y[:] = x
    return np.sum(BOX["y"] ** 2)


def into_an_object(x: Any) -> Any:
    y = np.ones(3)
    HOLDER.array = y
    y *= x
    return np.sum(HOLDER.array**2)


def into_a_global(x: Any) -> Any:
    global BUFFER
    y = np.ones(3)
    BUFFER = y
    y += x
    return np.sum(BUFFER**2)


def by_a_helper(x: Any) -> Any:
    y = np.ones(3)
    puts(y)
    y[0] = x[1]
    return np.sum(BOX["y"] ** 2)


def puts(v: Any) -> None:
    BOX["y"] = v


def a_view(x: Any) -> Any:
    y = np.ones(3)
    puts(y[1:])
    y[:] = x
    return np.sum(BOX["y"] ** 2)


@pytest.mark.parametrize("function", [into_a_dict, into_an_object, into_a_global, by_a_helper, a_view])
@pytest.mark.parametrize("mode", ["reverse", "forward"])
def test_an_array_put_away_and_written_then_is_refused(function: Callable[..., Any], mode: str) -> None:
    with pytest.raises(bp.BackproseError) as caught:
        bp.grad(function)(POINT) if mode == "reverse" else bp.jvp(function, (POINT,), (POINT,))
    assert caught.value.section in ("global-and-nonlocal", "objects")
    assert caught.value.where is not None


def a_copy(x: Any) -> Any:
    y = np.ones(3)
    BOX["y"] = y.copy()
    y[:] = x
    return np.sum(y**2)


def before_it_is_bound_anew(x: Any) -> Any:
    y = np.ones(3)
    BOX["y"] = y
    y = x * 2
    return np.sum(y**2)


@pytest.mark.parametrize(("function", "factor"), [(a_copy, 2.0), (before_it_is_bound_anew, 8.0)])
def test_what_is_not_written_may_be_put_away(function: Callable[..., Any], factor: float) -> None:
    np.testing.assert_allclose(bp.grad(function)(POINT), factor * POINT)
    np.testing.assert_array_equal(BOX["y"], np.ones(3))


def before_and_after(x):
    first = np.sum(BUFFER * x**2)
    BUFFER[1:] += 2.0
    return first * np.sum(BUFFER * x)


def in_a_loop(x):
    total = 0.0
    for k in range(3):
        BUFFER[k] += 1.0
        total += np.sum(np.exp(BUFFER * x))
    return total


def around_a_helper(x):
    first = of_the_buffer(x)
    BUFFER[0] = 3.0
    return first * of_the_buffer(x)


def of_the_buffer(x):
    return np.sum(BUFFER * x**2)


def by_an_inner_function(x):
    def step():
        BUFFER[1] += 1.0

    total = 0.0
    for _ in range(3):
        step()
        total += BUFFER @ x**2
    return total


def by_an_index_of_itself(x):
    BUFFER[int(np.sum(BUFFER > 0)) - 1] = 2.0
    y = x * BUFFER
    BUFFER[0] = 3.0
    return np.sum(y * BUFFER)


def sorted_in_place(x):
    y = max(np.sum(BUFFER * x), 1.0)
    BUFFER.sort()
    return y * np.max(BUFFER * x)


def as_a_mask(x):
    y = np.sum(x[BUFFER > 0.6] ** 2)
    BUFFER[0] = 0.7
    return y * np.sum(x[BUFFER > 0.6])


@pytest.mark.parametrize(
    "function",
    [
        before_and_after,
        in_a_loop,
        around_a_helper,
        by_an_inner_function,
        by_an_index_of_itself,
        sorted_in_place,
        as_a_mask,
    ],
)
def test_an_array_outside_is_written_and_read(function: Callable[..., Any]) -> None:
    def at_first(x: Any) -> Any:
        BUFFER[:] = [0.5, 1.0, -1.0]
        return function(x)

    expected = gradient(at_first, (POINT,), 0)
    for _ in range(2):
        BUFFER[:] = [0.5, 1.0, -1.0]
        assert expected.agrees(bp.grad(function)(POINT))
    after = BUFFER.copy()
    at_first(POINT)
    np.testing.assert_array_equal(BUFFER, after)
    BUFFER[:] = [0.5, 1.0, -1.0]
    _, pullback = bp.vjp(function, POINT)
    BUFFER[:] = 9.0
    assert expected.agrees(pullback(1.0))
    BUFFER[:] = [0.5, 1.0, -1.0]
    assert expected.agrees(np.array([tangent_of(function, way) for way in np.eye(3)]))


def tangent_of(function: Callable[..., Any], way: Any) -> Any:
    BUFFER[:] = [0.5, 1.0, -1.0]
    return bp.jvp(function, (POINT,), (way,))[1]


def given_to_what_writes(x):
    first = writes_and_reads(BUFFER, x)
    return first * np.sum(BUFFER * x)


def writes_and_reads(a, x):
    a[0] += 1.0
    return np.sum(a * x)


def given_what_is_differentiated(x):
    BUFFER[0] = x[0]
    return np.sum(BUFFER * x)


def held_in_a_list(x):
    both = [BUFFER, x]
    y = np.sum(both[0] * x)
    BUFFER[0] = 5.0
    return y + np.sum(both[0] * x)


def held_as_a_view(x):
    y, _ = np.broadcast_arrays(BUFFER, x)
    BUFFER[0] = 5.0
    return np.sum(y * x)


@pytest.mark.parametrize(
    "function", [given_to_what_writes, given_what_is_differentiated, held_in_a_list, held_as_a_view]
)
@pytest.mark.parametrize("mode", ["reverse", "forward"])
def test_no_copy_stands_for_an_array_that_is_held_or_written(function: Callable[..., Any], mode: str) -> None:
    BUFFER[:] = [0.5, 1.0, -1.0]
    with pytest.raises(bp.BackproseError) as caught:
        bp.grad(function)(POINT) if mode == "reverse" else bp.jvp(function, (POINT,), (POINT,))
    assert caught.value.section == "global-and-nonlocal"


# ---------------------------------------------------------------- an argument that is written is also held outside
HELD = np.array([1.0, 2.0, 3.0])


class Layer:
    def __init__(self, w: Any) -> None:
        self.w = w

    def dot(self, x: Any) -> Any:
        return np.sum(self.w * x)

    def get(self) -> Any:
        return self.w


dot_of_a_layer = Layer(HELD).dot
LAYERS = [Layer(HELD).dot]


@functools.lru_cache
def held() -> Any:
    return HELD


def by_a_bound_method(x):
    x[0] *= 2.0
    return dot_of_a_layer(x)


def by_a_list_of_methods(x):
    x[0] *= 2.0
    return LAYERS[0](x)


def by_a_cached_function(x):
    x[0] *= 2.0
    return np.sum(x * held())


def by_an_argument(x, g):
    x[0] *= 2.0
    return np.sum(x * g())


def by_a_list_of_arguments(x, gs):
    x[0] *= 2.0
    return np.sum(x * gs[0]())


def identity(a):
    return a


class Window:
    """No attributes of its own: what it shows is outside."""

    __slots__ = ()

    @property
    def w(self) -> Any:
        return HELD


class Anything:
    def __getattr__(self, name: str) -> Any:
        return HELD


class Slotted:
    __slots__ = ("missing", "w")

    def __init__(self) -> None:
        self.w = HELD


class Kind(enum.Enum):
    FIRST = "first"
    SECOND = "second"

    def __init__(self, text: str) -> None:
        self.array = HELD


def enclosing() -> Callable[[], Any]:
    inside = HELD
    return lambda: inside


def by_default(a=HELD):
    return a


WINDOW, ANYTHING, SLOTTED, LAYER, CLOSURE = Window(), Anything(), Slotted(), Layer(HELD), enclosing()
REFERENCE, PARTIAL = weakref.ref(LAYER), functools.partial(identity, HELD, key=HELD)


def by_a_property(x):
    x[0] *= 2.0
    return np.sum(x * WINDOW.w)


def by_getattr(x):
    x[0] *= 2.0
    return np.sum(x * ANYTHING.weights)


def by_a_slot(x):
    x[0] *= 2.0
    return np.sum(x * SLOTTED.w)


def by_a_weak_reference(x):
    x[0] *= 2.0
    return np.sum(x * REFERENCE().w)


def by_a_member(x):
    x[0] *= 2.0
    return np.sum(x * Kind.FIRST.array)


def by_a_cell(x):
    x[0] *= 2.0
    return np.sum(x * CLOSURE.__closure__[0].cell_contents)


def by_defaults(x):
    x[0] *= 2.0
    return np.sum(x * by_default.__defaults__[0])


def by_parts_of_a_partial(x):
    x[0] *= 2.0
    return np.sum(x * PARTIAL.args[0]) + np.sum(x * PARTIAL.keywords["key"])


@pytest.mark.parametrize(
    ("function", "others"),
    [
        (by_a_bound_method, ()),
        (by_a_list_of_methods, ()),
        (by_a_cached_function, ()),
        (by_a_property, ()),
        (by_getattr, ()),
        (by_a_slot, ()),
        (by_a_weak_reference, ()),
        (by_a_member, ()),
        (by_a_cell, ()),
        (by_defaults, ()),
        (by_parts_of_a_partial, ()),
        (by_an_argument, (functools.partial(identity, HELD),)),
        (by_an_argument, (Layer(HELD).get,)),
        (by_a_list_of_arguments, ([Layer(HELD).get],)),
    ],
)
def test_a_written_argument_that_is_held_elsewhere_is_refused(function: Callable[..., Any], others: Any) -> None:
    df = bp.value_and_grad(function, wrt="x")
    assert df(HELD.copy(), *others)[0] == function(HELD.copy(), *others)
    with pytest.raises(bp.AliasError, match="writes into x, which shares memory with"):
        df(HELD, *others)
    np.testing.assert_array_equal(HELD, [1.0, 2.0, 3.0])


def test_a_written_argument_in_another_byte_order_is_refused() -> None:
    def doubled(x):
        y = np.asarray(x, dtype=float)
        y *= 2.0
        return np.sum(x**2) + np.sum(y)

    df = bp.value_and_grad(doubled)
    assert df(np.array([1.0, 2.0]))[0] == 26.0
    with pytest.raises(bp.AliasError, match="another byte order"):
        df(np.array([1.0, 2.0], dtype=np.dtype(float).newbyteorder()))


def changed_after_a_cached_read(x):
    total = np.sum(held() * x**2)
    HELD[0] = 5.0
    return total


def after_a_property(x):
    total = np.sum(WINDOW.w * x**2)
    HELD[0] = 5.0
    return total


def after_a_slot(x):
    total = np.sum(SLOTTED.w * x**2)
    HELD[0] = 5.0
    return total


def after_a_weak_reference(x):
    total = np.sum(REFERENCE().w * x**2)
    HELD[0] = 5.0
    return total


def after_a_member(x):
    total = np.sum(Kind.FIRST.array * x**2)
    HELD[0] = 5.0
    return total


def after_a_cell(x):
    total = np.sum(CLOSURE.__closure__[0].cell_contents * x**2)
    HELD[0] = 5.0
    return total


@pytest.mark.parametrize("function", [changed_after_a_cached_read, after_a_weak_reference, after_a_cell])
def test_what_is_read_by_a_way_that_is_not_known_is_changed_later(function: Callable[..., Any]) -> None:
    with pytest.raises(bp.BackproseError, match="is changed by this call"):
        bp.grad(function)(POINT)


@pytest.mark.parametrize("function", [after_a_property, after_a_slot, after_a_member])
def test_what_is_read_by_a_way_of_its_own_is_changed_later(function: Callable[..., Any]) -> None:
    before = HELD.copy()
    try:
        np.testing.assert_allclose(bp.grad(function)(POINT), 2 * before * POINT)
        assert HELD[0] == 5.0
    finally:
        HELD[:] = before


def test_a_written_argument_that_is_read_only_is_refused() -> None:
    def scaled(x):
        x *= 2.0
        return np.sum(x**2)

    x = np.array([1.0, 2.0])
    x.flags.writeable = False
    with pytest.raises(bp.AliasError, match=r"scaled writes into x, which is read-only[^`]*x\.copy\(\)"):
        bp.grad(scaled)(x)


class Elsewhere:
    """Without ``__dict__``; what is not found is asked of it."""

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        return HELD


ELSEWHERE = Elsewhere()


def by_getattr_alone(x):
    x[0] *= 2.0
    return np.sum(x * ELSEWHERE.weights)


def test_an_object_without_a_dict_is_asked_nothing() -> None:
    df = bp.value_and_grad(by_getattr_alone)
    assert df(HELD.copy())[0] == by_getattr_alone(HELD.copy())
    with pytest.raises(bp.AliasError, match="shares memory with"):
        df(HELD)


TABLE = np.asfortranarray(np.random.default_rng(0).normal(size=(37, 29)))


def of_columns(x):
    total = np.sum(TABLE * x)
    TABLE[0, 0] = 1.0
    return total * np.sum(TABLE + x)


def test_the_copy_of_an_array_outside_keeps_its_order() -> None:
    before = TABLE.copy(order="K")
    expected = of_columns(0.7)
    TABLE[...] = before
    assert bp.value_and_grad(of_columns)(0.7)[0] == expected
    TABLE[...] = before
    assert 'TABLE.copy(order="K")' in bp.grad(of_columns).source_for(0.7)


# ---------------------------------------------------------------- by code that is not looked into, and by lists
class Shelf:
    def get(self) -> Any:
        return HELD

    def __iter__(self) -> Any:
        return iter([HELD])

    def __len__(self) -> int:
        return 1


class Given:
    def __get__(self, obj: Any, cls: Any = None) -> Any:
        return HELD


class WithGiven:
    w = Given()


SHELF, WITH_GIVEN, LISTED = Shelf(), WithGiven(), [HELD]


def of_getattr(x):
    x[0] *= 2.0
    return np.sum(x * getattr(SHELF, "get")())


def of_an_iterator(x):
    x[0] *= 2.0
    held = list(SHELF)
    return np.sum(x * held[0])


def of_a_descriptor(x):
    x[0] *= 2.0
    return np.sum(x * WITH_GIVEN.w)


@pytest.mark.parametrize("function", [of_getattr, of_an_iterator, of_a_descriptor])
def test_code_of_classes_that_reads_what_is_an_argument(function: Callable[..., Any]) -> None:
    df = bp.value_and_grad(function)
    try:
        assert df(HELD.copy())[0] == function(HELD.copy())
    except bp.UnsupportedError:
        return
    with pytest.raises(bp.AliasError, match="shares memory with"):
        df(HELD)


def in_a_comprehension(x):
    found = [one for one in LISTED if len(one)]
    total = np.sum(x * found[0])
    HELD[0] = 5.0
    return total


def in_a_tuple(x):
    held = tuple(LISTED)
    total = np.sum(x * held[0])
    HELD[0] = 5.0
    return total


def the_largest(x):
    total = np.sum(x * max([HELD], key=len))
    HELD[0] = 5.0
    return total


def appended(x):
    found = []
    found.append(HELD)
    total = np.sum(x * found[0])
    HELD[0] = 5.0
    return total


def by_iteration(x):
    total = np.sum(x * next(iter(SHELF)))
    HELD[0] = 5.0
    return total


@pytest.mark.parametrize("function", [in_a_comprehension, in_a_tuple, the_largest, appended, by_iteration])
@pytest.mark.parametrize("mode", ["reverse", "forward"])
def test_an_array_outside_in_a_list_is_changed_later(function: Callable[..., Any], mode: str) -> None:
    before = HELD.copy()
    try:
        found = bp.grad(function)(POINT) if mode == "reverse" else bp.jvp(function, (POINT,), (np.ones(3) / 3,))[1]
    except bp.BackproseError as refused:
        assert refused.section == "global-and-nonlocal"  # noqa: PT017
    else:
        np.testing.assert_allclose(found, before if mode == "reverse" else np.sum(before) / 3)
    finally:
        HELD[:] = before
