"""Spectra: the Fourier transforms of windowed segments of a signal, and means of products of these.

Welch, "The use of fast Fourier transform for the estimation of power spectra" (1967); Griffin and Lim, "Signal
estimation from modified short-time Fourier transform" (1984). What the transforms are scaled by is their window's.
"""

import inspect

import numpy as np
from scipy import signal

from backprose import support
from backprose.rules.registry import adjoint, linear, not_yet, real_only, several, tangent, there
from backprose.support import both_sides, fitted, unistft, unstft

WINDOW = inspect.signature(signal.stft).parameters["window"].default  # another name of the same since SciPy 1.17
TUKEY = inspect.signature(signal.spectrogram).parameters["window"].default


@adjoint(signal.stft)
def stft(
    x, fs=1.0, window=WINDOW, nperseg=256, noverlap=None, nfft=None, detrend=False, return_onesided=True,
    boundary="zeros", padded=True, axis=-1, scaling="spectrum", *, out_bar,
):  # fmt: skip
    if not isinstance(detrend, (str, bool)):
        raise NotImplementedError("detrend= with a function: it has a rule where it is 'linear', 'constant' or False")
    if out_bar[2] is None:
        return np.zeros_like(x)
    return unstft(
        out_bar[2], x, fs, window, nperseg, noverlap, nfft, detrend, return_onesided, boundary, padded, axis, scaling
    )


@tangent(signal.stft)
def stft_dot(
    x, fs=1.0, window=WINDOW, nperseg=256, noverlap=None, nfft=None, detrend=False, return_onesided=True,
    boundary="zeros", padded=True, axis=-1, scaling="spectrum", *, out, x_dot,
):  # fmt: skip
    if not isinstance(detrend, (str, bool)):
        raise NotImplementedError("detrend= with a function: it has a rule where it is 'linear', 'constant' or False")
    return (
        np.zeros_like(out[0]),
        np.zeros_like(out[1]),
        signal.stft(
            x_dot, fs, window, nperseg, noverlap, nfft, detrend, return_onesided, boundary, padded, axis, scaling
        )[2],
    )


@linear(support.unstft, constant=("like",))
def unstft_(
    bar, like, fs=1.0, window="hann", nperseg=256, noverlap=None, nfft=None, detrend=False, return_onesided=True,
    boundary="zeros", padded=True, axis=-1, scaling="spectrum", *, out_bar,
):  # fmt: skip
    return signal.stft(
        out_bar, fs, window, nperseg, noverlap, nfft, detrend, return_onesided, boundary, padded, axis, scaling
    )[2]


@adjoint(signal.istft)
def istft(
    Zxx, fs=1.0, window=WINDOW, nperseg=None, noverlap=None, nfft=None, input_onesided=True, boundary=True,
    time_axis=-1, freq_axis=-2, scaling="spectrum", *, out_bar,
):  # fmt: skip
    if out_bar[1] is None:
        return np.zeros_like(Zxx)
    return unistft(
        out_bar[1], Zxx, fs, window, nperseg, noverlap, nfft, input_onesided, boundary, time_axis, freq_axis, scaling
    )


@tangent(signal.istft)
def istft_dot(
    Zxx, fs=1.0, window=WINDOW, nperseg=None, noverlap=None, nfft=None, input_onesided=True, boundary=True,
    time_axis=-1, freq_axis=-2, scaling="spectrum", *, out, Zxx_dot,
):  # fmt: skip
    return np.zeros_like(out[0]), signal.istft(
        Zxx_dot, fs, window, nperseg, noverlap, nfft, input_onesided, boundary, time_axis, freq_axis, scaling
    )[1]


@linear(support.unistft, constant=("like",))
def unistft_(
    bar, like, fs=1.0, window="hann", nperseg=None, noverlap=None, nfft=None, input_onesided=True, boundary=True,
    time_axis=-1, freq_axis=-2, scaling="spectrum", *, out_bar,
):  # fmt: skip
    return signal.istft(
        out_bar, fs, window, nperseg, noverlap, nfft, input_onesided, boundary, time_axis, freq_axis, scaling
    )[1]


@linear(support.both_sides, constant=("frequencies",))
def both_sides_(power, frequencies, fs=1.0, axis=-1, *, out_bar):
    return both_sides(out_bar, frequencies, fs, axis)


