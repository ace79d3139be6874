"""Sorting, and what is found by it. At ties the order is that of a stable sort."""

import numpy as np

from backprose.rules.registry import adjoint, real_only, several, tangent
from backprose.support import merge_axes, places_of, split_axes, untake, untake_along_axis


@adjoint(np.sort)
def sort(a, axis=-1, kind=None, *, stable=None, out_bar):
    """Each cotangent back to where its element came from."""
    back = np.argsort(np.argsort(a, axis, kind="stable"), axis)
    if axis is None:
        return np.reshape(np.take_along_axis(out_bar, back, axis), np.shape(a))
    return np.take_along_axis(out_bar, back, axis)


@tangent(np.sort)
def sort_dot(a, axis=-1, kind=None, *, stable=None, a_dot):
    return np.take_along_axis(a_dot, np.argsort(a, axis, kind="stable"), axis)


@adjoint(np.sort_complex)
def sort_complex(a, *, out_bar):
    """As sort; the result is complex whatever the elements are."""
    return np.take_along_axis(out_bar, np.argsort(np.argsort(a, -1, kind="stable"), -1), -1)


@tangent(np.sort_complex)
def sort_complex_dot(a, *, a_dot):
    return np.take_along_axis(a_dot, np.argsort(a, -1, kind="stable"), -1)


