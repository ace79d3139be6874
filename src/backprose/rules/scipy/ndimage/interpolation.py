"""Linear interpolation between the pixels of an image, and the nearest pixel: splines of order 1 and 0.

Getreuer, "Linear methods for image interpolation" (2011). Between the pixels the slope is the difference of the two on
either side; at a pixel that of the cell that begins there.
"""

import numpy as np
from scipy import ndimage, special

from backprose import support
from backprose.rules.registry import adjoint, linear, not_yet, real_only, tangent
from backprose.support import affine_grid, ends_scaled, pixel_slopes, shifted_grid, unmapped, unsloped


@adjoint(ndimage.map_coordinates)
def map_coordinates(input, coordinates, *, order=3, mode="constant", cval=0.0, out_bar):
    if order not in (0, 1):
        raise NotImplementedError("of the splines those of order 0 and 1 have a rule: write order=1")
    if mode in ("wrap", "grid-constant"):
        raise NotImplementedError("these modes have no rule: write mode='grid-wrap' or 'constant'")
    input_bar = unmapped(out_bar, coordinates, input, order, mode)
    return input_bar, pixel_slopes(input, coordinates, order, mode, cval) * out_bar


@tangent(ndimage.map_coordinates)
def map_coordinates_dot(input, coordinates, *, order=3, mode="constant", cval=0.0, input_dot, coordinates_dot):
    if order not in (0, 1):
        raise NotImplementedError("of the splines those of order 0 and 1 have a rule: write order=1")
    if mode in ("wrap", "grid-constant"):
        raise NotImplementedError("these modes have no rule: write mode='grid-wrap' or 'constant'")
    input_term = ndimage.map_coordinates(input_dot, coordinates, order=order, mode=mode)
    return input_term, np.sum(pixel_slopes(input, coordinates, order, mode, cval) * coordinates_dot, axis=0)


@adjoint(support.unmapped, active=("bar", "coordinates"), constant=("like",))
def unmapped_(bar, coordinates, like, order, mode, *, out_bar):
    bar_bar = ndimage.map_coordinates(out_bar, coordinates, order=order, mode=mode)
    return bar_bar, pixel_slopes(out_bar, coordinates, order, mode) * bar


@tangent(support.unmapped)
def unmapped_dot(bar, coordinates, like, order, mode, *, bar_dot, coordinates_dot):
    coordinates_term = unsloped(bar * coordinates_dot, coordinates, like, order, mode)
    return unmapped(bar_dot, coordinates, like, order, mode), coordinates_term


@adjoint(support.pixel_slopes, active=("x",))
def pixel_slopes_(x, coordinates, order, mode, cval=0.0, *, out_bar):
    return unsloped(out_bar, coordinates, x, order, mode)


@tangent(support.pixel_slopes)
def pixel_slopes_dot(x, coordinates, order, mode, cval=0.0, *, x_dot):
    return pixel_slopes(x_dot, coordinates, order, mode)


@linear(support.unsloped, constant=("like",))
def unsloped_(bars, coordinates, like, order, mode, *, out_bar):
    return pixel_slopes(out_bar, coordinates, order, mode)


@adjoint(ndimage.shift, active=("input", "shift"))
def shift(input, shift, *, order=3, mode="constant", cval=0.0, out_bar):
    if order not in (0, 1):
        raise NotImplementedError("of the splines those of order 0 and 1 have a rule: write order=1")
    if mode in ("wrap", "grid-constant"):
        raise NotImplementedError("these modes have no rule: write mode='grid-wrap' or 'constant'")
    places = shifted_grid(input, shift)
    slopes = pixel_slopes(input, places, order, mode, cval) * out_bar
    by_axis = -np.sum(np.reshape(slopes, (len(slopes), np.size(out_bar))), axis=1)
    shift_bar = np.sum(by_axis) if np.ndim(shift) == 0 else by_axis
    return unmapped(out_bar, places, input, order, mode), shift_bar


