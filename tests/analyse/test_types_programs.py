"""The main test of inference: random programs are run, and every value of every name is what its type says."""

from __future__ import annotations

import random
import warnings
from collections.abc import Callable
from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backprose.analyse.extents import map_dims
from backprose.errors import BackproseError
from backprose.ir.types import UNKNOWN, Extent, Type
from tests.analyse.conforming import Violation, compare
from tests.analyse.programs import GLOBALS, grow
from tests.lower.running import with_source


def open_lengths(type: Type) -> Type:
    """Lengths of which nothing is known, not even whether they are 1 (``?`` of ``--like``)."""
    return map_dims(type, lambda dim: replace(dim, not_one=False) if isinstance(dim, Extent) else dim)


def open_dtype(type: Type) -> Type:
    return replace(type, dtype=None) if type.kind == "array" else type


def nothing(type: Type) -> Type:
    return UNKNOWN


def as_given(type: Type) -> Type:
    return type


WEAKER: tuple[Callable[[Type], Type], ...] = (as_given, as_given, as_given, open_lengths, open_dtype, nothing)


def check(chosen: random.Random, statements: int = 12) -> tuple[int, int]:
    program = grow(chosen, statements)
    function = with_source(program.text())
    function.__globals__.update(GLOBALS)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            _, run = compare(function, tuple(program.args.values()), chosen.choice(WEAKER))
        except BackproseError:
            return 0, 0  # outside the language
        except Violation as error:
            raise AssertionError(f"{error}\n{program.text()}\n{program.args}") from error
    return run.compared, run.known


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 2**32))
def test_random_programs(seed: int) -> None:
    check(random.Random(seed))


def test_much_is_known() -> None:
    counts = [check(random.Random(seed), 8) for seed in range(150)]
    compared, known = map(sum, zip(*counts, strict=True))
    assert compared > 1000
    assert known > 0.6 * compared, (known, compared)
