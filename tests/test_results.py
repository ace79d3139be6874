"""Results that are structures: the value is the primal's, tangents and cotangents have its form."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pytest

import backprose as bp
from tests import differences
from tests.checks import same_bits

X = np.array([0.5, -1.2, 2.1, 0.7])


class Pair(NamedTuple):
    first: Any
    second: Any


@dataclass
class State:
    place: Any
    speed: Any
    steps: int = 0


class Body:
    gravity = 9.81

    def __init__(self, place: Any, mass: float) -> None:
        self.place, self.mass = place, mass


def in_a_list(x):
    return [x * 2, np.sum(x) ** 2]


def in_a_grown_list(x):
    found = [x]
    found.append(x * x)
    return found


def in_nested_tuples(x):
    return np.sum(x), (x * x, (np.sin(x), x[0]))


def in_a_dict(x):
    return {"a": x * x, "b": (np.sum(x), [x[1], 3]), ("c", 0): None}


def in_a_named_tuple(x):
    return Pair(x[0] * x, Pair(np.sum(x), "text"))


def in_a_dataclass(x):
    state = State(x, np.cos(x))
    state.place = state.place * state.speed
    state.steps += 1
    return state


def in_an_object_of_a_branch(x):
    if np.sum(x) > 0:
        body = Body(x * x, x[0])
    else:
        body = Body(x, x[1])
    return {"body": body}


def in_a_list_of_objects(x):
    return [State(x[i] ** 2, x * i, i) for i in range(len(x)) if x[i] > 0]


def in_a_list_of_tuples(x):
    return [(v * v, v * x[0]) for v in x]


RESULTS = [
    in_a_list, in_a_grown_list, in_nested_tuples, in_a_dict, in_a_named_tuple, in_a_dataclass, in_an_object_of_a_branch,
    in_a_list_of_objects, in_a_list_of_tuples,
]  # fmt: skip


def floats(tree: Any) -> Any:
    return np.concatenate([np.ravel(leaf) for leaf in differences.leaves(tree) if differences.is_inexact(leaf)])


def seed_like(tree: Any) -> Any:
    rng = np.random.default_rng(2)
    return differences.tree_map(
        lambda leaf: type(leaf)(rng.normal()) if isinstance(leaf, float)
        else rng.normal(size=np.shape(leaf)) if differences.is_inexact(leaf) else None, tree,
    )  # fmt: skip


@pytest.mark.parametrize("function", RESULTS, ids=lambda one: one.__name__)
def test_right(function: Callable[..., Any]) -> None:
    way = np.array([0.3, -0.2, 0.9, 0.4])
    expected = function(X.copy())
    slope = differences.slope(lambda x: floats(function(x)), (X,), (way,))
    value, tangent = bp.jvp(function, (X.copy(),), (way,))
    assert same_bits(value, expected)
    moving = differences.tree_map(lambda leaf, dot: dot if differences.is_inexact(leaf) else None, expected, tangent)
    assert slope.agrees(floats(moving), 1e-7, 1e-8)

    value, pullback = bp.vjp(function, X.copy())
    assert same_bits(value, expected)
    seed = seed_like(expected)
    gradient = pullback(seed)
    assert np.array_equal(gradient, pullback(seed))
    np.testing.assert_allclose(np.sum(gradient * way), np.sum(floats(seed) * floats(moving)), rtol=1e-10)


def taken_apart(body):
    body = body.place * body.mass
    return np.sum(body**2)


def test_no_tangent_beside_what_is_no_number() -> None:
    def f(x, name):
        return x * x, [name, "text", None, 3]

    assert bp.jvp(f, (1.5, "name"), (1.0, None))[1] == (3.0, [None, None, None, 0.0])


def test_an_argument_whose_name_means_a_number_later() -> None:
    gradient = bp.grad(taken_apart)(Body(X.copy(), 2.0))
    assert np.allclose(gradient.place, 8 * X)
    assert gradient.mass == pytest.approx(4 * np.sum(X**2))


def as_an_ordered_dict(x):
    return OrderedDict(a=x)


def test_what_is_followed_as_a_plain_dict_is_not_handed_out() -> None:
    with pytest.raises(bp.BackproseError, match="OrderedDict"):
        bp.jvp(as_an_ordered_dict, (X,), (X,))


def test_cotangents_that_do_not_fit() -> None:
    _, pullback = bp.vjp(in_a_dict, X.copy())
    with pytest.raises(bp.BackproseError, match="has to be a dict"):
        pullback(1.0)
    with pytest.raises(bp.BackproseError, match="has to have 'a', 'b'"):
        pullback({"a": X})
    with pytest.raises(bp.BackproseError, match=r"'a' of the cotangent has shape \(2,\)"):
        pullback({"a": X[:2], "b": (1.0, [1.0, None]), ("c", 0): None})
    _, pullback = bp.vjp(in_a_dataclass, X.copy())
    with pytest.raises(bp.BackproseError, match="has to be a State"):
        pullback({"place": X, "speed": X, "steps": 0})