@tangent(ndimage.shift)
def shift_dot(input, shift, *, order=3, mode="constant", cval=0.0, input_dot, shift_dot):
    if order not in (0, 1):
        raise NotImplementedError("of the splines those of order 0 and 1 have a rule: write order=1")
    if mode in ("wrap", "grid-constant"):
        raise NotImplementedError("these modes have no rule: write mode='grid-wrap' or 'constant'")
    slopes = pixel_slopes(input, shifted_grid(input, shift), order, mode, cval)
    shift_term = np.tensordot(np.broadcast_to(-np.array(shift_dot), np.ndim(input)), slopes, 1)
    return ndimage.shift(input_dot, shift, order=order, mode=mode), shift_term


@adjoint(support.shifted_grid, active=("shift",), constant=("like",))
def shifted_grid_(like, shift, *, out_bar):
    by_axis = -np.sum(np.reshape(out_bar, (len(out_bar), np.size(like))), axis=1)
    return np.sum(by_axis) if np.ndim(shift) == 0 else by_axis


@tangent(support.shifted_grid)
def shifted_grid_dot(like, shift, *, shift_dot):
    return shifted_grid(like, shift_dot) - np.indices(np.shape(like))


@adjoint(ndimage.affine_transform, active=("input",))
def affine_transform(input, matrix, offset=0.0, output_shape=None, *, order=3, mode="constant", cval=0.0, out_bar):
    if order not in (0, 1):
        raise NotImplementedError("of the splines those of order 0 and 1 have a rule: write order=1")
    if mode in ("wrap", "grid-constant"):
        raise NotImplementedError("these modes have no rule: write mode='grid-wrap' or 'constant'")
    return unmapped(out_bar, affine_grid(np.shape(out_bar), matrix, offset), input, order, mode)


@tangent(ndimage.affine_transform)
def affine_transform_dot(
    input, matrix, offset=0.0, output_shape=None, *, order=3, mode="constant", cval=0.0, input_dot
):
    if order not in (0, 1):
        raise NotImplementedError("of the splines those of order 0 and 1 have a rule: write order=1")
    if mode in ("wrap", "grid-constant"):
        raise NotImplementedError("these modes have no rule: write mode='grid-wrap' or 'constant'")
    return ndimage.affine_transform(input_dot, matrix, offset, output_shape, order=order, mode=mode)


real_only(ndimage.map_coordinates, ndimage.shift, ndimage.affine_transform)
real_only(support.unmapped, support.unsloped, support.pixel_slopes)
not_yet(support.affine_grid, reason="nobody has written the derivative with respect to the matrix")


@adjoint(ndimage.zoom, active=("input",))
def zoom(input, zoom, *, order=3, mode="constant", cval=0.0, out_bar):
    """The corners stay the corners."""
    if order not in (0, 1):
        raise NotImplementedError("of the splines those of order 0 and 1 have a rule: write order=1")
    if mode in ("wrap", "grid-constant"):
        raise NotImplementedError("these modes have no rule: write mode='grid-wrap' or 'constant'")
    lengths = np.array(np.shape(out_bar))
    steps = np.where(lengths > 1, (np.array(np.shape(input)) - 1) / np.maximum(lengths - 1, 1), 1.0)
    return unmapped(out_bar, affine_grid(np.shape(out_bar), steps), input, order, mode)


@tangent(ndimage.zoom)
def zoom_dot(input, zoom, *, order=3, mode="constant", cval=0.0, input_dot):
    if order not in (0, 1):
        raise NotImplementedError("of the splines those of order 0 and 1 have a rule: write order=1")
    if mode in ("wrap", "grid-constant"):
        raise NotImplementedError("these modes have no rule: write mode='grid-wrap' or 'constant'")
    return ndimage.zoom(input_dot, zoom, order=order, mode=mode)


