"""Parts of arguments that are not looked into: refused where they hold numbers, and constants where they hold none."""

from __future__ import annotations

import enum
import functools
import logging
import random
import sys
import threading
import weakref
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

import backprose as bp


class OwnDict(dict):  # type: ignore[type-arg]
    pass


class OwnList(list):  # type: ignore[type-arg]
    pass


class OwnTuple(tuple):  # type: ignore[type-arg]  # noqa: SLOT001
    pass


class OwnFloat(float):
    pass


class OwnSet(set):  # type: ignore[type-arg]
    pass


class Slotted:
    __slots__ = ("k",)

    def __init__(self, k: Any) -> None:
        self.k = k


@dataclass(slots=True)
class Record:
    k: float


class Box:
    def __init__(self, **attributes: Any) -> None:
        vars(self).update(attributes)


class Number(enum.IntEnum):
    ONE, TWO = 1, 2


class Word(str, enum.Enum):
    A = "a"


class Choice(enum.Enum):
    A, B = 1, 2.5


def of_p(d):
    return d["b"] * d["p"]


def of_an_item(d):
    return d["b"] * d["p"][0]


def of_a_key(d):
    return d["b"] * d["p"]["k"]


def of_an_attribute(d):
    return d["b"] * d["p"].k


def of_b(d):
    return d["b"] * 2.0


HIDING: dict[str, tuple[Callable[..., Any], Any]] = {
    "OrderedDict": (of_a_key, OrderedDict(k=2.0)),
    "defaultdict": (of_a_key, defaultdict(float, k=2.0)),
    "deque": (of_an_item, deque([2.0])),
    "dict": (of_a_key, OwnDict(k=2.0)),
    "list": (of_an_item, OwnList([2.0])),
    "tuple": (of_an_item, OwnTuple([2.0])),
    "float": (of_p, OwnFloat(2.0)),
    "array": (of_p, np.full(1, 2.0).view(type("OwnArray", (np.ndarray,), {}))),
    "slots": (of_an_attribute, Slotted(2.0)),
    "slots of a dataclass": (of_an_attribute, Record(2.0)),
    "namespace": (of_an_attribute, SimpleNamespace(k=2.0)),
    "proxy": (of_a_key, MappingProxyType({"k": 2.0})),
    "set": (of_b, OwnSet([2.0])),
    "frozenset": (of_b, frozenset([2.0])),
    "many keys": (of_b, {i: float(i) for i in range(100)}),
    "a long list of several kinds": (of_b, [1.0, "a"] * 50),
    "deeper": (of_b, OrderedDict(k=[Slotted(np.ones(3))])),
    "complex": (of_b, OrderedDict(k=1j)),
    "weak reference": (of_b, weakref.ref(BOX := Box(k=2.0))),
}


@pytest.mark.parametrize(("f", "part"), HIDING.values(), ids=HIDING)
def test_numbers_in_parts_that_are_not_looked_into(f: Callable[..., Any], part: Any) -> None:
    d = {"b": 0.3, "p": part}
    for transform in (bp.grad(f), bp.jacobian(f), lambda d: bp.vjp(f, d), lambda d: bp.hvp(f)(d, d)):
        with pytest.raises(bp.ArgumentError, match=r"there are numbers in d\['p'\]"):
            transform(d)
    with pytest.raises(bp.ArgumentError, match=r"there are numbers in d\['p'\]"):
        bp.jvp(f, (d,), ({"b": 1.0, "p": part},))


NONE_INSIDE = {
    "text": "sin", "bytes": b"k", "none": None, "integer": 3, "logger": logging.getLogger("hidden"), "function": np.sin,
    "lambda": lambda x: x, "class": Box, "module": np, "method": Box(k=2.0).__init__, "member": Choice.B,
    "partial": functools.partial(np.sum, axis=0), "generator": np.random.default_rng(0), "random": random.Random(0),
    "legacy": np.random.RandomState(0), "lock": threading.Lock(), "file": sys.__stdout__, "dtype": np.dtype(float),
    "fraction": Fraction(1, 2), "counter": Counter(a=2), "texts": OrderedDict(a="s"), "nothing": OrderedDict(),
    "set": {"a"}, "own set": OwnSet(), "integers": deque([1]), "slots": Slotted("s"), "range": range(3),
    "derivative": bp.grad(of_b), "array of integers": np.arange(3), "keys": {Number.ONE: "one"},
    "many": {i: i for i in range(100)}, "rows of integers": OrderedDict(a=[[i] for i in range(5000)]),
}  # fmt: skip


@pytest.mark.parametrize("part", NONE_INSIDE.values(), ids=NONE_INSIDE)
def test_parts_without_numbers_stay_constants(part: Any) -> None:
    assert bp.grad(of_b)({"b": 0.3, "p": part}) == {"b": 2.0, "p": None}


def test_what_such_a_part_holds_is_asked_at_each_call() -> None:
    df, part = bp.grad(of_b), OrderedDict[str, Any]()
    assert df({"b": 0.3, "p": part}) == {"b": 2.0, "p": None}
    part["k"] = 2.0
    with pytest.raises(bp.ArgumentError, match="there are numbers in"):
        df({"b": 0.3, "p": part})
    del part["k"]
    assert df({"b": 0.3, "p": part}) == {"b": 2.0, "p": None}