# ---------------------------------------------------------------- means over the segments
@adjoint(signal.welch, active=("x",))
def welch(
    x, fs=1.0, window=WINDOW, nperseg=None, noverlap=None, nfft=None, detrend="constant", return_onesided=True,
    scaling="density", axis=-1, average="mean", *, out, out_bar,
):  # fmt: skip
    """The mean of abs(X)^2."""
    if average != "mean":
        raise NotImplementedError("the median of the segments has no rule: write average='mean'")
    if not isinstance(detrend, (str, bool)):
        raise NotImplementedError("detrend= with a function: it has a rule where it is 'linear', 'constant' or False")
    if out_bar[1] is None:
        return np.zeros_like(x)
    kind = "psd" if scaling == "density" else "spectrum"
    both = return_onesided and not np.iscomplexobj(x)
    X = signal.stft(x, fs, window, nperseg, noverlap, nfft, detrend, both, None, False, axis, kind)[2]
    bar = both_sides(out_bar[1], out[0], fs, axis)[..., np.newaxis] / np.shape(X)[-1]
    X_bar = 2 * bar * np.conj(X)
    return unstft(X_bar, x, fs, window, nperseg, noverlap, nfft, detrend, both, None, False, axis, kind)


@tangent(signal.welch)
def welch_dot(
    x, fs=1.0, window=WINDOW, nperseg=None, noverlap=None, nfft=None, detrend="constant", return_onesided=True,
    scaling="density", axis=-1, average="mean", *, out, x_dot,
):  # fmt: skip
    if average != "mean":
        raise NotImplementedError("the median of the segments has no rule: write average='mean'")
    if not isinstance(detrend, (str, bool)):
        raise NotImplementedError("detrend= with a function: it has a rule where it is 'linear', 'constant' or False")
    kind = "psd" if scaling == "density" else "spectrum"
    both = return_onesided and not np.iscomplexobj(x)
    X = signal.stft(x, fs, window, nperseg, noverlap, nfft, detrend, both, None, False, axis, kind)[2]
    X_dot = signal.stft(x_dot, fs, window, nperseg, noverlap, nfft, detrend, both, None, False, axis, kind)[2]
    return np.zeros_like(out[0]), both_sides(2 * np.mean(np.real(np.conj(X) * X_dot), axis=-1), out[0], fs, axis)


@adjoint(signal.csd, active=("x", "y"))
def csd(
    x, y, fs=1.0, window=WINDOW, nperseg=None, noverlap=None, nfft=None, detrend="constant", return_onesided=True,
    scaling="density", axis=-1, average="mean", *, out, out_bar,
):  # fmt: skip
    """The mean of conj(X) Y."""
    if average != "mean":
        raise NotImplementedError("the median of the segments has no rule: write average='mean'")
    if not isinstance(detrend, (str, bool)):
        raise NotImplementedError("detrend= with a function: it has a rule where it is 'linear', 'constant' or False")
    if out_bar[1] is None:
        return np.zeros_like(x), np.zeros_like(y)
    kind = "psd" if scaling == "density" else "spectrum"
    both = return_onesided and not np.iscomplexobj(x)
    x_long = x if np.shape(x)[axis] >= np.shape(y)[axis] else fitted(x, y, axis)
    y_long = y if np.shape(y)[axis] >= np.shape(x)[axis] else fitted(y, x, axis)
    X = signal.stft(x_long, fs, window, nperseg, noverlap, nfft, detrend, both, None, False, axis, kind)[2]
    Y = signal.stft(y_long, fs, window, nperseg, noverlap, nfft, detrend, both, None, False, axis, kind)[2]
    bar = both_sides(out_bar[1], out[0], fs, axis)[..., np.newaxis] / np.shape(X)[-1]
    X_bar = support.unbroadcast(np.conj(bar * Y), X)
    Y_bar = support.unbroadcast(bar * np.conj(X), Y)
    x_bar = unstft(X_bar, x_long, fs, window, nperseg, noverlap, nfft, detrend, both, None, False, axis, kind)
    y_bar = unstft(Y_bar, y_long, fs, window, nperseg, noverlap, nfft, detrend, both, None, False, axis, kind)
    return fitted(x_bar, x, axis), fitted(y_bar, y, axis)


@tangent(signal.csd)
def csd_dot(
    x, y, fs=1.0, window=WINDOW, nperseg=None, noverlap=None, nfft=None, detrend="constant", return_onesided=True,
    scaling="density", axis=-1, average="mean", *, out, x_dot, y_dot,
):  # fmt: skip
    if average != "mean":
        raise NotImplementedError("the median of the segments has no rule: write average='mean'")
    if not isinstance(detrend, (str, bool)):
        raise NotImplementedError("detrend= with a function: it has a rule where it is 'linear', 'constant' or False")
    x_term = signal.csd(x_dot, y, fs, window, nperseg, noverlap, nfft, detrend, return_onesided, scaling, axis)[1]
    y_term = signal.csd(x, y_dot, fs, window, nperseg, noverlap, nfft, detrend, return_onesided, scaling, axis)[1]
    return (np.zeros_like(out[0]), x_term), (np.zeros_like(out[0]), y_term)


