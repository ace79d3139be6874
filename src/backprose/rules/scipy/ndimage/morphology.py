"""Morphology of images of true and false, which is a constant; that of grey ones is in ``choosing.py``."""

from scipy import ndimage

from backprose.rules.registry import constant, not_yet

constant(
    ndimage.binary_closing, ndimage.binary_dilation, ndimage.binary_erosion, ndimage.binary_fill_holes,
    ndimage.binary_hit_or_miss, ndimage.binary_opening, ndimage.binary_propagation, ndimage.generate_binary_structure,
    ndimage.iterate_structure,
    reason="true or false",
)  # fmt: skip
not_yet(
    ndimage.distance_transform_bf, ndimage.distance_transform_cdt, ndimage.distance_transform_edt,
    reason="the image counts as true or false, write image != 0; of the sampling nobody has written the derivative",
)  # fmt: skip
