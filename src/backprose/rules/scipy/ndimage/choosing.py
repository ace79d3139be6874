"""Filters that choose: of each window the largest element, the smallest, or one by its rank, and what is made of these.

The slope belongs to the element that is taken; equal ones have equal shares (as ``np.max``): Serra, "Image Analysis and
Mathematical Morphology" (1982), of the filters.
"""

import numpy as np
from scipy import ndimage

from backprose.rules.registry import adjoint, real_only, tangent
from backprose.support import chosen, unchosen


@adjoint(ndimage.maximum_filter, active=("input",))
def maximum_filter(input, size=None, footprint=None, *, mode="reflect", cval=0.0, origin=0, out, out_bar):
    return unchosen(out_bar, input, out, size, footprint, mode, cval, origin)


@tangent(ndimage.maximum_filter)
def maximum_filter_dot(input, size=None, footprint=None, *, mode="reflect", cval=0.0, origin=0, out, input_dot):
    return chosen(input_dot, input, out, size, footprint, mode, cval, origin)


@adjoint(ndimage.minimum_filter, active=("input",))
def minimum_filter(input, size=None, footprint=None, *, mode="reflect", cval=0.0, origin=0, out, out_bar):
    return unchosen(out_bar, input, out, size, footprint, mode, cval, origin)


@tangent(ndimage.minimum_filter)
def minimum_filter_dot(input, size=None, footprint=None, *, mode="reflect", cval=0.0, origin=0, out, input_dot):
    return chosen(input_dot, input, out, size, footprint, mode, cval, origin)


@adjoint(ndimage.median_filter, active=("input",))
def median_filter(input, size=None, footprint=None, *, mode="reflect", cval=0.0, origin=0, out, out_bar):
    return unchosen(out_bar, input, out, size, footprint, mode, cval, origin)


@tangent(ndimage.median_filter)
def median_filter_dot(input, size=None, footprint=None, *, mode="reflect", cval=0.0, origin=0, out, input_dot):
    return chosen(input_dot, input, out, size, footprint, mode, cval, origin)


@adjoint(ndimage.percentile_filter, active=("input",))
def percentile_filter(
    input, percentile, size=None, footprint=None, *, mode="reflect", cval=0.0, origin=0, out, out_bar
):
    return unchosen(out_bar, input, out, size, footprint, mode, cval, origin)


@tangent(ndimage.percentile_filter)
def percentile_filter_dot(
    input, percentile, size=None, footprint=None, *, mode="reflect", cval=0.0, origin=0, out, input_dot
):
    return chosen(input_dot, input, out, size, footprint, mode, cval, origin)


@adjoint(ndimage.rank_filter, active=("input",))
def rank_filter(input, rank, size=None, footprint=None, *, mode="reflect", cval=0.0, origin=0, out, out_bar):
    return unchosen(out_bar, input, out, size, footprint, mode, cval, origin)


@tangent(ndimage.rank_filter)
def rank_filter_dot(input, rank, size=None, footprint=None, *, mode="reflect", cval=0.0, origin=0, out, input_dot):
    return chosen(input_dot, input, out, size, footprint, mode, cval, origin)


@adjoint(ndimage.maximum_filter1d, active=("input",))
def maximum_filter1d(input, size, axis=-1, *, mode="reflect", cval=0.0, origin=0, out, out_bar):
    along = np.arange(np.ndim(input)) == axis % np.ndim(input)
    return unchosen(out_bar, input, out, np.where(along, size, 1), None, mode, cval, np.where(along, origin, 0))


@tangent(ndimage.maximum_filter1d)
def maximum_filter1d_dot(input, size, axis=-1, *, mode="reflect", cval=0.0, origin=0, out, input_dot):
    along = np.arange(np.ndim(input)) == axis % np.ndim(input)
    return chosen(input_dot, input, out, np.where(along, size, 1), None, mode, cval, np.where(along, origin, 0))


@adjoint(ndimage.minimum_filter1d, active=("input",))
def minimum_filter1d(input, size, axis=-1, *, mode="reflect", cval=0.0, origin=0, out, out_bar):
    along = np.arange(np.ndim(input)) == axis % np.ndim(input)
    return unchosen(out_bar, input, out, np.where(along, size, 1), None, mode, cval, np.where(along, origin, 0))


