"""What objects outside a function have in common: whether a change of one may be seen in another."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from enum import Enum
from functools import partial
from types import (
    BuiltinFunctionType,
    CellType,
    FunctionType,
    GetSetDescriptorType,
    MemberDescriptorType,
    MethodType,
    ModuleType,
)
from typing import Any
from weakref import ref

import numpy as np

from backprose.ir.nodes import Attribute, Const, Subscript
from backprose.ir.values import MOST_ITEMS, is_followed

MISSING: Any = object()
LIBRARIES = frozenset({*sys.stdlib_module_names, "numpy", "scipy", "backprose"})
DESCRIPTORS = (property, staticmethod, classmethod, GetSetDescriptorType, MemberDescriptorType)
FIXED = (ModuleType, FunctionType, BuiltinFunctionType, type, np.ufunc, np.generic, *DESCRIPTORS)
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
    if isinstance(found, Enum):
        return any(is_data(one) and not isinstance(one, tuple) for one in vars(found).values())
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
        pending += held_in(one)
    return found


def held_in(one: Any) -> Iterable[object]:
    """What an object holds, found without running anything of the user's."""
    if isinstance(one, dict):
        yield from one.values()
    elif isinstance(one, list | tuple | set | frozenset | deque):
        yield from one
    elif isinstance(one, MethodType):
        yield one.__self__
    elif isinstance(one, partial):
        yield from (*one.args, *one.keywords.values())
    elif isinstance(one, CellType):
        yield from content(one)
    elif isinstance(one, ref):
        yield one()
    elif is_namespace(one):
        yield from (value for name, value in vars(one).items() if not name.startswith("__"))
    if not isinstance(one, np.ndarray | type | ModuleType):
        with suppress(AttributeError):  # it has none; vars() would ask __getattr__
            yield from object.__getattribute__(one, "__dict__").values()
        for cls in filter(is_namespace, type(one).__mro__):
            yield cls
            for made in vars(cls).values() if "__slots__" in vars(cls) else ():
                if isinstance(made, MemberDescriptorType):
                    with suppress(AttributeError):  # it is not bound
                        yield made.__get__(one)


def content(cell: CellType) -> tuple[Any, ...]:
    try:
        return (cell.cell_contents,)
    except ValueError:  # it is empty
        return ()


def is_namespace(found: object) -> bool:
    """Whether something is a module or class of the user's, whose variables others see."""
    if not isinstance(found, ModuleType | type):
        return False
    module: Any = found.__name__ if isinstance(found, ModuleType) else found.__module__
    if not isinstance(module, str) or module.startswith("_cython"):  # no text for some types made in C
        return False
    return module.partition(".")[0] not in LIBRARIES
