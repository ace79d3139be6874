"""What holds for the derivative of any program: value, arguments, gradient and tangent, warnings, owned memory."""

from __future__ import annotations

import traceback
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from tests import differences
from tests.corpus import GoldenProgram, emitted


def transforms() -> Any:
    import backprose

    return backprose


def as_tuple(gradient: Any, program: GoldenProgram) -> tuple[Any, ...]:
    return (gradient,) if isinstance(program.wrt, str) else tuple(gradient)


def same_bits(a: Any, b: Any) -> bool:
    """Whether two trees have the same form and the same leaves, bit for bit."""
    inner, other = differences.parts(a), differences.parts(b)
    if inner is not None and other is not None:
        return type(a) is type(b) and inner.keys() == other.keys() and all(same_bits(inner[k], other[k]) for k in inner)
    if not isinstance(a, (float, complex, np.ndarray, np.generic)) or a is b:
        return type(a) is type(b) and bool(a == b)
    a, b = np.asarray(a), np.asarray(b)
    return bool(a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes())


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
    floats = [leaf for leaf in differences.leaves(args) if differences.is_inexact(leaf)]
    single = any(np.asarray(leaf).dtype in (np.float32, np.complex64) for leaf in floats)
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
    finite = all(np.all(np.isfinite(leaf)) for leaf in inexact_leaves(parts)) and bool(np.isfinite(expected))
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


def inexact_leaves(tree: Any) -> list[Any]:
    return [leaf for leaf in differences.leaves(tree) if differences.is_inexact(leaf)]


def tangents_of(args: tuple[Any, ...], direction: list[Any]) -> tuple[Any, ...]:
    """Tangents of each leaf's own dtype, zeros for a float that does not move, None beside the rest."""

    def tangent(leaf: Any, way: Any) -> Any:
        if not differences.is_inexact(leaf):
            return None
        return np.asarray(way, leaf.dtype) if isinstance(leaf, np.ndarray) else type(leaf)(way)

    def still(leaf: Any) -> Any:
        return tangent(leaf, np.zeros(np.shape(leaf)))

    def of(arg: Any, way: Any) -> Any:
        if not inexact_leaves(arg):
            return None
        return differences.tree_map(still, arg) if way is None else differences.tree_map(tangent, arg, way)

    return tuple(of(arg, way) for arg, way in zip(args, direction, strict=True))


def owns_what_it_should(parts: tuple[Any, ...], args: tuple[Any, ...], program: GoldenProgram, label: str) -> None:
    """Each gradient: structure of its argument, shape and dtype of its leaves, writable, memory of its own."""
    given = [leaf for leaf in differences.leaves(args) if isinstance(leaf, np.ndarray)]
    found = inexact_leaves(parts)
    for k, part in zip(program.positions, parts, strict=True):
        for leaf, arg in zip(differences.leaves(part), differences.leaves(args[k]), strict=True):
            if not differences.is_inexact(arg):
                assert leaf is None, f"{label}: the gradient of {arg!r} is {leaf!r}"
                continue
            assert np.shape(leaf) == np.shape(arg), f"{label}: gradient of shape {np.shape(leaf)} for {np.shape(arg)}"
            assert np.asarray(leaf).dtype == np.asarray(arg).dtype, f"{label}: gradient is {np.asarray(leaf).dtype}"
            if isinstance(arg, np.ndarray) and arg.ndim:
                assert isinstance(leaf, np.ndarray), f"{label}: not an array"
                assert leaf.flags.writeable, f"{label}: not a writable array"
                for other in (*given, *(one for one in found if one is not leaf)):
                    assert not (isinstance(other, np.ndarray) and np.may_share_memory(leaf, other)), label
                assert leaf.base is None or not leaf.base.flags.writeable or leaf.base.size == leaf.size, label


def check_pullback(program: GoldenProgram, args: tuple[Any, ...]) -> None:
    """Called twice a pullback gives the same, leaves its seed alone, and is linear in it."""
    bp = transforms()
    mine = differences.fresh(args)
    value, pullback = bp.vjp(program.function, *mine, wrt=program.wrt)
    kind = np.asarray(value).dtype.type
    assert same_bits(args, mine), "an argument was changed"
    assert same_bits(value, program.function(*differences.fresh(args)))
    seed = 1.0 if isinstance(value, float) else kind(1)
    first = as_tuple(pullback(seed), program)
    kept = differences.fresh(first)
    for leaf in differences.leaves(first):
        if isinstance(leaf, np.ndarray):
            leaf += 1  # what the caller does with a gradient is of no concern to the pullback
    second = as_tuple(pullback(seed), program)
    assert same_bits(kept, second), "the second call gives something else"
    gradient = as_tuple(bp.grad(program.function, wrt=program.wrt)(*differences.fresh(args)), program)
    for one, two in zip(inexact_leaves(kept), inexact_leaves(gradient), strict=True):
        np.testing.assert_allclose(one, two, rtol=1e-12, atol=1e-14)
    for one, three in zip(inexact_leaves(kept), inexact_leaves(as_tuple(pullback(3 * seed), program)), strict=True):
        rtol = 1e-5 if np.asarray(one).dtype in (np.float32, np.complex64) else 1e-10
        np.testing.assert_allclose(3 * one, three, rtol=rtol, atol=1e-12)


def check_text(program: GoldenProgram, *, update: bool) -> None:
    """The emitted text, byte for byte that of the files beside the program; ``update`` writes them."""
    for mode, text in emitted(program).items():
        golden = program.path(mode)
        if update:
            golden.write_text(text, encoding="utf-8")
        assert golden.exists(), f"no {golden.name}: run pytest --update-golden and read what it writes"
        assert text == golden.read_text(encoding="utf-8"), f"{golden.name} differs; --update-golden rewrites it"
        assert max(map(len, text.splitlines())) <= 100
        compile(text, golden.name, "exec")


def is_guard(error: BaseException) -> bool:
    """Whether an emitted test of what was taken for granted raised this: a refusal while the text runs."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return last.filename.startswith("<backprose") and (last.line or "").startswith("raise ValueError(")


def check_second(function: Callable[..., Any], args: tuple[Any, ...], wrt: tuple[str, ...]) -> None:
    """The gradient along one direction, differentiated along another, in both modes."""
    bp, rng = transforms(), np.random.default_rng(3)
    moves = [function.__code__.co_varnames.index(name) for name in wrt]
    drawn, weights = differences.random_direction(args, rng), differences.random_direction(args, rng)
    direction = tuple(one if place in moves else None for place, one in enumerate(drawn))
    weighed = tuple(weights[place] for place in moves)
    gradient = bp.grad(function, wrt=wrt)
    expected = differences.slope(lambda *at: differences.inner(gradient(*at), weighed), args, direction)
    _, tangent = bp.jvp(gradient, args, direction)
    assert expected.agrees(differences.inner(tangent, weighed), 1e-5, 1e-6)
    _, pullback = bp.vjp(gradient, *args, wrt=wrt)
    assert expected.agrees(differences.inner(pullback(weighed), [drawn[place] for place in moves]), 1e-5, 1e-6)
