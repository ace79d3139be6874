"""What a program asks of its objects: attributes, names of classes, identity. Python's own answer, or a refusal."""

from __future__ import annotations

import collections
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol, runtime_checkable

import numpy as np
import pytest

import backprose as bp


class Ball:
    def __init__(self, x):
        self.x = x

    def weight(self):
        return self.x * (2.0 if type(self).__name__ == "Heavy" else 1.0)


class Heavy(Ball):
    pass


class Anything(type):
    def __instancecheck__(cls, one):
        return True


class Everything(metaclass=Anything):
    pass


@runtime_checkable
class HasX(Protocol):
    x: float


@runtime_checkable
class HasWeight(Protocol):
    def weight(self) -> Any: ...


class Pair(NamedTuple):
    x: float
    y: float


CENTRE, TABLE = Ball(2.0), {"w": 1.0}


def by_attributes(p, first):
    total = first(p)
    total *= 2.0 if hasattr(p, "keys") else 1.0
    total *= 3.0 if hasattr(p, "__len__") else 1.0
    total *= 5.0 if hasattr(p, "append") else 1.0
    total *= 7.0 if hasattr(p, "__call__") else 1.0
    total *= 11.0 if hasattr(p, "__dict__") else 1.0
    total *= 13.0 if hasattr(p, "__bool__") else 1.0
    total *= 17.0 if hasattr(p, "w") else 1.0
    return total * (19.0 if getattr(p, "nothing", None) is None else 1.0)


STRUCTURES = [
    ({"w": 1.5}, lambda p: p["w"]),
    ([1.5], lambda p: p[0]),
    ([1.5, 2.5, 3.5], lambda p: p[0] * p[2]),
    ((1.5, 2.0), lambda p: p[1]),
    (Ball(1.5), lambda p: p.x),
    (Pair(1.5, 2.5), lambda p: p.y),
]


@pytest.mark.parametrize(("structure", "first"), STRUCTURES, ids=lambda one: type(one).__name__)
def test_attributes(structure: Any, first: Callable[..., Any]) -> None:
    value, _ = bp.value_and_grad(by_attributes)(structure, first)
    assert value == by_attributes(structure, first)


def by_name(b):
    return b.x * (3.0 if type(b).__name__ == "Heavy" else 1.0)


def by_match(b):
    match type(b).__qualname__:
        case "Ball":
            return b.x * 2
        case "Heavy":
            return b.x * 3
    return b.x * 100


def by_order(b):
    return b.x * (10.0 if b.__class__.__name__ > "G" else 1.0)


def by_base(b):
    return b.x * (10.0 if type(b).__base__ is Ball else 1.0)


def by_method(b):
    return b.weight()


def by_protocol(b):
    return b.x * (10.0 if isinstance(b, HasWeight) else 1.0)


@pytest.mark.parametrize("b", [Ball(1.5), Heavy(1.5)], ids=["ball", "heavy"])
@pytest.mark.parametrize("f", [by_name, by_match, by_order, by_base, by_method, by_protocol], ids=lambda f: f.__name__)
def test_names_of_classes(f: Callable[..., Any], b: Ball) -> None:
    value, gradient = bp.value_and_grad(f)(b)
    assert value == f(b)
    assert gradient.x == f(b) / b.x


def test_a_class_that_gets_another_name() -> None:
    class Local(Ball):
        pass

    df = bp.value_and_grad(by_name)
    assert df(Local(1.5))[0] == 1.5
    Local.__name__ = "Heavy"
    assert df(Local(1.5))[0] == 4.5


def of_kinds(items):
    heavy = [b for b in items if isinstance(b, Heavy)]
    return sum(b.x for b in items) * (2.0 if isinstance(heavy, list) else 3.0) * len(heavy)


def of_a_list(values):
    positive = [v for v in values if v > 0]
    return sum(positive) * (2.0 if isinstance(positive, list) else 3.0) * (5.0 if isinstance(values, tuple) else 7.0)


def of_abstract(values):
    return sum(values) * (2.0 if isinstance(values, Sequence) else 3.0) * (5.0 if isinstance(values, Mapping) else 7.0)


def of_a_defaultdict(x):
    table = collections.defaultdict(float)
    table["a"] = x
    return table["a"] * (2.0 if isinstance(table, collections.defaultdict) else 3.0)


@pytest.mark.parametrize(
    ("f", "given"),
    [
        (of_kinds, [Ball(1.5), Heavy(2.0)]),
        (of_a_list, [1.5, -2.0, 3.0]),
        (of_a_list, (1.5, -2.0, 3.0)),
        (of_abstract, [1.5, -2.0, 3.0]),
        (of_a_defaultdict, 1.5),
    ],
)
def test_isinstance(f: Callable[..., Any], given: Any) -> None:
    assert bp.value_and_grad(f)(given)[0] == f(given)


