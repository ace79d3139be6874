"""Objects outside that a call changes and others that it reads: whether they share memory is asked at each call."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import backprose as bp

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
    ("function", "name", "value", "expected"),
    [
        (weighted, "BUFFER", lambda: WEIGHTS[1:], 2.0),
        (in_a_helper, "BUFFER", lambda: WEIGHTS, 6.0),
        (of_objects, "OTHER", lambda: ONE, 2.0),
    ],
)
@pytest.mark.parametrize("mode", ["reverse", "forward"])
def test_what_becomes_one_array_or_object_is_seen(
    function: Callable[..., Any],
    name: str,
    value: Callable[[], Any],
    expected: float,
    mode: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def derivative() -> Any:
        return bp.grad(function)(POINT) if mode == "reverse" else bp.jvp(function, (POINT,), (np.ones(3) / 3,))[1]

    np.testing.assert_allclose(derivative(), expected)
    monkeypatch.setitem(globals(), name, value())
    with pytest.raises(bp.BackproseError) as caught:
        derivative()
    assert caught.value.section == "global-and-nonlocal"
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
