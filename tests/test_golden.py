"""Every golden program: its emitted text byte for byte, and what that text computes against differences."""

from __future__ import annotations

import os
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests import differences
from tests.corpus import GOLDEN, NAMES, GoldenProgram, emitted, in_single, load, non_contiguous, with_length

pytestmark = pytest.mark.usefixtures("api")
ROOT = Path(__file__).parents[1]
SECOND = [name for name in NAMES if load(name).second_order]


@pytest.fixture(params=NAMES)
def program(request: pytest.FixtureRequest) -> GoldenProgram:
    return load(request.param)


def transforms() -> Any:
    import backprose

    return backprose


def as_tuple(gradient: Any, program: GoldenProgram) -> tuple[Any, ...]:
    return (gradient,) if isinstance(program.wrt, str) else tuple(gradient)


def same_bits(a: Any, b: Any) -> bool:
    a, b = np.asarray(a), np.asarray(b)
    return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()


def silent(function: Any, *args: Any) -> tuple[Any, set[str]]:
    """The result, and the floating-point warnings on the way to it."""
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        result = function(*args)
    return result, {str(warning.message) for warning in seen}


def masked(program: GoldenProgram, tree: tuple[Any, ...]) -> list[Any]:
    """A tree of directions with None where nothing is differentiated."""
    return [part if k in program.positions else None for k, part in enumerate(tree)]


def check_at(program: GoldenProgram, args: tuple[Any, ...], label: str) -> None:
    """Value, gradient and tangent at these arguments, against the primal, differences and each other."""
    bp = transforms()
    single = any(np.asarray(arg).dtype == np.float32 for arg in args if differences.is_real(arg))
    double = differences.in_double(args)
    rng = np.random.default_rng(0)
    expected, primal_warnings = silent(program.function, *differences.fresh(args))
    mine = differences.fresh(args)
    (value, gradient), seen = silent(bp.value_and_grad(program.function, wrt=program.wrt), *mine)

    assert same_bits(value, expected), f"{label}: value {value!r}, primal {expected!r}"
    assert type(value) is type(expected), f"{label}: the value is {type(value)}, the primal's {type(expected)}"
    for before, after in zip(args, mine, strict=True):
        assert same_bits(before, after), f"{label}: an argument was changed"
    parts = as_tuple(gradient, program)
    owns_what_it_should(parts, mine, program, label)
    finite = all(np.all(np.isfinite(part)) for part in parts) and bool(np.isfinite(expected))
    if not finite:
        assert not np.isfinite(expected), f"{label}: gradient {gradient!r} where the value is {expected!r}"
        return
    assert seen <= primal_warnings, f"{label}: warnings {seen - primal_warnings}"

    rtol = max(program.rtol, 2e-4 if single else 0.0)
    for _ in range(2):
        direction = masked(program, differences.random_direction(double, rng))
        slope = differences.slope(program.function, double, direction)
        full: list[Any] = [None] * len(args)
        for k, part in zip(program.positions, parts, strict=True):
            full[k] = part
        derivative, scale = differences.inner(full, direction), differences.magnitude(full, direction)
        assert slope.trusted, f"{label}: the differences say nothing here ({slope})"
        assert slope.agrees(derivative, rtol, 1e-8, scale), f"{label}: gradient {derivative!r}, differences {slope}"
        tangents = tangents_of(args, direction)
        value, tangent = bp.jvp(program.function, differences.fresh(args), tangents)
        assert same_bits(value, expected), f"{label}: value of jvp {value!r}, primal {expected!r}"
        assert slope.agrees(tangent, rtol, 1e-8, scale), f"{label}: jvp {tangent!r}, differences {slope}"
        exact = 1e-4 if single else 1e-9
        assert abs(tangent - derivative) <= exact * (1 + scale), f"{label}: jvp {tangent!r}, gradient {derivative!r}"


def tangents_of(args: tuple[Any, ...], direction: list[Any]) -> tuple[Any, ...]:
    """Tangents of each argument's own dtype, zeros for a float that does not move, None beside the rest."""

    def tangent(arg: Any, way: Any) -> Any:
        if not differences.is_real(arg):
            return None
        if way is None:
            way = np.zeros(np.shape(arg))
        return np.asarray(way, arg.dtype) if isinstance(arg, np.ndarray) else type(arg)(way)

    return tuple(tangent(arg, way) for arg, way in zip(args, direction, strict=True))


def owns_what_it_should(parts: tuple[Any, ...], args: tuple[Any, ...], program: GoldenProgram, label: str) -> None:
    """Each gradient: shape and dtype of its argument, writable, sharing memory with nothing."""
    for k, part in zip(program.positions, parts, strict=True):
        arg = args[k]
        assert np.shape(part) == np.shape(arg), f"{label}: gradient of shape {np.shape(part)} for {np.shape(arg)}"
        assert np.asarray(part).dtype == np.asarray(arg).dtype, f"{label}: gradient is {np.asarray(part).dtype}"
        if isinstance(arg, np.ndarray) and arg.ndim:
            assert isinstance(part, np.ndarray), f"{label}: not an array"
            assert part.flags.writeable, f"{label}: not a writable array"
            for other in (*args, *(p for p in parts if p is not part)):
                assert not (isinstance(other, np.ndarray) and np.may_share_memory(part, other)), label
            assert part.base is None or not part.base.flags.writeable or part.base.size == part.size, label


# ---------------------------------------------------------------- the text
def test_text(program: GoldenProgram, update_golden: bool) -> None:
    for mode, text in emitted(program).items():
        golden = GOLDEN / f"{program.name}.{mode}.txt"
        if update_golden:
            golden.write_text(text, encoding="utf-8")
        assert golden.exists(), f"no {golden.name}: run pytest --update-golden and read what it writes"
        assert text == golden.read_text(encoding="utf-8"), f"{golden.name} differs; --update-golden rewrites it"
        assert max(map(len, text.splitlines())) <= 100
        compile(text, golden.name, "exec")


def test_text_in_a_fresh_process() -> None:
    """Byte for byte the same, with another seed of the hash function."""
    here = "".join(f"#### {n}.{mode}\n{text}\n" for n in NAMES for mode, text in emitted(load(n)).items())
    environment = {**os.environ, "PYTHONHASHSEED": "12345"}
    command = [sys.executable, "-m", "tests.corpus"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout == here


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
    """Called twice a pullback gives the same, leaves its seed alone, and is linear in it."""
    bp = transforms()
    value, pullback = bp.vjp(program.function, *program.args, wrt=program.wrt)
    kind = np.asarray(value).dtype.type
    assert same_bits(value, program.function(*program.args))
    seed = 1.0 if isinstance(value, float) else kind(1)
    first = as_tuple(pullback(seed), program)
    kept = differences.fresh(first)
    for part in first:
        if isinstance(part, np.ndarray):
            part += 1  # what the caller does with a gradient is of no concern to the pullback
    second = as_tuple(pullback(seed), program)
    for one, two in zip(kept, second, strict=True):
        assert same_bits(one, two)
    gradient = as_tuple(bp.grad(program.function, wrt=program.wrt)(*program.args), program)
    for one, two in zip(kept, gradient, strict=True):
        np.testing.assert_allclose(one, two, rtol=1e-12, atol=1e-14)
    for one, three in zip(kept, as_tuple(pullback(3 * seed), program), strict=True):
        np.testing.assert_allclose(
            3 * one, three, rtol=1e-5 if np.asarray(one).dtype == np.float32 else 1e-10, atol=1e-12
        )


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
