"""Images: filters, measurements, morphology, interpolation."""

from backprose.rules.scipy.ndimage import choosing, filters, interpolation, measurements, morphology

__all__ = ["choosing", "filters", "interpolation", "measurements", "morphology"]
