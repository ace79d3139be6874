"""Linear filters. At its edges an image is extended as ``mode`` says: a filter is one of the extended image, of which
a part is kept. So its transpose is the filter turned round, and then what lies beyond the edges is folded back.

A filter of an image of integers gives integers: the slope is not asked for there.
"""

import numpy as np
from scipy import ndimage

from backprose import support
from backprose.rules.registry import adjoint, linear, not_yet, real_only, tangent
from backprose.support import extended, gaussian_slopes, of_floats, unextended, ungaussian_slopes, window_sums


@adjoint(ndimage.correlate)
def correlate(input, weights, *, mode="reflect", cval=0.0, origin=0, out_bar):
    width = np.max(np.shape(weights))
    wide = extended(out_bar, width, "constant")
    turned = ndimage.convolve(wide, weights, mode="constant", origin=origin)
    input_bar = unextended(turned, input, width, mode)
    return input_bar, window_sums(out_bar, of_floats(input), weights, mode, origin, cval)


@tangent(ndimage.correlate)
def correlate_dot(input, weights, *, mode="reflect", cval=0.0, origin=0, input_dot, weights_dot):
    input_term = ndimage.correlate(input_dot, weights, mode=mode, origin=origin)
    return input_term, ndimage.correlate(of_floats(input), weights_dot, mode=mode, cval=cval, origin=origin)


@adjoint(ndimage.convolve)
def convolve(input, weights, *, mode="reflect", cval=0.0, origin=0, out_bar):
    """The correlation with the weights turned round; of an even number of them the middle moves."""
    width = np.max(np.shape(weights))
    wide = extended(out_bar, width, "constant")
    turned = ndimage.correlate(wide, weights, mode="constant", origin=origin)
    middle = np.array(np.shape(weights)) % 2 - 1 - np.array(origin)
    weights_bar = np.flip(window_sums(out_bar, of_floats(input), weights, mode, middle, cval))
    return unextended(turned, input, width, mode), weights_bar


@tangent(ndimage.convolve)
def convolve_dot(input, weights, *, mode="reflect", cval=0.0, origin=0, input_dot, weights_dot):
    input_term = ndimage.convolve(input_dot, weights, mode=mode, origin=origin)
    return input_term, ndimage.convolve(of_floats(input), weights_dot, mode=mode, cval=cval, origin=origin)


@adjoint(ndimage.correlate1d)
def correlate1d(input, weights, axis=-1, *, mode="reflect", cval=0.0, origin=0, out_bar):
    width = np.size(weights)
    wide = extended(out_bar, width, "constant", axis)
    turned = ndimage.convolve1d(wide, weights, axis, mode="constant", origin=origin)
    input_bar = unextended(turned, input, width, mode, axis)
    return input_bar, window_sums(out_bar, of_floats(input), weights, mode, origin, cval, axis)


@tangent(ndimage.correlate1d)
def correlate1d_dot(input, weights, axis=-1, *, mode="reflect", cval=0.0, origin=0, input_dot, weights_dot):
    input_term = ndimage.correlate1d(input_dot, weights, axis, mode=mode, origin=origin)
    return input_term, ndimage.correlate1d(of_floats(input), weights_dot, axis, mode=mode, cval=cval, origin=origin)


@adjoint(ndimage.convolve1d)
def convolve1d(input, weights, axis=-1, *, mode="reflect", cval=0.0, origin=0, out_bar):
    width = np.size(weights)
    wide = extended(out_bar, width, "constant", axis)
    turned = ndimage.correlate1d(wide, weights, axis, mode="constant", origin=origin)
    middle = width % 2 - 1 - origin
    weights_bar = np.flip(window_sums(out_bar, of_floats(input), weights, mode, middle, cval, axis))
    return unextended(turned, input, width, mode, axis), weights_bar


