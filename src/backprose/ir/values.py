"""From a running value to its ``Type``, and to the small key that two values with the same ``Type`` share."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from enum import Enum
from functools import lru_cache
from math import isfinite
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any, cast

import numpy as np

from backprose.ir.iterated import iterates_otherwise
from backprose.ir.types import (
    PYTHON_BOOL,
    PYTHON_COMPLEX,
    PYTHON_FLOAT,
    PYTHON_INT,
    UNKNOWN,
    Dim,
    Extent,
    Kind,
    Type,
    alike,
)

DEEPEST = 40  # objects in each other
MOST_ITEMS = 64  # a longer list or tuple is known by what its items have in common

_FUNCTIONS = frozenset((FunctionType, np.ufunc, type(np.sum)))  # known by what they are, not by their kind
_COMPARISONS = frozenset("__eq__ __ne__ __lt__ __le__ __gt__ __ge__ __bool__ __len__ __getitem__ __iter__".split())
_OF_TUPLES = _COMPARISONS | frozenset(
    "__contains__ __getattribute__ __getattr__ __reversed__ __init__ __float__ __int__ __index__ __complex__".split()
)
_OF_TUPLES |= {"__array__", "__array_interface__", "__array_struct__", "__array_function__"}
_BINARY = "add sub mul truediv floordiv mod pow matmul divmod and or xor lshift rshift".split()
_OPERATORS = frozenset(f"__{prefix}{name}__" for name in _BINARY for prefix in ("", "r", "i")) | {
    f"__{name}__" for name in "neg pos abs invert round".split()
}
_OF_NUMBERS = (
    _COMPARISONS
    | _OPERATORS
    | {f"__{name}__" for name in "float int complex index setitem".split()}
    | {"__array_ufunc__", "__array_function__", "__array_wrap__", "__array__", "__getattribute__", "__getattr__"}
)
_LITERAL = frozenset((str, bytes, int, type(None)))
_FIXED: dict[type, Type] = {
    float: PYTHON_FLOAT,
    int: PYTHON_INT,
    bool: PYTHON_BOOL,
    complex: PYTHON_COMPLEX,
    type(None): Type("none"),
    str: Type("str"),
}


def key_of(value: Any, around: tuple[int, ...] = ()) -> Hashable:
    """Equal keys, equal types. Cheap: it is computed for every argument at every call.

    ``around``: the objects that the value is a part of; one that is a part of itself is not followed.

    >>> key_of(np.zeros((3, 2))) == key_of(np.zeros((0, 5))), key_of(np.zeros((3, 2))) == key_of(np.zeros((3, 1)))
    (True, False)
    """
    kind: Any = type(value)
    if kind in _FIXED:
        return cast(Hashable, kind)
    if kind is np.ndarray:
        shape = value.shape
        return value.dtype.char, tuple([n == 1 for n in shape]) if 1 in shape else len(shape)
    if kind is tuple or kind is list:
        if len(value) > MOST_ITEMS:
            return kind, "long", _key_of_each(value)
        return (kind, *(key_of(item, around) for item in value)) if around else (kind, *map(key_of, value))
    if kind is dict:
        if len(value) > MOST_ITEMS:
            return kind, "long"
        return (kind, *map(_key_of_key, value), *(key_of(item, around) for item in value.values()))
    if kind in _FUNCTIONS:
        return kind, value
    if kind is MethodType:
        return kind, value.__func__, key_of(value.__self__, around)
    if isinstance(value, np.ndarray):  # a subclass; np.memmap is typed as an array
        return kind, value.dtype.char, tuple([n == 1 for n in value.shape])
    if isinstance(value, type | np.dtype):
        return kind, value  # named as a dtype, it matters which
    if is_named_tuple(kind):
        return (kind, *map(key_of, value))
    if is_sparse(value):
        return kind, value.dtype.char
    if is_followed(value) and id(value) not in around and len(around) < DEEPEST:
        found, around = attributes_of(value), (*around, id(value))
        return (kind, len(vars(value)), tuple(found), *(key_of(item, around) for item in found.values()))
    return cast(Hashable, kind)


def _key_of_key(key: Any) -> Hashable:
    """A key of a dict that is told from one of another class that is equal to it."""
    return key if type(key) is str else (type(key), *map(_key_of_key, key)) if type(key) is tuple else (type(key), key)


def is_literal(key: Any) -> bool:
    """Whether the text can name a key of a dict, and no other class has one that is equal: True is 1, and 2.0 is 2.

    >>> is_literal(("layer", 1)), is_literal(True)
    (True, False)
    """
    kind = type(key)
    if kind is tuple:
        return all(map(is_literal, key))
    return kind in _LITERAL or (kind is float and isfinite(key) and not key.is_integer())


def type_of_value(value: Any, name: str = "", around: tuple[int, ...] = ()) -> Type:
    """What may be relied on for every value with this key; ``name`` tells the extents of two values apart.

    Only lengths of 1 are taken from the value: any other length is an unknown that is not 1.

    >>> str(type_of_value(np.zeros((3, 1)), "x")), str(type_of_value(2.0)), str(type_of_value((3, None)))
    ('array float64[x.shape[0], 1]', 'python float64', '(python int64, none)')
    """
    kind: Any = type(value)
    fixed = _FIXED.get(kind)
    if fixed is not None:
        return fixed
    if kind is np.ndarray or kind is np.memmap:
        shape = tuple(_extent(n, f"{name}.shape[{axis}]") for axis, n in enumerate(value.shape))
        return Type("array", _dtype(value.dtype), shape)
    if kind in (tuple, list) or is_named_tuple(kind):
        sort: Kind = "list" if kind is list else "tuple"
        if len(value) > MOST_ITEMS:
            alike_items = kind in (tuple, list) and _key_of_each(value) is not None
            item = alike((type_of_value(value[0], f"{name}[0]"),)) if alike_items else None
            return Type(sort) if item is None else Type("list", item=item, value=tuple if kind is tuple else None)
        items = tuple(type_of_value(item, f"{name}[{i}]", around) for i, item in enumerate(value))
        return Type(sort, items=items, value=None if kind in (tuple, list) else kind)
    if kind is dict:
        if len(value) > MOST_ITEMS or not all(map(is_literal, value)):
            return Type("other", value=dict)
        items = tuple(type_of_value(item, f"{name}[{key!r}]", around) for key, item in value.items())
        return Type("dict", items=items, keys=tuple(value))
    if kind in _FUNCTIONS:
        return Type("function", value=value)
    if is_sparse(value):
        return Type("other", _dtype(value.dtype), (Extent(f"{name}.shape[0]"), Extent(f"{name}.shape[1]")), value=kind)
    if is_followed(value) and id(value) not in around and len(around) < DEEPEST:
        found, around = attributes_of(value), (*around, id(value))
        items = tuple(type_of_value(item, f"{name}.{attr}", around) for attr, item in found.items())
        return Type("object", items=items, keys=tuple(found), fixed=len(found) - len(vars(value)), value=kind)
    if isinstance(value, np.generic):
        return Type("scalar", _dtype(value.dtype), ()) if value.dtype.kind in "biufc" else Type("other")
    if isinstance(value, np.ndarray | float | int | complex | tuple | list | str):
        # a subclass may mean something else by + and *
        return Type(value=kind) if iterates_otherwise(kind) else UNKNOWN
    if iterates_otherwise(kind):
        return Type("other", value=kind)
    return Type("other") if not hasattr(value, "__array_function__") else UNKNOWN


def is_sparse(value: object) -> bool:
    """Whether a value is a sparse matrix of SciPy's, of two axes, whose ``@`` is the product of matrices."""
    module: Any = type(value).__module__  # no text for some types made in C, before Python 3.11
    if not isinstance(module, str) or not module.startswith("scipy.sparse"):
        return False
    return getattr(value, "ndim", 0) == 2 and hasattr(value, "dtype")


