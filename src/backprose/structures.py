"""Structures of numbers and arrays as callers pass them: taken apart leaf by leaf, and put together again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from backprose.errors import ArgumentError
from backprose.ir.types import Type
from backprose.support import with_attributes


def parts(value: Any, known: Type) -> list[Any]:
    """The items of a structure, in the order of its type's."""
    if known.kind == "dict":
        return list(value.values())
    if known.kind == "object":
        return list(vars(value).values())
    return list(value)


def inner(known: Type) -> tuple[Type, ...]:
    """The types of the items, attributes of the class left out."""
    items = known.items or ()
    return items[: len(items) - known.fixed]


def leaves(value: Any, known: Type) -> Iterator[Any]:
    """The numbers and arrays that have a derivative.

    >>> from backprose.ir.values import type_of_value
    >>> params = {"rate": 0.5, "steps": 3, "weights": (1.0, 2.0)}
    >>> list(leaves(params, type_of_value(params)))
    [0.5, 1.0, 2.0]
    """
    if known.item is not None:
        rows = [list(leaves(item, known.item)) for item in value]
        yield from map(list, zip(*rows, strict=True))
    elif known.is_structure and known.kind != "function":
        for part, its_type in zip(parts(value, known), inner(known), strict=True):
            yield from leaves(part, its_type)
    elif known.is_number and known.may_be_differentiable:
        yield value


def has_leaves(known: Type) -> bool:
    """Whether there is anything with a derivative in values of a type."""
    if known.item is not None:
        return has_leaves(known.item)
    if known.is_structure and known.kind != "function":
        return any(map(has_leaves, inner(known)))
    return known.is_number and known.may_be_differentiable


def leaves_beside(tangent: Any, value: Any, known: Type, what: str) -> Iterator[tuple[Any, Any, str]]:
    """The leaves of a tangent, each with that of the value that it belongs to, and what it is called.

    >>> from backprose.ir.values import type_of_value
    >>> params = {"rate": 0.5, "steps": 3, "weights": (1.0, 2.0)}
    >>> tangent = {"weights": (5.0, 6.0), "rate": 4.0, "steps": None}
    >>> list(leaves_beside(tangent, params, type_of_value(params), "it"))
    [(4.0, 0.5, "'rate' of it"), (5.0, 1.0, "item 0 of 'weights' of it"), (6.0, 2.0, "item 1 of 'weights' of it")]
    """
    if not has_leaves(known):
        return
    if known.item is not None:
        _check_items(tangent, value, what)
        pairs = enumerate(zip(tangent, value, strict=True))
        rows = [list(leaves_beside(*pair, known.item, f"item {i} of {what}")) for i, pair in pairs]
        for column in zip(*rows, strict=True):
            yield [one for one, *_ in column], [leaf for _, leaf, _ in column], what
    elif not known.is_structure:
        yield tangent, value, what
    else:
        for (label, one), part, its_type in zip(
            _parts_beside(tangent, value, known, what), parts(value, known), inner(known), strict=True
        ):
            yield from leaves_beside(one, part, its_type, f"{label} of {what}")


def _parts_beside(tangent: Any, value: Any, known: Type, what: str) -> list[tuple[str, Any]]:
    """The parts of a tangent in the order of the value's, each with what it is called."""
    if known.kind not in ("dict", "object"):
        _check_items(tangent, value, what)
        return [(f"item {i}", one) for i, one in enumerate(tangent)]
    if not isinstance(tangent, type(value)):
        raise ArgumentError(f"{what} has to be a {type(value).__name__}", why="it belongs to one")
    given, own = (one if known.kind == "dict" else vars(one) for one in (tangent, value))
    if given.keys() != own.keys():
        raise ArgumentError(f"{what} has to have {', '.join(map(repr, own))}", why="so has what it belongs to")
    return [(repr(key), given[key]) for key in own]


def _check_items(tangent: Any, value: Any, what: str) -> None:
    listed = isinstance(tangent, tuple | list) or (isinstance(tangent, np.ndarray) and tangent.ndim > 0)
    if not listed or len(tangent) != len(value):
        raise ArgumentError(f"{what} has to be a tuple of {len(value)} items", why="it belongs to one of so many")


def rebuild(value: Any, known: Type, make: Callable[[Any], Any]) -> Any:
    """The structure with ``make(leaf)`` in place of each leaf, None in place of what has no derivative.

    >>> from backprose.ir.values import type_of_value
    >>> rebuild({"a": 1.0, "n": 2}, type_of_value({"a": 1.0, "n": 2}), lambda leaf: 10 * leaf)
    {'a': 10.0, 'n': None}
    """
    if known.item is not None:
        return _rebuilt_list(value, known, make)
    if not known.is_structure or known.kind == "function":
        return make(value) if known.is_number and known.may_be_differentiable else None
    made = [rebuild(part, one, make) for part, one in zip(parts(value, known), inner(known), strict=True)]
    if known.kind == "dict":
        return dict(zip(value, made, strict=True))
    if known.kind == "object":
        return with_attributes(value, **dict(zip(vars(value), made, strict=True)))
    if known.value is not None:
        return value._make(made)
    return made if known.kind == "list" else tuple(made)


def _rebuilt_list(value: Any, known: Type, make: Callable[[Any], Any]) -> Any:
    """A long list, of which ``make`` gives what belongs to one leaf of all items at once."""
    assert known.item is not None
    columns = [iter(make(column)) for column in leaves(value, known)]
    made = []
    for item in value:
        parts_of_item = iter(columns)
        made.append(rebuild(item, known.item, lambda _leaf, parts=parts_of_item: next(next(parts))))  # type: ignore[misc]
    return tuple(made) if known.value is tuple else made
