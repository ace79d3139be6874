"""Transposes of short-time Fourier transforms and of resampling."""

from __future__ import annotations

from typing import Any

import numpy as np

from backprose.support.filters import _unlengthened, unsosfiltfilt
from backprose.support.parts import mirrored


def both_sides(power: Any, frequencies: Any, fs: float = 1.0, axis: int = -1) -> Any:
    """Power with that of the negative frequencies added, where none of them are there: its own transpose.

    ``axis``: that of the frequencies. The first, and the last where it is half the sampling rate, have no other side.
    """
    factors = np.full(len(frequencies), 2.0)
    factors[0] = 1
    if frequencies[-1] > fs / 2 * (1 - 0.25 / len(frequencies)):
        factors[-1] = 1
    if frequencies[-1] <= 0:
        factors[:] = 1
    return np.moveaxis(np.moveaxis(power, axis, -1) * factors, -1, axis)


def unstft(
    bar: Any,
    like: Any,
    fs: float = 1.0,
    window: Any = "hann",
    nperseg: int | None = 256,
    noverlap: int | None = None,
    nfft: int | None = None,
    detrend: Any = False,
    return_onesided: bool = True,
    boundary: str | None = "zeros",
    padded: bool = True,  # noqa: ARG001 - the cotangent has the length that this gives
    axis: int = -1,
    scaling: str = "spectrum",
) -> Any:
    """The transpose of ``scipy.signal.stft(like, fs, window, ...)[2]``: each segment's, added up."""
    from scipy import signal

    length, named = np.shape(like)[axis], isinstance(window, str | tuple)
    size = min(256 if nperseg is None else nperseg, length) if named else len(window)
    weights = signal.get_window(window, size) if named else np.asarray(window)
    hop = size - (size // 2 if noverlap is None else noverlap)
    edge = 0 if boundary is None else size // 2
    rows = np.moveaxis(bar, axis - 1 if axis < 0 else axis, -1)
    segments = np.fft.fft(rows, nfft or size)[..., :size]
    if return_onesided and not np.iscomplexobj(like):
        segments = np.real(segments)
    energy = np.sum(weights) ** 2 if scaling == "spectrum" else fs * np.sum(weights**2)
    segments = segments * (weights / np.sqrt(energy))
    if detrend:
        segments = signal.detrend(segments, type=detrend)
    count = np.shape(segments)[-2]
    wide = np.zeros((*np.shape(segments)[:-2], max(length + 2 * edge, size + hop * (count - 1))), segments.dtype)
    for k in range(count):
        wide[..., k * hop : k * hop + size] += segments[..., k, :]
    return np.moveaxis(_unlengthened(wide[..., : length + 2 * edge], edge, boundary), -1, axis)


def unistft(
    bar: Any,
    like: Any,
    fs: float = 1.0,
    window: Any = "hann",
    nperseg: int | None = None,
    noverlap: int | None = None,
    nfft: int | None = None,
    input_onesided: bool = True,
    boundary: bool = True,
    time_axis: int = -1,
    freq_axis: int = -2,
    scaling: str = "spectrum",
) -> Any:
    """The transpose of ``scipy.signal.istft(like, fs, window, ...)[1]``."""
    from scipy import signal

    time, freq = time_axis % np.ndim(like), freq_axis % np.ndim(like)
    count, frequencies = np.shape(like)[time], np.shape(like)[freq]
    default = 2 * (frequencies - 1) if input_onesided else frequencies
    size = default if nperseg is None else nperseg
    if nfft is None:
        nfft = size if input_onesided and size == default + 1 else default
    weights = signal.get_window(window, size) if isinstance(window, str | tuple) else np.asarray(window)
    hop, edge = size - (size // 2 if noverlap is None else noverlap), size // 2 if boundary else 0
    bar = np.real(bar) if input_onesided else bar
    rows = bar if time == np.ndim(like) - 1 else np.moveaxis(bar, time - (freq < time), -1)
    wide = np.zeros((*np.shape(rows)[:-1], size + (count - 1) * hop), np.result_type(rows))
    wide[..., edge : edge + np.shape(rows)[-1]] = rows
    norm = np.zeros(np.shape(wide)[-1])
    for k in range(count):
        norm[k * hop : k * hop + size] += weights**2
    wide = wide / np.where(norm > 1e-10, norm, 1)
    energy = np.sum(weights) ** 2 if scaling == "spectrum" else fs * np.sum(weights**2)
    parts = np.stack([wide[..., k * hop : k * hop + size] for k in range(count)], -1)
    parts = parts * (weights * np.sqrt(energy))[:, None]
    whole = np.fft.ifft(parts, nfft, axis=-2)
    if input_onesided:
        whole = mirrored(whole, -2)
    made = np.zeros((*np.shape(rows)[:-1], frequencies, count), complex)
    kept = min(frequencies, np.shape(whole)[-2])
    made[..., :kept, :] = whole[..., :kept, :]
    return np.moveaxis(made, (-2, -1), (freq, time))


def undecimated(
    bar: Any, like: Any, q: int, n: int | None = None, ftype: str = "iir", axis: int = -1, zero_phase: bool = True
) -> Any:
    """The transpose of ``scipy.signal.decimate(like, q, n, ftype, axis, zero_phase)``."""
    from scipy import signal

    rows, length = np.moveaxis(bar, axis, -1), np.shape(like)[axis]
    wide = np.zeros((*np.shape(rows)[:-1], length), np.result_type(rows))
    wide[..., ::q] = rows
    if ftype == "fir":
        order = 20 * q if n is None else n
        weights = signal.firwin(order + 1, 1 / q, window="hamming")
        start = order - order // 2 if zero_phase else order
        made = signal.upfirdn(weights[::-1], wide)[..., start : start + length]
    else:
        sections = signal.cheby1(8 if n is None else n, 0.05, 0.8 / q, output="sos")
        turned = wide[..., ::-1]
        made = unsosfiltfilt(sections, wide) if zero_phase else signal.sosfilt(sections, turned)[..., ::-1]
    return np.moveaxis(made, -1, axis)