def with_texts(known: Type, value: Any) -> Type:
    """The type with the texts in a value, tuples, lists, dicts and objects looked through.

    >>> with_texts(type_of_value(("sin", 2.0)), ("sin", 2.0)).items[0].value
    'sin'
    """
    if known.kind == "str":
        return replace(known, value=value)
    if known.items is None or known.kind not in ("tuple", "list", "dict", "object"):
        return known
    parts = attributes_of(value).values() if known.kind == "object" else value
    parts = value.values() if known.kind == "dict" else parts
    return replace(known, items=tuple(with_texts(item, part) for item, part in zip(known.items, parts, strict=True)))


def texts_in(value: Any, around: tuple[int, ...] = ()) -> Hashable:
    """The texts that ``with_texts`` finds in a value."""
    if type(value) is str:
        return value
    if isinstance(value, tuple | list | dict) and len(value) <= MOST_ITEMS:
        return tuple(texts_in(part, around) for part in (value.values() if isinstance(value, dict) else value))
    if is_followed(value) and id(value) not in around and len(around) < DEEPEST:
        return tuple(texts_in(part, (*around, id(value))) for part in attributes_of(value).values())
    return None


def _key_of_each(value: Any) -> Hashable:
    """The key that all items of a long list share; None where they have several."""
    keys = {key_of(item) for item in value}
    return keys.pop() if len(keys) == 1 else None


