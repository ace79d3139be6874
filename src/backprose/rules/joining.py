"""Several arrays made one. Each rule gives the cotangent of the item that ``index`` names."""

import numpy as np

from backprose.rules.registry import linear, views
from backprose.support import section, untake


@linear(np.concatenate)
def concatenate(arrays, axis=0, *, dtype=None, out_bar, index):
    if axis == 0 and index == 0:
        return out_bar[: len(arrays[0])]
    if axis == 0 and index == len(arrays) - 1:
        return out_bar[len(out_bar) - len(arrays[index]) :]
    return section(out_bar, arrays, index, axis)


@linear(np.stack)
def stack(arrays, axis=0, *, dtype=None, out_bar, index):
    if axis == 0:
        return out_bar[index]
    return np.moveaxis(out_bar, axis, 0)[index]


@linear(np.hstack)
def hstack(tup, *, dtype=None, out_bar, index):
    """Along the first axis of vectors, of which a number is one of length 1, else along the second."""
    if np.ndim(tup[index]) == 0 and index == 0:
        return out_bar[0]
    if np.ndim(tup[index]) <= 1:
        return section(out_bar, tup, index, 0)
    return section(out_bar, tup, index, 1)


@linear(np.vstack)
def vstack(tup, *, dtype=None, out_bar, index):
    """Along the first axis; a vector is a row."""
    if np.ndim(tup[index]) == 0 and index == 0:
        return out_bar[0, 0]
    if np.ndim(tup[index]) == 1 and index == 0:
        return out_bar[0]
    return section(out_bar, tup, index, 0)


@linear(np.column_stack)
def column_stack(tup, *, out_bar, index):
    """Along the second axis; a vector is a column."""
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


views(np.asarray, np.ascontiguousarray)
