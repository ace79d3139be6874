"""Methods of the elementwise operations: reductions, running results, results for all pairs of elements."""

import numpy as np

from backprose.rules.registry import adjoint, linear, real_only, tangent
from backprose.support import merge_axes, product_of_others, recurrence, split_axes, unreduceat, untake_along_axis


@linear(np.add.reduce)
def reduce(array, axis=0, dtype=None, *, keepdims=False, out_bar):
    if keepdims or axis is None or np.ndim(array) == 0:
        return np.broadcast_to(out_bar, np.shape(array))
    return np.broadcast_to(np.expand_dims(out_bar, axis), np.shape(array))


@adjoint(np.multiply.reduce)
def reduce_(array, axis=0, *, keepdims=False, out_bar):
    """For each element the product of the others."""
    others = split_axes(product_of_others(merge_axes(array, axis)), array, axis)
    if keepdims or axis is None or np.ndim(array) == 0:
        return out_bar * others
    return np.expand_dims(out_bar, axis) * others


@tangent(np.multiply.reduce)
def multiply_reduce_dot(array, axis=0, *, keepdims=False, array_dot):
    others = split_axes(product_of_others(merge_axes(array, axis)), array, axis)
    return np.sum(others * array_dot, axis=axis, keepdims=keepdims)


@adjoint(np.maximum.reduce)
def reduce__(array, axis=0, *, keepdims=False, out, out_bar):
    """To the elements that are the largest, in equal shares."""
    flat = keepdims or axis is None or np.ndim(array) == 0
    largest = array == (out if flat else np.expand_dims(out, axis))
    share = largest / np.sum(largest, axis=axis, keepdims=True)
    return share * (out_bar if flat else np.expand_dims(out_bar, axis))


@tangent(np.maximum.reduce)
def maximum_reduce_dot(array, axis=0, *, keepdims=False, out, array_dot):
    flat = keepdims or axis is None or np.ndim(array) == 0
    largest = array == (out if flat else np.expand_dims(out, axis))
    count = np.sum(largest, axis=axis, keepdims=keepdims)
    return np.sum(largest * array_dot, axis=axis, keepdims=keepdims) / count


@adjoint(np.minimum.reduce)
def reduce___(array, axis=0, *, keepdims=False, out, out_bar):
    """To the elements that are the smallest, in equal shares."""
    flat = keepdims or axis is None or np.ndim(array) == 0
    smallest = array == (out if flat else np.expand_dims(out, axis))
    share = smallest / np.sum(smallest, axis=axis, keepdims=True)
    return share * (out_bar if flat else np.expand_dims(out_bar, axis))


@tangent(np.minimum.reduce)
def minimum_reduce_dot(array, axis=0, *, keepdims=False, out, array_dot):
    flat = keepdims or axis is None or np.ndim(array) == 0
    smallest = array == (out if flat else np.expand_dims(out, axis))
    count = np.sum(smallest, axis=axis, keepdims=keepdims)
    return np.sum(smallest * array_dot, axis=axis, keepdims=keepdims) / count


# ---------------------------------------------------------------- running results
@linear(np.add.accumulate)
def accumulate(array, axis=0, *, out_bar):
    """The sum of what comes after."""
    return np.flip(np.cumsum(np.flip(out_bar, axis), axis), axis)


@adjoint(np.multiply.accumulate)
def accumulate_(array, axis=0, *, out, out_bar):
    """The product before an element times what comes after it: exact where there are zeros."""
    a = np.moveaxis(array, axis, -1)
    first = np.arange(np.shape(a)[-1]) == 0
    before = np.where(first, 1, np.roll(np.moveaxis(out, axis, -1), 1, -1))
    after = np.flip(recurrence(np.flip(np.moveaxis(out_bar, axis, -1), -1), np.flip(np.roll(a, -1, -1), -1)), -1)
    return np.moveaxis(before * after, -1, axis)


@tangent(np.multiply.accumulate)
def multiply_accumulate_dot(array, axis=0, *, out, array_dot):
    a = np.moveaxis(array, axis, -1)
    first = np.arange(np.shape(a)[-1]) == 0
    before = np.where(first, 1, np.roll(np.moveaxis(out, axis, -1), 1, -1))
    return np.moveaxis(recurrence(before * np.moveaxis(array_dot, axis, -1), a), -1, axis)


@adjoint(np.maximum.accumulate)
def accumulate__(array, axis=0, *, out, out_bar):
    """To the element that was the largest so far, of equal ones the last."""
    positions = np.indices(np.shape(array))[axis]
    source = np.maximum.accumulate(np.where(array == out, positions, 0), axis)
    return untake_along_axis(out_bar, source, array, axis)


@tangent(np.maximum.accumulate)
def maximum_accumulate_dot(array, axis=0, *, out, array_dot):
    positions = np.indices(np.shape(array))[axis]
    source = np.maximum.accumulate(np.where(array == out, positions, 0), axis)
    return np.take_along_axis(array_dot, source, axis)


