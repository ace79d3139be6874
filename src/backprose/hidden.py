"""Numbers in parts of arguments that the compiler does not look into: they would be taken for constants."""

from __future__ import annotations

import array
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from enum import Enum
from types import FunctionType, MappingProxyType, MemberDescriptorType, MethodType, ModuleType, SimpleNamespace
from typing import Any
from weakref import ref

import numpy as np

from backprose.errors import ArgumentError
from backprose.ir.shared import LIBRARIES
from backprose.ir.types import Type
from backprose.ir.values import MOST_ITEMS, is_followed, is_literal
from backprose.structures import inner, parts

FOLLOWED = ("tuple", "list", "dict", "object")
PLAIN = (str, bytes, int, type, Enum, ModuleType, FunctionType, MethodType, np.ufunc)  # no parts of an argument


def has_closed_parts(known: Type) -> bool:
    """Whether there are parts in a value of this type of which only the class is known."""
    if known.item is not None:
        return has_closed_parts(known.item)
    if known.items is not None and known.kind in FOLLOWED:
        return any(map(has_closed_parts, inner(known)))
    return not known.is_number and known.kind not in ("none", "str", "function")


def refuse_hidden(arguments: Mapping[str, Any], types: Mapping[str, Type], wrt: Iterable[str], name: str) -> None:
    """Refuse numbers in parts of what ``name`` is differentiated by that are not looked into."""
    for parameter in wrt:
        for path, part, above in _closed_parts(arguments[parameter], types[parameter], parameter, ()):
            if above and _holds_numbers(part):
                raise ArgumentError(
                    f"{name} cannot be differentiated with respect to {parameter}: there are numbers in {path}",
                    why=_why(part, above),
                    instead=f"put them into plain tuples, lists, dicts and objects, or leave {parameter} out of wrt",
                    section="wrt",
                )


def _why(part: Any, above: tuple[Any, ...]) -> str:
    kind = type(part)
    if any(part is one for one in above):
        return f"it is a {kind.__name__} that it is itself a part of"
    if kind in (list, tuple, dict) and len(part) > MOST_ITEMS:
        return f"it is a {kind.__name__} of more than {MOST_ITEMS} items that are not alike"
    if kind is dict and not all(map(is_literal, part)):
        return "it is a dict whose keys are not all texts, integers and the like, or tuples of these"
    if is_followed(part):
        return "the objects in each other are too many"
    return f"it is of class {kind.__name__}, whose parts are not followed"


def _closed_parts(
    value: Any, known: Type, path: str, above: tuple[Any, ...]
) -> Iterator[tuple[str, Any, tuple[Any, ...]]]:
    """The parts of which only the class is known: how they are read, and what they are parts of."""
    if not has_closed_parts(known):
        return
    if known.item is not None:
        for place, item in enumerate(value):
            yield from _closed_parts(item, known.item, f"{path}[{place}]", (*above, value))
    elif known.items is not None and known.kind in FOLLOWED:
        labels: Iterable[str] = (f"[{place}]" for place in range(len(known.items)))
        if known.kind == "dict":
            labels = (f"[{key!r}]" for key in value)
        elif known.kind == "object":
            labels = (f".{name}" for name in vars(value))
        elif known.value is not None:
            labels = (f".{name}" for name in value._fields)
        for label, part, its_type in zip(labels, parts(value, known), inner(known), strict=False):
            yield from _closed_parts(part, its_type, path + label, (*above, value))
    else:
        yield path, value, above


def _holds_numbers(start: Any) -> bool:
    """Whether there is anything with a derivative in a value."""
    seen: set[int] = set()
    pending = [start]
    while pending:
        one = pending.pop()
        if _is_number(one):
            return True
        if isinstance(one, PLAIN) or id(one) in seen:
            continue
        seen.add(id(one))
        pending += _held_in(one)
    return False


def _is_number(one: Any) -> bool:
    if isinstance(one, float | complex):
        return True
    if isinstance(one, array.array | memoryview):
        return (one.typecode if isinstance(one, array.array) else one.format)[-1:] in ("e", "f", "d")
    if isinstance(one, type):
        return False
    kind = getattr(getattr(one, "dtype", None), "kind", None)
    return kind in ("f", "c") or (kind is None and hasattr(type(one), "__array__"))


def _held_in(one: Any) -> Iterator[Any]:
    """The items of containers, and the attributes of objects of the user's: those of libraries are what they do."""
    if isinstance(one, dict | MappingProxyType):
        yield from one.values()
    elif isinstance(one, list | tuple | set | frozenset | deque):
        yield from one
    elif isinstance(one, np.ndarray) and one.dtype.kind == "O":
        yield from one.flat
    elif isinstance(one, ref):
        yield one()
    kind: Any = type(one)
    module = kind.__module__
    if not isinstance(one, SimpleNamespace) and (not isinstance(module, str) or module.split(".")[0] in LIBRARIES):
        return
    with suppress(AttributeError):  # it has none; vars() would ask __getattr__
        yield from object.__getattribute__(one, "__dict__").values()
    for cls in kind.__mro__:
        for made in vars(cls).values() if "__slots__" in vars(cls) else ():
            if isinstance(made, MemberDescriptorType):
                with suppress(AttributeError):  # it is not bound
                    yield made.__get__(one)
