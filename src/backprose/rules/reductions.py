"""Sums, means, extrema and products over axes; running sums and differences.

What follows ``out`` in NumPy's functions is by keyword only. An ``initial`` value counts as one more element.
"""

import builtins
import math

import numpy as np

from backprose.rules.registry import adjoint, linear, tangent, views
from backprose.support import merge_axes, product_of_others, recurrence, split_axes, undiff, with_ends, without_ends


@linear(np.sum, np.ndarray.sum, active=("a", "initial"))
def sum_(a, axis=None, dtype=None, *, keepdims=False, initial=0, where=None, out_bar):
    if np.iscomplexobj(initial) and not np.iscomplexobj(a):
        raise NotImplementedError("a complex initial value beside real numbers is not covered: add it")
    flat = keepdims or axis is None or np.ndim(a) == 0
    bar = out_bar if flat else np.expand_dims(out_bar, axis)
    if where is None:
        return np.broadcast_to(bar, np.shape(a)), np.sum(out_bar)
    return np.where(where, np.broadcast_to(bar, np.shape(a)), 0), np.sum(out_bar)


@adjoint(builtins.sum, active=("iterable",))
def sum_of(iterable, start=0, *, out_bar):
    """Python's own sum of the items along the first axis of an array; the start is a number."""
    return np.broadcast_to(out_bar, np.shape(iterable))


@tangent(builtins.sum)
def sum_of_dot(iterable, start=0, *, iterable_dot):
    return np.sum(iterable_dot, axis=0)


@linear(np.mean, np.ndarray.mean)
def mean(a, axis=None, dtype=None, *, keepdims=False, where=None, out_bar):
    if where is not None:
        count = np.sum(np.broadcast_to(where, np.shape(a)), axis=axis, keepdims=True)
        bar = out_bar if keepdims or axis is None else np.expand_dims(out_bar, axis)
        return np.where(where, bar / np.maximum(count, 1), 0)
    if axis is None:
        return np.broadcast_to(out_bar / max(np.size(a), 1), np.shape(a))
    count = np.size(a) // max(np.size(out_bar), 1) if isinstance(axis, tuple) else np.shape(a)[axis]
    if keepdims:
        return np.broadcast_to(out_bar / max(count, 1), np.shape(a))
    return np.broadcast_to(np.expand_dims(out_bar / max(count, 1), axis), np.shape(a))


@adjoint(np.var, np.ndarray.var)
def var(a, axis=None, dtype=None, *, ddof=0, keepdims=False, out, out_bar):
    """2 (a - mean) / (n - ddof), conjugated; what a changes the mean by cancels."""
    if np.iscomplexobj(a) and dtype is not None:
        raise NotImplementedError("a dtype for complex numbers is not covered: cast them before")
    count = np.size(a) // max(np.size(out), 1)
    centred = np.conj(a - np.mean(a, axis=axis, keepdims=True))
    if keepdims or axis is None:
        return out_bar * np.divide(2 * centred, max(count - ddof, 0))
    return np.expand_dims(out_bar, axis) * np.divide(2 * centred, max(count - ddof, 0))


@tangent(np.var)
def var_dot(a, axis=None, dtype=None, *, ddof=0, keepdims=False, out, a_dot):
    if np.iscomplexobj(a) and dtype is not None:
        raise NotImplementedError("a dtype for complex numbers is not covered: cast them before")
    count = np.size(a) // max(np.size(out), 1)
    centred = np.conj(a - np.mean(a, axis=axis, keepdims=True))
    return np.divide(2 * np.sum(centred * a_dot, axis=axis, keepdims=keepdims), max(count - ddof, 0))


@adjoint(np.std, np.ndarray.std)
def std(a, axis=None, dtype=None, *, ddof=0, keepdims=False, out, out_bar):
    """As var, over 2 std; 0 where the deviation is 0 (as the norm at 0)."""
    if np.iscomplexobj(a) and dtype is not None:
        raise NotImplementedError("a dtype for complex numbers is not covered: cast them before")
    count = np.size(a) // max(np.size(out), 1)
    centred = np.conj(a - np.mean(a, axis=axis, keepdims=True))
    scale = np.divide(out_bar, max(count - ddof, 0) * np.where(out == 0, 1, out))
    if keepdims or axis is None:
        return scale * centred
    return np.expand_dims(scale, axis) * centred


