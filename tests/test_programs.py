"""Ten programs as scientists write them, unmodified: value, arguments, gradient in both modes, pullbacks, text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import backprose as bp
from tests import differences
from tests.checks import check_at, check_pullback, check_text, masked
from tests.corpus import GoldenProgram, load, names_in

NAMES = names_in("programs")
REFUSED = {  # with the reason; an entry that works by now fails, and has to go
}


def points(program: GoldenProgram) -> list[tuple[Any, ...]]:
    """The arguments of the example, and others that go other ways through the program."""
    return [program.args, *(differences.fresh(args) for args in getattr(program.module, "MORE", ()))]


def marked(name: str) -> Any:
    refused = pytest.mark.xfail(raises=bp.BackproseError, reason=REFUSED.get(name, ""))
    return pytest.param(name, marks=refused) if name in REFUSED else name


@pytest.fixture(params=[marked(name) for name in NAMES])
def program(request: pytest.FixtureRequest) -> GoldenProgram:
    return load(request.param, "programs")


@pytest.mark.parametrize("name", NAMES)
def test_is_a_fair_test(name: str) -> None:
    """Smooth at each point, with a slope that is not 0, and of a length that says something."""
    program = load(name, "programs")
    assert program.module.__file__ is not None
    assert 50 <= len(Path(program.module.__file__).read_text(encoding="utf-8").splitlines()) <= 150
    for args in points(program):
        direction = masked(program, differences.random_direction(args, np.random.default_rng(3)))
        assert differences.is_smooth(program.function, args, direction)
        assert abs(differences.slope(program.function, args, direction).value) > 1e-4


def test_derivatives(program: GoldenProgram) -> None:
    for k, args in enumerate(points(program)):
        check_at(program, args, f"point {k}")


def test_pullback_twice(program: GoldenProgram) -> None:
    for args in points(program):
        check_pullback(program, args)


def test_text(program: GoldenProgram, update_golden: bool) -> None:
    check_text(program, update=update_golden)
