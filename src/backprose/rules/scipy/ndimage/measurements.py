"""Sums, means, variances and extrema of the parts of an image that have the same label."""

import numpy as np
from scipy import ndimage

from backprose import support
from backprose.rules.registry import adjoint, constant, linear, not_yet, real_only, tangent
from backprose.support import by_label


@linear(ndimage.sum_labels, ndimage.sum)
def sum_labels(input, labels=None, index=None, *, out_bar):
    return by_label(out_bar, input, labels, index)


@linear(support.by_label, constant=("like",))
def by_label_(values, like, labels=None, index=None, *, out_bar):
    return ndimage.sum_labels(out_bar, labels, index)


@linear(ndimage.mean)
def mean(input, labels=None, index=None, *, out_bar):
    count = ndimage.sum_labels(np.ones(np.shape(input)), labels, index)
    return by_label(out_bar / count, input, labels, index)


@adjoint(ndimage.variance, active=("input",))
def variance(input, labels=None, index=None, *, out_bar):
    """2 (x - mean) / n."""
    count = ndimage.sum_labels(np.ones(np.shape(input)), labels, index)
    centred = input - by_label(ndimage.mean(input, labels, index), input, labels, index)
    return by_label(2 * out_bar / count, input, labels, index) * centred


@tangent(ndimage.variance)
def variance_dot(input, labels=None, index=None, *, input_dot):
    centred = input - by_label(ndimage.mean(input, labels, index), input, labels, index)
    return 2 * ndimage.mean(centred * input_dot, labels, index)


@adjoint(ndimage.standard_deviation, active=("input",))
def standard_deviation(input, labels=None, index=None, *, out, out_bar):
    """As variance, over 2 std; 0 where that is 0."""
    count = ndimage.sum_labels(np.ones(np.shape(input)), labels, index)
    centred = input - by_label(ndimage.mean(input, labels, index), input, labels, index)
    return by_label(out_bar / (count * np.where(out == 0, 1, out)), input, labels, index) * centred


@tangent(ndimage.standard_deviation)
def standard_deviation_dot(input, labels=None, index=None, *, out, input_dot):
    centred = input - by_label(ndimage.mean(input, labels, index), input, labels, index)
    return ndimage.mean(centred * input_dot, labels, index) / np.where(out == 0, 1, out)


@adjoint(ndimage.maximum, active=("input",))
def maximum(input, labels=None, index=None, *, out, out_bar):
    """To the elements that are the largest, in equal shares."""
    largest = input == by_label(out, input, labels, index)
    count = ndimage.sum_labels(largest, labels, index)
    return by_label(out_bar / count, input, labels, index) * largest


@tangent(ndimage.maximum)
def maximum_dot(input, labels=None, index=None, *, out, input_dot):
    largest = input == by_label(out, input, labels, index)
    return ndimage.sum_labels(largest * input_dot, labels, index) / ndimage.sum_labels(largest, labels, index)


@adjoint(ndimage.minimum, active=("input",))
def minimum(input, labels=None, index=None, *, out, out_bar):
    """To the elements that are the smallest, in equal shares."""
    smallest = input == by_label(out, input, labels, index)
    count = ndimage.sum_labels(smallest, labels, index)
    return by_label(out_bar / count, input, labels, index) * smallest


@tangent(ndimage.minimum)
def minimum_dot(input, labels=None, index=None, *, out, input_dot):
    smallest = input == by_label(out, input, labels, index)
    return ndimage.sum_labels(smallest * input_dot, labels, index) / ndimage.sum_labels(smallest, labels, index)


real_only(ndimage.sum_labels, support.by_label, ndimage.mean, ndimage.variance, ndimage.standard_deviation)
real_only(ndimage.maximum, ndimage.minimum)

constant(
    ndimage.find_objects, ndimage.histogram, ndimage.label, ndimage.maximum_position, ndimage.minimum_position,
    ndimage.value_indices, ndimage.watershed_ift,
    reason="integers",
)  # fmt: skip
not_yet(
    ndimage.center_of_mass, ndimage.extrema, ndimage.median,
    reason="nobody has written it: ndimage.sum_labels, maximum and minimum have a rule",
)  # fmt: skip
not_yet(ndimage.labeled_comprehension, reason="it calls a function that it is given")
