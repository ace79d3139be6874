"""Signatures: the ``Type`` of each parameter, from annotations or from a line of text.

The text form is that of ``--like``, and that of the entry checks in dumped files:

    x: float            a Python float (also int, bool, complex, str, tuple, list, none)
    x: float64          a NumPy scalar
    x: float64[:, 3]    an array; ``:`` a length other than 1, ``?`` any length, a number that length
    x: float64[...]     an array of any rank;  ``array[:]``: of any dtype
    x: any              anything
"""

from __future__ import annotations

import typing
from collections.abc import Mapping
from types import FunctionType
from typing import Any, TypeAlias

import numpy as np

from backprose.errors import ArgumentError
from backprose.ir.types import PYTHON_BOOL, PYTHON_COMPLEX, PYTHON_FLOAT, PYTHON_INT, UNKNOWN, Dim, Extent, Type

Signature: TypeAlias = Mapping[str, Type]

_SCALARS = {scalar for scalar in np.sctypeDict.values() if np.dtype(scalar).kind in "biufc"}  # no abstract ones
_WORDS = {
    "any": UNKNOWN,
    "float": PYTHON_FLOAT,
    "int": PYTHON_INT,
    "bool": PYTHON_BOOL,
    "complex": PYTHON_COMPLEX,
    "str": Type("str"),
    "tuple": Type("tuple"),
    "list": Type("list"),
    "none": Type("none"),
    "array": Type("array"),
}


# ---------------------------------------------------------------- text
def read_like(text: str) -> tuple[str, Type]:
    """A parameter and its type from one line of text.

    >>> name, type = read_like("W: float64[:, 3, ?]")
    >>> name, str(type), spell(type)
    ('W', 'array float64[W.shape[0], 3, W.shape[2]?]', 'float64[:, 3, ?]')
    """
    name, colon, wanted = (part.strip() for part in text.partition(":"))
    if not colon or not name.isidentifier():
        raise ArgumentError(
            f"{text!r} is not a line of a signature", instead="write NAME: TYPE, as in 'x: float64[:, 3]'"
        )
    return name, read_type(wanted, name)


def read_type(text: str, name: str) -> Type:
    """The type that a text stands for; ``name`` tells its extents from those of other parameters."""
    word, bracket, inside = text.partition("[")
    if not bracket and word in _WORDS:
        return _WORDS[word]
    dtype = None if word == "array" else _dtype(word, text)
    if not bracket:
        return Type("scalar", dtype, ())
    if not inside.endswith("]"):
        raise _unreadable(text)
    inside = inside[:-1].strip()
    if inside == "...":
        return Type("array", dtype)
    axes = [axis.strip() for axis in inside.split(",")] if inside else []
    return Type("array", dtype, tuple(_dim(axis, f"{name}.shape[{i}]", text) for i, axis in enumerate(axes)))


def spell(known: Type) -> str:
    """The text of a type, which ``read_type`` reads back; kinds that have no text are ``any``."""
    if known.kind in ("array", "numpy"):
        if known.shape is None:
            return f"{known.dtype}[...]" if known.dtype else "array"
        return f"{known.dtype or 'array'}[{', '.join(map(_spell_dim, known.shape))}]"
    if known.kind == "scalar":
        return known.dtype or "any"
    outside = Type(known.kind, known.dtype, known.shape)  # without the items of a tuple
    return next((word for word, meaning in _WORDS.items() if meaning == outside), "any")


def as_spelled(signature: Signature) -> Signature:
    """What the text of a signature says of it, which is what a dumped file checks: not the items of a tuple.

    >>> [spell(known) for known in as_spelled({"x": Type("other"), "n": PYTHON_INT}).values()]
    ['int']
    """
    return {name: read_type(spell(known), name) for name, known in signature.items() if spell(known) != "any"}


def _spell_dim(dim: Dim) -> str:
    if isinstance(dim, int):
        return str(dim)
    return ":" if dim.not_one else "?"


def _dim(axis: str, symbol: str, text: str) -> Dim:
    if axis in (":", "?"):
        return Extent(symbol, not_one=axis == ":")
    if axis.isdecimal():
        return int(axis)
    raise _unreadable(text)


def _dtype(word: str, text: str) -> str:
    try:
        dtype = np.dtype(word)
    except TypeError:
        raise _unreadable(text) from None
    if dtype.kind not in "biufc":
        raise _unreadable(text)
    return str(dtype.name)


def _unreadable(text: str) -> ArgumentError:
    return ArgumentError(
        f"{text!r} is not the text of a type",
        instead="write float, int, bool, complex, str, any, a NumPy dtype (float64), or a dtype with the length of "
        "each axis, float64[:, 3]: ':' is a length other than 1, '?' any length",
    )


# ---------------------------------------------------------------- annotations
def of_annotations(function: FunctionType) -> dict[str, Type]:
    """The types that the annotations promise; a parameter without a promise is left out.

    >>> def f(x: "float64[:]", rate: float, names, table: np.ndarray): ...
    >>> {name: spell(type) for name, type in of_annotations(f).items()}
    {'x': 'float64[:]', 'rate': 'float', 'table': 'array'}
    """
    found: dict[str, Type] = {}
    for name, annotation in function.__annotations__.items():
        promised = _of_annotation(annotation, name, function)
        if name != "return" and promised != UNKNOWN:
            found[name] = promised
    return found


def _of_annotation(annotation: Any, name: str, function: FunctionType) -> Type:
    if isinstance(annotation, str):
        meaning = _evaluate(annotation, function)
        text = meaning if isinstance(meaning, str) else annotation
        if meaning is None or text is meaning:
            try:
                return read_type(text, name)
            except ArgumentError:
                return UNKNOWN
        annotation = meaning
    origin = typing.get_origin(annotation)
    if hasattr(origin, "__value__"):  # a generic alias made with `type`, as NDArray is in newer versions of NumPy
        annotation = origin.__value__[typing.get_args(annotation)]
        origin = typing.get_origin(annotation)
    if origin is np.ndarray or annotation is np.ndarray:
        return Type("array", _array_dtype(annotation), _array_shape(annotation, name))
    if annotation in _SCALARS:
        return Type("scalar", np.dtype(annotation).name, ())
    word = getattr(origin or annotation, "__name__", "")
    return _WORDS[word] if (origin or annotation) in (tuple, list, float, int, bool, str, complex) else UNKNOWN


def _evaluate(annotation: str, function: FunctionType) -> Any:
    """What ``from __future__ import annotations`` left as text; None where it means nothing now."""
    try:
        return eval(annotation, function.__globals__, {})  # noqa: S307 - as typing.get_type_hints does
    except Exception:  # noqa: BLE001 - a name for the type checker only
        return None


def _array_dtype(annotation: Any) -> str | None:
    """That of ``np.ndarray[shape, np.dtype[np.float64]]``, which is also what ``NDArray[np.float64]`` means."""
    for argument in typing.get_args(annotation)[1:]:
        for scalar in typing.get_args(argument):
            if scalar in _SCALARS:
                return str(np.dtype(scalar).name)
    return None


def _array_shape(annotation: Any, name: str) -> tuple[Dim, ...] | None:
    """The rank that ``np.ndarray[tuple[int, int], ...]`` promises; it says nothing about lengths."""
    shape = next(iter(typing.get_args(annotation)), None)
    axes = typing.get_args(shape)
    if typing.get_origin(shape) is not tuple or not axes or Ellipsis in axes:
        return None
    return tuple(Extent(f"{name}.shape[{axis}]") for axis in range(len(axes)))