@adjoint(np.minimum.accumulate)
def accumulate___(array, axis=0, *, out, out_bar):
    """To the element that was the smallest so far, of equal ones the last."""
    positions = np.indices(np.shape(array))[axis]
    source = np.maximum.accumulate(np.where(array == out, positions, 0), axis)
    return untake_along_axis(out_bar, source, array, axis)


@tangent(np.minimum.accumulate)
def minimum_accumulate_dot(array, axis=0, *, out, array_dot):
    positions = np.indices(np.shape(array))[axis]
    source = np.maximum.accumulate(np.where(array == out, positions, 0), axis)
    return np.take_along_axis(array_dot, source, axis)


# ---------------------------------------------------------------- all pairs
@adjoint(np.multiply.outer)
def outer(A, B, *, out_bar):
    pairs = np.reshape(out_bar, (np.size(A), np.size(B)))
    return np.reshape(pairs @ np.ravel(B), np.shape(A)), np.reshape(np.ravel(A) @ pairs, np.shape(B))


@tangent(np.multiply.outer)
def multiply_outer_dot(A, B, *, A_dot, B_dot):
    return np.multiply.outer(A_dot, B), np.multiply.outer(A, B_dot)


@linear(np.add.outer, active=("A", "B"))
def outer_(A, B, *, out_bar):
    pairs = np.reshape(out_bar, (np.size(A), np.size(B)))
    return np.reshape(np.sum(pairs, axis=1), np.shape(A)), np.reshape(np.sum(pairs, axis=0), np.shape(B))


@linear(np.subtract.outer, active=("A", "B"))
def outer__(A, B, *, out_bar):
    pairs = np.reshape(out_bar, (np.size(A), np.size(B)))
    return np.reshape(np.sum(pairs, axis=1), np.shape(A)), np.reshape(-np.sum(pairs, axis=0), np.shape(B))


@adjoint(np.divide.outer)
def outer___(A, B, *, out, out_bar):
    bar = np.reshape(out_bar, (np.size(A), np.size(B)))
    ratio = np.reshape(out, (np.size(A), np.size(B)))
    under = np.ravel(B)
    return np.reshape(np.sum(bar / under, axis=1), np.shape(A)), np.reshape(
        -np.sum(bar * ratio, axis=0) / under, np.shape(B)
    )


@tangent(np.divide.outer)
def divide_outer_dot(A, B, *, out, A_dot, B_dot):
    return np.divide.outer(A_dot, B), -out * (B_dot / B)


@adjoint(np.maximum.outer)
def outer____(A, B, *, out_bar):
    """To the larger, and half to each where they are equal."""
    bar = np.reshape(out_bar, (np.size(A), np.size(B)))
    share = np.heaviside(np.subtract.outer(np.ravel(A), np.ravel(B)), 0.5)
    return np.reshape(np.sum(bar * share, axis=1), np.shape(A)), np.reshape(
        np.sum(bar * (1 - share), axis=0), np.shape(B)
    )


@tangent(np.maximum.outer)
def maximum_outer_dot(A, B, *, A_dot, B_dot):
    share = np.heaviside(np.subtract.outer(A, B), 0.5)
    return share * np.add.outer(A_dot, np.zeros_like(B)), (1 - share) * np.add.outer(np.zeros_like(A), B_dot)


@adjoint(np.minimum.outer)
def outer_____(A, B, *, out_bar):
    """To the smaller, and half to each where they are equal."""
    bar = np.reshape(out_bar, (np.size(A), np.size(B)))
    share = np.heaviside(-np.subtract.outer(np.ravel(A), np.ravel(B)), 0.5)
    return np.reshape(np.sum(bar * share, axis=1), np.shape(A)), np.reshape(
        np.sum(bar * (1 - share), axis=0), np.shape(B)
    )


@tangent(np.minimum.outer)
def minimum_outer_dot(A, B, *, A_dot, B_dot):
    share = np.heaviside(-np.subtract.outer(A, B), 0.5)
    return share * np.add.outer(A_dot, np.zeros_like(B)), (1 - share) * np.add.outer(np.zeros_like(A), B_dot)


real_only(np.maximum.outer, np.minimum.outer)


# ---------------------------------------------------------------- others
@adjoint(np.logaddexp.reduce)
def reduce____(array, axis=0, *, keepdims=False, out, out_bar):
    """The softmax."""
    if keepdims or axis is None or np.ndim(array) == 0:
        return out_bar * np.exp(array - out)
    return np.expand_dims(out_bar, axis) * np.exp(array - np.expand_dims(out, axis))


@tangent(np.logaddexp.reduce)
def logaddexp_reduce_dot(array, axis=0, *, keepdims=False, out, array_dot):
    flat = keepdims or axis is None or np.ndim(array) == 0
    whole = out if flat else np.expand_dims(out, axis)
    return np.sum(np.exp(array - whole) * array_dot, axis=axis, keepdims=keepdims)


@linear(np.add.reduceat)
def reduceat(array, indices, axis=0, *, out_bar):
    """Each element belongs to the sums of the parts that it stands in."""
    return unreduceat(out_bar, array, indices, axis)