@adjoint(ndimage.rotate, active=("input",))
def rotate(input, angle, axes=(1, 0), reshape=True, *, order=3, mode="constant", cval=0.0, out_bar):
    """About the middle of the image, which is the middle of the result."""
    if order not in (0, 1):
        raise NotImplementedError("of the splines those of order 0 and 1 have a rule: write order=1")
    if mode in ("wrap", "grid-constant"):
        raise NotImplementedError("these modes have no rule: write mode='grid-wrap' or 'constant'")
    if np.ndim(input) != 2:
        raise NotImplementedError("of images of two axes it has a rule: rotate each plane")
    c = special.cosdg(angle)
    s = special.sindg(angle)
    matrix = np.array([[c, s], [-s, c]])
    middle = (np.array(np.shape(out_bar)) - 1) / 2
    offset = (np.array(np.shape(input)) - 1) / 2 - matrix @ middle
    return unmapped(out_bar, affine_grid(np.shape(out_bar), matrix, offset), input, order, mode)


@tangent(ndimage.rotate)
def rotate_dot(input, angle, axes=(1, 0), reshape=True, *, order=3, mode="constant", cval=0.0, input_dot):
    if order not in (0, 1):
        raise NotImplementedError("of the splines those of order 0 and 1 have a rule: write order=1")
    if mode in ("wrap", "grid-constant"):
        raise NotImplementedError("these modes have no rule: write mode='grid-wrap' or 'constant'")
    if np.ndim(input) != 2:
        raise NotImplementedError("of images of two axes it has a rule: rotate each plane")
    return ndimage.rotate(input_dot, angle, axes, reshape, order=order, mode=mode)


@adjoint(ndimage.spline_filter1d, active=("input",))
def spline_filter1d(input, order=3, axis=-1, *, mode="mirror", out_bar):
    """The inverse of sums over neighbours (Unser, "Splines: a perfect fit for signal and image processing", 1999): they
    are symmetric where an image goes on periodically; a mirror, SciPy's in all other modes, has its ends once only.
    """
    if mode in ("reflect", "grid-mirror", "nearest"):
        raise NotImplementedError("in this mode SciPy solves approximately: 'mirror' and 'grid-wrap' have a rule")
    if mode == "grid-wrap":
        return ndimage.spline_filter1d(out_bar, order, axis, mode=mode)
    return ends_scaled(
        ndimage.spline_filter1d(ends_scaled(out_bar, axis, 2, 2), order, axis, mode=mode), axis, 0.5, 0.5
    )


@tangent(ndimage.spline_filter1d)
def spline_filter1d_dot(input, order=3, axis=-1, *, mode="mirror", input_dot):
    if mode in ("reflect", "grid-mirror", "nearest"):
        raise NotImplementedError("in this mode SciPy solves approximately: 'mirror' and 'grid-wrap' have a rule")
    return ndimage.spline_filter1d(input_dot, order, axis, mode=mode)


@adjoint(ndimage.spline_filter, active=("input",))
def spline_filter(input, order=3, *, mode="mirror", out_bar):
    """Along each axis."""
    if mode in ("reflect", "grid-mirror", "nearest"):
        raise NotImplementedError("in this mode SciPy solves approximately: 'mirror' and 'grid-wrap' have a rule")
    if mode == "grid-wrap":
        return ndimage.spline_filter(out_bar, order, mode=mode)
    return ends_scaled(ndimage.spline_filter(ends_scaled(out_bar, None, 2, 2), order, mode=mode), None, 0.5, 0.5)


@tangent(ndimage.spline_filter)
def spline_filter_dot(input, order=3, *, mode="mirror", input_dot):
    if mode in ("reflect", "grid-mirror", "nearest"):
        raise NotImplementedError("in this mode SciPy solves approximately: 'mirror' and 'grid-wrap' have a rule")
    return ndimage.spline_filter(input_dot, order, mode=mode)


real_only(ndimage.zoom, ndimage.rotate, ndimage.spline_filter, ndimage.spline_filter1d)
not_yet(ndimage.geometric_transform, reason="it calls a function that it is given: map_coordinates has a rule")