def answered_by_a_metaclass(b):
    return b.x * (10.0 if isinstance(b, Everything) else 1.0)


def answered_by_attributes(b):
    return b.x * (10.0 if isinstance(b, HasX) else 1.0)


def one_of_two(b):
    return b.x * (10.0 if isinstance(b, Ball | dict) else 1.0)


@pytest.mark.parametrize(
    "f", [answered_by_a_metaclass, answered_by_attributes, one_of_two], ids=lambda one: one.__name__
)
def test_isinstance_that_code_answers(f: Callable[..., Any]) -> None:
    with pytest.raises(bp.BackproseError, match="isinstance"):
        bp.grad(f)(Ball(1.5))


# ---------------------------------------------------------------- identity
def energy(balls):
    total = 0.0
    for a in balls:
        for b in balls:
            if a is not b:
                total += a.x * b.x
    return total


def are_one(a, b):
    return a.x * (2.0 if a is b else 3.0)


def are_equal(a, b):
    return a.x * (2.0 if a == b else 3.0)


def one_list(a, b):
    return a[0] * (2.0 if a is b else 3.0)


def is_the_default(x, centre=CENTRE):
    return x * (2.0 if centre is CENTRE else 3.0)


def is_the_table(table):
    return table["w"] * (2.0 if table is TABLE else 3.0)


def of_its_own(b):
    made = Ball(b.x)
    other = made
    return b.x * (2.0 if made is other else 1.0) * (3.0 if b is not made else 5.0) * (1.0 if b is None else 7.0)


def two_names(values):
    same = values
    return sum(values) * (2.0 if same is values else 3.0)


def test_two_objects_are_two() -> None:
    balls, pair = [Ball(1.0), Ball(2.0), Ball(3.0)], (Ball(1.5), Ball(1.5))
    assert bp.value_and_grad(energy)(balls)[0] == energy(balls)
    for f in (are_one, are_equal):
        assert bp.value_and_grad(f)(*pair)[0] == f(*pair)
    assert bp.value_and_grad(one_list)([1.5], [1.5])[0] == 4.5
    assert bp.value_and_grad(of_its_own)(Ball(1.5))[0] == of_its_own(Ball(1.5))
    assert bp.value_and_grad(two_names)([1.5, 2.0])[0] == 7.0


@pytest.mark.parametrize("f", [are_one, are_equal], ids=lambda one: one.__name__)
def test_one_object_that_comes_twice_is_refused(f: Callable[..., Any]) -> None:
    ball, df = Ball(1.5), bp.grad(f)
    df(ball, Ball(2.0))
    with pytest.raises(bp.AliasError, match="given one twice"):
        df(ball, ball)
    with pytest.raises(bp.AliasError, match="given one twice"):
        bp.grad(energy)([ball, ball, Ball(2.0)])


def test_one_list_that_comes_twice_is_refused() -> None:
    values = [1.5]
    with pytest.raises(bp.AliasError, match="given one twice"):
        bp.grad(one_list)(values, values)


@pytest.mark.parametrize(
    ("f", "given"), [(is_the_default, (1.5,)), (is_the_table, (TABLE,)), (is_the_default, (1.5, CENTRE))]
)
def test_whether_an_argument_is_what_is_outside_is_not_known(f: Callable[..., Any], given: tuple[Any, ...]) -> None:
    with pytest.raises(bp.BackproseError, match="this comparison of objects"):
        bp.grad(f)(*given)


# ---------------------------------------------------------------- the compiler comes to an end
GRID = np.ones((3, 4))


class Box:
    def __init__(self):
        self.a = np.ones((3, 4))

    @property
    def turned(self):
        return self.a.T

    @property
    def new(self):
        return np.ones((3, 4))


BOX = Box()


def into_a_view_of_a_global(x):
    r = GRID.T.reshape(-1)
    r[0] = x
    return np.sum(r)


def into_a_view_of_an_attribute(x):
    r = BOX.a.T.ravel()
    r[0] = x
    return np.sum(r)


def into_what_a_property_gives(x):
    BOX.new[0, 0] = x
    return np.sum(BOX.new) * x


@pytest.mark.parametrize(
    "f",
    [into_a_view_of_a_global, into_a_view_of_an_attribute, into_what_a_property_gives],
    ids=lambda one: one.__name__,
)
def test_a_view_that_is_made_anew_each_time(f: Callable[..., Any]) -> None:
    """These once kept the compiler going round."""
    with pytest.raises(bp.BackproseError):
        bp.grad(f)(1.5)
