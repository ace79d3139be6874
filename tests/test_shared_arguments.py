"""Arguments that share memory, come twice, or are the defaults of parameters, where the function changes them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

import backprose as bp

X, V = np.array([0.5, 1.5, -1.0]), np.array([1.0, -2.0, 0.5])
G = np.ones(3)

TRANSFORMS: dict[str, Callable[[Any, Sequence[Any]], Any]] = {
    "grad": lambda f, rest: bp.grad(f)(X, *rest),
    "jvp": lambda f, rest: bp.jvp(f, (X, *rest), (V, *(None for _ in rest))),
    "jacobian": lambda f, rest: bp.jacobian(f)(X, *rest),
    "hvp": lambda f, rest: bp.hvp(f)(X, *rest, V),
    "hessian": lambda f, rest: bp.hessian(f)(X, *rest),
    "sparse hessian": lambda f, rest: bp.hessian(f, sparse=True)(X, *rest),
    "jvp of grad": lambda f, rest: bp.jvp(bp.grad(f), (X, *rest), (V, *(None for _ in rest))),
    "vjp of grad": lambda f, rest: bp.vjp(bp.grad(f), X, *rest)[1](V),
    "hessian of a slope": lambda f, rest: bp.jacobian(bp.jacobian(bp.grad(f)))(X, *rest),
}


class Box:
    def __init__(self, k: float) -> None:
        self.k = k


# ---------------------------------------------------------------- at every order
def doubles(x, b, c):
    b *= 2
    return np.sum(x * x * c)


def doubles_an_item(x, arrays):
    arrays[0] *= 2
    return np.sum(x * x * arrays[1])


def doubles_beside_a_global(x, b):
    b *= 2
    return np.sum(x * x * G)


def doubles_and_reads(x, b):
    b *= 2
    return np.sum(x * x * b)


def appends(x, one, other):
    one.append(2.0)
    return np.sum(x * x) * len(other)


def sets_an_item(x, one, other):
    one["k"] = 3.0
    return np.sum(x * x) * other["k"]


def sets_an_attribute(x, one, other):
    one.k = 3.0
    return np.sum(x * x) * other.k


def are_one(x, one, other):
    return np.sum(x * x) * (3.0 if one is other else one.k)


LIST, DICT, BOX, ARRAY = [1.0], {"k": 1.0}, Box(1.0), np.ones(3)
TWICE: list[tuple[Callable[..., Any], Sequence[Any]]] = [
    (doubles, (ARRAY, ARRAY)),
    (doubles, (ARRAY, ARRAY[::-1])),
    (doubles_an_item, ([ARRAY, ARRAY],)),
    (doubles_beside_a_global, (G,)),
    (doubles_and_reads, (np.lib.stride_tricks.as_strided(np.ones(1), (3,), (0,)),)),
    (appends, (LIST, LIST)),
    (sets_an_item, (DICT, DICT)),
    (sets_an_attribute, (BOX, BOX)),
    (are_one, (BOX, BOX)),
]


@pytest.mark.parametrize("transform", TRANSFORMS.values(), ids=TRANSFORMS)
@pytest.mark.parametrize(("f", "rest"), TWICE, ids=lambda one: getattr(one, "__name__", ""))
def test_every_transform_refuses_what_is_changed_under_two_names(
    f: Callable[..., Any], rest: Sequence[Any], transform: Callable[..., Any]
) -> None:
    with pytest.raises(bp.AliasError):
        transform(f, rest)


@pytest.mark.parametrize("transform", TRANSFORMS.values(), ids=TRANSFORMS)
def test_every_transform_takes_them_apart(transform: Callable[..., Any]) -> None:
    transform(doubles, (np.ones(3), np.ones(3)))
    transform(doubles_beside_a_global, (G.copy(),))
    transform(sets_an_attribute, (Box(1.0), Box(2.0)))


def test_second_orders_of_what_is_apart() -> None:
    assert np.array_equal(bp.hvp(doubles)(X, np.ones(3), np.full(3, 2.0), V), 4 * V)
    assert np.array_equal(bp.hessian(doubles_and_reads)(X, np.ones(3)), 4 * np.eye(3))
