"""A module in which names that the text of a derivative reads mean something else: ``np``, ``isinstance``."""

# ruff: noqa: A001, ICN001
from __future__ import annotations

import numpy

import backprose as bp

np = 3.0


def isinstance(_value, _cls):
    return 7


class ValueError(Exception):
    pass


def half_way(x):
    try:
        y = x.copy()
        y[1] = y[0] * y[9]
    except IndexError:
        y[1] = y[0] ** 2
    return numpy.sum(y)


def cast(x, kind):
    return x.astype(kind).sum() * np


def written(x, n):
    a = numpy.full(3, n)
    a[0] = x
    return a[0] * x


def test_a_check_of_a_dtype() -> None:
    assert bp.hvp(half_way)(numpy.ones(4), numpy.ones(4)).tolist() == [2.0, 0.0, 0.0, 0.0]


def test_a_dtype_in_a_rule() -> None:
    x = numpy.ones(3)
    assert bp.grad(cast)(x, float).tolist() == [3.0, 3.0, 3.0]
    assert bp.grad(cast)(x, int).tolist() == [0.0, 0.0, 0.0]
    assert bp.jvp(cast, (x, float), (x, None))[1] == 9.0


def test_what_a_check_raises_is_the_builtin() -> None:
    try:
        bp.grad(written)(2.0, 3)
    except Exception as error:
        assert type(error).__module__ == "builtins"  # noqa: PT017
    else:
        raise AssertionError
