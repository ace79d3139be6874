"""Images: filters, measurements, morphology, interpolation."""

from backprose.rules.scipy.ndimage import filters, interpolation, measurements, morphology

__all__ = ["filters", "interpolation", "measurements", "morphology"]
