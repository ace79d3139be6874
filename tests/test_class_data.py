"""Constants and arrays of classes, tuples as defaults, generators of random numbers outside: read as they are now."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

import backprose as bp

X = np.array([0.7, -0.4, 1.3])
RNG = np.random.default_rng(3)


class Base:
    scale = 2.0
    weights = np.array([1.0, 2.0, 3.0])
    rates = [1.0, 2.0]  # noqa: RUF012

    def __init__(self, k: float) -> None:
        self.k = k

    def plain(self, x: Any) -> Any:
        return np.sum(x) * self.scale * self.k

    def weighted(self, x: Any) -> Any:
        y = x * self.weights * self.k
        return np.sum(y * y) * self.rates[1]

    def writes(self, x: Any) -> Any:
        y = np.sum(x * self.weights)
        self.weights[0] = 9.0
        return y


class Derived(Base):
    shape: tuple[int, ...] = (2, 3)

    @classmethod
    def of(cls) -> float:
        return cls.scale

    def every_way(self, x: Any) -> Any:
        total = super().scale + type(self).scale + self.of() + self.shape[0] + self.__class__.scale
        return np.sum(x) * total


OUTSIDE = Derived(1.0)


def local(x: Any) -> Any:
    return Base(3.0).plain(x)


def every_way(x: Any) -> Any:
    return Derived(1.0).every_way(x)


def outside(x: Any) -> Any:
    return OUTSIDE.every_way(x) * OUTSIDE.scale


def by_name(x: Any) -> Any:
    return np.sum(x) * Base.scale * Derived.scale


def with_arrays(x: Any) -> Any:
    return Base(2.0).weighted(x)


def slope(function: Callable[..., Any]) -> list[float]:
    return [(function(X + d) - function(X - d)) / 2e-6 for d in 1e-6 * np.eye(3)]


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    yield
    Base.scale, Base.weights, Base.rates = 2.0, np.array([1.0, 2.0, 3.0]), [1.0, 2.0]
    Derived.shape = (2, 3)


@pytest.mark.parametrize("function", [local, every_way, outside, by_name, with_arrays])
def test_a_class_changed_between_two_calls_is_seen(function: Callable[..., Any]) -> None:
    derivative = bp.grad(function)
    assert np.allclose(derivative(X), slope(function))
    Base.scale, Base.weights, Derived.shape = 5.0, np.array([2.0, 2.0, 2.0]), (4,)
    assert np.allclose(derivative(X), slope(function))
    Base.weights[1] = 7.0
    Base.rates[1] = 0.5
    assert np.allclose(derivative(X), slope(function))
    assert np.allclose(bp.jvp(function, (X,), (X,))[1], np.dot(slope(function), X))


def test_an_array_of_a_class_that_is_written_is_refused() -> None:
    with pytest.raises(bp.UnsupportedError, match="is changed by this call"):
        bp.grad(lambda x: Base(1.0).writes(x))(X)


# ---------------------------------------------------------------- defaults
class Node:
    def __init__(self, value: Any, parents: tuple[Any, ...] = ()) -> None:
        self.value, self.parents = value, parents


def stretched(v: Any, by: tuple[float, float] = (1.5, 2.0)) -> Any:
    return v * by[0] + by[1]


SCALED = [lambda v, i=i: v * i for i in range(3)]


def of_a_function(x: Any) -> Any:
    return np.sum(stretched(x) ** 2)


def of_a_constructor(x: Any) -> Any:
    first = Node(x[0])
    return Node(first.value * 2, (first,)).parents[0].value * x[1]


def of_lambdas(x: Any) -> Any:
    return sum(scaled(x[0]) for scaled in SCALED)


@pytest.mark.parametrize("function", [of_a_function, of_a_constructor, of_lambdas])
def test_defaults(function: Callable[..., Any]) -> None:
    assert np.allclose(bp.grad(function)(X), slope(function), atol=1e-6)


def test_a_generator_outside_is_drawn_from_twice() -> None:
    def noisy(x: Any) -> Any:
        noise = RNG.normal(size=3)
        total = np.sum(x * noise)
        return total * x[RNG.integers(0, 3)]

    before = RNG.bit_generator.state
    value = noisy(X)
    after = RNG.bit_generator.state
    RNG.bit_generator.state = before
    noise, place = RNG.normal(size=3), RNG.integers(0, 3)
    RNG.bit_generator.state = before
    found, gradient = bp.value_and_grad(noisy)(X)
    assert found == value
    assert RNG.bit_generator.state == after
    assert np.allclose(gradient, noise * X[place] + np.eye(3)[place] * np.sum(X * noise))


class Stack:
    def __init__(self) -> None:
        self.items: list[Any] = []

    def push(self, value: Any) -> None:
        self.items.append(value)

    def pop(self) -> Any:
        return self.items.pop()


def calculated(tokens: str, x: Any) -> Any:
    stack = Stack()
    for token in tokens:
        if token == "a":
            stack.push(x[0])
        else:
            stack.push(stack.pop() + stack.pop())
    return stack.pop()


def test_a_loop_over_a_text_that_a_helper_is_given() -> None:
    with pytest.raises(bp.UnsupportedError):
        bp.grad(lambda x: calculated("aa+", x))(X)
