"""Signals: convolution, filters, spectra, waveforms and windows."""

from backprose.rules.scipy.signal import choosing, convolution, filtering, others, spectra, waveforms

__all__ = ["choosing", "convolution", "filtering", "others", "spectra", "waveforms"]
