"""``backprose check``: a derivative against central differences, element by element, at given or sampled arguments."""

from __future__ import annotations

import inspect
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from backprose.api import value_and_grad, vjp
from backprose.arguments import bind
from backprose.errors import ArgumentError
from backprose.ir.types import Type
from backprose.signatures import Signature, spell

LENGTH = 4  # of an axis that is not 1: the same everywhere, so that matrices fit each other
TURNS = 3  # of an integer argument
MOST = 200  # elements of one argument that are moved
STEP = 1e-3  # of Ridders' five-point formula, whose error is of its fourth power
TOLERANCE = {"float64": 1e-6, "float32": 2e-2, "float16": 0.2, "complex64": 2e-2}


@dataclass(frozen=True)
class Line:
    """What was found of one argument: its worst element."""

    argument: str
    index: tuple[int, ...]
    derivative: complex
    difference: complex
    error: float  # relative to the largest element of the derivative
    good: bool


def sample(function: Callable[..., Any], signature: Signature, seed: int = 0) -> dict[str, Any]:
    """An argument for each parameter: floats between 0.5 and 1.5 (so are the parts of complex numbers), defaults where
    there is no type."""
    rng = np.random.default_rng(seed)
    arguments: dict[str, Any] = {}
    for name, parameter in inspect.signature(function).parameters.items():
        known = signature.get(name)
        if known is not None and known.kind in ("python", "scalar", "array"):
            arguments[name] = _random(known, rng)
        elif parameter.default is not parameter.empty:
            arguments[name] = parameter.default
        elif parameter.kind not in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            what = "nothing is known of it" if known is None else f"{spell(known)} cannot be sampled"
            raise ArgumentError(
                f"{name} needs a value: {what}",
                instead=f"annotate it, or pass --like '{name}: float64[:]', or values with --at FILE.npz",
            )
    return arguments


def _random(known: Type, rng: np.random.Generator) -> Any:
    dtype = np.dtype(known.dtype or "float64")
    shape = [dim if isinstance(dim, int) else LENGTH for dim in known.shape or (LENGTH,)]
    if known.kind != "array":
        shape = []
    drawn = rng.uniform(0.5, 1.5, shape) if dtype.kind in "fc" else np.full(shape, TURNS)
    if dtype.kind == "c":
        drawn = drawn + 1j * rng.uniform(0.5, 1.5, shape)
    array = np.asarray(drawn).astype(dtype)
    if known.kind == "python":
        return array.item()
    return array[()] if known.kind == "scalar" else array


def differentiable(arguments: Mapping[str, Any]) -> list[str]:
    """The arguments that are floats, complex numbers or arrays of these."""
    return [name for name, value in arguments.items() if getattr(np.asarray(value).dtype, "kind", "") in ("f", "c")]


def compare(function: Callable[..., Any], arguments: Mapping[str, Any], wrt: Sequence[str]) -> Iterator[Line]:
    """A line for each argument of ``wrt``; results that are no single number are summed with random weights."""
    signature = inspect.signature(function)
    call = inspect.BoundArguments(signature, dict(arguments))
    value = _primal(function, call)
    if np.ndim(value) == 0 and not isinstance(value, tuple) and not np.iscomplexobj(value):
        weights: Any = 1.0
        found, gradient = value_and_grad(function, wrt=tuple(wrt))(*call.args, **call.kwargs)
    else:
        weights = np.random.default_rng(1).uniform(0.5, 1.5, np.shape(value))
        found, pullback = vjp(function, *call.args, wrt=tuple(wrt), kwargs=call.kwargs)
        gradient = pullback(weights)
    if np.asarray(found).tobytes() != np.asarray(value).tobytes():
        yield Line("(value)", (), complex(np.sum(found)), complex(np.sum(value)), np.inf, good=False)

    def weighed(**changed: Any) -> float:
        moved = inspect.BoundArguments(signature, {**arguments, **changed})
        return float(np.sum(np.real(weights * np.asarray(_primal(function, moved)))))

    for name, part in zip(wrt, gradient, strict=True):
        yield _worst(name, arguments[name], np.asarray(part), weighed)


def _worst(name: str, value: Any, gradient: Any, weighed: Callable[..., float]) -> Line:
    indices = list(np.ndindex(gradient.shape))
    if len(indices) > MOST:
        chosen = np.random.default_rng(2).choice(len(indices), MOST, replace=False)
        indices = [indices[i] for i in sorted(chosen)]
    tolerance = TOLERANCE.get(str(np.asarray(value).dtype), 1e-6)
    scale = max(float(np.max(np.abs(gradient), initial=0.0)), 1e-8)
    worst = Line(name, (), 0.0, 0.0, 0.0, good=True)
    for index in indices:
        slope: complex = _slope(weighed, name, value, index)
        if np.iscomplexobj(value):  # with respect to a + ib: d/da - i d/db
            slope = slope - 1j * _slope(weighed, name, value, index, 1j)
        error = abs(gradient[index] - slope) / scale
        good = bool(error <= tolerance)
        if not error <= worst.error or index == indices[0]:
            worst = Line(name, index, complex(gradient[index]), slope, float(error), good=good)
        if np.isnan(error):
            break
    return worst


def _slope(weighed: Callable[..., float], name: str, value: Any, index: tuple[int, ...], way: complex = 1.0) -> float:
    step = STEP * max(1.0, float(np.abs(np.asarray(value)[index])))
    two, one, less, least = (weighed(**{name: _moved(value, index, k * step * way)}) for k in (2, 1, -1, -2))
    near, far = one - less, two - least
    return (8 * near - far) / (12 * step)


def _moved(value: Any, index: tuple[int, ...], step: complex) -> Any:
    """In double precision: differences of single precision would be noise."""
    kind = complex if np.iscomplexobj(value) else float
    if not isinstance(value, np.ndarray):
        return kind(value) + step
    moved = value.astype(kind)
    moved[index] += step
    return moved


def _copies(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """The function may write into its arguments."""
    return tuple(value.copy(order="K") if isinstance(value, np.ndarray) else value for value in values)


def _primal(function: Callable[..., Any], call: inspect.BoundArguments) -> Any:
    kwargs = dict(zip(call.kwargs, _copies(tuple(call.kwargs.values())), strict=True))
    try:
        return function(*_copies(call.args), **kwargs)
    except Exception as error:
        raise ArgumentError(
            f"{getattr(function, '__name__', 'the function')} raised {type(error).__name__}: {error}",
            why="it does not take the arguments that it was checked at",
            instead="say what they are, --like 'x: float64[5, 3]', or pass them, --at FILE.npz",
        ) from error


def from_file(function: Callable[..., Any], file: str) -> dict[str, Any]:
    """The arguments kept in an ``.npz`` file, by parameter; 0-d arrays are Python numbers."""
    try:
        with np.load(file, allow_pickle=False) as content:
            values = {name: array.item() if array.ndim == 0 else array for name, array in content.items()}
    except (ValueError, AttributeError, TypeError, zipfile.BadZipFile):
        raise ArgumentError(
            f"{file} does not hold arrays by name", instead="write it with numpy.savez(FILE, x=x, y=y)"
        ) from None
    unknown = set(values) - set(inspect.signature(function).parameters)
    if unknown:
        raise ArgumentError(
            f"the file has {', '.join(sorted(unknown))}, which {function.__name__} has not",
            instead=f"its parameters are {', '.join(inspect.signature(function).parameters)}",
        )
    try:
        return bind(inspect.signature(function), (), values, function.__name__)
    except TypeError as error:
        raise ArgumentError(str(error), instead="save an array for each parameter without a default") from None
