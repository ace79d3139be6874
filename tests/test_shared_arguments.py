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


# ---------------------------------------------------------------- what *args takes
def doubles_one_of_several(x, *bs):
    bs[0][:] *= 2
    return np.sum(x * x * bs[1])


@pytest.mark.parametrize("transform", TRANSFORMS.values(), ids=TRANSFORMS)
def test_arguments_of_a_star(transform: Callable[..., Any]) -> None:
    array = np.ones(3)
    with pytest.raises(bp.AliasError):
        transform(doubles_one_of_several, (array, array))
    transform(doubles_one_of_several, (array, np.ones(3)))


# ---------------------------------------------------------------- defaults
class Counter:
    def __init__(self) -> None:
        self.n = 1.0

    def count(self) -> float:
        self.n += 1.0
        return self.n


def an_array(x, y=np.ones(3)):
    y *= 2
    return np.sum(x * x * y)


def an_array_outside(x, y=G):
    y *= 2
    return np.sum(x * x * G)


def by_out(x, y=np.ones(3)):
    np.add(y, 1, out=y)
    return np.sum(x * x * y)


def one_of_two_arrays(x, y=np.ones(3), z=np.ones(3)):
    chosen = y if x[0] > 0 else z
    chosen[:] = x
    return np.sum(x * chosen)


def a_counter(x, n=[0]):
    n[0] += 1
    return np.sum(x * x) * n[0]


def a_log(x, log=[]):
    log.append(1.0)
    return np.sum(x) * len(log)


def a_long_log(x, log=[1.0] * 80):
    log.append(1.0)
    return np.sum(x) * len(log)


def one_of_two_logs(x, log=[1.0], other=[2.0]):
    chosen = log if x[0] > 0 else other
    chosen.append(1.0)
    return np.sum(x) * len(chosen)


def a_log_in_a_loop(x, log=[1.0, np.ones(3)]):
    for v in x:
        log.append(v)
    return np.sum(x) * len(log)


def a_cache(x, *, cache={}):
    if "k" in cache:
        return np.sum(x * cache["k"])
    cache["k"] = 2.0
    return np.sum(x * x)


def arrays_in_a_dict(x, state={"m": np.zeros(3)}):
    state["m"] += x
    return np.sum(x * state["m"])


def arrays_in_a_tuple(x, state=(np.zeros(3), 2.0)):
    m, _ = state
    m += x
    return np.sum(x * m)


def an_object(x, counter=Counter()):
    return np.sum(x) * counter.count()


def adds_one(values):
    values.append(1.0)


def in_a_helper(x, log=[1.0]):
    adds_one(log)
    return np.sum(x) * len(log)


CHANGED = [
    an_array, an_array_outside, by_out, one_of_two_arrays, a_counter, a_log, a_long_log, one_of_two_logs,
    a_log_in_a_loop, a_cache, arrays_in_a_dict, arrays_in_a_tuple, an_object, in_a_helper,
]  # fmt: skip


@pytest.mark.parametrize("f", CHANGED, ids=lambda f: f.__name__)
def test_a_default_that_is_changed_is_refused(f: Callable[..., Any]) -> None:
    for transform in (bp.value_and_grad(f), bp.jacobian(f), lambda x: bp.hvp(f)(x, V)):
        with pytest.raises(bp.AliasError, match=f"{f.__name__} changes the default of"):
            transform(X)


def test_what_is_passed_in_its_place_is_changed_in_a_copy() -> None:
    y, log = np.ones(3), [1.0]
    assert bp.value_and_grad(an_array)(X, y)[0] == an_array(X, y.copy())
    assert bp.value_and_grad(in_a_helper)(X, log)[0] == in_a_helper(X, [1.0])
    assert bp.value_and_grad(a_cache)(X, cache={})[0] == np.sum(X * X)
    assert np.array_equal(y, np.ones(3))
    assert log == [1.0]


def only_reads(x, y=G, items=[1.0, 2.0], table={"k": 2.0}, counter=Counter(), scale=2.0, rest=None):
    y = y * 2.0
    y *= 3.0
    made = items[1:]
    made.append(3.0)
    own = dict(table)
    own["k"] = x[0]
    scale *= 2.0
    if rest is None:
        rest = []
    rest.append(counter.n)
    items = [one * 2.0 for one in items]
    items.append(1.0)
    return np.sum(x * y) * scale * table["k"] * own["k"] * rest[0] * sum(made) * len(items)


def test_a_default_that_is_only_read() -> None:
    value, slope = bp.value_and_grad(only_reads)(X)
    assert value == only_reads(X)
    assert np.allclose(slope, bp.grad(lambda x: 24.0 * np.sum(x) * x[0] * 2.0 * 5.0 * 3.0)(X))


TABLE = np.array([1.0, 2.0, 3.0])


def doubles_an_element(x, y=TABLE):
    x[0] *= 2
    return np.sum(x * y)


def test_an_argument_that_is_the_default_of_another_parameter() -> None:
    with pytest.raises(bp.AliasError, match="writes into x, which shares memory with y"):
        bp.value_and_grad(doubles_an_element)(TABLE)
    assert bp.value_and_grad(doubles_an_element)(TABLE.copy())[0] == doubles_an_element(TABLE.copy())
    assert bp.value_and_grad(doubles_an_element)(TABLE, np.ones(3))[0] == doubles_an_element(TABLE.copy(), np.ones(3))


# ---------------------------------------------------------------- lists that come twice
def appends_in_a_loop(x, one, other):
    for v in x:
        one.append(v)
    return np.sum(x) * len(other)


def test_a_list_of_several_kinds_that_comes_twice() -> None:
    values = [1.0, np.ones(3)]
    with pytest.raises(bp.AliasError, match="given one twice"):
        bp.grad(appends_in_a_loop)(X, values, values)


# ---------------------------------------------------------------- derivatives that a function calls
def reads_what_it_doubles(x, one, other):
    one *= 2
    return np.sum(x * x * other)


derived = bp.grad(reads_what_it_doubles)


def given_twice(x, y):
    return np.sum(derived(x, y, y) ** 2)


def given_twice_by_a_transform(x, y):
    return np.sum(bp.grad(reads_what_it_doubles)(x, y, other=y))


def given_twice_at_second_order(x, y):
    return np.sum(bp.hvp(reads_what_it_doubles)(x, y, y, x))


def given_a_global_twice(x, y):
    return np.sum(derived(x, TABLE, TABLE)) * y[0]


@pytest.mark.parametrize(
    "function", [given_twice, given_twice_by_a_transform, given_twice_at_second_order, given_a_global_twice]
)
def test_a_derivative_that_is_given_one_variable_twice(function):
    with pytest.raises(bp.AliasError, match="one and other of a derivative are parts of one variable"):
        bp.grad(function)(X, np.ones(3))
