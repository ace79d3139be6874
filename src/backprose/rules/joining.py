"""Several arrays made one. Each rule gives the cotangent of the item that ``index`` names."""

import numpy as np

from backprose.rules.registry import linear, views
from backprose.support import kept_places, new_places, section, unbroadcast, untake

ROW_STACK = [getattr(np, "row_stack")] if hasattr(np, "row_stack") else []  # noqa: B009  an older name


@linear(np.concatenate)
def concatenate(arrays, axis=0, *, dtype=None, out_bar, index=None):
    """Of one array its parts along the first axis are joined."""
    if index is None and (axis is None or axis == 0):
        return np.reshape(out_bar, np.shape(arrays))
    if index is None:
        place = axis if axis > 0 else axis - 1
        return np.moveaxis(np.reshape(out_bar, np.shape(np.moveaxis(arrays, 0, place))), place, 0)
    if axis == 0 and index == 0:
        return out_bar[: len(arrays[0])]
    if axis == 0 and index == len(arrays) - 1:
        return out_bar[len(out_bar) - len(arrays[index]) :]
    return section(out_bar, arrays, index, axis)


@linear(np.stack)
def stack(arrays, axis=0, *, dtype=None, out_bar, index=None):
    if index is None:
        return np.moveaxis(out_bar, axis, 0)
    if axis == 0:
        return out_bar[index]
    return np.moveaxis(out_bar, axis, 0)[index]


@linear(np.hstack)
def hstack(tup, *, dtype=None, out_bar, index=None):
    """Along the first axis of vectors, of which a number is one of length 1, else along the second."""
    if index is None and np.ndim(tup) <= 2:
        return np.reshape(out_bar, np.shape(tup))
    if index is None:
        return np.moveaxis(np.reshape(out_bar, np.shape(np.moveaxis(tup, 0, 1))), 1, 0)
    if np.ndim(tup[index]) == 0 and index == 0:
        return out_bar[0]
    if np.ndim(tup[index]) <= 1:
        return section(out_bar, tup, index, 0)
    return section(out_bar, tup, index, 1)


@linear(np.vstack, *ROW_STACK)
def vstack(tup, *, dtype=None, out_bar, index=None):
    """Along the first axis; a vector is a row."""
    if index is None:
        return np.reshape(out_bar, np.shape(tup))
    if np.ndim(tup[index]) == 0 and index == 0:
        return out_bar[0, 0]
    if np.ndim(tup[index]) == 1 and index == 0:
        return out_bar[0]
    return section(out_bar, tup, index, 0)


@linear(np.column_stack)
def column_stack(tup, *, out_bar, index=None):
    """Along the second axis; a vector is a column."""
    if index is None and np.ndim(tup) <= 2:
        return np.reshape(out_bar.T, np.shape(tup))
    if index is None:
        return np.moveaxis(np.reshape(out_bar, np.shape(np.moveaxis(tup, 0, 1))), 1, 0)
    return section(out_bar, tup, index, 1)


@linear(np.dstack)
def dstack(tup, *, out_bar, index):
    """Along the third axis, which arrays of less than three get at the end."""
    return np.reshape(section(out_bar, tup, index, 2), np.shape(tup[index]))


@linear(np.append, active=("arr", "values"))
def append(arr, values, axis=None, *, out_bar):
    return section(out_bar, (arr, values), 0, axis), section(out_bar, (arr, values), 1, axis)


@linear(np.delete)
def delete(arr, obj, axis=None, *, out_bar):
    """Back to the places that are left."""
    count = np.size(arr) if axis is None else np.shape(arr)[axis]
    return untake(out_bar, np.delete(np.arange(count), obj), arr, axis)


@linear(np.insert, active=("arr", "values"))
def insert(arr, obj, values, axis=None, *, out_bar):
    """From the places where NumPy put them; before a single one it turns the values."""
    if not np.issubdtype(arr.dtype, np.inexact):
        raise NotImplementedError("what is put into an array of integers is cut off, and this may be one: use floats")
    if axis is None:
        old_bar = np.take(out_bar, kept_places(out_bar, arr, obj))
        return np.reshape(old_bar, np.shape(arr)), unbroadcast(np.take(out_bar, new_places(out_bar, arr, obj)), values)
    old_bar = np.take(out_bar, kept_places(out_bar, arr, obj, axis), axis)
    new_bar = np.take(out_bar, new_places(out_bar, arr, obj, axis), axis)
    if np.ndim(obj) == 0 and np.ndim(arr) > 1:
        return old_bar, unbroadcast(np.moveaxis(new_bar, axis, 0), values)
    return old_bar, unbroadcast(new_bar, values)


@linear(np.array)
def array(object, dtype=None, *, copy=True, order=None, ndmin=0, out_bar, index=None):
    """Of one array, or of a list of numbers or arrays of one shape (``index`` then; a tuple in nested lists)."""
    if index is None and ndmin == 0:
        return out_bar
    if index is None:
        return np.reshape(out_bar, np.shape(object))
    if ndmin == 0:
        return out_bar[index]
    return np.reshape(out_bar, np.shape(object))[index]


@linear(np.asarray, np.asanyarray)
def asarray(a, dtype=None, order=None, *, copy=None, out_bar, index=None):
    """As array."""
    if index is None:
        return out_bar
    return out_bar[index]


@linear(np.ascontiguousarray)
def ascontiguousarray(a, dtype=None, *, out_bar):
    """At least one axis, as NumPy gives it."""
    return np.reshape(out_bar, np.shape(a))


@linear(np.asfortranarray)
def asfortranarray(a, dtype=None, *, out_bar):
    """Another order in memory."""
    return np.reshape(out_bar, np.shape(a))


@linear(np.asarray_chkfinite)
def asarray_chkfinite(a, dtype=None, order=None, *, out_bar):
    return out_bar


@linear(np.require)
def require(a, dtype=None, requirements=None, *, out_bar):
    return np.reshape(out_bar, np.shape(a))


views(np.asarray, np.ascontiguousarray, np.asfortranarray, np.asarray_chkfinite, np.require)
