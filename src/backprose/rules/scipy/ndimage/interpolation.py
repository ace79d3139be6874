"""Interpolation between the pixels of an image."""

from scipy import ndimage

from backprose.rules.registry import not_yet

not_yet(
    ndimage.affine_transform, ndimage.geometric_transform, ndimage.map_coordinates, ndimage.rotate, ndimage.shift,
    ndimage.spline_filter, ndimage.spline_filter1d, ndimage.zoom,
    reason="nobody has written the transposes and slopes of these splines",
)  # fmt: skip
