"""How long the compiler takes: for the cases, and for straight-line code of any length."""

from __future__ import annotations

import functools
import statistics
from collections.abc import Callable
from typing import Any

import backprose as bp
from tests.benchmarks.cases import Case
from tests.benchmarks.straight_line import fresh_chain, text_of
from tests.benchmarks.text import time_text
from tests.benchmarks.timing import first_call

LENGTHS = (10, 100, 1000)
COLUMNS = ("statements", "lines emitted", "transform", "a statement")


def transform(case: Case, rounds: int) -> float:
    """Seconds from a function that nothing is known of to its derivative."""

    def fresh() -> Callable[[], Any]:
        return functools.partial(bp.grad(case.fresh(), wrt=case.asked), *case.args)

    return first_call(fresh, min(rounds, 5))


def length_row(statements: int, rounds: int) -> list[str]:
    """The compiler on straight-line code of this length."""
    median = statistics.median(transform_of_chain(statements) for _ in range(min(rounds, 5)))
    with fresh_chain(statements) as chain:
        lines = len(bp.grad(chain).source_for(0.3).splitlines())
    assert text_of(statements).count("\n    x") == statements
    return [str(statements), str(lines), time_text(median), time_text(median / statements)]


def transform_of_chain(statements: int) -> float:
    """Seconds from straight-line code of this length to its derivative."""
    with fresh_chain(statements) as chain:
        return first_call(lambda: functools.partial(bp.grad(chain), 0.3), 1)
