"""One random program through the compiler, and what came of it."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import re
import signal
import sys
import tempfile
import traceback
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

import numpy as np

import backprose as bp
from backprose.errors import BackproseError, InternalError
from tests import differences
from tests.checks import is_guard, same_bits, tangents_of
from tests.fuzz.profiles import generate
from tests.fuzz.program import FuzzProgram, smaller

OTHER_STEPS = tuple(1e-5 / 3.0**k for k in range(6))  # finer: what turns fast looks smooth from afar
TIME = 60  # seconds of work for one program; every random program ends by itself, one that was cut down may not
LARGEST = 1e9  # of the results: beside larger ones rounding hides what a part of about 1 does


@dataclass(frozen=True)
class Outcome:
    """``kind``: right, refused, wrong, crashed, or why the program says nothing: rough (not smooth) or invalid."""

    kind: str
    detail: str = ""
    construct: str = ""  # of a refusal: the error and its text, without the user's names
    flat: bool = False  # the slope is 0 in every direction tried: a weak test

    @property
    def failed(self) -> bool:
        return self.kind in ("wrong", "crashed")


class TookTooLong(BaseException):
    """Raised by the clock; no ``except Exception`` on the way may stop it."""


@contextmanager
def time_limit(seconds: int) -> Iterator[None]:
    def ring(number: int, frame: FrameType | None) -> None:
        raise TookTooLong

    before = signal.signal(signal.SIGPROF, ring)
    signal.setitimer(signal.ITIMER_PROF, seconds)  # of this process: a busy machine makes no program slow
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def loaded(source: str, name: str, folder: Path) -> ModuleType:
    """A module of this text, from a file, as users' modules are."""
    path = folder / f"{name}.py"
    path.write_text(source, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.dont_write_bytecode = True
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def check(source: str, name: str = "fuzz", *, compiler: bool = True, seconds: int = TIME) -> Outcome:
    """What the compiler does with the program in ``source``; without the compiler only whether it is a fair test."""
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            with time_limit(seconds):
                try:
                    module = loaded(source, name, Path(folder))
                except Exception as error:  # a program that was cut down may be none any more
                    return Outcome("invalid", str(error))
                return check_function(module.program, module.EXAMPLE["args"], module.EXAMPLE["wrt"], compiler=compiler)
        except TookTooLong:
            return Outcome("crashed" if compiler else "invalid", f"took more than {seconds} s")
        finally:
            sys.modules.pop(name, None)


def check_function(
    function: Any, args: tuple[Any, ...], wrt: Any, *, compiler: bool = True, beside: bool = True
) -> Outcome:
    """As ``check``, for a function that is there; ``beside``: where it is wrong, look at points beside this one."""
    try:
        expected, printed = heard(function, *differences.fresh(args))
        with np.errstate(
            divide="raise", invalid="raise", over="raise"
        ):  # what is not finite on the way stays nan in a gradient
            heard(function, *differences.fresh(args))
    except FloatingPointError as error:
        return Outcome("rough", str(error))
    except Exception as error:
        return Outcome("invalid", f"{type(error).__name__}: {error}")
    one = isinstance(expected, (float, int, np.ndarray, np.generic)) and not np.ndim(expected)
    if not all(map(_is_finite, differences.leaves(expected))):
        return Outcome("invalid", f"the result is {expected!r}")
    if any(np.max(np.abs(leaf), initial=0) > LARGEST for leaf in differences.leaves(expected)):
        return Outcome("rough", f"differences do not see a part cos(x) of {expected!r}")
    weights = None if one else _weights(expected)
    number = function if one else lambda *at: differences.inner(function(*at), weights)
    names = (wrt,) if isinstance(wrt, str) else wrt
    positions = [function.__code__.co_varnames.index(name) for name in names]
    rng = np.random.default_rng(0)
    slopes = []
    for _ in range(2):
        random = differences.random_direction(args, rng)
        direction = [part if k in positions else None for k, part in enumerate(random)]
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                if not differences.is_smooth(number, args, direction):
                    return Outcome("rough")
                slope = differences.slope(number, args, direction)
        except Exception as error:  # a neighbouring point may be outside the domain
            return Outcome("rough", f"{type(error).__name__}: {error}")
        if not slope.error <= 1e-6 * (1 + abs(slope.value)):
            return Outcome("rough", f"{slope}")
        slopes.append((direction, slope))
    flat = all(abs(slope.value) <= max(slope.error, 1e-12) for _, slope in slopes)
    primal = Primal(function, args, wrt, tuple(positions), expected, printed)
    if not compiler:
        return Outcome("right", flat=flat)
    try:
        outcome = compared(primal, slopes) if one else compared_results(primal, slopes, weights)
    except InternalError:
        outcome = Outcome("crashed", traceback.format_exc(limit=-6))
    except BackproseError as error:
        outcome = Outcome("refused", str(error), f"{type(error).__name__}: {_without_names(error.what)}")
    except Exception as error:
        if is_guard(error):
            outcome = Outcome("refused", str(error), f"when it runs: {_without_names(str(error))}")
        else:
            outcome = Outcome("crashed", traceback.format_exc(limit=-6))
    if outcome.kind == "wrong" and not all(_settled(number, args, *one) for one in slopes):
        return Outcome("rough", f"differences that depend on their steps: {outcome.detail}")  # cos(1e5 * x)
    if outcome.kind == "wrong" and beside and _right_beside(function, args, wrt):
        return Outcome("rough", f"kinks that cancel: {outcome.detail}")  # min(abs(x), x) at 0 is smooth, its parts not
    return replace(outcome, flat=flat)


def _settled(function: Any, args: tuple[Any, ...], direction: Any, slope: differences.Slope) -> bool:
    """Whether other steps give the same slope."""
    return differences.slope(function, args, direction, OTHER_STEPS).agrees(slope.value, 1e-7, 1e-7)


def _right_beside(function: Any, args: tuple[Any, ...], wrt: Any) -> bool:
    """Whether the derivative is right at points so near that it is this point alone where it is not."""
    rng = np.random.default_rng(1)
    for _ in range(3):
        moved = differences.moved(args, differences.random_direction(args, rng), 1e-3)
        kind = check_function(function, moved, wrt, beside=False).kind
        if kind in ("right", "wrong"):
            return kind == "right"
    return False


def heard(function: Any, *args: Any, **keywords: Any) -> tuple[Any, str]:
    """The result, and what was printed on the way."""
    with contextlib.redirect_stdout(io.StringIO()) as out:
        result = function(*args, **keywords)
    return result, out.getvalue()


@dataclass(frozen=True)
class Primal:
    """A program at its point: what it gives and prints there."""

    function: Any
    args: tuple[Any, ...]
    wrt: Any
    positions: tuple[int, ...]
    value: Any
    printed: str

    def is_value(self, given: Any) -> bool:
        """Whether a value is the primal's, bit for bit; to rounding where an argument runs backwards or has gaps: NumPy
        adds up the copy that the derivative may work on in another order."""
        arrays = (leaf for leaf in differences.leaves(self.args) if isinstance(leaf, np.ndarray))
        tolerance = 0.0 if all(array.flags.forc for array in arrays) else 1e-9
        return _same_tree(given, self.value, tolerance)


def compared(primal: Primal, slopes: Any) -> Outcome:
    """Every transform at the point, against the primal and its slopes."""
    function, args, wrt = primal.function, primal.args, primal.wrt
    mine = differences.fresh(args)
    df = bp.value_and_grad(function, wrt=wrt)
    (value, gradient), printed = heard(df, *mine)
    (_, again), _ = heard(df, *mine)
    tangents = [heard(bp.jvp, function, differences.fresh(args), tangents_of(args, way)) for way, _ in slopes]
    (_, pullback), _ = heard(bp.vjp, function, *mine, wrt=wrt)
    pulled = [heard(pullback, 1.0) for _ in range(2)]

    if not primal.is_value(value):
        return Outcome("wrong", f"the value is {value!r}, the primal's {primal.value!r}")
    if printed != primal.printed:
        return Outcome("wrong", f"it prints {printed!r}, the primal {primal.printed!r}")
    if any(out for _, out in pulled):
        return Outcome("wrong", f"the backward sweep prints {pulled[0][1]!r}")
    if not same_bits(args, mine):
        return Outcome("wrong", "an argument was changed")
    parts = (gradient,) if isinstance(wrt, str) else tuple(gradient)
    for k, part in zip(primal.positions, parts, strict=True):
        misfit = _misfit(part, args[k])
        if misfit:
            return Outcome("wrong", f"argument {k}: {misfit}")
    if not same_bits(gradient, again):
        return Outcome("wrong", f"the second call gives {again!r}, the first {gradient!r}")
    if not same_bits(pulled[0][0], pulled[1][0]):
        return Outcome("wrong", f"the second pullback gives {pulled[1][0]!r}, the first {pulled[0][0]!r}")
    full, turned = _beside_all(args, primal.positions, parts), pulled[0][0]
    full_pulled = _beside_all(args, primal.positions, (turned,) if isinstance(wrt, str) else turned)
    for (direction, slope), ((value, tangent), printed) in zip(slopes, tangents, strict=True):
        got, scale = differences.inner(full, direction), min(differences.magnitude(full, direction), 1e3)
        if not slope.agrees(got, 1e-6, 1e-7, scale):
            return Outcome("wrong", f"reverse {got!r}, differences {slope}; gradient {gradient!r}")
        if not slope.agrees(differences.inner(full_pulled, direction), 1e-6, 1e-7, scale):
            return Outcome("wrong", f"pullback {turned!r}, gradient {gradient!r}, differences {slope}")
        if not primal.is_value(value):
            return Outcome("wrong", f"the value of jvp is {value!r}, the primal's {primal.value!r}")
        if printed != primal.printed:
            return Outcome("wrong", f"jvp prints {printed!r}, the primal {primal.printed!r}")
        if not slope.agrees(tangent, 1e-6, 1e-7, scale):
            return Outcome("wrong", f"forward {tangent!r}, differences {slope}, reverse {got!r}")
    return Outcome("right")


def compared_results(primal: Primal, slopes: Any, weights: Any) -> Outcome:
    """As ``compared``, where the primal returns more than a number: the slopes are those of its results by weights."""
    function, args, wrt = primal.function, primal.args, primal.wrt
    mine = differences.fresh(args)
    (value, pullback), printed = heard(bp.vjp, function, *mine, wrt=wrt)
    if not primal.is_value(value):
        return Outcome("wrong", f"the value is {value!r}, the primal's {primal.value!r}")
    if printed != primal.printed:
        return Outcome("wrong", f"it prints {printed!r}, the primal {primal.printed!r}")
    gradient, out = heard(pullback, weights)
    if out:
        return Outcome("wrong", f"the backward sweep prints {out!r}")
    if not same_bits(args, mine):
        return Outcome("wrong", "an argument was changed")
    arrays = [leaf for leaf in differences.leaves(mine) if isinstance(leaf, np.ndarray)]
    for leaf in differences.leaves(value):
        own = isinstance(leaf, np.ndarray) and leaf.flags.writeable
        if own and not any(np.may_share_memory(leaf, array) for array in arrays):
            leaf[...] = 7.0  # what a caller does with the results is no matter of the pullback
    again, _ = heard(pullback, weights)
    if not same_bits(gradient, again):
        return Outcome("wrong", f"the second pullback gives {again!r}, the first {gradient!r}")
    parts = (gradient,) if isinstance(wrt, str) else tuple(gradient)
    full = _beside_all(args, primal.positions, parts)
    for direction, slope in slopes:
        got, scale = differences.inner(full, direction), min(differences.magnitude(full, direction), 1e3)
        if not slope.agrees(got, 1e-6, 1e-7, scale):
            return Outcome("wrong", f"reverse {got!r}, differences {slope}; gradient {gradient!r}")
        (value, tangent), printed = heard(bp.jvp, function, differences.fresh(args), tangents_of(args, direction))
        if not primal.is_value(value):
            return Outcome("wrong", f"the value of jvp is {value!r}, the primal's {primal.value!r}")
        if printed != primal.printed:
            return Outcome("wrong", f"jvp prints {printed!r}, the primal {primal.printed!r}")
        moved = differences.inner(tangent, weights)
        if not slope.agrees(moved, 1e-6, 1e-7, max(scale, differences.magnitude(tangent, weights))):
            return Outcome("wrong", f"forward {moved!r}, differences {slope}, reverse {got!r}")
    return Outcome("right")


def _is_finite(leaf: Any) -> bool:
    return isinstance(leaf, (float, int, np.ndarray, np.generic)) and bool(np.all(np.isfinite(leaf)))


def _weights(results: Any) -> Any:
    """A cotangent for each result, of entries about 1."""
    rng = np.random.default_rng(2)

    def drawn(leaf: Any) -> Any:
        weight = rng.normal(size=np.shape(leaf))
        return weight if isinstance(leaf, np.ndarray) else float(weight)

    return differences.tree_map(drawn, results)


def _same_tree(one: Any, other: Any, tolerance: float) -> bool:
    left, right = list(differences.leaves(one)), list(differences.leaves(other))
    same = all(_same_number(a, b, tolerance) for a, b in zip(left, right, strict=False))
    return type(one) is type(other) and len(left) == len(right) and same


def _beside_all(args: tuple[Any, ...], positions: tuple[int, ...], parts: Any) -> list[Any]:
    full: list[Any] = [None] * len(args)
    for k, part in zip(positions, parts, strict=True):
        full[k] = part
    return full


def _misfit(part: Any, arg: Any) -> str:
    """What is wrong with the form of a gradient: structure, shape or dtype."""
    inner, given = differences.parts(part), differences.parts(arg)
    if given is not None:
        if inner is None or type(part) is not type(arg) or inner.keys() != given.keys():
            return f"a gradient {part!r} for {arg!r}"
        return next((misfit for key in given if (misfit := _misfit(inner[key], given[key]))), "")
    if np.shape(part) != np.shape(arg) or np.asarray(part).dtype != np.asarray(arg).dtype:
        return f"a gradient of shape {np.shape(part)}, {np.asarray(part).dtype}"
    return ""


def _same_number(a: Any, b: Any, tolerance: float) -> bool:
    a, b = np.asarray(a), np.asarray(b)
    same = a.tobytes() == b.tobytes() or (tolerance > 0 and np.allclose(a, b, rtol=tolerance, atol=tolerance))
    return bool(a.dtype == b.dtype and a.shape == b.shape and same)


def _without_names(text: str) -> str:
    return re.sub(r"\b_?[a-z]\d*\b(\[[^]]*\])?", "_", text.splitlines()[0])


# ---------------------------------------------------------------- one seed, and failures cut down
def run_seed(seed: int, profile: str = "full", *, compiler: bool = True) -> tuple[int, Outcome]:
    return seed, check(generate(seed, profile).source, f"fuzz_{profile}_{seed}", compiler=compiler)


def shrunk(program: FuzzProgram, tries: int = 900) -> FuzzProgram:
    """A smaller program that fails in the same way: for a crash, with the same kind of exception."""
    wanted = _way(check(program.source))
    while True:
        for candidate in smaller(program):
            tries -= 1
            if tries < 0:
                return program
            if _way(check(candidate.source, seconds=2)) == wanted:  # a counter may be gone from its loop
                program = candidate
                break
        else:
            return program


def _way(outcome: Outcome) -> tuple[str, str]:
    last = outcome.detail.strip().splitlines()[-1] if outcome.kind == "crashed" else ""
    return outcome.kind, last.partition(":")[0]
