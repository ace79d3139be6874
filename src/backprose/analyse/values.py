"""The types of globals: what ``ir.values`` says of any object, and which dtype or module an object stands for."""

from __future__ import annotations

from types import ModuleType

import numpy as np

from backprose.ir.types import Type
from backprose.ir.values import type_of_value

NONE, STRING, OTHER = Type("none"), Type("str"), Type("other")
# Modules whose constants are known by their names alone; the dtype of a module says which it is.
MODULES = {"numpy": Type("other", "numpy"), "math": Type("other", "math")}


def type_of_global(name: str, value: object) -> Type:
    """The type of an object that the program calls ``name``.

    >>> print(type_of_global("DATA", np.zeros((3, 1))), type_of_global("np.float32", np.float32), sep=", ")
    array float64[DATA.shape[0], 1], other float32
    """
    if isinstance(value, ModuleType):
        return MODULES.get(value.__name__, OTHER)
    dtype = _dtype_meant(value)
    return Type("other", dtype) if dtype is not None else type_of_value(value, name)


def is_module(type: Type) -> bool:
    return type in MODULES.values()


_ABSTRACT = frozenset(
    {
        np.generic, np.number, np.integer, np.signedinteger, np.unsignedinteger, np.inexact, np.floating,
        np.complexfloating, np.flexible, np.character,
    }
)  # fmt: skip


def _dtype_meant(value: object) -> str | None:
    """The dtype that a class or dtype object names, where it is numeric."""
    if isinstance(value, np.dtype):
        found = value
    elif isinstance(value, type) and (value in (bool, int, float, complex) or issubclass(value, np.generic)):
        if value in _ABSTRACT:
            return None
        found = np.dtype(value)
    else:
        return None
    return found.name if found.kind in "biufc" and found.isnative else None
