"""Cotangents and tangents in the form of what they belong to."""

from __future__ import annotations

from typing import Any

import numpy as np


def unbroadcast(cotangent: Any, like: Any) -> Any:
    """The cotangent summed over the axes along which ``like`` was broadcast; its real part, where ``like`` is real."""
    if np.iscomplexobj(cotangent) and not np.iscomplexobj(like):
        cotangent = np.real(cotangent)
    shape = np.shape(like)
    extra = np.ndim(cotangent) - len(shape)
    if extra < 0:  # written into a place of fewer axes
        cotangent = np.reshape(cotangent, (1,) * -extra + np.shape(cotangent))
        extra = 0
    stretched = tuple(extra + i for i, n in enumerate(shape) if n == 1 != np.shape(cotangent)[extra + i])
    if extra or stretched:
        cotangent = np.sum(cotangent, axis=(*range(extra), *stretched), keepdims=True)
        cotangent = np.reshape(cotangent, shape)
    return cotangent


def as_gradient(x_bar: Any, x: Any) -> Any:
    """The adjoint of an argument as it is handed out: of the argument's kind, dtype and shape, in memory of its own."""
    if np.iscomplexobj(x_bar) and not np.iscomplexobj(x):
        x_bar = np.real(x_bar)
    if isinstance(x, (float, complex, np.generic)):
        return type(x)(x_bar if np.ndim(x_bar) == 0 else np.reshape(x_bar, ())[()])
    gradient = np.empty(np.shape(x), np.asarray(x).dtype)
    gradient[...] = x_bar
    return gradient


def as_tangent(tangent: Any, x: Any) -> Any:
    """A tangent or cotangent of ``x`` with its kind and dtype; one of another shape is an error."""
    if np.shape(tangent) != np.shape(x):
        raise ValueError(f"the tangent has shape {np.shape(tangent)}, but what it belongs to has shape {np.shape(x)}")
    if np.iscomplexobj(tangent) and not np.iscomplexobj(x):
        raise ValueError("the tangent is complex, but what it belongs to is real")
    if isinstance(x, (float, complex, np.inexact)):
        return type(x)(tangent)
    return np.asarray(tangent, x.dtype) if isinstance(x, np.ndarray) and x.dtype.kind in "fc" else tangent


def is_sequence(x: Any) -> bool:
    """Whether ``match`` takes ``x`` for a sequence (PEP 634): a tuple, a list and the like, not a text."""
    return bool(type(x).__flags__ & 1 << 5)


def same_array(*items: Any) -> bool:
    """Whether two of these are one array."""
    arrays = [id(item) for item in items if isinstance(item, np.ndarray)]
    return len(set(arrays)) < len(arrays)


def is_mapping(x: Any) -> bool:
    """Whether ``match`` takes ``x`` for a mapping (PEP 634)."""
    return bool(type(x).__flags__ & 1 << 6)


def last_writes(x: Any, index: Any) -> Any:
    """Which values of ``x[index] = values`` stay: of an element that the index names twice, the last."""
    writers = np.zeros(np.shape(x), int)
    order = np.reshape(np.arange(np.size(writers[index])), np.shape(writers[index]))
    writers[index] = order
    return writers[index] == order


def unit(like: Any, index: Any) -> Any:
    """1 at ``index`` and 0 elsewhere, a number where ``like`` is one."""
    if not isinstance(like, np.ndarray):
        return type(like)(1)
    one = np.zeros_like(like)
    one[index] = 1
    return one


def own(x: Any) -> Any:
    """``x`` where it is a number, else a copy of the array, the list or the arrays of a tuple."""
    if isinstance(x, list):
        return list(x)
    if isinstance(x, tuple):
        return tuple(own(item) for item in x)
    return x.copy(order="K") if isinstance(x, np.ndarray) else x


def with_attributes(thing: Any, **attributes: Any) -> Any:
    """An object like ``thing``, or of this class, with these attributes: a gradient has the form of its argument."""
    made: Any = object.__new__(thing if isinstance(thing, type) else type(thing))
    made.__dict__.update(attributes)
    return made


def scalar_result(result: Any) -> Any:
    """The result, which has to be one number for a gradient."""
    if np.ndim(result):
        raise ValueError("grad needs a function that returns one number: use backprose.vjp or backprose.jacobian")
    if np.iscomplexobj(result):
        raise ValueError("grad needs a function that returns a real number: use backprose.vjp for complex results")
    return result
