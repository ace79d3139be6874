"""What two calls have in common where a pattern cannot differ: all but the floats among what a function reads."""

from __future__ import annotations

from collections.abc import Hashable
from types import BuiltinFunctionType, FunctionType, ModuleType, NoneType
from typing import Any

import numpy as np

from backprose.ir.values import is_followed, is_named_tuple

DEEPEST = 12
_WORTHLESS = (float, complex, np.floating, np.complexfloating)
_CONSTANTS = (int, bool, str, bytes, NoneType, type(Ellipsis), range, np.integer, np.bool_, np.dtype)
_THINGS = (FunctionType, BuiltinFunctionType, ModuleType, type, np.ufunc, type(np.sum))


class NotPinnedError(Exception):
    """A value whose content may change unseen."""


def pinned(value: Any, depth: int = 0) -> Hashable:
    """A key that says everything of a value but the floats in it; of an array of floats the form alone.

    >>> pinned((2.0, [3, np.zeros(2)])) == pinned((5.0, [3, np.ones(2)])), pinned([3]) == pinned([4])
    (True, False)
    """
    kind: Any = type(value)
    if isinstance(value, np.ndarray):
        form = kind, value.dtype, value.shape, value.strides
        if value.dtype.hasobject:
            raise NotPinnedError
        return form if value.dtype.kind in "fc" else (form, value.tobytes())
    if kind in (tuple, list) or is_named_tuple(kind):
        deeper = _deeper(depth)
        return (kind, *[pinned(item, deeper) for item in value])
    if kind is dict:
        deeper = _deeper(depth)
        return (kind, *[(key, pinned(item, deeper)) for key, item in value.items()])
    if isinstance(value, _WORTHLESS):
        return str(kind)
    if isinstance(value, (*_CONSTANTS, *_THINGS)):
        return kind, value
    if kind is slice:
        return kind, pinned((value.start, value.stop, value.step), _deeper(depth))
    if is_followed(value) and not any("__slots__" in vars(owner) for owner in kind.__mro__[:-1]):
        deeper = _deeper(depth)
        own = [(name, pinned(part, deeper)) for name, part in vars(value).items()]
        of_class = [
            (name, pinned(part, deeper))
            for owner in kind.__mro__[:-1]
            for name, part in vars(owner).items()
            if not name.startswith("__") and not hasattr(part, "__get__")
        ]
        return (kind, *own, *of_class)
    raise NotPinnedError


def _deeper(depth: int) -> int:
    if depth >= DEEPEST:
        raise NotPinnedError
    return depth + 1


def has_floats(value: Any) -> bool:
    """Whether there may be floats in what ``pinned`` takes."""
    if isinstance(value, np.ndarray):
        return value.dtype.kind in "fc"
    if isinstance(value, tuple | list):
        return any(map(has_floats, value))
    if isinstance(value, dict):
        return any(map(has_floats, value.values()))
    return not isinstance(value, (*_CONSTANTS, *_THINGS))
