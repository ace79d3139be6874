# ruff: noqa: A004, ICN001  imports as users write them
"""Imports in functions; tests of loops and branches that take statements: calls, generators, assignments."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.fuzz.run import check_function

X = np.array([0.5, -1.2, 2.1, 0.7])


def helper_imp(y: Any) -> Any:
    from math import exp

    return exp(y) * y


def imp_math(x: Any) -> Any:
    return math.sin(x[0]) * math.pi + np.sum(x**2)


def imp_from(x: Any) -> Any:
    from numpy import sin as s
    from numpy import sum

    return sum(s(x))


def imp_la(x: Any) -> Any:
    import numpy.linalg as la

    return la.norm(x) * 2


def imp_shadow(x: Any) -> Any:
    import numpy as math

    return math.sum(math.tanh(x))


def imp_plain_dotted(x: Any) -> Any:
    import numpy.linalg

    return numpy.linalg.norm(x) + numpy.sum(x)


def imp_in_helper(x: Any) -> Any:
    return helper_imp(x[0]) + helper_imp(x[2])


def imp_in_branch(x: Any) -> Any:
    if x[0] > 0:
        import math

        return math.sin(x[0])
    return x[1]


def while_local_fn(x: Any) -> Any:

    def small(v: Any) -> Any:
        return v < 10.0

    y = x[0]
    n = 0
    while n < 20 and small(y):
        y = y * 1.5 + 0.1
        n += 1
    return y


def while_or_local(x: Any) -> Any:

    def big(v: Any) -> Any:
        return v > 3.0

    y = x[2] * 4
    n = 0
    while big(y) or n < 2:
        y = y * 0.5
        n += 1
    return y


def while_any_gen(x: Any) -> Any:
    y = [x[0], x[1], x[2]]
    n = 0
    while any(abs(v) > 0.3 for v in y) and n < 5:
        y = [v * 0.7 for v in y]
        n += 1
    return y[0] + y[1] * y[2]


def while_any_only(x: Any) -> Any:
    y = x * 1.0
    while any(abs(v) > 0.3 for v in y):
        y = y * 0.7
    return np.sum(y * y)


def elif_any(x: Any) -> Any:
    if x[0] > 5:
        return x[0]
    if any(v > 2 for v in x):
        return x[1] * x[2]
    if all(v > 0 for v in x):
        return x[3]
    return x[0] * 3


def while_not_local(x: Any) -> Any:

    def done(v: Any) -> Any:
        return v > 8

    y = x[2]
    while not done(y):
        y = y * y
    return y


PROGRAMS: list[tuple[Callable[..., Any], tuple[Any, ...]]] = [
    (imp_math, (X,)),
    (imp_from, (X,)),
    (imp_la, (X,)),
    (imp_shadow, (X,)),
    (imp_plain_dotted, (X,)),
    (imp_in_helper, (X,)),
    (imp_in_branch, (X,)),
    (while_local_fn, (X,)),
    (while_or_local, (X,)),
    (while_any_gen, (X,)),
    (while_any_only, (X,)),
    (elif_any, (X,)),
    (while_not_local, (X,)),
]


@pytest.mark.parametrize(("function", "args"), PROGRAMS, ids=[one.__name__ for one, _ in PROGRAMS])
def test_right(function: Callable[..., Any], args: tuple[Any, ...]) -> None:
    outcome = check_function(function, args, function.__code__.co_varnames[0])
    assert outcome.kind == "right", outcome.detail
