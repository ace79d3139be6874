"""Objects whose classes are not followed, in operators, comparisons and indexes: refused where it matters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import backprose as bp


class Table:
    """Interpolates, adds and compares in ways of its own, and has no attributes that could be followed."""

    __slots__ = ()
    c = 3.0

    def __getitem__(self, i):
        return i * self.c

    def __add__(self, o):
        return o * self.c

    def __rsub__(self, o):
        return o * 5

    def __lt__(self, o):
        return o * 9


TABLE = Table()
HELD = {"table": TABLE}


def item(x):
    return TABLE[x] * 1.5


def plus(x):
    return (TABLE + x) * 1.5


def minus(x):
    return x - TABLE


def less(x):
    return (TABLE < x) * 1.0


def held(x):
    table = HELD["table"]
    return table + x


def joined(x):
    return np.sum(np.r_[x, 2 * x] ** 2)


def columns(x):
    return np.sum(np.c_[x, 2 * x] ** 2)


@pytest.mark.parametrize("f", [item, plus, minus, less, held, joined, columns], ids=lambda one: one.__name__)
def test_refused(f: Callable[..., Any]) -> None:
    for transform in (bp.grad(f), lambda x: bp.jvp(f, (x,), (1.0,))):
        with pytest.raises(bp.BackproseError) as caught:
            transform(0.7)
        assert caught.value.where is not None


def unread(x):
    shown = TABLE[x]
    print(shown)
    return x * x


def test_what_no_derivative_reads_is_left() -> None:
    assert bp.grad(unread)(0.7) == 1.4