@adjoint(np.median)
def median(a, axis=None, *, keepdims=False, out_bar):
    """To the element in the middle, or in equal shares to the two there."""
    rows = merge_axes(a, axis)
    place = np.argsort(np.argsort(rows, -1, kind="stable"), -1)
    length = np.shape(rows)[-1]
    middle = np.where(place == (length - 1) // 2, 0.5, 0) + np.where(place == length // 2, 0.5, 0)
    share = split_axes(middle, a, axis)
    if keepdims or axis is None:
        return out_bar * share
    return np.expand_dims(out_bar, axis) * share


@tangent(np.median)
def median_dot(a, axis=None, *, keepdims=False, a_dot):
    rows = merge_axes(a, axis)
    place = np.argsort(np.argsort(rows, -1, kind="stable"), -1)
    length = np.shape(rows)[-1]
    middle = np.where(place == (length - 1) // 2, 0.5, 0) + np.where(place == length // 2, 0.5, 0)
    share = split_axes(middle, a, axis)
    return np.sum(share * a_dot, axis=axis, keepdims=keepdims)


@adjoint(np.partition, active=("a",))
def partition(a, kth, axis=-1, *, out, out_bar):
    """Where each element came from is found by the orders of both: which of the two the same one is."""
    line = 0 if axis is None else axis
    order = np.argsort(np.ravel(a) if axis is None else a, line, kind="stable")
    place = np.argsort(np.argsort(out, line, kind="stable"), line)
    return untake_along_axis(out_bar, np.take_along_axis(order, place, line), a, axis)


@tangent(np.partition)
def partition_dot(a, kth, axis=-1, *, out, a_dot):
    line = 0 if axis is None else axis
    order = np.argsort(np.ravel(a) if axis is None else a, line, kind="stable")
    place = np.argsort(np.argsort(out, line, kind="stable"), line)
    return np.take_along_axis(a_dot, np.take_along_axis(order, place, line), axis)


# ---------------------------------------------------------------- sets: of elements that are the same, the first
@adjoint(np.unique, active=("ar",))
def unique(ar, *, out, out_bar):
    return untake(out_bar, places_of(out, ar), ar)


@tangent(np.unique)
def unique_dot(ar, *, out, ar_dot):
    return np.take(ar_dot, places_of(out, ar))


@adjoint(np.unique_values, active=("x",))
def unique_values(x, *, out, out_bar):
    return untake(out_bar, places_of(out, x), x)


@tangent(np.unique_values)
def unique_values_dot(x, *, out, x_dot):
    return np.take(x_dot, places_of(out, x))


@adjoint(np.unique_counts, active=("x",))
def unique_counts(x, *, out, out_bar):
    """Of the numbers; places and counts are integers."""
    if out_bar[0] is None:
        return np.zeros_like(x)
    return untake(out_bar[0], places_of(out[0], x), x)


@tangent(np.unique_counts)
def unique_counts_dot(x, *, out, x_dot):
    return np.take(x_dot, places_of(out[0], x)), np.zeros_like(out[1])


@adjoint(np.unique_inverse, active=("x",))
def unique_inverse(x, *, out, out_bar):
    """Of the numbers; places and counts are integers."""
    if out_bar[0] is None:
        return np.zeros_like(x)
    return untake(out_bar[0], places_of(out[0], x), x)


@tangent(np.unique_inverse)
def unique_inverse_dot(x, *, out, x_dot):
    return np.take(x_dot, places_of(out[0], x)), np.zeros_like(out[1])


@adjoint(np.unique_all, active=("x",))
def unique_all(x, *, out, out_bar):
    """Of the numbers; places and counts are integers."""
    if out_bar[0] is None:
        return np.zeros_like(x)
    return untake(out_bar[0], places_of(out[0], x), x)


@tangent(np.unique_all)
def unique_all_dot(x, *, out, x_dot):
    moved = np.take(x_dot, places_of(out[0], x))
    return moved, np.zeros_like(out[1]), np.zeros_like(out[2]), np.zeros_like(out[3])


@adjoint(np.union1d)
def union1d(ar1, ar2, *, out, out_bar):
    both = np.concatenate((np.ravel(ar1), np.ravel(ar2)))
    both_bar = untake(out_bar, places_of(out, both), both)
    return np.reshape(both_bar[: np.size(ar1)], np.shape(ar1)), np.reshape(both_bar[np.size(ar1) :], np.shape(ar2))


@tangent(np.union1d)
def union1d_dot(ar1, ar2, *, out, ar1_dot, ar2_dot):
    places = places_of(out, np.concatenate((np.ravel(ar1), np.ravel(ar2))))
    first = np.concatenate((np.ravel(np.zeros_like(ar1) + ar1_dot), np.zeros(np.size(ar2))))
    other = np.concatenate((np.zeros(np.size(ar1)), np.ravel(np.zeros_like(ar2) + ar2_dot)))
    return np.take(first, places), np.take(other, places)


@adjoint(np.setxor1d, active=("ar1", "ar2"))
def setxor1d(ar1, ar2, *, out, out_bar):
    both = np.concatenate((np.ravel(ar1), np.ravel(ar2)))
    both_bar = untake(out_bar, places_of(out, both), both)
    return np.reshape(both_bar[: np.size(ar1)], np.shape(ar1)), np.reshape(both_bar[np.size(ar1) :], np.shape(ar2))


@tangent(np.setxor1d)
def setxor1d_dot(ar1, ar2, *, out, ar1_dot, ar2_dot):
    places = places_of(out, np.concatenate((np.ravel(ar1), np.ravel(ar2))))
    first = np.concatenate((np.ravel(np.zeros_like(ar1) + ar1_dot), np.zeros(np.size(ar2))))
    other = np.concatenate((np.zeros(np.size(ar1)), np.ravel(np.zeros_like(ar2) + ar2_dot)))
    return np.take(first, places), np.take(other, places)


@adjoint(np.setdiff1d, active=("ar1",), constant=("ar2",))
def setdiff1d(ar1, ar2, *, out, out_bar):
    return untake(out_bar, places_of(out, ar1), ar1)


@tangent(np.setdiff1d)
def setdiff1d_dot(ar1, ar2, *, out, ar1_dot):
    return np.take(ar1_dot, places_of(out, ar1))


real_only(np.partition, np.unique, np.unique_values, np.union1d, np.setxor1d, np.setdiff1d)
real_only(np.unique_counts, np.unique_inverse, np.unique_all)
several(np.unique_counts, results=2, named=type(np.unique_counts(np.ones(1))))
several(np.unique_inverse, results=2, named=type(np.unique_inverse(np.ones(1))))
several(np.unique_all, results=4, named=type(np.unique_all(np.ones(1))))
