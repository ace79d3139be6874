"""Several arrays made one. Each rule gives the cotangent of the item that ``index`` names."""

import numpy as np

from backprose.rules.registry import linear
from backprose.support import section


@linear(np.concatenate)
def concatenate(arrays, axis=0, *, out_bar, index):
    if axis == 0 and index == 0:
        item_bar = out_bar[: len(arrays[0])]
    elif axis == 0 and index == len(arrays) - 1:
        item_bar = out_bar[len(out_bar) - len(arrays[index]) :]
    else:
        item_bar = section(out_bar, arrays, index, axis)
    return item_bar


@linear(np.stack)
def stack(arrays, axis=0, *, out_bar, index):
    if axis == 0:
        item_bar = out_bar[index]
    else:
        item_bar = np.moveaxis(out_bar, axis, 0)[index]
    return item_bar


@linear(np.hstack)
def hstack(tup, *, out_bar, index):
    """Along the first axis of vectors, else along the second."""
    if np.ndim(tup[0]) == 0:
        item_bar = out_bar[index]
    elif np.ndim(tup[0]) == 1:
        item_bar = section(out_bar, tup, index, 0)
    else:
        item_bar = section(out_bar, tup, index, 1)
    return item_bar


@linear(np.vstack)
def vstack(tup, *, out_bar, index):
    """Along the first axis; a vector is a row."""
    if np.ndim(tup[0]) == 0:
        item_bar = out_bar[index, 0]
    elif np.ndim(tup[0]) == 1:
        item_bar = out_bar[index]
    else:
        item_bar = section(out_bar, tup, index, 0)
    return item_bar


@linear(np.array)
def array(object, *, out_bar, index=None):
    """Of one array, or of a list of numbers or arrays of one shape (``index`` then; a tuple in nested lists)."""
    if index is None:
        object_bar = out_bar
    else:
        object_bar = out_bar[index]
    return object_bar


@linear(np.asarray, np.asanyarray, np.ascontiguousarray)
def asarray(a, *, out_bar, index=None):
    """As array."""
    if index is None:
        a_bar = out_bar
    else:
        a_bar = out_bar[index]
    return a_bar