@tangent(ndimage.minimum_filter1d)
def minimum_filter1d_dot(input, size, axis=-1, *, mode="reflect", cval=0.0, origin=0, out, input_dot):
    along = np.arange(np.ndim(input)) == axis % np.ndim(input)
    return chosen(input_dot, input, out, np.where(along, size, 1), None, mode, cval, np.where(along, origin, 0))


# ---------------------------------------------------------------- morphology, with flat structuring elements
@adjoint(ndimage.grey_erosion, active=("input",))
def grey_erosion(input, size=None, footprint=None, *, mode="reflect", cval=0.0, origin=0, out, out_bar):
    return unchosen(out_bar, input, out, size, footprint, mode, cval, origin)


@tangent(ndimage.grey_erosion)
def grey_erosion_dot(input, size=None, footprint=None, *, mode="reflect", cval=0.0, origin=0, out, input_dot):
    return chosen(input_dot, input, out, size, footprint, mode, cval, origin)


@adjoint(ndimage.grey_dilation, active=("input",))
def grey_dilation(input, size=None, footprint=None, *, mode="reflect", cval=0.0, origin=0, out, out_bar):
    return unchosen(out_bar, input, out, size, footprint, mode, cval, origin, True)


@tangent(ndimage.grey_dilation)
def grey_dilation_dot(input, size=None, footprint=None, *, mode="reflect", cval=0.0, origin=0, out, input_dot):
    return chosen(input_dot, input, out, size, footprint, mode, cval, origin, True)


@adjoint(ndimage.grey_opening, active=("input",))
def grey_opening(input, size=None, footprint=None, *, mode="reflect", cval=0.0, origin=0, out, out_bar):
    """The dilation of the erosion."""
    inner = ndimage.grey_erosion(input, size, footprint, mode=mode, cval=cval, origin=origin)
    inner_bar = unchosen(out_bar, inner, out, size, footprint, mode, cval, origin, True)
    return unchosen(inner_bar, input, inner, size, footprint, mode, cval, origin)


@tangent(ndimage.grey_opening)
def grey_opening_dot(input, size=None, footprint=None, *, mode="reflect", cval=0.0, origin=0, out, input_dot):
    inner = ndimage.grey_erosion(input, size, footprint, mode=mode, cval=cval, origin=origin)
    inner_dot = chosen(input_dot, input, inner, size, footprint, mode, cval, origin)
    return chosen(inner_dot, inner, out, size, footprint, mode, cval, origin, True)


@adjoint(ndimage.grey_closing, active=("input",))
def grey_closing(input, size=None, footprint=None, *, mode="reflect", cval=0.0, origin=0, out, out_bar):
    """The erosion of the dilation."""
    inner = ndimage.grey_dilation(input, size, footprint, mode=mode, cval=cval, origin=origin)
    inner_bar = unchosen(out_bar, inner, out, size, footprint, mode, cval, origin)
    return unchosen(inner_bar, input, inner, size, footprint, mode, cval, origin, True)


@tangent(ndimage.grey_closing)
def grey_closing_dot(input, size=None, footprint=None, *, mode="reflect", cval=0.0, origin=0, out, input_dot):
    inner = ndimage.grey_dilation(input, size, footprint, mode=mode, cval=cval, origin=origin)
    inner_dot = chosen(input_dot, input, inner, size, footprint, mode, cval, origin, True)
    return chosen(inner_dot, inner, out, size, footprint, mode, cval, origin)


@adjoint(ndimage.white_tophat, active=("input",))
def white_tophat(input, size=None, footprint=None, *, mode="reflect", cval=0.0, origin=0, out_bar):
    """What the opening takes away."""
    inner = ndimage.grey_erosion(input, size, footprint, mode=mode, cval=cval, origin=origin)
    result = ndimage.grey_dilation(inner, size, footprint, mode=mode, cval=cval, origin=origin)
    inner_bar = unchosen(out_bar, inner, result, size, footprint, mode, cval, origin, True)
    return out_bar - unchosen(inner_bar, input, inner, size, footprint, mode, cval, origin)


@tangent(ndimage.white_tophat)
def white_tophat_dot(input, size=None, footprint=None, *, mode="reflect", cval=0.0, origin=0, input_dot):
    inner = ndimage.grey_erosion(input, size, footprint, mode=mode, cval=cval, origin=origin)
    result = ndimage.grey_dilation(inner, size, footprint, mode=mode, cval=cval, origin=origin)
    inner_dot = chosen(input_dot, input, inner, size, footprint, mode, cval, origin)
    return input_dot - chosen(inner_dot, inner, result, size, footprint, mode, cval, origin, True)