@adjoint(signal.periodogram, active=("x",))
def periodogram(
    x, fs=1.0, window="boxcar", nfft=None, detrend="constant", return_onesided=True, scaling="density", axis=-1, *,
    out, out_bar,
):  # fmt: skip
    """abs(X)^2 of one segment, which with fewer frequencies is shorter than the signal."""
    if not isinstance(detrend, (str, bool)):
        raise NotImplementedError("detrend= with a function: it has a rule where it is 'linear', 'constant' or False")
    if out_bar[1] is None:
        return np.zeros_like(x)
    kind = "psd" if scaling == "density" else "spectrum"
    both = return_onesided and not np.iscomplexobj(x)
    length = np.shape(x)[axis]
    size = length if nfft is None or nfft > length else nfft
    named = "boxcar" if window is None else window
    part = np.moveaxis(np.moveaxis(x, axis, -1)[..., :size], -1, axis)
    X = signal.stft(part, fs, named, size, 0, nfft, detrend, both, None, False, axis, kind)[2]
    X_bar = 2 * both_sides(out_bar[1], out[0], fs, axis)[..., np.newaxis] * np.conj(X)
    return fitted(unstft(X_bar, part, fs, named, size, 0, nfft, detrend, both, None, False, axis, kind), x, axis)


@tangent(signal.periodogram)
def periodogram_dot(
    x, fs=1.0, window="boxcar", nfft=None, detrend="constant", return_onesided=True, scaling="density", axis=-1, *,
    out, x_dot,
):  # fmt: skip
    if not isinstance(detrend, (str, bool)):
        raise NotImplementedError("detrend= with a function: it has a rule where it is 'linear', 'constant' or False")
    kind = "psd" if scaling == "density" else "spectrum"
    both = return_onesided and not np.iscomplexobj(x)
    length = np.shape(x)[axis]
    size = length if nfft is None or nfft > length else nfft
    named = "boxcar" if window is None else window
    part = np.moveaxis(np.moveaxis(x, axis, -1)[..., :size], -1, axis)
    moved = np.moveaxis(np.moveaxis(x_dot, axis, -1)[..., :size], -1, axis)
    X = signal.stft(part, fs, named, size, 0, nfft, detrend, both, None, False, axis, kind)[2]
    X_dot = signal.stft(moved, fs, named, size, 0, nfft, detrend, both, None, False, axis, kind)[2]
    return np.zeros_like(out[0]), both_sides(2 * np.real(np.conj(X) * X_dot)[..., 0], out[0], fs, axis)


@adjoint(signal.spectrogram, active=("x",))
def spectrogram(
    x, fs=1.0, window=TUKEY, nperseg=None, noverlap=None, nfft=None, detrend="constant", return_onesided=True,
    scaling="density", axis=-1, mode="psd", *, out, out_bar,
):  # fmt: skip
    """abs(X)^2 of each segment."""
    if mode != "psd":
        raise NotImplementedError("write signal.stft, which has a rule: of the modes 'psd' has one")
    if not isinstance(detrend, (str, bool)):
        raise NotImplementedError("detrend= with a function: it has a rule where it is 'linear', 'constant' or False")
    if out_bar[2] is None:
        return np.zeros_like(x)
    kind = "psd" if scaling == "density" else "spectrum"
    both = return_onesided and not np.iscomplexobj(x)
    wished = len(window) if not isinstance(window, (str, tuple)) else 256 if nperseg is None else nperseg
    shared = np.minimum(wished, np.shape(x)[axis]) // 8 if noverlap is None else noverlap
    X = signal.stft(x, fs, window, nperseg, shared, nfft, detrend, both, None, False, axis, kind)[2]
    X_bar = 2 * both_sides(out_bar[2], out[0], fs, axis - 1 if axis < 0 else axis) * np.conj(X)
    return unstft(X_bar, x, fs, window, nperseg, shared, nfft, detrend, both, None, False, axis, kind)