@tangent(np.std)
def std_dot(a, axis=None, dtype=None, *, ddof=0, keepdims=False, out, a_dot):
    if np.iscomplexobj(a) and dtype is not None:
        raise NotImplementedError("a dtype for complex numbers is not covered: cast them before")
    count = np.size(a) // max(np.size(out), 1)
    centred = np.conj(a - np.mean(a, axis=axis, keepdims=True))
    scale = np.divide(1, max(count - ddof, 0) * np.where(out == 0, 1, out))
    return scale * np.sum(centred * a_dot, axis=axis, keepdims=keepdims)


@adjoint(np.max, np.amax, np.ndarray.max)
def max_(a, axis=None, *, keepdims=False, initial=None, where=None, out, out_bar):
    """To the elements that are the largest, in equal shares."""
    flat = keepdims or axis is None or np.ndim(a) == 0
    if initial is not None or where is not None:
        bound = out if flat else np.expand_dims(out, axis)
        largest = a == bound if where is None else np.logical_and(a == bound, where)
        count = np.sum(largest, axis=axis, keepdims=True) + (0 if initial is None else bound == initial)
        return largest / count * (out_bar if flat else np.expand_dims(out_bar, axis))
    if axis is None or np.ndim(a) == 0:
        largest = a == out
        return largest * (out_bar / np.sum(largest))
    if keepdims:
        largest = a == out
        return largest * (out_bar / np.sum(largest, axis=axis, keepdims=True))
    largest = a == np.expand_dims(out, axis)
    return largest * np.expand_dims(out_bar / np.sum(largest, axis=axis), axis)


@tangent(np.max)
def max_dot(a, axis=None, *, keepdims=False, initial=None, where=None, out, a_dot):
    flat = keepdims or axis is None or np.ndim(a) == 0
    if initial is not None or where is not None:
        bound = out if flat else np.expand_dims(out, axis)
        largest = a == bound if where is None else np.logical_and(a == bound, where)
        count = np.sum(largest, axis=axis, keepdims=keepdims) + (0 if initial is None else out == initial)
        return np.sum(largest * a_dot, axis=axis, keepdims=keepdims) / count
    largest = a == (out if flat else np.expand_dims(out, axis))
    count = np.sum(largest, axis=axis, keepdims=keepdims)
    return np.sum(largest * a_dot, axis=axis, keepdims=keepdims) / count


@adjoint(np.min, np.amin, np.ndarray.min)
def min_(a, axis=None, *, keepdims=False, initial=None, where=None, out, out_bar):
    """To the elements that are the smallest, in equal shares."""
    flat = keepdims or axis is None or np.ndim(a) == 0
    if initial is not None or where is not None:
        bound = out if flat else np.expand_dims(out, axis)
        smallest = a == bound if where is None else np.logical_and(a == bound, where)
        count = np.sum(smallest, axis=axis, keepdims=True) + (0 if initial is None else bound == initial)
        return smallest / count * (out_bar if flat else np.expand_dims(out_bar, axis))
    if axis is None or np.ndim(a) == 0:
        smallest = a == out
        return smallest * (out_bar / np.sum(smallest))
    if keepdims:
        smallest = a == out
        return smallest * (out_bar / np.sum(smallest, axis=axis, keepdims=True))
    smallest = a == np.expand_dims(out, axis)
    return smallest * np.expand_dims(out_bar / np.sum(smallest, axis=axis), axis)


