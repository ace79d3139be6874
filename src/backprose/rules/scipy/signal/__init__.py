"""Signals: convolution, filters, waveforms and windows."""

from backprose.rules.scipy.signal import convolution, filtering, others, waveforms

__all__ = ["convolution", "filtering", "others", "waveforms"]
