"""The types of actual objects: arguments of a call, and globals."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np

from backprose.ir.types import PYTHON_BOOL, PYTHON_FLOAT, PYTHON_INT, UNKNOWN, Dim, Extent, Type

NONE, STRING, OTHER = Type("none"), Type("str"), Type("other")
_PLAIN: dict[type, Type] = {
    float: PYTHON_FLOAT,
    int: PYTHON_INT,
    bool: PYTHON_BOOL,
    complex: Type("python", "complex128", ()),
    type(None): NONE,
    str: STRING,
    dict: OTHER,
    set: OTHER,
}


def type_of_value(name: str, value: object) -> Type:
    """The type of an object that the program calls ``name``: of its lengths, only whether they are 1 is taken over.

    >>> print(type_of_value("x", np.zeros((3, 1))))
    array float64[x.0, 1]
    """
    plain = _PLAIN.get(type(value))
    if plain is not None:
        return plain
    if type(value) is np.ndarray:
        return array_type(name, value)
    if isinstance(value, np.generic):
        return Type("scalar", value.dtype.name, ()) if value.dtype.kind in "biufc" else UNKNOWN
    if type(value) is tuple:
        return Type("tuple", items=tuple(type_of_value(f"{name}[{at}]", item) for at, item in enumerate(value)))
    if type(value) is list:
        return Type("list")
    if isinstance(value, (ModuleType, np.dtype, type)) or callable(value):
        return Type("other", _dtype_meant(value))
    return UNKNOWN


def array_type(name: str, value: np.ndarray[Any, Any]) -> Type:
    """Axes of length 1 are told apart from others, which are all alike."""
    if value.dtype.kind not in "biufc" or not value.dtype.isnative:
        return UNKNOWN
    shape: tuple[Dim, ...] = tuple(
        1 if length == 1 else Extent(f"{name}.{axis}", not_one=True) for axis, length in enumerate(value.shape)
    )
    return Type("array", value.dtype.name, shape)


def _dtype_meant(value: object) -> str | None:
    """The dtype that a type or dtype object names, where it is numeric."""
    is_scalar = isinstance(value, type) and issubclass(value, (bool, int, float, complex, np.generic))
    if not is_scalar and not isinstance(value, np.dtype):
        return None
    try:
        found = np.dtype(value)
    except TypeError:
        return None
    return found.name if found.kind in "biufc" and found.isnative else None