@linear(np.subtract.reduce)
def reduce_____(array, axis=0, *, keepdims=False, out_bar):
    """The first less all others."""
    line = 0 if axis is None else axis
    bar = out_bar if keepdims or np.ndim(array) == 0 else np.expand_dims(out_bar, line)
    whole = np.moveaxis(np.broadcast_to(bar, np.shape(array)), line, -1)
    return np.moveaxis(np.where(np.arange(np.shape(whole)[-1]) == 0, whole, -whole), -1, line)


@adjoint(np.divide.reduce)
def reduce______(array, axis=0, *, keepdims=False, out, out_bar):
    """The first over the product of all others."""
    line = 0 if axis is None else axis
    bar = out_bar if keepdims else np.expand_dims(out_bar, line)
    rows = np.moveaxis(array, line, -1)
    first = np.arange(np.shape(rows)[-1]) == 0
    under = np.prod(np.where(first, 1, rows), axis=-1, keepdims=True)
    ratio = rows[..., :1] / under
    return np.moveaxis(np.moveaxis(bar, line, -1) * np.where(first, 1 / under, -ratio / rows), -1, line)


@tangent(np.divide.reduce)
def divide_reduce_dot(array, axis=0, *, keepdims=False, out, array_dot):
    line = 0 if axis is None else axis
    rows = np.moveaxis(array, line, -1)
    first = np.arange(np.shape(rows)[-1]) == 0
    under = np.prod(np.where(first, 1, rows), axis=-1, keepdims=True)
    slope = np.where(first, 1 / under, -rows[..., :1] / under / rows)
    return np.reshape(np.sum(slope * np.moveaxis(array_dot, line, -1), axis=-1), np.shape(out))


@adjoint(np.fmax.reduce)
def reduce_______(array, axis=0, *, keepdims=False, out, out_bar):
    """To the elements that come out, in equal shares."""
    flat = keepdims or axis is None or np.ndim(array) == 0
    chosen = array == (out if flat else np.expand_dims(out, axis))
    share = chosen / np.maximum(np.sum(chosen, axis=axis, keepdims=True), 1)
    return share * (out_bar if flat else np.expand_dims(out_bar, axis))


@tangent(np.fmax.reduce)
def fmax_reduce_dot(array, axis=0, *, keepdims=False, out, array_dot):
    flat = keepdims or axis is None or np.ndim(array) == 0
    chosen = array == (out if flat else np.expand_dims(out, axis))
    count = np.maximum(np.sum(chosen, axis=axis, keepdims=keepdims), 1)
    return np.sum(np.where(chosen, array_dot, 0), axis=axis, keepdims=keepdims) / count


@adjoint(np.fmin.reduce)
def reduce_________(array, axis=0, *, keepdims=False, out, out_bar):
    """To the elements that come out, in equal shares."""
    flat = keepdims or axis is None or np.ndim(array) == 0
    chosen = array == (out if flat else np.expand_dims(out, axis))
    share = chosen / np.maximum(np.sum(chosen, axis=axis, keepdims=True), 1)
    return share * (out_bar if flat else np.expand_dims(out_bar, axis))


@tangent(np.fmin.reduce)
def fmin_reduce_dot(array, axis=0, *, keepdims=False, out, array_dot):
    flat = keepdims or axis is None or np.ndim(array) == 0
    chosen = array == (out if flat else np.expand_dims(out, axis))
    count = np.maximum(np.sum(chosen, axis=axis, keepdims=keepdims), 1)
    return np.sum(np.where(chosen, array_dot, 0), axis=axis, keepdims=keepdims) / count


@adjoint(np.hypot.reduce)
def reduce________(array, axis=0, *, keepdims=False, out, out_bar):
    """As the norm: 0 where it is 0."""
    ratio = out_bar / np.where(out == 0, 1, out)
    return array * (ratio if keepdims or axis is None or np.ndim(array) == 0 else np.expand_dims(ratio, axis))


@tangent(np.hypot.reduce)
def hypot_reduce_dot(array, axis=0, *, keepdims=False, out, array_dot):
    return np.sum(array * array_dot, axis=axis, keepdims=keepdims) / np.where(out == 0, 1, out)


@adjoint(np.logaddexp.accumulate)
def accumulate____(array, axis=0, *, out, out_bar):
    """exp(a_i - s_i) for the element itself, times exp(s_i - s_j) for each sum s_j that comes after."""
    sums = np.moveaxis(out, axis, -1)
    decay = np.exp(np.minimum(sums - np.roll(sums, -1, -1), 0))
    after = np.flip(recurrence(np.flip(np.moveaxis(out_bar, axis, -1), -1), np.flip(decay, -1)), -1)
    return np.moveaxis(np.exp(np.moveaxis(array, axis, -1) - sums) * after, -1, axis)


@tangent(np.logaddexp.accumulate)
def logaddexp_accumulate_dot(array, axis=0, *, out, array_dot):
    sums = np.moveaxis(out, axis, -1)
    decay = np.exp(np.minimum(np.roll(sums, 1, -1) - sums, 0))
    moved = np.exp(np.moveaxis(array - out, axis, -1)) * np.moveaxis(array_dot, axis, -1)
    return np.moveaxis(recurrence(moved, decay), -1, axis)


real_only(np.fmax.reduce, np.fmin.reduce)
