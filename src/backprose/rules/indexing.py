"""Elements and parts of arrays, choices among arrays."""

import operator

import numpy as np

from backprose.rules.registry import adjoint, effect, engine_made, linear, tangent, views
from backprose.support import unbroadcast, undiagonal, untake, untake_along_axis

engine_made(
    operator.getitem,
    parameters=("a", "b"),
    reason="the adjoint is added to the part of a_bar that was read: in place; np.add.at where an index may repeat",
)
effect(np.add.at, np.subtract.at, parameters=("a", "indices", "b"), reason="the adjoint of b is the part of a_bar")


@linear(np.take, np.ndarray.take)
def take(a, indices, axis=None, *, mode="raise", out_bar):
    if mode == "raise":
        return untake(out_bar, indices, a, axis)
    count = np.size(a) if axis is None else np.shape(a)[axis]
    if mode == "wrap":
        return untake(out_bar, np.asarray(indices) % count, a, axis)
    return untake(out_bar, np.clip(indices, 0, count - 1), a, axis)


@linear(np.take_along_axis)
def take_along_axis(arr, indices, axis, *, out_bar):
    return untake_along_axis(out_bar, indices, arr, axis)


@linear(np.diagonal, np.ndarray.diagonal)
def diagonal(a, offset=0, axis1=0, axis2=1, *, out_bar):
    return undiagonal(out_bar, a, offset, axis1, axis2)


@linear(np.diag)
def diag(v, k=0, *, out_bar):
    """A diagonal matrix from a vector, and back."""
    if np.ndim(v) == 1:
        return np.diagonal(out_bar, k)
    return undiagonal(out_bar, v, k)


@linear(np.choose, active=("choices",), constant=("a",))
def choose(a, choices, *, out_bar, index):
    """The cotangent where the choice was this one."""
    return unbroadcast(np.where(np.asarray(a) == index, out_bar, 0), choices[index])


@adjoint(np.select, active=("choicelist", "default"), constant=("condlist",))
def select(condlist, choicelist, default=0, *, out_bar, index):
    """The cotangent where this condition was the first that held, or none did."""
    first = np.select(condlist, range(len(condlist)), -1)
    if index is None:
        return None, unbroadcast(np.where(first == -1, out_bar, 0), default)
    return unbroadcast(np.where(first == index, out_bar, 0), choicelist[index]), None


@tangent(np.select)
def select_dot(condlist, choicelist, default=0, *, choicelist_dot, default_dot):
    none = np.select(condlist, range(len(condlist)), -1) == -1
    return np.select(condlist, choicelist_dot, 0), np.where(none, default_dot, 0)


@linear(np.compress, active=("a",))
def compress(condition, a, axis=None, *, out_bar):
    """Zeros, with the elements in their places."""
    return untake(out_bar, np.flatnonzero(condition), a, axis)


@linear(np.extract, active=("arr",))
def extract(condition, arr, *, out_bar):
    return untake(out_bar, np.flatnonzero(condition), arr)


@linear(np.bincount, active=("weights",))
def bincount(x, weights=None, minlength=0, *, out_bar):
    """Each weight is added to one sum."""
    return np.take(out_bar, x)


@linear(np.diagflat)
def diagflat(v, k=0, *, out_bar):
    return np.reshape(np.diagonal(out_bar, k), np.shape(v))


views(operator.getitem, np.diagonal, np.diag)
