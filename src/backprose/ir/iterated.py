"""What a loop over an object takes: its items by index, or something else that its class gives."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import FunctionType
from typing import Any


@lru_cache(maxsize=1024)
def iterates_otherwise(kind: type) -> bool:
    """Whether a loop over an object of a class may take something else than its items by index, up to its length.

    >>> iterates_otherwise(list), iterates_otherwise(range), iterates_otherwise(set), iterates_otherwise(dict)
    (False, False, True, True)
    """
    iterate: Any = getattr(kind, "__iter__", None)
    item: Any = getattr(kind, "__getitem__", None)
    if (iterate is None and item is None) or hasattr(kind, "__array_function__"):
        return False
    if item is None or not hasattr(kind, "__len__") or issubclass(kind, Mapping):
        return True
    if isinstance(iterate, FunctionType):
        return iterate.__module__ != "collections.abc"  # that of Sequence
    return isinstance(item, FunctionType) or isinstance(kind.__len__, FunctionType)  # type: ignore[attr-defined]
