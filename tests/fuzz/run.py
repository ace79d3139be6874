"""One random program through the compiler, and what came of it."""

from __future__ import annotations

import importlib.util
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

from tests import differences
from tests.fuzz.program import FuzzProgram, smaller
from tests.fuzz.statements import generate

TIME = (
    20  # seconds of the processor for one program; every random program ends by itself, one that was cut down may not
)


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
    spec.loader.exec_module(module)
    return module


def check(source: str, name: str = "fuzz", *, compiler: bool = True, seconds: int = TIME) -> Outcome:
    """What the compiler does with the program in ``source``; without the compiler only whether it is a fair test."""
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            with time_limit(seconds):
                module = loaded(source, name, Path(folder))
                return check_function(module.program, module.EXAMPLE["args"], module.EXAMPLE["wrt"], compiler=compiler)
        except TookTooLong:
            return Outcome("crashed" if compiler else "invalid", f"took more than {seconds} s")
        except SyntaxError as error:
            return Outcome("invalid", str(error))


def check_function(function: Any, args: tuple[Any, ...], wrt: Any, *, compiler: bool = True) -> Outcome:
    """As ``check``, for a function that is there."""
    try:
        expected = function(*differences.fresh(args))
        with np.errstate(divide="raise", invalid="raise"):  # what is not finite on the way stays nan in a gradient
            function(*differences.fresh(args))
    except FloatingPointError as error:
        return Outcome("rough", str(error))
    except Exception as error:
        return Outcome("invalid", f"{type(error).__name__}: {error}")
    if not isinstance(expected, (float, int, np.ndarray, np.generic)) or np.ndim(expected) or not np.isfinite(expected):
        return Outcome("invalid", f"the result is {expected!r}")
    names = (wrt,) if isinstance(wrt, str) else wrt
    positions = [function.__code__.co_varnames.index(name) for name in names]
    rng = np.random.default_rng(0)
    slopes = []
    for _ in range(2):
        random = differences.random_direction(args, rng)
        direction = [part if k in positions else None for k, part in enumerate(random)]
        try:
            if not differences.is_smooth(function, args, direction):
                return Outcome("rough")
            slope = differences.slope(function, args, direction)
        except Exception as error:  # a neighbouring point may be outside the domain
            return Outcome("rough", f"{type(error).__name__}: {error}")
        if not slope.error <= 1e-6 * (1 + abs(slope.value)):
            return Outcome("rough", f"{slope}")
        slopes.append((direction, slope))
    flat = all(abs(slope.value) <= max(slope.error, 1e-12) for _, slope in slopes)
    outcome = _compared(function, args, wrt, positions, expected, slopes) if compiler else Outcome("right")
    return replace(outcome, flat=flat)


def _compared(function: Any, args: Any, wrt: Any, positions: list[int], expected: Any, slopes: Any) -> Outcome:
    import backprose as bp

    mine = differences.fresh(args)
    try:
        df = bp.value_and_grad(function, wrt=wrt)
        value, gradient = df(*mine)
        _, again = df(*mine)
        tangents = [bp.jvp(function, differences.fresh(args), _tangents(args, way)) for way, _ in slopes]
    except bp.BackproseError as error:
        return Outcome("refused", str(error), f"{type(error).__name__}: {_without_names(error.what)}")
    except Exception:
        return Outcome("crashed", traceback.format_exc(limit=-6))

    if not _same_bits(value, expected):
        return Outcome("wrong", f"the value is {value!r}, the primal's {expected!r}")
    if not all(_same_bits(a, b) for a, b in zip(args, mine, strict=True)):
        return Outcome("wrong", "an argument was changed")
    parts = (gradient,) if isinstance(wrt, str) else tuple(gradient)
    repeated = (again,) if isinstance(wrt, str) else tuple(again)
    for k, part, other in zip(positions, parts, repeated, strict=True):
        if np.shape(part) != np.shape(args[k]) or np.asarray(part).dtype != np.asarray(args[k]).dtype:
            return Outcome("wrong", f"argument {k}: a gradient of shape {np.shape(part)}, {np.asarray(part).dtype}")
        if not _same_bits(part, other):
            return Outcome("wrong", f"argument {k}: the second call gives {other!r}, the first {part!r}")
    full: list[Any] = [None] * len(args)
    for k, part in zip(positions, parts, strict=True):
        full[k] = part
    for (direction, slope), (value, tangent) in zip(slopes, tangents, strict=True):
        got, scale = differences.inner(full, direction), differences.magnitude(full, direction)
        if not slope.agrees(got, 1e-6, 1e-7, min(scale, 1e3)):
            return Outcome("wrong", f"reverse {got!r}, differences {slope}; gradient {gradient!r}")
        if not _same_bits(value, expected):
            return Outcome("wrong", f"the value of jvp is {value!r}, the primal's {expected!r}")
        if not slope.agrees(tangent, 1e-6, 1e-7, min(scale, 1e3)):
            return Outcome("wrong", f"forward {tangent!r}, differences {slope}, reverse {got!r}")
    return Outcome("right")


def _same_bits(a: Any, b: Any) -> bool:
    a, b = np.asarray(a), np.asarray(b)
    return bool(a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes())


def _tangents(args: Any, direction: Any) -> tuple[Any, ...]:
    """Tangents: zeros for what does not move, None beside what is not a float."""

    def one(arg: Any, way: Any) -> Any:
        if not differences.is_real(arg):
            return None
        if way is not None:
            return way
        return np.zeros_like(arg) if isinstance(arg, np.ndarray) else 0.0

    return tuple(one(arg, way) for arg, way in zip(args, direction, strict=True))


def _without_names(text: str) -> str:
    return re.sub(r"\b[a-z]\d*\b(\[[^]]*\])?", "_", text.splitlines()[0])


# ---------------------------------------------------------------- one seed, and failures cut down
def run_seed(seed: int, *, compiler: bool = True) -> tuple[int, Outcome]:
    return seed, check(generate(seed).source, f"fuzz_{seed}", compiler=compiler)


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