@tangent(np.min)
def min_dot(a, axis=None, *, keepdims=False, initial=None, where=None, out, a_dot):
    flat = keepdims or axis is None or np.ndim(a) == 0
    if initial is not None or where is not None:
        bound = out if flat else np.expand_dims(out, axis)
        smallest = a == bound if where is None else np.logical_and(a == bound, where)
        count = np.sum(smallest, axis=axis, keepdims=keepdims) + (0 if initial is None else out == initial)
        return np.sum(smallest * a_dot, axis=axis, keepdims=keepdims) / count
    smallest = a == (out if flat else np.expand_dims(out, axis))
    count = np.sum(smallest, axis=axis, keepdims=keepdims)
    return np.sum(smallest * a_dot, axis=axis, keepdims=keepdims) / count


@adjoint(np.prod, np.ndarray.prod)
def prod(a, axis=None, dtype=None, *, keepdims=False, initial=1, where=None, out_bar):
    """For each element the product of the others: exact where there are zeros."""
    if np.iscomplexobj(a) and dtype is not None:
        raise NotImplementedError("a dtype for complex numbers is not covered: cast them before")
    flat = keepdims or axis is None or np.ndim(a) == 0
    factors = a if where is None else np.where(where, a, 1)
    vector = np.ndim(a) == 1
    others = product_of_others(factors) if vector else split_axes(product_of_others(merge_axes(factors, axis)), a, axis)
    bar = out_bar if flat else np.expand_dims(out_bar, axis)
    if where is None:
        return bar * initial * others
    return np.where(where, bar * initial * others, 0)


@tangent(np.prod)
def prod_dot(a, axis=None, dtype=None, *, keepdims=False, initial=1, where=None, a_dot):
    if np.iscomplexobj(a) and dtype is not None:
        raise NotImplementedError("a dtype for complex numbers is not covered: cast them before")
    factors = a if where is None else np.where(where, a, 1)
    vector = np.ndim(a) == 1
    others = product_of_others(factors) if vector else split_axes(product_of_others(merge_axes(factors, axis)), a, axis)
    moves = others * a_dot if where is None else np.where(where, others * a_dot, 0)
    return np.sum(moves, axis=axis, keepdims=keepdims) * initial


@linear(np.cumsum, np.ndarray.cumsum)
def cumsum(a, axis=None, dtype=None, *, out_bar):
    """The sum of what comes after."""
    if axis is None or np.ndim(a) == 0:
        return np.reshape(np.flip(np.cumsum(np.flip(out_bar))), np.shape(a))
    return np.flip(np.cumsum(np.flip(out_bar, axis), axis), axis)


@adjoint(np.cumprod, np.ndarray.cumprod)
def cumprod(a, axis=None, dtype=None, *, out, out_bar):
    """The product before an element times what comes after it: exact where there are zeros."""
    if np.iscomplexobj(a) and dtype is not None:
        raise NotImplementedError("a dtype for complex numbers is not covered: cast them before")
    flat = axis is None or np.ndim(a) == 0
    rows = np.ravel(a) if flat else np.moveaxis(a, axis, -1)
    products = out if flat else np.moveaxis(out, axis, -1)
    bar = out_bar if flat else np.moveaxis(out_bar, axis, -1)
    before = np.where(np.arange(np.shape(rows)[-1]) == 0, 1, np.roll(products, 1, -1))
    after = np.flip(recurrence(np.flip(bar, -1), np.flip(np.roll(rows, -1, -1), -1)), -1)
    return np.reshape(before * after, np.shape(a)) if flat else np.moveaxis(before * after, -1, axis)


@tangent(np.cumprod)
def cumprod_dot(a, axis=None, dtype=None, *, out, a_dot):
    if np.iscomplexobj(a) and dtype is not None:
        raise NotImplementedError("a dtype for complex numbers is not covered: cast them before")
    flat = axis is None or np.ndim(a) == 0
    rows = np.ravel(a) if flat else np.moveaxis(a, axis, -1)
    moves = np.ravel(a_dot) if flat else np.moveaxis(a_dot, axis, -1)
    products = out if flat else np.moveaxis(out, axis, -1)
    before = np.where(np.arange(np.shape(rows)[-1]) == 0, 1, np.roll(products, 1, -1))
    return recurrence(before * moves, rows) if flat else np.moveaxis(recurrence(before * moves, rows), -1, axis)


