"""Arguments, cotangents and tangents as callers pass them: refused, with a way out, where they do not fit."""

from __future__ import annotations

import inspect
import itertools
import sys
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from types import MethodType
from typing import Any, TypeAlias

import numpy as np

from backprose.errors import AliasError, ArgumentError, ResultError
from backprose.ir.nodes import Attribute, Const, Expr, Name, Subscript
from backprose.ir.shared import MOST_OBJECTS, meet, reached
from backprose.ir.types import UNKNOWN
from backprose.ir.values import (
    MOST_ITEMS,
    attributes_of,
    is_followed,
    is_named_tuple,
    key_of,
    own_operation,
    type_of_value,
)
from backprose.structures import leaves
from backprose.support import with_attributes

Wrt: TypeAlias = "int | str | Sequence[int | str]"
Outputs: TypeAlias = "str | Sequence[str] | None"

NUMBERS = (int, float, complex, str, np.generic, type(None))  # which have no memory that anything writes into
DEEPEST = 8  # how far structures in each other are looked through
HARDEST = 100_000  # steps that NumPy may take to find out whether two strided arrays overlap


# ---------------------------------------------------------------- wrt
def read_wrt(wrt: Wrt, signature: inspect.Signature, name: str) -> tuple[tuple[str, ...], bool]:
    """The parameters that ``wrt`` means, and whether it is a single one (whose gradient is not put in a tuple)."""
    if isinstance(wrt, str | int):
        return (_parameter(wrt, signature, name),), True
    if not isinstance(wrt, tuple | list) or not wrt:
        raise _wrong_wrt(f"wrt={wrt!r} names no parameter of {name}", signature)
    names = tuple(_parameter(one, signature, name) for one in wrt)
    if len(set(names)) < len(names):
        raise _wrong_wrt(f"wrt={wrt!r} names a parameter of {name} twice", signature)
    return names, False


def read_outputs(outputs: Outputs, signature: inspect.Signature, name: str) -> tuple[str, ...]:
    """The parameters of a procedure that are its results."""
    if outputs is None:
        return ()
    names = (outputs,) if isinstance(outputs, str) else tuple(outputs)
    for one in names:
        if one not in signature.parameters:
            raise ArgumentError(
                f"outputs={outputs!r}: {name} has no parameter named {one!r}",
                instead=f"its parameters are {', '.join(signature.parameters)}",
                section="procedures",
            )
    if len(set(names)) < len(names):
        raise ArgumentError(f"outputs={outputs!r} names a parameter of {name} twice", section="procedures")
    return names


def _parameter(one: object, signature: inspect.Signature, name: str) -> str:
    parameters = list(signature.parameters.values())
    if isinstance(one, int) and not isinstance(one, bool) and 0 <= one < len(parameters):
        found = parameters[one]
        star = next((other for other in parameters[:one] if other.kind is other.VAR_POSITIONAL), None)
        if star is not None:
            raise ArgumentError(
                f"position {one} of {name} may mean one of *{star.name}, or the parameter {found.name}",
                instead=f"name it: wrt={found.name!r}, or wrt={star.name!r}, which gives a tuple",
                section="wrt",
            )
    elif isinstance(one, str) and one in signature.parameters:
        found = signature.parameters[one]
    else:
        place = f"at position {one}" if isinstance(one, int) else f"named {one!r}"
        raise _wrong_wrt(f"{name} has no parameter {place}", signature)
    return found.name


def _wrong_wrt(what: str, signature: inspect.Signature) -> ArgumentError:
    known = ", ".join(f"{name} ({i})" for i, name in enumerate(signature.parameters))
    return ArgumentError(
        what, instead=f"its parameters are {known}" if known else "it has no parameters", section="wrt"
    )


