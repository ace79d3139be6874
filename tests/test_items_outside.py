"""Objects in containers outside, of which a call changes some: what it reads of others is as it was."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import backprose as bp
from tests.checks import is_guard

X = np.array([0.3, 0.7, 1.1])


class Spring:
    def __init__(self, k: Any) -> None:
        self.k, self.calls = k, 0

    def __call__(self, p: Any) -> Any:
        return self.k * np.sin(p)

    def counted(self, p: Any) -> Any:
        self.calls += 1
        return self.k * p * p


class Chain:
    def __init__(self, *links: Any) -> None:
        self.links = links

    def __call__(self, p: Any) -> Any:
        for link in self.links:
            p = link(p)
        return p


CHAIN, SPRINGS, TABLE = Chain(), list[Any](), dict[str, Any]()


def reset() -> None:
    CHAIN.links = Spring(2.0), Spring(3.0)
    SPRINGS[:] = [*CHAIN.links, Spring(0.5)]
    TABLE.clear()
    TABLE.update(counted=CHAIN.links[0].counted, soft=SPRINGS[2], w=np.array([1.0, 2.0, 3.0]))


def through_items(x: Any) -> Any:
    return np.sum(CHAIN(x)) + TABLE["counted"](x[0])


def counted_first(x: Any) -> Any:
    y = TABLE["counted"](x[0])
    return y * np.sum(CHAIN(x))


def the_counter_is_read(x: Any) -> Any:
    y = np.sum(x**2) * TABLE["counted"].__self__.calls
    return y + TABLE["counted"](x[0]) * CHAIN.links[0].calls


def number_changed(x: Any) -> Any:
    y = np.sum(x**2) * SPRINGS[0].k
    SPRINGS[0].k = 5.0
    return y * SPRINGS[0].k


def changed_under_another_name(x: Any) -> Any:
    y = np.sum(x**2) * CHAIN.links[0].k
    first = SPRINGS[0]
    first.k = 5.0
    return y * CHAIN.links[0].k


def way_changed(x: Any) -> Any:
    y = np.sum(x**2) * CHAIN.links[0].k
    CHAIN.links = (SPRINGS[2], SPRINGS[1])
    return y * CHAIN.links[0].k


def item_changed(x: Any) -> Any:
    y = np.sum(x**2) * SPRINGS[0].k
    SPRINGS[0] = SPRINGS[2]
    return y * SPRINGS[0].k


def item_of_a_dict_changed(x: Any) -> Any:
    y = np.sum(x**2) * TABLE["soft"].k
    TABLE["soft"] = SPRINGS[1]
    return y * TABLE["soft"].k


def name_of_what_is_changed(x: Any) -> Any:
    soft = TABLE["soft"]
    y = np.sum(x**2) * soft.k
    SPRINGS[2].k = 4.0
    return y * soft.k


def name_of_what_is_replaced(x: Any) -> Any:
    soft = TABLE["soft"]
    TABLE["soft"] = SPRINGS[1]
    return np.sum(x**2) * soft.k * TABLE["soft"].k


def array_written(x: Any) -> Any:
    y = np.sum(x**2 * TABLE["w"])
    TABLE["w"][0] = 7.0
    return y * TABLE["w"][0]


def swapped_in_a_loop(x: Any) -> Any:
    y = 0.0
    for i in range(3):
        y = y + x[i] ** 2 * SPRINGS[0].k
        SPRINGS[0], SPRINGS[1] = SPRINGS[1], SPRINGS[0]
    return y


ITEMS = [
    through_items, counted_first, the_counter_is_read, number_changed, changed_under_another_name, way_changed,
    item_changed, item_of_a_dict_changed, name_of_what_is_changed, name_of_what_is_replaced, array_written,
    swapped_in_a_loop,
]  # fmt: skip
TAKEN = [through_items, counted_first]


@pytest.mark.parametrize("function", ITEMS)
@pytest.mark.parametrize("mode", ["grad", "vjp", "jvp"])
def test_items_outside(function: Callable[..., Any], mode: str) -> None:
    def at(x: Any) -> Any:
        reset()
        return function(x)

    slopes = [(at(X + step) - at(X - step)) / 2e-6 for step in 1e-6 * np.eye(3)]
    reset()
    try:
        if mode == "grad":
            gradient = bp.grad(function)(X)
        elif mode == "vjp":
            _, pullback = bp.vjp(function, X)
            reset()
            gradient = pullback(1.0)
        else:
            gradient = []
            for step in np.eye(3):
                reset()
                gradient.append(bp.jvp(function, (X,), (step,))[1])
    except (bp.BackproseError, ValueError) as error:
        refused = isinstance(error, bp.BackproseError) or is_guard(error)
    else:
        refused = False
        assert np.allclose(gradient, slopes, atol=1e-6)
    assert not refused or function not in TAKEN


def test_a_container_that_leads_elsewhere_by_the_next_call() -> None:
    reset()
    df = bp.grad(through_items)
    before = df(X)
    CHAIN.links = SPRINGS[1], SPRINGS[2]
    slope = (through_items(X + 1e-6) - through_items(X - 1e-6)) / 2e-6
    assert np.allclose(np.sum(df(X)), slope)
    assert not np.allclose(before, df(X))