@adjoint(ndimage.black_tophat, active=("input",))
def black_tophat(input, size=None, footprint=None, *, mode="reflect", cval=0.0, origin=0, out_bar):
    """What the closing adds."""
    inner = ndimage.grey_dilation(input, size, footprint, mode=mode, cval=cval, origin=origin)
    result = ndimage.grey_erosion(inner, size, footprint, mode=mode, cval=cval, origin=origin)
    inner_bar = unchosen(out_bar, inner, result, size, footprint, mode, cval, origin)
    return unchosen(inner_bar, input, inner, size, footprint, mode, cval, origin, True) - out_bar


@tangent(ndimage.black_tophat)
def black_tophat_dot(input, size=None, footprint=None, *, mode="reflect", cval=0.0, origin=0, input_dot):
    inner = ndimage.grey_dilation(input, size, footprint, mode=mode, cval=cval, origin=origin)
    result = ndimage.grey_erosion(inner, size, footprint, mode=mode, cval=cval, origin=origin)
    inner_dot = chosen(input_dot, input, inner, size, footprint, mode, cval, origin, True)
    return chosen(inner_dot, inner, result, size, footprint, mode, cval, origin) - input_dot


@adjoint(ndimage.morphological_gradient, active=("input",))
def morphological_gradient(input, size=None, footprint=None, *, mode="reflect", cval=0.0, origin=0, out_bar):
    """The dilation less the erosion."""
    high = ndimage.grey_dilation(input, size, footprint, mode=mode, cval=cval, origin=origin)
    low = ndimage.grey_erosion(input, size, footprint, mode=mode, cval=cval, origin=origin)
    high_term = unchosen(out_bar, input, high, size, footprint, mode, cval, origin, True)
    return high_term - unchosen(out_bar, input, low, size, footprint, mode, cval, origin)


@tangent(ndimage.morphological_gradient)
def morphological_gradient_dot(input, size=None, footprint=None, *, mode="reflect", cval=0.0, origin=0, input_dot):
    high = ndimage.grey_dilation(input, size, footprint, mode=mode, cval=cval, origin=origin)
    low = ndimage.grey_erosion(input, size, footprint, mode=mode, cval=cval, origin=origin)
    high_dot = chosen(input_dot, input, high, size, footprint, mode, cval, origin, True)
    return high_dot - chosen(input_dot, input, low, size, footprint, mode, cval, origin)


@adjoint(ndimage.morphological_laplace, active=("input",))
def morphological_laplace(input, size=None, footprint=None, *, mode="reflect", cval=0.0, origin=0, out_bar):
    """The dilation and the erosion, less the image twice."""
    high = ndimage.grey_dilation(input, size, footprint, mode=mode, cval=cval, origin=origin)
    low = ndimage.grey_erosion(input, size, footprint, mode=mode, cval=cval, origin=origin)
    high_term = unchosen(out_bar, input, high, size, footprint, mode, cval, origin, True)
    return high_term + unchosen(out_bar, input, low, size, footprint, mode, cval, origin) - 2 * out_bar


@tangent(ndimage.morphological_laplace)
def morphological_laplace_dot(input, size=None, footprint=None, *, mode="reflect", cval=0.0, origin=0, input_dot):
    high = ndimage.grey_dilation(input, size, footprint, mode=mode, cval=cval, origin=origin)
    low = ndimage.grey_erosion(input, size, footprint, mode=mode, cval=cval, origin=origin)
    high_dot = chosen(input_dot, input, high, size, footprint, mode, cval, origin, True)
    return high_dot + chosen(input_dot, input, low, size, footprint, mode, cval, origin) - 2 * input_dot


real_only(
    ndimage.maximum_filter, ndimage.minimum_filter, ndimage.median_filter, ndimage.percentile_filter,
    ndimage.rank_filter, ndimage.maximum_filter1d, ndimage.minimum_filter1d, ndimage.grey_erosion,
    ndimage.grey_dilation, ndimage.grey_opening, ndimage.grey_closing, ndimage.white_tophat, ndimage.black_tophat,
    ndimage.morphological_gradient, ndimage.morphological_laplace,
)  # fmt: skip