# ---------------------------------------------------------------- arguments
def bind(signature: inspect.Signature, args: Sequence[Any], kwargs: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The arguments by parameter, defaults included; a call that does not fit is a TypeError, as in Python itself."""
    try:
        bound = signature.bind(*args, **kwargs)
    except TypeError as error:
        raise TypeError(f"{name}(): {error}") from None
    bound.apply_defaults()
    return dict(bound.arguments)


def keys_of(arguments: Mapping[str, Any] | Sequence[Any], name: str) -> tuple[Hashable, ...]:
    """The keys of the types of arguments, by position or by name."""
    try:
        if isinstance(arguments, Mapping):
            return tuple([(parameter, key_of(value)) for parameter, value in arguments.items()])
        return tuple([key_of(value) for value in arguments])
    except RecursionError:
        pass
    raise ArgumentError(  # said here, so that the error does not drag the recursion along
        f"an argument of {name} is a list or dict that is a part of itself, or one of hundreds in each other",
        why="its parts would never end",
        instead="pass what is used of it, in arguments of their own",
        section="wrt",
    )


def beside_parameters(
    signature: inspect.Signature, args: Sequence[Any], tangents: Sequence[Any]
) -> tuple[list[Any], list[Any]]:
    """Arguments and their tangents, those that ``*args`` takes as one tuple each."""
    kinds = [parameter.kind for parameter in signature.parameters.values()]
    first = kinds.index(inspect.Parameter.VAR_POSITIONAL) if inspect.Parameter.VAR_POSITIONAL in kinds else len(args)
    if len(args) <= first:
        return list(args), list(tangents)
    rest = None
    if any(tangent is not None for tangent in tangents[first:]):
        pairs = zip(args[first:], tangents[first:], strict=True)
        rest = tuple(np.zeros_like(arg) if tangent is None else tangent for arg, tangent in pairs)
    return [*args[:first], tuple(args[first:])], [*tangents[:first], rest]


def refuse_unfit(arguments: Mapping[str, Any], wrt: Iterable[str], name: str) -> None:
    """Refuse arguments that have no derivative, and those whose operators are not those of real arrays."""
    for parameter, value in arguments.items():
        refuse_operators(value, parameter, f"{parameter} of {name}")
        if _hides_complex(value):
            raise ArgumentError(
                f"{parameter} of {name} holds complex numbers, in a {type(value).__name__}",
                why="where it is not known that numbers are complex they are taken for real ones",
                instead="pass complex numbers, arrays of them, or tuples, lists and dicts of these",
                section="complex",
            )
    for parameter in wrt:
        _refuse_without_derivative(parameter, arguments[parameter], name)


def refuse_operators(value: Any, path: str, what: str, depth: int = 0) -> None:
    """Refuse numbers and arrays of classes whose operators are their own, in structures too."""
    kind: Any = type(value)
    own = own_operation(kind)
    if isinstance(value, np.matrix) or _is_masked(value) or own is not None:
        plain = next((one.__name__ for one in (complex, float, int) if isinstance(value, one)), "")
        raise ArgumentError(
            f"{what} is a {kind.__name__}, whose operators are not those of {f'a {plain}' if plain else 'arrays'}",
            instead=f"pass a plain number: {plain}({path})" if plain else f"pass an ordinary array: np.asarray({path})",
            section="data",
        )
    if depth < DEEPEST:
        for part in _parts(value):
            refuse_operators(part, "...", f"a part of {what}", depth + 1)


def _is_masked(value: Any) -> bool:
    """Whether it is a masked array; their module takes long to import, and is not where nobody has made one."""
    return "numpy.ma" in sys.modules and isinstance(value, np.ma.MaskedArray)


def _parts(value: Any) -> Iterable[Any]:
    known: Any = type(value)
    if known in (tuple, list) or is_named_tuple(known):
        found: Iterable[Any] = value
    elif known is dict:
        found = value.values()
    elif is_followed(value):
        found = attributes_of(value).values()
    else:
        return ()
    return itertools.islice(found, MOST_ITEMS)


def _hides_complex(value: Any) -> bool:
    """Whether there are complex numbers in a value of whose parts nothing is known."""
    if type_of_value(value) != UNKNOWN:
        return False
    if isinstance(value, tuple | list | dict):
        return any(_dtype_kind(item) == "c" for item in (value.values() if isinstance(value, dict) else value))
    return _dtype_kind(value) == "c"


def _refuse_without_derivative(parameter: str, value: Any, name: str) -> None:
    kind = _dtype_kind(value)
    known = type_of_value(value)
    if kind in ("f", "c") or (
        (known.is_structure or known.item is not None) and any(True for _ in leaves(value, known))
    ):
        return
    what = f"{name} cannot be differentiated with respect to {parameter}"
    if isinstance(value, bool | np.bool_):
        article, instead = f"it is {value}", f"leave {parameter} out of wrt"
    elif isinstance(value, int | np.integer):
        article, instead = f"it is the integer {value}", f"pass {float(value)!r}, or leave {parameter} out of wrt"
    elif kind in ("i", "u", "b"):
        article = f"it is an array of {value.dtype}"
        instead = f"pass {parameter}.astype(float), or leave {parameter} out of wrt"
    elif isinstance(value, list | tuple | dict):
        article, instead = f"it is a {type(value).__name__}", f"pass an array: np.array({parameter}, dtype=float)"
    elif kind is not None:
        article, instead = f"it is an array of {value.dtype}", f"pass {parameter}.astype(float)"
    else:
        article, instead = f"it is of class {type(value).__name__}", "pass a float or an array of floats"
    raise ArgumentError(
        what,
        why=f"{article}; only floats, complex numbers and arrays of these have a derivative",
        instead=instead,
        section="wrt",
    )


def _dtype_kind(value: Any) -> str | None:
    """NumPy's letter: f float, c complex, i integer, b bool; None for what is neither a number nor an array."""
    if isinstance(value, float):
        return "f"
    if isinstance(value, complex):
        return "c"
    kind = getattr(getattr(value, "dtype", None), "kind", None)
    return kind if hasattr(value, "__array_ufunc__") or (isinstance(kind, str) and hasattr(value, "ndim")) else None


# ---------------------------------------------------------------- memory
def refuse_overlap(
    written: Iterable[str], arguments: Mapping[str, Any], world: Sequence[tuple[str, object]], name: str
) -> None:
    """Refuse an argument that ``name`` writes into while it can see the same memory under another name.

    ``world``: the objects outside that it reads or looks into, by their names. The derivative works on a copy of the
    argument, which the other name would not see.
    """
    for parameter in written:
        for array in arrays(arguments[parameter]):
            unfit = _unfit_for_writing(array)
            if unfit is not None:
                what, why, copy = unfit
                raise AliasError(
                    f"{name} writes into {parameter}, {what}",
                    why=why,
                    instead=f"pass a copy: {parameter}.{copy}",
                    section="aliases",
                )
            seen = [
                (other, _arrays_reached(value, arrays(value)))
                for other, value in arguments.items()
                if other != parameter
            ]
            seen += [(other, _arrays_reached(value, [array])) for other, value in world]
            for other, theirs in seen:
                if any(share_memory(array, one) for one in theirs):
                    raise AliasError(
                        f"{name} writes into {parameter}, which shares memory with {other}",
                        why=f"the derivative works on a copy of {parameter}, and {other} would not see what is written",
                        instead=f"pass a copy of one of them: {other}.copy()",
                        section="aliases",
                    )


def are_apart(values: Iterable[Any]) -> bool:
    """Whether values are, at a glance, numbers, and different arrays that own their memory, each fit to be written.

    >>> x = np.zeros(3)
    >>> are_apart([x, np.ones(3), 2.0]), are_apart([x, x]), are_apart([x, x[1:]])
    (True, False, False)
    """
    found = [value for value in values if not isinstance(value, NUMBERS)]
    for value in found:
        if type(value) is not np.ndarray or value.base is not None:
            return False
        flags = value.flags
        if not (flags.owndata and flags.writeable and value.dtype.isnative):
            return False
    return len(found) < 2 or len(set(map(id, found))) == len(found)


def _unfit_for_writing(array: np.ndarray[Any, Any]) -> tuple[str, str, str] | None:
    """Why an array cannot be written as the derivative's copy of it is, the reason, and what copy could be."""
    if overlaps_itself(array):
        return "some elements of which share memory", "a copy has memory for each", "copy()"
    if not array.flags.writeable:
        return "which is read-only", "the function itself fails where it writes", "copy()"
    if not array.dtype.isnative:
        why = "np.asarray(x, dtype=float) and the like copy such an array, and give any other itself"
        return "whose numbers are in another byte order than this machine's", why, "astype(float)"
    return None


def _arrays_reached(value: object, otherwise: Iterable[np.ndarray[Any, Any]]) -> list[np.ndarray[Any, Any]]:
    """The arrays in whatever an object holds, methods and partials too; ``otherwise``: where it is too much."""
    found = reached([value])
    return list(otherwise) if found is None else [one for one in found.values() if isinstance(one, np.ndarray)]


def refuse_shared(arguments: Mapping[str, Any], changed: Sequence[object], stores: bool, name: str) -> None:
    """Refuse arguments that are, or hold, what ``name`` changes outside, and a list, dict or object that comes twice
    where it puts something into one: what is changed under one name would not be seen under the other."""
    for parameter, value in arguments.items():
        if changed and meet(value, list(changed)):
            raise AliasError(
                f"{parameter} is, or shares memory with, what {name} changes outside",
                why="the derivative takes arguments and what is outside for different things",
                instead=f"pass a copy of {parameter}",
                section="aliases",
            )
    if stores and (twice := _comes_twice(arguments)) is not None:
        raise AliasError(
            f"{name} changes or compares a {type(twice).__name__} among its arguments, and is given one twice",
            why="the derivative takes what comes under two names for two things",
            instead="pass a copy of one of them",
            section="aliases",
        )


def refuse_defaults(used: Mapping[str, Any], name: str) -> None:
    """Refuse defaults that ``name`` changes, where they are used: the next call would see what is written."""
    for parameter, default in used.items():
        if reached([default]) != {}:
            raise AliasError(
                f"{name} changes the default of {parameter}, which is of class {type(default).__name__}",
                why="every call without this argument has the same one, and the derivative changes a copy of it",
                instead=f"pass {parameter}, or make it in the function where it is None",
                section="aliases",
            )


def refuse_met(arguments: Mapping[str, Any], met: Sequence[object], name: str) -> None:
    """Refuse lists, dicts and objects that ``name``, which puts something into one, is given and also finds outside."""
    outside = {id(one) for one in _structures(met)}
    for parameter, value in arguments.items():
        if outside and any(id(one) in outside for one in _structures([value])):
            raise AliasError(
                f"{parameter} is, or shares something with, what {name} reads outside",
                why=f"{name} changes what it is given, and the derivative a copy of that",
                instead=f"pass a copy of {parameter}, or leave it out and change what is outside",
                section="aliases",
            )


def _comes_twice(arguments: Mapping[str, Any]) -> object | None:
    """A list, dict or object to which two ways lead from the arguments."""
    seen: set[int] = set()
    for one in _structures(list(arguments.values())):
        if id(one) in seen:
            return one
        seen.add(id(one))
    return None


def _structures(values: Sequence[object]) -> Iterator[object]:
    """The lists, dicts and objects in values and in methods, what comes again once more, but not its parts."""
    seen: set[int] = set()
    pending: list[Any] = list(values)
    while pending and len(seen) < MOST_OBJECTS:
        value = pending.pop()
        if isinstance(value, MethodType):
            pending.append(value.__self__)
        elif isinstance(value, partial):
            pending += (value.func, *value.args, *value.keywords.values())
        elif isinstance(value, tuple):
            pending += value
        elif isinstance(value, list | dict) or is_followed(value):
            yield value
            if id(value) not in seen:
                seen.add(id(value))
                items = value if isinstance(value, dict | list) else vars(value)
                pending += items.values() if isinstance(items, dict) else items


def part_at(path: Expr, arguments: Mapping[str, Any]) -> Any:
    """The part of an argument that a path reads: ``params["W"]``."""
    match path:
        case Subscript(value=whole, index=Const(value=key)):
            return part_at(whole, arguments)[key]
        case Attribute(value=whole, attr=attr):
            return getattr(part_at(whole, arguments), attr)
    assert isinstance(path, Name)
    return arguments[path.id]


def arrays(value: Any) -> Iterator[np.ndarray[Any, Any]]:
    """The arrays in a value, those in tuples, lists and dicts included."""
    if isinstance(value, np.ndarray):
        yield value
    elif isinstance(value, tuple | list):
        for item in value:
            yield from arrays(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from arrays(item)


def share_memory(first: np.ndarray[Any, Any], second: np.ndarray[Any, Any]) -> bool:
    if not np.may_share_memory(first, second):
        return False
    try:
        return np.shares_memory(first, second, max_work=HARDEST)  # type: ignore[arg-type]  # any int; typed as 0 or 1
    except np.exceptions.TooHardError:
        return True  # not proved apart


def overlaps_itself(array: np.ndarray[Any, Any]) -> bool:
    """Whether two elements may share memory: false where each stride steps over all that the smaller ones reach."""
    reach = array.itemsize
    for stride, length in sorted((abs(s), n) for s, n in zip(array.strides, array.shape, strict=True) if n > 1):
        if stride < reach:
            return array.size > 0
        reach += stride * (length - 1)
    return False


# ---------------------------------------------------------------- cotangents and tangents
def conform(seed: Any, like: Any, what: str) -> Any:
    """A cotangent or tangent with the kind and dtype of what it belongs to, never a copy that is not needed."""
    if isinstance(like, tuple | list):
        if not isinstance(seed, tuple | list) or len(seed) != len(like):
            raise ArgumentError(f"{what} has to be a tuple of {len(like)} items", why="it belongs to one of so many")
        pairs = enumerate(zip(seed, like, strict=True))
        made = [conform(one, item, f"item {i} of {what}") for i, (one, item) in pairs]
        return made if isinstance(like, list) else like._make(made) if hasattr(like, "_make") else tuple(made)
    if isinstance(like, dict) or is_followed(like):
        if not isinstance(seed, type(like)):
            raise ArgumentError(f"{what} has to be a {type(like).__name__}", why="it belongs to one")
        given, inner = (one if isinstance(one, dict) else vars(one) for one in (seed, like))
        if given.keys() != inner.keys():
            raise ArgumentError(f"{what} has to have {', '.join(map(repr, inner))}", why="so has what it belongs to")
        parts = {key: conform(given[key], item, f"{key!r} of {what}") for key, item in inner.items()}
        return parts if isinstance(like, dict) else with_attributes(like, **parts)
    if _dtype_kind(like) not in ("f", "c"):
        if seed is None:
            return seed
        if isinstance(like, int | np.integer) or _dtype_kind(like) in ("i", "u", "b"):
            return seed  # of an integer result: nothing reads it
        raise ResultError(
            f"{what} belongs to an object of class {type(like).__name__}, which is no number",
            instead="return floats, arrays of floats, or a tuple of these",
            section="results",
        )
    try:
        given = np.asarray(seed)
    except ValueError:  # rows of several lengths
        given = np.empty((), object)
    if given.dtype.kind == "c" and _dtype_kind(like) == "f":
        raise ArgumentError(
            f"{what} is of dtype {given.dtype}, but what it belongs to is real",
            instead="pass a real number or an array of real numbers",
            section="complex",
        )
    if given.dtype.kind not in "fiubc":
        raise ArgumentError(f"{what} is of dtype {given.dtype}", instead="pass a number or an array of numbers")
    if given.shape != np.shape(like):
        raise ArgumentError(
            f"{what} has shape {given.shape}, but what it belongs to has shape {np.shape(like)}",
            instead="pass an array of that shape" if np.ndim(like) else "pass one number",
        )
    if isinstance(like, np.ndarray):
        return given.astype(like.dtype, copy=False)
    return type(like)(given[()])