@linear(np.diff, active=("a", "prepend", "append"))
def diff(a, n=1, axis=-1, *, prepend=None, append=None, out_bar):
    if prepend is None and append is None:
        return undiff(out_bar, a, n, axis), 0.0, 0.0
    if n == 0:  # of no order it is its operand
        return (
            out_bar,
            0.0 if prepend is None else np.zeros_like(prepend),
            0.0 if append is None else np.zeros_like(append),
        )
    whole_bar = undiff(out_bar, with_ends(a, axis, prepend, append), n, axis)
    a_bar = without_ends(whole_bar, 1, a, axis, prepend, append)
    prepend_bar = 0.0 if prepend is None else without_ends(whole_bar, 0, a, axis, prepend, append)
    append_bar = 0.0 if append is None else without_ends(whole_bar, 2, a, axis, prepend, append)
    return a_bar, prepend_bar, append_bar


views(np.diff, where=("n", 0))  # of no order it is its operand


if hasattr(np, "cumulative_sum"):  # NumPy 2.1

    @linear(np.cumulative_sum)
    def cumulative_sum(x, *, axis=None, dtype=None, include_initial=False, out_bar):
        """As cumsum; the zero in front has no derivative."""
        line = 0 if axis is None else axis
        after = np.flip(np.cumsum(np.flip(out_bar, line), line), line)
        if include_initial:
            return np.moveaxis(np.moveaxis(after, line, 0)[1:], 0, line)
        return after

    @adjoint(np.cumulative_prod)
    def cumulative_prod(x, *, axis=None, dtype=None, include_initial=False, out, out_bar):
        """As cumprod; the one in front has no derivative."""
        if np.iscomplexobj(x) and dtype is not None:
            raise NotImplementedError("a dtype for complex numbers is not covered: cast them before")
        line = 0 if axis is None else axis
        rows = np.moveaxis(x, line, -1)
        products = np.moveaxis(out, line, -1)
        bar = np.moveaxis(out_bar, line, -1)
        count = np.shape(rows)[-1]
        before = np.where(
            np.arange(count) == 0, 1, np.roll(products[..., -count:] if include_initial else products, 1, -1)
        )
        own_bar = bar[..., 1:] if include_initial else bar
        after = np.flip(recurrence(np.flip(own_bar, -1), np.flip(np.roll(rows, -1, -1), -1)), -1)
        return np.moveaxis(before * after, -1, line)

    @tangent(np.cumulative_prod)
    def cumulative_prod_dot(x, *, axis=None, dtype=None, include_initial=False, out, x_dot):
        if np.iscomplexobj(x) and dtype is not None:
            raise NotImplementedError("a dtype for complex numbers is not covered: cast them before")
        line = 0 if axis is None else axis
        rows = np.moveaxis(x, line, -1)
        products = np.moveaxis(out, line, -1)
        count = np.shape(rows)[-1]
        before = np.where(
            np.arange(count) == 0, 1, np.roll(products[..., -count:] if include_initial else products, 1, -1)
        )
        moved = recurrence(before * np.moveaxis(x_dot, line, -1), rows)
        if include_initial:
            return np.moveaxis(np.concatenate((np.zeros_like(moved[..., :1]), moved), axis=-1), -1, line)
        return np.moveaxis(moved, -1, line)


@linear(math.fsum)
def fsum(seq, *, out_bar, index=None):
    """Of an array or of a list of numbers."""
    if index is None:
        return np.broadcast_to(out_bar, np.shape(seq))
    return out_bar


@adjoint(math.prod, active=("iterable",))
def prod_(iterable, *, start=1, out_bar):
    """Of a vector; of a list it is written with multiplications."""
    return out_bar * start * product_of_others(iterable)


@tangent(math.prod)
def math_prod_dot(iterable, *, start=1, iterable_dot):
    return start * np.sum(product_of_others(iterable) * iterable_dot)
