"""What objects outside a function have in common: whether a change of one may be seen in another."""

from __future__ import annotations

from enum import Enum
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Any

import numpy as np

FIXED = (ModuleType, FunctionType, BuiltinFunctionType, type, Enum, np.ufunc, np.generic)
SIMPLE = (int, float, complex, str, bytes, type(None), type(Ellipsis))
MOST_OBJECTS = 2000  # that are looked at in one place


def is_data(found: object) -> bool:
    """Whether an object can be changed: no module, function, class or plain constant."""
    return found is not None and not isinstance(found, (*FIXED, *SIMPLE))


def meet(found: object, changed: list[object]) -> bool:
    """Whether one of the objects changed is a part of another object, or has a part in common with it."""
    own, others = reached([found]), reached(changed)
    if own is None or others is None:
        return True
    if own.keys() & others.keys():
        return True
    arrays = [one for one in own.values() if isinstance(one, np.ndarray)]
    theirs = [one for one in others.values() if isinstance(one, np.ndarray)]
    return any(np.may_share_memory(one, other) for one in arrays for other in theirs)


def reached(start: list[object]) -> dict[int, object] | None:
    """What can be changed in objects, by identity; None where that is too much to look at."""
    found: dict[int, object] = {}
    pending: list[Any] = list(start)
    while pending:
        one = pending.pop()
        if id(one) in found or not is_data(one):
            continue
        found[id(one)] = one
        if len(found) > MOST_OBJECTS:
            return None
        if isinstance(one, dict):
            pending += one.values()
        elif isinstance(one, list | tuple | set | frozenset):
            pending += one
        elif not isinstance(one, np.ndarray) and hasattr(one, "__dict__"):
            pending += vars(one).values()
    return found
