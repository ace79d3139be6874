"""What transfer functions share: results of a kind, and parameters that name axes, shapes and dtypes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np

from backprose.analyse.extents import Symbols
from backprose.analyse.operands import Operand, Operation
from backprose.analyse.promotion import numpy_kind
from backprose.ir.types import UNKNOWN, Dim, Type

Transfer: TypeAlias = Callable[[Operation], Type]
INDEX = np.dtype(np.intp).name  # of places and counts
Shape: TypeAlias = "tuple[Dim, ...] | None"
OF_SCIPY_COMPLEX = frozenset(  # SciPy's functions that give complex numbers of real ones
    f"scipy.special.{name}"
    for name in "h1vp h2vp hankel1 hankel1e hankel2 hankel2e kelvin lambertw modfresnelm modfresnelp sph_harm"
    " sph_harm_y wofz".split()
)


def array(dtype: str | None, shape: Shape) -> Type:
    return Type("array", dtype, shape)


def result(dtype: str | None, shape: Shape) -> Type:
    """What reductions and products give: a scalar where no axis is left."""
    return UNKNOWN if shape is None else Type(numpy_kind(len(shape)), dtype, shape)


def axes_of(value: Any, rank: int) -> tuple[int, ...] | None:
    """The axes that an ``axis`` parameter names, from 0; None where it is no constant or out of range."""
    if value is None:
        return tuple(range(rank))
    values = value if isinstance(value, tuple) else (value,)
    if not all(type(axis) is int and -rank <= axis < rank for axis in values):
        return None
    return tuple(axis % rank for axis in values)


def axis_of(value: Any, rank: int) -> int | None:
    found = axes_of(value, rank) if type(value) is int else None
    return None if found is None else found[0]


def dims_of(symbols: Symbols, operand: Operand | None) -> Shape:
    """The shape that a ``shape`` parameter names: an int or a tuple of ints; ``-1`` is left in."""
    if operand is None:
        return None
    type = operand.type
    items = (type,) if type.kind in ("python", "scalar") else type.items
    if items is None or (type.kind not in ("tuple", "list", "python", "scalar")):
        return None
    return tuple(symbols.fresh() if item.extent is None else item.extent for item in items)


def sum_dtype(dtype: str) -> str:
    found = np.dtype(dtype)
    if found.kind in "bi":
        return "int64" if found.itemsize <= 8 else dtype
    return "uint64" if found.kind == "u" else dtype


def mean_dtype(dtype: str) -> str:
    return "float64" if np.dtype(dtype).kind in "biu" else dtype


def var_dtype(dtype: str) -> str:
    return str(np.zeros((), dtype).real.dtype) if dtype.startswith("complex") else mean_dtype(dtype)
