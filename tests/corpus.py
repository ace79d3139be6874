"""Programs as test data: loading, their arguments in several signatures, and their emitted text.

A folder of ``tests`` holds programs, one a file: ``golden`` (short ones, of every kind of text), ``programs`` (ten long
ones), ``constructs`` (one for each row of docs/constructs.md).
"""

from __future__ import annotations

import importlib
import inspect
import sys
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import numpy as np

from tests import differences

HERE = Path(__file__).parent


def names_in(folder: str) -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in (HERE / folder).glob("*.py") if path.stem != "__init__"))


NAMES = names_in("golden")


@dataclass(frozen=True)
class GoldenProgram:
    """One file. What a variant may not do, the file says with its reason (``FLOAT32 = False``)."""

    name: str
    module: ModuleType

    def path(self, mode: str) -> Path:
        """Where the emitted text of a mode stands."""
        assert self.module.__file__ is not None
        return Path(self.module.__file__).with_name(f"{self.name}.{mode}.txt")

    @property
    def function(self) -> FunctionType:
        return getattr(self.module, self.name)  # type: ignore[no-any-return]

    @property
    def args(self) -> tuple[Any, ...]:
        return differences.fresh(self.module.EXAMPLE["args"])  # type: ignore[no-any-return]

    @property
    def wrt(self) -> str | tuple[str, ...]:
        return self.module.EXAMPLE["wrt"]  # type: ignore[no-any-return]

    @property
    def positions(self) -> tuple[int, ...]:
        """Where the arguments of ``wrt`` stand."""
        code = self.function.__code__
        names = (self.wrt,) if isinstance(self.wrt, str) else self.wrt
        return tuple(code.co_varnames.index(name) for name in names)

    @property
    def rtol(self) -> float:
        return getattr(self.module, "RTOL", 1e-7)  # type: ignore[no-any-return]

    def allows(self, what: str) -> bool:
        return bool(getattr(self.module, what, True))

    @property
    def second_order(self) -> bool:
        return bool(getattr(self.module, "SECOND_ORDER", False))

    def runs(self, args: tuple[Any, ...]) -> bool:
        """Whether the primal takes these arguments and gives a float (of any kind) for them."""
        try:
            with np.errstate(all="ignore"), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                value = self.function(*differences.fresh(args))
        except (ValueError, IndexError, ZeroDivisionError, TypeError, ArithmeticError, np.linalg.LinAlgError):
            return False
        return np.ndim(value) == 0


def load(name: str, folder: str = "golden") -> GoldenProgram:
    return GoldenProgram(name, importlib.import_module(f"tests.{folder}.{name}"))


# ---------------------------------------------------------------- the same program with other arguments
def _arrays(args: tuple[Any, ...]) -> list[int]:
    return [k for k, arg in enumerate(args) if isinstance(arg, np.ndarray)]


def _shrunk(args: tuple[Any, ...], extent: int, length: int) -> tuple[Any, ...]:
    """Every axis of this extent cut to this length, in all arguments at once."""

    def cut(arg: Any) -> Any:
        if not isinstance(arg, np.ndarray):
            return arg
        return arg[tuple(slice(length) if n == extent else slice(None) for n in arg.shape)].copy()

    return tuple(cut(arg) for arg in args)


def _one_axis(args: tuple[Any, ...], which: int, axis: int) -> tuple[Any, ...]:
    """One axis of one argument cut to length 1, to be broadcast against the others."""
    cut = args[which][tuple(slice(1) if k == axis else slice(None) for k in range(args[which].ndim))].copy()
    return (*args[:which], cut, *args[which + 1 :])


def with_length(program: GoldenProgram, length: int) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Arguments with axes of this length (0 or 1): one extent at a time, all axes; for 1 also each axis alone."""
    if length == 1 and not program.allows("LENGTH_ONE"):
        return
    args = program.args
    extents = sorted({n for k in _arrays(args) for n in args[k].shape})
    candidates = [(f"extent {n} -> {length}", _shrunk(args, n, length)) for n in extents]
    everything = args
    for extent in extents:
        everything = _shrunk(everything, extent, length)
    candidates.append((f"all -> {length}", everything))
    if length == 1:
        pairs = [(k, axis) for k in _arrays(args) for axis in range(args[k].ndim)]
        candidates += [(f"argument {k} axis {axis} -> 1", _one_axis(args, k, axis)) for k, axis in pairs]
    for label, candidate in candidates:
        if program.runs(candidate):
            yield label, candidate


def in_single(program: GoldenProgram) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """float32 in the differentiated arguments only, in the others only, and everywhere."""
    if not program.allows("FLOAT32"):
        return
    active = set(program.positions)
    choices = {"wrt": lambda k: k in active, "data": lambda k: k not in active, "all": lambda k: True}
    for label, chosen in choices.items():
        args = tuple(_single(arg) if chosen(k) else arg for k, arg in enumerate(program.args))
        if program.runs(args):
            yield f"{label} in float32", args


def _single(arg: Any) -> Any:
    if not differences.is_inexact(arg):
        return arg
    kind = np.complex64 if np.iscomplexobj(arg) else np.float32
    return arg.astype(kind) if isinstance(arg, np.ndarray) else kind(arg)


def non_contiguous(program: GoldenProgram) -> tuple[Any, ...]:
    """The same numbers in arrays of another memory layout: every axis strided."""

    def spread(arg: Any) -> Any:
        if not isinstance(arg, np.ndarray) or arg.ndim == 0:
            return arg
        wide = np.zeros(tuple(2 * n for n in arg.shape), arg.dtype, order="F")
        view = wide[tuple(slice(None, None, 2) for _ in arg.shape)]
        view[...] = arg
        return view

    return tuple(spread(arg) for arg in program.args)


# ---------------------------------------------------------------- text
def emitted(program: GoldenProgram) -> dict[str, str]:
    """The emitted text by mode, for the example's signature."""
    import backprose as bp

    reverse = bp.value_and_grad(program.function, wrt=program.wrt).source_for(*program.args)
    return {"reverse": reverse, "forward": forward_source(program.function, program.wrt, program.args)}


def forward_source(function: Callable[..., Any], wrt: str | tuple[str, ...], args: tuple[Any, ...]) -> str:
    """The text of forward mode, for the signature of these arguments."""
    from backprose.ir.values import type_of_value
    from backprose.pipeline import Request, derive

    assert isinstance(function, FunctionType)
    bound = inspect.signature(function).bind(*args)
    bound.apply_defaults()
    signature = {name: type_of_value(value, name) for name, value in bound.arguments.items()}
    names = (wrt,) if isinstance(wrt, str) else wrt
    return derive(Request(function, "forward", names, isinstance(wrt, str), signature=signature)).text


if __name__ == "__main__":  # the text of all programs, for a comparison between processes
    for name in sys.argv[1:] or NAMES:
        for mode, text in emitted(load(name)).items():
            print(f"#### {name}.{mode}\n{text}")
