"""Ordinary array code: dtypes, shapes, lists beside arrays, indexes. Both modes, against differences."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import backprose as bp
from tests import array_programs, differences

X = np.array([[0.7, -1.3, 2.1, 0.4], [1.9, 0.55, -0.8, 1.2], [-0.45, 1.6, 0.9, -2.2]])
PROGRAMS = {
    name: function
    for name, function in vars(array_programs).items()
    if callable(function) and getattr(function, "__module__", "") == array_programs.__name__ and name[0] != "_"
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_program(name: str) -> None:
    function = PROGRAMS[name]
    args = (X.copy(), *array_programs.MORE.get(name, ()))
    check(function, args)


def check(function: Callable[..., Any], args: tuple[Any, ...]) -> None:
    """The derivative with respect to the first argument."""
    rng = np.random.default_rng(0)
    way = rng.normal(size=np.shape(args[0]))
    ways = [way, *(None for _ in args[1:])]
    slope = differences.slope(function, args, ways)
    value, gradient = bp.value_and_grad(function)(*differences.fresh(args))
    assert np.array_equal(value, function(*differences.fresh(args)), equal_nan=True)
    assert gradient.shape == args[0].shape
    assert gradient.dtype == args[0].dtype
    scale = float(np.sum(np.abs(gradient * way)))
    assert slope.agrees(np.sum(gradient * way), scale=scale), f"{np.sum(gradient * way)} in reverse, {slope}"
    tangent = bp.jvp(function, tuple(differences.fresh(args)), tuple(ways))[1]
    assert slope.agrees(tangent, scale=scale), f"{tangent} forward, {slope}"
    df = bp.grad(function)
    second = differences.slope(df, args, ways)
    turned = bp.jvp(df, tuple(differences.fresh(args)), tuple(ways))[1]
    assert second.agrees(turned, rtol=1e-5, atol=1e-7, scale=1.0), f"{turned} of second order, {second}"


@pytest.mark.parametrize("dtype", [int, np.int32, bool, np.dtype("int64"), "int8"])
@pytest.mark.parametrize("function", [np.full, np.full_like, np.array, np.asarray, np.ascontiguousarray])
def test_dtypes_that_only_the_run_can_tell(function: Any, dtype: Any) -> None:
    """A cast to integers has the derivative 0, also where the dtype is an argument."""
    for f in CASTS[function.__name__]:
        x = np.array([1.5, -2.25])
        assert np.array_equal(bp.grad(f)(x, dtype), [0, 0])
        assert bp.jvp(f, (x, dtype), (np.array([3.0, 4.0]), None))[1] == 0
        assert np.any(bp.grad(f)(x, float) != 0)
        assert bp.jvp(f, (x, float), (np.array([3.0, 4.0]), None))[1] != 0


def full_of(x, dtype):
    return np.sum(np.full(3, x[0], dtype=dtype) * 2.0)


def full_like_of(x, dtype):
    return np.sum(np.full_like(x, x[0], dtype=dtype) * 2.0)


def array_of(x, dtype):
    return np.sum(np.array(x, dtype) * 2.0)


def array_of_list(x, dtype):
    return np.sum(np.array([x[0], x[1]], dtype=dtype) * 2.0)


def array_of_comprehension(x, dtype):
    return np.sum(np.array([v * 2 for v in x], dtype=dtype) * 2.0)


def asarray_of(x, dtype):
    return np.sum(np.asarray(x, dtype=dtype) * 2.0)


def contiguous_of(x, dtype):
    return np.sum(np.ascontiguousarray(x, dtype=dtype) * 2.0)


CASTS: dict[str, list[Any]] = {
    "full": [full_of],
    "full_like": [full_like_of],
    "array": [array_of, array_of_list, array_of_comprehension],
    "asarray": [asarray_of],
    "ascontiguousarray": [contiguous_of],
}


def memory_order(x):
    return np.sum(x.ravel(order="K") * np.arange(12.0))


def order_of_an_argument(x, order):
    return np.sum(np.reshape(x, 12, order=order) * np.arange(12.0))


@pytest.mark.parametrize("args", [(memory_order,), (order_of_an_argument, "A")])
def test_orders_that_depend_on_memory_are_refused(args: Any) -> None:
    with pytest.raises(bp.BackproseError, match="does not cover this form of call"):
        bp.grad(args[0])(X, *args[1:])
    with pytest.raises(bp.BackproseError, match="does not cover this form of call"):
        bp.jvp(args[0], (X, *args[1:]), (X,) + (None,) * len(args[1:]))
