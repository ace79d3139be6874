"""What objects outside a function have in common: whether a change of one may be seen in another."""

from __future__ import annotations

import sys
from enum import Enum
from functools import partial
from types import (
    BuiltinFunctionType,
    FunctionType,
    GetSetDescriptorType,
    MemberDescriptorType,
    MethodType,
    ModuleType,
)
from typing import Any

import numpy as np

from backprose.ir.nodes import Attribute, Const, Subscript
from backprose.ir.values import MOST_ITEMS, is_followed

MISSING: Any = object()
LIBRARIES = frozenset({*sys.stdlib_module_names, "numpy", "scipy", "backprose"})
DESCRIPTORS = (property, staticmethod, classmethod, GetSetDescriptorType, MemberDescriptorType)
FIXED = (ModuleType, FunctionType, BuiltinFunctionType, type, Enum, np.ufunc, np.generic, *DESCRIPTORS)
SIMPLE = (int, float, complex, str, bytes, type(None), type(Ellipsis))
MOST_OBJECTS = 2000  # that are looked at in one place


def part_of(owner: Any, part: Attribute | Subscript) -> Any:
    """The attribute or item that an object has now, found without running anything of the user's; MISSING otherwise.

    An item of a long list or dict is not found: what is known of that says nothing of each (``ir.values.key_of``).
    """
    if isinstance(part, Subscript):
        key = part.index.value if isinstance(part.index, Const) else None
        if type(owner) in (list, tuple) and len(owner) <= MOST_ITEMS and type(key) is int:
            return owner[key] if -len(owner) <= key < len(owner) else MISSING
        return owner.get(key, MISSING) if type(owner) is dict and len(owner) <= MOST_ITEMS else MISSING
    if isinstance(owner, ModuleType):
        return getattr(owner, part.attr, MISSING)
    if isinstance(owner, MethodType):
        return owner.__self__ if part.attr == "__self__" else MISSING
    return vars(owner).get(part.attr, MISSING) if is_followed(owner) else MISSING


def is_data(found: object) -> bool:
    """Whether an object can be changed: no module, function, class or plain constant."""
    return found is not None and not isinstance(found, (*FIXED, *SIMPLE))


def is_derivative(found: object) -> bool:
    """Whether an object is what ``grad`` or another transform made."""
    return bool(getattr(type(found), "__backprose_derivative__", False))


def meet(found: object, changed: list[object]) -> bool:
    """Whether one of the objects changed is a part of another object, or has a part in common with it."""
    own, others = reached([found]), reached(changed)
    if own is None or others is None:
        return True
    if any(is_data(own[one]) for one in own.keys() & others.keys()):
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
        if id(one) in found or not (is_data(one) or is_namespace(one)):
            continue
        found[id(one)] = one
        if len(found) > MOST_OBJECTS:
            return None
        if isinstance(one, dict):
            pending += one.values()
        elif isinstance(one, list | tuple | set | frozenset):
            pending += one
        elif isinstance(one, MethodType):
            pending.append(one.__self__)
        elif isinstance(one, partial):
            pending += (*one.args, *one.keywords.values())
        elif is_namespace(one):
            pending += (value for name, value in vars(one).items() if not name.startswith("__"))
        elif not isinstance(one, np.ndarray) and hasattr(one, "__dict__"):
            pending += vars(one).values()
            pending += filter(is_namespace, type(one).__mro__)
    return found


def is_namespace(found: object) -> bool:
    """Whether something is a module or class of the user's, whose variables others see."""
    if not isinstance(found, ModuleType | type):
        return False
    module = found.__name__ if isinstance(found, ModuleType) else found.__module__
    return module.partition(".")[0] not in LIBRARIES