@lru_cache(maxsize=1024)
def is_named_tuple(kind: type) -> bool:
    """Whether a class is one of named tuples, with a tuple's own items, comparisons and way to be made.

    It may have operators of its own.
    """
    if not issubclass(kind, tuple) or not hasattr(kind, "_fields"):
        return False
    own = kind.__mro__[: kind.__mro__.index(tuple)]
    made = any("__new__" in vars(one) and "_fields" not in vars(one) for one in own)
    return not made and not any(_OF_TUPLES & vars(one).keys() for one in own)


def has_operators(kind: type) -> bool:
    """Whether a class is one of named tuples with operators of its own, where a tuple is joined and repeated."""
    return issubclass(kind, tuple) and _has_operators(kind)


@lru_cache(maxsize=1024)
def _has_operators(kind: type) -> bool:
    return is_named_tuple(kind) and any(
        _OPERATORS & vars(one).keys() for one in kind.__mro__[: kind.__mro__.index(tuple)]
    )


@lru_cache(maxsize=1024)
def own_operation(kind: type) -> str | None:
    """The first operation that a subclass of numbers, arrays or lists gives a meaning of its own."""
    listed = issubclass(kind, tuple | list) and not is_named_tuple(kind)
    if not listed and not issubclass(kind, np.ndarray | float | int | complex):
        return None
    for one in kind.__mro__:
        if one.__module__.partition(".")[0] in ("builtins", "numpy", "enum"):
            return None
        changed = (_OPERATORS if listed else _OF_NUMBERS) & vars(one).keys()
        if changed:
            return min(changed)
    return None


def is_followed(value: Any) -> bool:
    """Whether an object is one of a class written in Python whose state is its attributes."""
    kind: Any = type(value)
    module = kind.__module__  # no text for some types made in C, before Python 3.11
    if not isinstance(module, str) or module.split(".")[0] in (
        "builtins",
        "numpy",
        "scipy",
        "backprose",
        "functools",
        "types",
        "enum",
        "logging",
        "threading",
        "_thread",
    ):
        return False
    if hasattr(value, "__array_function__") or getattr(value, "__array_ufunc__", None) is not None:
        return False
    if kind.__getattribute__ is not object.__getattribute__ or _is_made_in_c(kind):
        return False
    plain = isinstance(getattr(value, "__dict__", None), dict) and not isinstance(value, ModuleType | Enum)
    return plain and not any(isinstance(value, one) for one in (tuple, list, dict, str, int, float, BaseException))


@lru_cache(maxsize=1024)
def _is_made_in_c(kind: type) -> bool:
    """Whether objects of a class hold more than attributes: a class that it inherits from makes them in a way of its
    own, which is not written in Python."""
    return any(type(vars(one).get("__new__")) is BuiltinFunctionType for one in kind.__mro__[:-1])


def attributes_of(value: Any) -> dict[str, Any]:
    """The attributes of an object, and after them the numbers and arrays of its class."""
    found = dict(vars(value))
    for owner in type(value).__mro__:
        for name, one in vars(owner).items():
            if not name.startswith("__") and isinstance(one, float | int | complex | np.ndarray | np.generic):
                found.setdefault(name, one)
    return found


def _extent(length: int, symbol: str) -> Dim:
    return 1 if length == 1 else Extent(symbol, not_one=True)


def _dtype(dtype: np.dtype[Any]) -> str | None:
    return dtype.name if dtype.kind in "biufc" else None