@tangent(ndimage.convolve1d)
def convolve1d_dot(input, weights, axis=-1, *, mode="reflect", cval=0.0, origin=0, input_dot, weights_dot):
    input_term = ndimage.convolve1d(input_dot, weights, axis, mode=mode, origin=origin)
    return input_term, ndimage.convolve1d(of_floats(input), weights_dot, axis, mode=mode, cval=cval, origin=origin)


real_only(ndimage.correlate, ndimage.convolve, ndimage.correlate1d, ndimage.convolve1d)


@adjoint(support.window_sums, active=("bar", "x"), constant=("weights",))
def window_sums_(bar, x, weights, mode, origin=0, cval=0.0, axis=None, *, out_bar):
    if axis is None:
        width = np.max(np.shape(weights))
        turned = ndimage.convolve(extended(bar, width, "constant"), out_bar, mode="constant", origin=origin)
        bar_bar = ndimage.correlate(x, out_bar, mode=mode, cval=cval, origin=origin)
        return bar_bar, unextended(turned, x, width, mode)
    width = np.size(weights)
    turned = ndimage.convolve1d(extended(bar, width, "constant", axis), out_bar, axis, mode="constant", origin=origin)
    bar_bar = ndimage.correlate1d(x, out_bar, axis, mode=mode, cval=cval, origin=origin)
    return bar_bar, unextended(turned, x, width, mode, axis)


@tangent(support.window_sums)
def window_sums_dot(bar, x, weights, mode, origin=0, cval=0.0, axis=None, *, bar_dot, x_dot):
    x_term = window_sums(bar, x_dot, weights, mode, origin, 0.0, axis)
    return window_sums(bar_dot, x, weights, mode, origin, cval, axis), x_term


real_only(support.window_sums)


# ---------------------------------------------------------------- of given weights
@linear(ndimage.gaussian_filter1d)
def gaussian_filter1d(input, sigma, axis=-1, order=0, *, mode="reflect", truncate=4.0, radius=None, out_bar):
    """The weights are symmetric, those of a derivative of odd order antisymmetric."""
    width = int(truncate * sigma + 0.5) if radius is None else radius
    wide = extended(out_bar, width, "constant", axis)
    turned = ndimage.gaussian_filter1d(wide, sigma, axis, order, mode="constant", truncate=truncate, radius=radius)
    return unextended(turned if order % 2 == 0 else -turned, input, width, mode, axis)


@linear(ndimage.gaussian_filter)
def gaussian_filter(input, sigma, order=0, *, mode="reflect", truncate=4.0, radius=None, out_bar):
    """As gaussian_filter1d along each axis; along one with sigma 0 there is no filter."""
    width = int(truncate * np.max(sigma) + 0.5) if radius is None else np.max(radius)
    wide = extended(out_bar, width, "constant")
    turned = ndimage.gaussian_filter(wide, sigma, order, mode="constant", truncate=truncate, radius=radius)
    if order == 0:
        return unextended(turned, input, width, mode)
    odd = np.sum(np.where(np.broadcast_to(sigma, np.ndim(input)) > 1e-15, order, 0)) % 2
    return unextended(turned * (1 - 2 * odd), input, width, mode)


@linear(ndimage.gaussian_laplace)
def gaussian_laplace(input, sigma, *, mode="reflect", out_bar):
    width = int(4.0 * np.max(sigma) + 0.5)
    turned = ndimage.gaussian_laplace(extended(out_bar, width, "constant"), sigma, mode="constant")
    return unextended(turned, input, width, mode)


@linear(ndimage.uniform_filter1d)
def uniform_filter1d(input, size, axis=-1, *, mode="reflect", origin=0, out_bar):
    wide = extended(out_bar, size, "constant", axis)
    turned = ndimage.uniform_filter1d(wide, size, axis, mode="constant", origin=size % 2 - 1 - origin)
    return unextended(turned, input, size, mode, axis)


