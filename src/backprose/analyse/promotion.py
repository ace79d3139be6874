"""Kinds and dtypes of elementwise results: Python's own arithmetic, and NumPy's promotion as NumPy computes it."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np

from backprose.analyse.extents import Symbols, broadcast
from backprose.ir.types import PYTHON_BOOL, PYTHON_FLOAT, PYTHON_INT, UNKNOWN, Kind, Type
from backprose.rules.registry import is_by_user, object_of, rule_of, target_of

Weak: TypeAlias = "str | type[Any]"  # a dtype's name, or the type of a Python number, which is weak in promotion

_WEAK: dict[str, Weak] = {"bool": "bool", "int64": int, "float64": float, "complex128": complex}
_ORDER = ("bool", "int64", "float64", "complex128")
_UFUNC_OF = {"round": "rint", "sinc": "sin"}  # ops that are no ufuncs, by one that promotes alike
# With a Python int that int64 does not hold, NumPy computes these on Python objects.
_ON_OBJECTS = frozenset(
    "add subtract multiply divide power mod floor_divide negative positive absolute maximum minimum fmax fmin square"
    " reciprocal sign equal not_equal less less_equal greater greater_equal logical_and logical_or logical_not"
    " bitwise_and bitwise_or bitwise_xor invert left_shift right_shift conj clip remainder".split()
)
_MATH_INT = frozenset("floor ceil trunc gcd lcm factorial comb perm isqrt".split())
_MATH_BOOL = frozenset("isfinite isinf isnan isclose".split())


def ufunc_of(op: str) -> np.ufunc | None:
    """The ufunc of an operation, NumPy's or SciPy's, or one that promotes in the same way."""
    found = target_of(rule_of(op)) if is_by_user(op) else object_of(_UFUNC_OF.get(op, op))
    fits = isinstance(found, np.ufunc) and found.nout == 1 and found.signature is None
    return found if fits else None


def is_numeric(type: Type) -> bool:
    """Certainly a number or an array of numbers; its kind may be open (float or ``np.float64``)."""
    return type.is_number or (type.kind == "unknown" and (type.dtype is not None or type.shape == ()))


def array_dtype(type: Type) -> str | None:
    """The dtype of ``np.asarray`` of a number."""
    return None if is_unbounded(type) else type.dtype


def strong(type: Type) -> Type:
    """A number as ``np.asarray`` makes it: a Python number is no longer weak."""
    if not type.may_be_python:
        return type
    kind: Kind = "numpy" if type.shape == () else "number" if is_numeric(type) else "unknown"
    return Type(kind, array_dtype(type), type.shape)


def is_unbounded(type: Type) -> bool:
    """A Python int that may be too large for int64: none that is a length, or is known."""
    if not type.may_be_python or type.dtype not in ("int64", None):
        return False
    return type.extent is None or (isinstance(type.extent, int) and not -(2**63) <= type.extent < 2**63)


@lru_cache(maxsize=4096)
def _resolve(op: str, operands: tuple[Weak, ...]) -> str | None:
    """The dtype that a ufunc gives for operands; None where it raises or has more than one result."""
    ufunc = ufunc_of(op)
    if ufunc is None or ufunc.nout != 1 or len(operands) != ufunc.nin:
        return None
    types = [np.dtype(operand) if isinstance(operand, str) else operand for operand in operands]
    if not any(isinstance(operand, np.dtype) for operand in types):
        types = [np.dtype(operand) for operand in types]
    try:
        found: np.dtype[Any] = ufunc.resolve_dtypes((*types, None))[-1]
    except TypeError:
        return None
    return found.name if found.kind in "biufc" else None


def gives_floats(op: str, count: int) -> bool:
    """Whether an elementwise operation gives floats of integers, too: ``sqrt``, ``divide``."""
    found = _resolve(op, ("int64",) * count)
    return found is not None and found.startswith("float")


@lru_cache(maxsize=4096)
def _result_type(operands: tuple[Weak, ...]) -> str | None:
    values = [np.dtype(operand) if isinstance(operand, str) else operand() for operand in operands]
    try:
        found = np.result_type(*values)
    except TypeError:
        return None
    return found.name if found.kind in "biufc" else None


def _alternatives(kind: Kind, dtype: str) -> tuple[Weak, ...]:
    """How a number may take part in promotion: a rank-0 value of open kind is a Python number or a NumPy one."""
    weak = _WEAK.get(dtype, dtype)
    if kind == "python":
        return (weak,)
    return (dtype,) if kind not in ("unknown", "number") or weak == dtype else (dtype, weak)


def promoted(op: str | None, operands: Sequence[Type]) -> str | None:
    """The dtype of ``op`` (None: of ``np.result_type``) where it is certain."""
    return _promoted(op, tuple((operand.kind, operand.dtype) for operand in operands))


@lru_cache(maxsize=4096)
def _promoted(op: str | None, operands: tuple[tuple[Kind, str | None], ...]) -> str | None:
    if any(dtype is None for _, dtype in operands) or not operands:
        return None
    choices = [_alternatives(kind, str(dtype)) for kind, dtype in operands]
    if sum(len(choice) > 1 for choice in choices) > 3:
        return None
    resolve = _result_type if op is None else lambda chosen: _resolve(op, chosen)
    found = {resolve(chosen) for chosen in itertools.product(*choices)}
    return found.pop() if len(found) == 1 else None


def numpy_kind(rank: int | None) -> Kind:
    """The kind of what a ufunc gives: arrays of rank 0 come out as scalars."""
    return "number" if rank is None else "scalar" if rank == 0 else "array"


def elementwise(symbols: Symbols, op: str, operands: Sequence[Type], *, operator: bool) -> Type:
    """The result of an elementwise operation; ``operator``: written so that Python's own numbers stay Python's."""
    if not operands or not all(map(is_numeric, operands)):
        return UNKNOWN
    if operator and all(operand.kind == "python" for operand in operands):
        return python_arithmetic(op, operands)
    shape = broadcast(symbols, *(operand.shape for operand in operands))
    dtype = _power_dtype(operands) if op == "power" and operator else promoted(op, operands)
    if all(operand.may_be_python for operand in operands):
        if op in _ON_OBJECTS and any(map(is_unbounded, operands)):
            return UNKNOWN  # perhaps a computation on Python objects
        if operator:
            own = python_arithmetic(op, operands)
            return Type("unknown" if shape == () else "number", dtype if own.dtype == dtype else None, shape)
    return Type(numpy_kind(None if shape is None else len(shape)), dtype, shape)


def _power_dtype(operands: Sequence[Type]) -> str | None:
    """``x ** n`` takes short cuts (``np.square``), which for bools give another dtype than ``np.power``."""
    return None if operands[0].dtype == "bool" else promoted("power", operands)


def python_arithmetic(op: str, operands: Sequence[Type]) -> Type:
    """What Python's operators give for Python's own numbers."""
    dtypes = [operand.dtype for operand in operands]
    if None in dtypes or not set(dtypes) <= set(_ORDER):
        return Type("python", None, ())
    top = _ORDER[max(_ORDER.index(dtype) for dtype in dtypes if dtype)]
    if op in ("and", "or", "xor", "bitwise_and", "bitwise_or", "bitwise_xor"):
        return Type("python", top, ())
    top = "int64" if top == "bool" else top
    if op == "power":
        return _python_power(operands, top)
    if op == "divide":
        return Type("python", "complex128" if top == "complex128" else "float64", ())
    if op == "absolute":
        return Type("python", "float64" if top == "complex128" else top, ())
    if op in ("add", "subtract", "multiply", "negative", "positive"):
        return Type("python", top, (), extent=_folded(op, operands))
    if op in ("mod", "floor_divide", "invert", "left_shift", "right_shift"):
        return Type("python", top, ())
    if op in ("equal", "not_equal", "less", "less_equal", "greater", "greater_equal", "not", "logical_not"):
        return PYTHON_BOOL
    return Type("python", None, ())


def _folded(op: str, operands: Sequence[Type]) -> int | None:
    """The value of integer arithmetic on values that are known."""
    if op == "multiply":
        values = [operand.extent for operand in operands]
        return values[0] * values[1] if isinstance(values[0], int) and isinstance(values[1], int) else None
    result = 0
    for position, operand in enumerate(operands):
        if not isinstance(operand.extent, int) or operand.dtype != "int64":
            return None
        subtracted = op == "negative" or (op == "subtract" and position == 1)
        result += -operand.extent if subtracted else operand.extent
    return result


def _python_power(operands: Sequence[Type], top: str) -> Type:
    base, exponent = operands
    if top == "complex128":
        return Type("python", top, ())
    if exponent.dtype in ("int64", "bool"):
        if base.dtype == "float64":
            return PYTHON_FLOAT
        if isinstance(exponent.extent, int):
            return PYTHON_INT if exponent.extent >= 0 else PYTHON_FLOAT
        return Type("python", None, ())  # 2 ** -1 is a float
    return Type("python", None, ())  # (-8.0) ** 0.5 is complex


def math_result(op: str) -> Type:
    """What a function of ``math`` gives."""
    if op in _MATH_INT:
        return PYTHON_INT
    return PYTHON_BOOL if op in _MATH_BOOL else PYTHON_FLOAT