@tangent(signal.spectrogram)
def spectrogram_dot(
    x, fs=1.0, window=TUKEY, nperseg=None, noverlap=None, nfft=None, detrend="constant", return_onesided=True,
    scaling="density", axis=-1, mode="psd", *, out, x_dot,
):  # fmt: skip
    if mode != "psd":
        raise NotImplementedError("write signal.stft, which has a rule: of the modes 'psd' has one")
    if not isinstance(detrend, (str, bool)):
        raise NotImplementedError("detrend= with a function: it has a rule where it is 'linear', 'constant' or False")
    kind = "psd" if scaling == "density" else "spectrum"
    both = return_onesided and not np.iscomplexobj(x)
    wished = len(window) if not isinstance(window, (str, tuple)) else 256 if nperseg is None else nperseg
    shared = np.minimum(wished, np.shape(x)[axis]) // 8 if noverlap is None else noverlap
    X = signal.stft(x, fs, window, nperseg, shared, nfft, detrend, both, None, False, axis, kind)[2]
    X_dot = signal.stft(x_dot, fs, window, nperseg, shared, nfft, detrend, both, None, False, axis, kind)[2]
    return (
        np.zeros_like(out[0]),
        np.zeros_like(out[1]),
        both_sides(2 * np.real(np.conj(X) * X_dot), out[0], fs, axis - 1 if axis < 0 else axis),
    )


@adjoint(signal.coherence, active=("x", "y"))
def coherence(
    x, y, fs=1.0, window=WINDOW, nperseg=None, noverlap=None, nfft=None, detrend="constant", axis=-1, *, out, out_bar
):
    """abs(mean of conj(X) Y)^2, over the means of abs(X)^2 and abs(Y)^2."""
    if not isinstance(detrend, (str, bool)):
        raise NotImplementedError("detrend= with a function: it has a rule where it is 'linear', 'constant' or False")
    if out_bar[1] is None:
        return np.zeros_like(x), np.zeros_like(y)
    X = signal.stft(x, fs, window, nperseg, noverlap, nfft, detrend, True, None, False, axis)[2]
    Y = signal.stft(y, fs, window, nperseg, noverlap, nfft, detrend, True, None, False, axis)[2]
    across = np.sum(np.conj(X) * Y, axis=-1, keepdims=True)
    x_power = np.sum(np.abs(X) ** 2, axis=-1, keepdims=True)
    y_power = np.sum(np.abs(Y) ** 2, axis=-1, keepdims=True)
    part = out[1][..., np.newaxis]
    bar = 2 * out_bar[1][..., np.newaxis]
    X_bar = bar * np.conj(np.conj(across) * Y / y_power - part * X) / x_power
    Y_bar = bar * (np.conj(across) * np.conj(X) / x_power - part * np.conj(Y)) / y_power
    x_bar = unstft(X_bar, x, fs, window, nperseg, noverlap, nfft, detrend, True, None, False, axis)
    return x_bar, unstft(Y_bar, y, fs, window, nperseg, noverlap, nfft, detrend, True, None, False, axis)


@tangent(signal.coherence)
def coherence_dot(
    x, y, fs=1.0, window=WINDOW, nperseg=None, noverlap=None, nfft=None, detrend="constant", axis=-1, *,
    out, x_dot, y_dot,
):  # fmt: skip
    if not isinstance(detrend, (str, bool)):
        raise NotImplementedError("detrend= with a function: it has a rule where it is 'linear', 'constant' or False")
    X = signal.stft(x, fs, window, nperseg, noverlap, nfft, detrend, True, None, False, axis)[2]
    Y = signal.stft(y, fs, window, nperseg, noverlap, nfft, detrend, True, None, False, axis)[2]
    X_dot = signal.stft(x_dot, fs, window, nperseg, noverlap, nfft, detrend, True, None, False, axis)[2]
    Y_dot = signal.stft(y_dot, fs, window, nperseg, noverlap, nfft, detrend, True, None, False, axis)[2]
    across = np.sum(np.conj(X) * Y, axis=-1, keepdims=True)
    x_power = np.sum(np.abs(X) ** 2, axis=-1, keepdims=True)
    y_power = np.sum(np.abs(Y) ** 2, axis=-1, keepdims=True)
    part = out[1][..., np.newaxis]
    x_term = np.conj(np.conj(across) * Y / y_power - part * X) * X_dot / x_power
    y_term = (np.conj(across) * np.conj(X) / x_power - part * np.conj(Y)) * Y_dot / y_power
    x_moves = 2 * np.sum(np.real(x_term), axis=-1)
    y_moves = 2 * np.sum(np.real(y_term), axis=-1)
    return (np.zeros_like(out[0]), x_moves), (np.zeros_like(out[0]), y_moves)


several(signal.istft, signal.welch, signal.csd, signal.periodogram, signal.coherence, results=2)
several(signal.stft, signal.spectrogram, results=3)
real_only(signal.coherence)
not_yet(
    signal.lombscargle, signal.vectorstrength, *there(signal, "envelope closest_STFT_dual_window"),
    reason="nobody has written the derivatives of spectra: scipy.fft has rules",
)  # fmt: skip
