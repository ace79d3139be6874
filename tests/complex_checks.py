"""What holds for derivatives of complex numbers, against differences along real and imaginary directions.

A real result that moves by the real part of ``sum(z_bar * z_dot)`` is the convention: nothing is conjugated.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

import backprose as bp
from tests import differences
from tests.checks import same_bits


def directions(args: Sequence[Any], which: int) -> Iterator[list[Any]]:
    """Along real numbers, along imaginary ones, and between."""
    rng = np.random.default_rng(3)
    value = args[which]
    real = rng.normal(size=np.shape(value))
    ways = [real]
    if np.iscomplexobj(value):
        ways += [1j * rng.normal(size=np.shape(value)), real + 1j * rng.normal(size=np.shape(value))]
    for way in ways:
        kind = np.asarray(value).dtype.type
        fitting = way.astype(value.dtype) if isinstance(value, np.ndarray) else kind(way)
        yield [fitting if k == which else None for k in range(len(args))]


def as_real(value: Any) -> Any:
    """Real and imaginary parts beside each other."""
    return np.stack([np.real(value), np.imag(value)])


def pairing(a: Any, b: Any) -> float:
    return float(np.real(np.sum(np.asarray(a) * np.asarray(b))))


def seed_of(value: Any) -> Any:
    rng = np.random.default_rng(4)
    drawn = rng.normal(size=np.shape(value))
    if np.iscomplexobj(value):
        drawn = drawn + 1j * rng.normal(size=np.shape(value))
    dtype = np.asarray(value).dtype
    return np.asarray(drawn).astype(dtype) if isinstance(value, np.ndarray) else dtype.type(drawn)


def silent(function: Callable[..., Any], *args: Any) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", np.exceptions.ComplexWarning)
        return function(*args)


def check(function: Callable[..., Any], *args: Any, second: bool = True, rtol: float = 1e-6) -> None:
    """Both modes with respect to every float or complex argument; of a real number also the second derivative."""
    active = [k for k, arg in enumerate(args) if np.asarray(arg).dtype.kind in "fc"]
    expected = silent(function, *differences.fresh(args))
    for which in active:
        mine = differences.fresh(args)
        value, pullback = silent(lambda which=which, mine=mine: bp.vjp(function, *mine, wrt=which))
        assert same_bits(value, expected), f"value {value!r}, primal {expected!r}"
        seed = seed_of(value)
        bar, again = silent(pullback, seed), silent(pullback, seed)
        assert same_bits(np.asarray(bar), np.asarray(again)), "the second call gives something else"
        assert all(same_bits(a, b) for a, b in zip(mine, args, strict=True)), "an argument was changed"
        assert np.shape(bar) == np.shape(args[which])
        assert np.asarray(bar).dtype == np.asarray(args[which]).dtype, f"{np.asarray(bar).dtype}"
        if isinstance(bar, np.ndarray) and bar.ndim:
            assert bar.flags.writeable
        for direction in directions(args, which):
            slope = differences.slope(lambda *moved: as_real(silent(function, *moved)), list(args), direction)
            value, dot = silent(lambda direction=direction: bp.jvp(function, differences.fresh(args), direction))
            assert same_bits(value, expected)
            scale = 1 + np.max(np.abs(slope.value), initial=0)
            assert slope.agrees(as_real(dot), rtol, rtol, scale), f"argument {which}: jvp {dot}, differences {slope}"
            if np.asarray(value).dtype.kind == "f":
                assert not np.iscomplexobj(dot), "the tangent of a real result"
            reverse, forward = pairing(bar, direction[which]), pairing(seed, dot)
            assert abs(reverse - forward) <= rtol * (1 + abs(forward)), f"{reverse} in reverse, {forward} forward"
        if second and np.ndim(expected) == 0 and not np.iscomplexobj(expected):
            check_second(function, args, which)


def check_second(function: Callable[..., Any], args: Sequence[Any], which: int) -> None:
    """The derivative of the emitted gradient, in both modes."""
    gradient = bp.grad(function, wrt=which)
    bar = silent(gradient, *differences.fresh(args))
    single = silent(bp.value_and_grad(function, wrt=which), *differences.fresh(args))
    assert same_bits(np.asarray(bar), np.asarray(single[1]))
    seed = seed_of(bar)
    _, pullback = silent(lambda: bp.vjp(gradient, *differences.fresh(args), wrt=which))
    back = silent(pullback, seed)
    for direction in directions(args, which):
        slope = differences.slope(lambda *moved: as_real(silent(gradient, *moved)), list(args), direction)
        _, dot = silent(lambda direction=direction: bp.jvp(gradient, differences.fresh(args), direction))
        scale = 1 + np.max(np.abs(slope.value), initial=0)
        assert slope.agrees(as_real(dot), 1e-5, 1e-5, scale), f"argument {which}: second {dot}, differences {slope}"
        assert abs(pairing(back, direction[which]) - pairing(seed, dot)) <= 1e-6 * scale * (1 + np.size(bar))
