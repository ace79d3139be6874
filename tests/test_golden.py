"""Every golden program: its emitted text byte for byte, and what that text computes against differences."""

from __future__ import annotations

import builtins
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests import differences
from tests.checks import as_tuple, check_at, check_pullback, check_text, tangents_of, transforms
from tests.corpus import NAMES, GoldenProgram, emitted, in_single, load, non_contiguous, with_length

pytestmark = pytest.mark.usefixtures("api")
ROOT = Path(__file__).parents[1]
SECOND = [name for name in NAMES if load(name).second_order]


@pytest.fixture(params=NAMES)
def program(request: pytest.FixtureRequest) -> GoldenProgram:
    return load(request.param)


# ---------------------------------------------------------------- the text
def test_text(program: GoldenProgram, update_golden: bool) -> None:
    check_text(program, update=update_golden)


def test_text_in_a_fresh_process() -> None:
    """Byte for byte the same, with another seed of the hash function."""
    here = "".join(f"#### {n}.{mode}\n{text}\n" for n in NAMES for mode, text in emitted(load(n)).items())
    environment = {**os.environ, "PYTHONHASHSEED": "12345"}
    command = [sys.executable, "-m", "tests.corpus"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout == here


def test_text_after_a_prompt(monkeypatch: pytest.MonkeyPatch) -> None:
    """The prompt, doctest and notebooks add names to the builtins, which are no part of the text."""
    before = emitted(load("newton_root"))
    monkeypatch.setattr(builtins, "_", 3, raising=False)
    monkeypatch.setattr(builtins, "turns", 3, raising=False)
    assert emitted(load("newton_root")) == before


# ---------------------------------------------------------------- what it computes
def test_derivatives(program: GoldenProgram) -> None:
    check_at(program, program.args, "as given")


def test_every_element(program: GoldenProgram) -> None:
    """The gradient element by element: no error that a random direction could hide."""
    bp = transforms()
    double = differences.in_double(program.args)
    parts = as_tuple(bp.grad(program.function, wrt=program.wrt)(*differences.fresh(double)), program)
    scale = max((float(np.max(np.abs(part))) for part in parts if np.size(part)), default=0.0)
    for k, part in zip(program.positions, parts, strict=True):
        slope = differences.gradient(program.function, double, k)
        assert slope.agrees(part, program.rtol, 1e-8, scale), f"argument {k}: {part!r}, differences {slope.value!r}"


def test_length_one(program: GoldenProgram) -> None:
    variants = list(with_length(program, 1))
    arrays = [arg for arg in program.args if isinstance(arg, np.ndarray) and arg.ndim]
    assert variants or not arrays or not program.allows("LENGTH_ONE"), "no variant runs: say LENGTH_ONE = False"
    for label, args in variants:
        check_at(program, args, label)


def test_single_precision(program: GoldenProgram) -> None:
    for label, args in in_single(program):
        check_at(program, args, label)


def test_zero_length(program: GoldenProgram) -> None:
    for label, args in with_length(program, 0):
        check_at(program, args, label)


def test_memory_layout(program: GoldenProgram) -> None:
    check_at(program, non_contiguous(program), "strided")


def test_pullback_twice(program: GoldenProgram) -> None:
    check_pullback(program, program.args)


@pytest.mark.parametrize("name", SECOND)
def test_second_order(name: str) -> None:
    """Forward over reverse and reverse over reverse, against differences of the gradient."""
    bp = transforms()
    program = load(name)
    double = differences.in_double(program.args)
    first = program.positions[0]
    wrt = program.function.__code__.co_varnames[first]
    df = bp.grad(program.function, wrt=wrt)
    rng = np.random.default_rng(1)
    ways = [way if k == first else None for k, way in enumerate(differences.random_direction(double, rng))]
    bend = differences.slope(lambda *args: df(*args), double, ways)

    _, forward = bp.jvp(df, differences.fresh(double), tangents_of(double, ways))
    scale = float(np.max(np.abs(bend.value)))
    assert bend.agrees(forward, 1e-6, 1e-8, scale), f"jvp of grad {forward!r}, differences {bend.value!r}"
    _, pullback = bp.vjp(df, *differences.fresh(double), wrt=wrt)
    backward = pullback(ways[first])  # the Hessian is symmetric
    assert bend.agrees(backward, 1e-6, 1e-8, scale), f"vjp of grad {backward!r}, differences {bend.value!r}"
