"""Signals: convolution, filters, spectra, waveforms and windows."""

from backprose.rules.scipy.signal import convolution, filtering, others, spectra, waveforms

__all__ = ["convolution", "filtering", "others", "spectra", "waveforms"]