def of_an_object(o):
    return o.b * o.p["k"]


def of_objects(boxes):
    total = 0.0
    for box in boxes:
        total = total + box.b
    return total


def beside(x, d):
    return x * d["b"] * d["p"]["k"]


def test_the_path_of_the_part() -> None:
    with pytest.raises(bp.ArgumentError, match=r"there are numbers in o\.p\n"):
        bp.grad(of_an_object)(Box(b=0.3, p=OrderedDict(k=2.0)))
    with pytest.raises(bp.ArgumentError, match=r"there are numbers in boxes\[1\]\.p\n"):
        bp.grad(of_objects)([Box(b=0.3, p=OrderedDict()), Box(b=0.3, p=OrderedDict(k=2.0))])


def test_parts_of_what_is_constant_anyway() -> None:
    d = {"b": 0.3, "p": OrderedDict(k=2.0)}
    assert bp.grad(beside)(2.0, d) == 0.6
    assert bp.jvp(beside, (2.0, d), (1.0, None)) == (1.2, 0.6)
    with pytest.raises(bp.ArgumentError, match=r"there are numbers in d\['p'\]"):
        bp.jvp(bp.grad(beside, wrt=("x", "d")), (2.0, d), (1.0, None))


# ---------------------------------------------------------------- keys of dicts
def sum_of_all(d):
    total = 0.0
    for value in d["p"].values():
        total = total + value
    return d["b"] * total


def at_none(d):
    return d["b"] * d["p"][None]


def at_bytes(d):
    return d["b"] * d["p"][b"k"]


def at_a_half(d):
    return d["b"] * d["p"][2.5]


def at_three(d):
    return d["b"] * d["p"][3]


def at_two(d):
    return d["b"] * d["p"][Number.TWO]


@pytest.mark.parametrize(("f", "key"), [(at_none, None), (at_bytes, b"k"), (at_a_half, 2.5), (at_three, 3)])
def test_keys_that_a_text_can_name(f: Callable[..., Any], key: Any) -> None:
    d = {"b": 0.5, "p": {key: 2.0}}
    assert bp.grad(f)(d) == bp.grad(sum_of_all)(d) == {"b": 2.0, "p": {key: 0.5}}


@pytest.mark.parametrize(
    "key", [True, np.int64(3), Number.TWO, Word.A, Choice.A, np.str_("a"), 2.0, (Number.ONE, 2), frozenset([1]), int]
)
def test_other_keys_are_refused(key: Any) -> None:
    for f in (at_two, at_three, sum_of_all, of_b):
        with pytest.raises(bp.ArgumentError, match=r"there are numbers in d\['p'\]"):
            bp.grad(f)({"b": 0.5, "p": {key: 2.0}})
    with pytest.raises(bp.ArgumentError):
        bp.grad(of_b)({"b": 0.5, key: 2.0})
    assert bp.grad(at_three)({"b": 0.5, "p": {3: 2.0}}) == {"b": 2.0, "p": {3: 0.5}}


# ---------------------------------------------------------------- cycles
def parent_of(root):
    return root.v * root.kids[0].parent.v


def own_value(root):
    return root.v * 2.0


def family(back: Callable[[Any], Any] = lambda root: root) -> Any:
    root, kid = Box(v=2.0), Box(v=3.0)
    root.kids = [kid]
    kid.parent = back(root)
    return root


@pytest.mark.parametrize("f", [parent_of, own_value])
def test_a_cycle_of_objects(f: Callable[..., Any]) -> None:
    for back in (lambda root: root, weakref.ref, lambda root: {"up": root}):
        for transform in (bp.grad(f), lambda root, f=f: bp.vjp(f, root)):
            with pytest.raises(bp.ArgumentError, match=r"there are numbers in root\.kids\[0\]\.parent"):
                transform(family(back))


def cyclic_dict() -> dict[str, Any]:
    d: dict[str, Any] = {"b": 0.3}
    d["self"] = d
    return d


def cyclic_list() -> list[Any]:
    values: list[Any] = [0.3]
    values.append([values])
    return values


@pytest.mark.parametrize("cyclic", [cyclic_dict(), cyclic_list()], ids=["dict", "list"])
def test_a_cycle_of_containers(cyclic: Any) -> None:
    transforms: list[Callable[[], Any]] = [
        lambda: bp.grad(of_b)(cyclic),
        lambda: bp.grad(of_b)(d=cyclic),
        lambda: bp.jacobian(of_b)(cyclic),
        lambda: bp.vjp(of_b, cyclic),
        lambda: bp.jvp(of_b, (cyclic,), (cyclic,)),
        lambda: bp.hvp(of_b)(cyclic, cyclic),
        lambda: bp.hessian(of_b, sparse=True)(cyclic),
        lambda: bp.grad(beside)(2.0, cyclic),
        lambda: bp.grad(beside)(2.0, d=cyclic),
    ]
    for transform in transforms:
        with pytest.raises(bp.ArgumentError, match="part of itself"):
            transform()


def test_a_cycle_of_what_is_constant() -> None:
    assert bp.grad(lambda x, root: x * root.v)(1.0, family()) == 2.0