@linear(ndimage.uniform_filter)
def uniform_filter(input, size=3, *, mode="reflect", origin=0, out_bar):
    width = np.max(size)
    middle = np.array(size) % 2 - 1 - np.array(origin)
    turned = ndimage.uniform_filter(extended(out_bar, width, "constant"), size, mode="constant", origin=middle)
    return unextended(turned, input, width, mode)


@linear(ndimage.sobel)
def sobel(input, axis=-1, *, mode="reflect", out_bar):
    """A difference along the axis, and symmetric weights along the others."""
    return unextended(-ndimage.sobel(extended(out_bar, 1, "constant"), axis, mode="constant"), input, 1, mode)


@linear(ndimage.prewitt)
def prewitt(input, axis=-1, *, mode="reflect", out_bar):
    return unextended(-ndimage.prewitt(extended(out_bar, 1, "constant"), axis, mode="constant"), input, 1, mode)


@linear(ndimage.laplace)
def laplace(input, *, mode="reflect", out_bar):
    return unextended(ndimage.laplace(extended(out_bar, 1, "constant"), mode="constant"), input, 1, mode)


# ---------------------------------------------------------------- products with a window of frequencies
@linear(ndimage.fourier_gaussian)
def fourier_gaussian(input, sigma, n=-1, axis=-1, *, out_bar):
    return ndimage.fourier_gaussian(out_bar, sigma, n, axis)


@linear(ndimage.fourier_uniform)
def fourier_uniform(input, size, n=-1, axis=-1, *, out_bar):
    return ndimage.fourier_uniform(out_bar, size, n, axis)


@linear(ndimage.fourier_ellipsoid)
def fourier_ellipsoid(input, size, n=-1, axis=-1, *, out_bar):
    return ndimage.fourier_ellipsoid(out_bar, size, n, axis)


@linear(ndimage.fourier_shift)
def fourier_shift(input, shift, n=-1, axis=-1, *, out_bar):
    return ndimage.fourier_shift(out_bar, shift, n, axis)


@adjoint(ndimage.gaussian_gradient_magnitude, active=("input",))
def gaussian_gradient_magnitude(input, sigma, *, mode="reflect", cval=0.0, out, out_bar):
    """The norm of the derivatives along the axes; 0 where that is 0."""
    slopes = gaussian_slopes(input, sigma, mode, cval)
    return ungaussian_slopes(slopes * (out_bar / np.where(out == 0, 1, out)), sigma, mode)


@tangent(ndimage.gaussian_gradient_magnitude)
def gaussian_gradient_magnitude_dot(input, sigma, *, mode="reflect", cval=0.0, out, input_dot):
    moved = gaussian_slopes(input, sigma, mode, cval) * gaussian_slopes(input_dot, sigma, mode)
    return np.sum(moved, axis=0) / np.where(out == 0, 1, out)


@adjoint(support.gaussian_slopes, active=("x",))
def gaussian_slopes_(x, sigma, mode="reflect", cval=0.0, *, out_bar):
    return ungaussian_slopes(out_bar, sigma, mode)


@tangent(support.gaussian_slopes)
def gaussian_slopes_dot(x, sigma, mode="reflect", cval=0.0, *, x_dot):
    return gaussian_slopes(x_dot, sigma, mode)


@linear(support.ungaussian_slopes)
def ungaussian_slopes_(bars, sigma, mode="reflect", *, out_bar):
    return gaussian_slopes(out_bar, sigma, mode)


real_only(ndimage.gaussian_gradient_magnitude, support.gaussian_slopes, support.ungaussian_slopes)
not_yet(
    ndimage.generic_filter, ndimage.generic_filter1d, ndimage.generic_gradient_magnitude, ndimage.generic_laplace,
    reason="it calls a function that it is given",
)  # fmt: skip
if hasattr(ndimage, "vectorized_filter"):  # SciPy 1.16
    not_yet(ndimage.vectorized_filter, reason="it calls a function that it is given")
