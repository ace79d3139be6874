"""Filters along an axis. A filter's transpose is the filter run backwards: Oppenheim and Schafer, "Discrete-Time Signal
Processing" (2010), 3.
"""

import numpy as np
from scipy import fft, signal

from backprose import support
from backprose.rules.registry import adjoint, linear, not_yet, real_only, tangent
from backprose.support import fitted, lagged, smoothed, unsmoothed


@adjoint(signal.lfilter)
def lfilter(b, a, x, axis=-1, *, out, out_bar):
    """A y = B x with polynomials in the delay: the sums of products with each delay for the coefficients."""
    back = np.flip(signal.lfilter([1.0], a, np.flip(out_bar, axis), axis), axis)
    b_bar = lagged(back, x, np.size(b), axis)
    x_bar = np.flip(signal.lfilter(b, a, np.flip(out_bar, axis), axis), axis)
    return b_bar, -lagged(back, out, np.size(a), axis), x_bar


@tangent(signal.lfilter)
def lfilter_dot(b, a, x, axis=-1, *, out, b_dot, a_dot, x_dot):
    a_term = -signal.lfilter([1.0], a, signal.lfilter(a_dot, [1.0], out, axis), axis)
    return signal.lfilter(b_dot, a, x, axis), a_term, signal.lfilter(b, a, x_dot, axis)


@adjoint(support.lagged, active=("u", "x"))
def lagged_(u, x, count, axis=-1, *, out_bar):
    back = np.flip(signal.lfilter(out_bar, [1.0], np.flip(u, axis), axis), axis)
    return signal.lfilter(out_bar, [1.0], x, axis), back


@tangent(support.lagged)
def lagged_dot(u, x, count, axis=-1, *, u_dot, x_dot):
    return support.lagged(u_dot, x, count, axis), support.lagged(u, x_dot, count, axis)


@linear(signal.sosfilt, active=("x",))
def sosfilt(sos, x, axis=-1, *, out_bar):
    return np.flip(signal.sosfilt(sos, np.flip(out_bar, axis), axis), axis)


@linear(signal.filtfilt, active=("x",))
def filtfilt(b, a, x, axis=-1, padtype="odd", padlen=None, *, out_bar):
    """Forwards and backwards over a longer signal (Gustafsson, "Determining the initial states in forward-backward
    filtering", 1996).
    """
    return support.unfiltfilt(b, a, out_bar, axis, padtype, padlen)


@linear(support.unfiltfilt, active=("bar",))
def unfiltfilt(b, a, bar, axis=-1, padtype="odd", padlen=None, *, out_bar):
    return signal.filtfilt(b, a, out_bar, axis, padtype, padlen)


@linear(signal.sosfiltfilt, active=("x",))
def sosfiltfilt(sos, x, axis=-1, padtype="odd", padlen=None, *, out_bar):
    return support.unsosfiltfilt(sos, out_bar, axis, padtype, padlen)


@linear(support.unsosfiltfilt, active=("bar",))
def unsosfiltfilt(sos, bar, axis=-1, padtype="odd", padlen=None, *, out_bar):
    return signal.sosfiltfilt(sos, out_bar, axis, padtype, padlen)


@linear(signal.upfirdn, active=("x",))
def upfirdn(h, x, up=1, down=1, axis=-1, *, out_bar):
    """The filter turned round, with the two rates exchanged (Crochiere and Rabiner, "Multirate Digital Signal
    Processing", 1983, 3).
    """
    whole = np.moveaxis(signal.upfirdn(np.flip(h), out_bar, down, axis=axis), axis, -1)
    return fitted(np.moveaxis(whole[..., np.size(h) - 1 :: up], -1, axis), x, axis)


@linear(signal.detrend)
def detrend(data, axis=-1, type="linear", bp=0, *, out_bar):
    """What is left is a projection: symmetric."""
    return signal.detrend(out_bar, axis, type, bp)


@linear(signal.savgol_filter)
def savgol_filter(x, window_length, polyorder, deriv=0, delta=1.0, axis=-1, *, out_bar):
    """Savitzky and Golay (1964): the same weights everywhere, others for the first and the last half of a window."""
    one = np.eye(window_length)
    weights = signal.savgol_filter(one, window_length, polyorder, deriv=deriv, delta=delta, axis=0)
    return unsmoothed(out_bar, weights, axis)


@linear(support.smoothed)
def smoothed_(x, weights, axis=-1, *, out_bar):
    return unsmoothed(out_bar, weights, axis)


@linear(support.unsmoothed)
def unsmoothed_(y, weights, axis=-1, *, out_bar):
    return smoothed(out_bar, weights, axis)


@linear(signal.hilbert)
def hilbert(x, N=None, axis=-1, *, out_bar):
    """With i times the Hilbert transform, which is antisymmetric."""
    whole = np.real(out_bar) + np.imag(signal.hilbert(np.imag(out_bar), axis=axis))
    return whole if N is None else fitted(whole, x, axis)


@linear(signal.resample)
def resample(x, num, *, axis=0, out_bar):
    """The frequencies that both lengths have, with the factor of the transform back."""
    return fft.irfft(fft.rfft(out_bar, axis=axis), np.shape(x)[axis], axis=axis)


@adjoint(signal.resample_poly, active=("x",))
def resample_poly(x, up, down, axis=0, window=("kaiser", 5.0), padtype="constant", cval=None, *, out_bar):
    """The filter, which is symmetric, with the two rates exchanged (Crochiere and Rabiner, 1983, 4)."""
    if padtype != "constant" or cval is not None:
        raise NotImplementedError("of the ways to lengthen the signal that by zeros has a rule")
    if not isinstance(window, (str, tuple)):
        raise NotImplementedError("with coefficients of a filter: call signal.upfirdn, which has a rule")
    return up / down * fitted(signal.resample_poly(out_bar, down, up, axis, window), x, axis)


@tangent(signal.resample_poly)
def resample_poly_dot(x, up, down, axis=0, window=("kaiser", 5.0), padtype="constant", cval=None, *, x_dot):
    if padtype != "constant" or cval is not None:
        raise NotImplementedError("of the ways to lengthen the signal that by zeros has a rule")
    if not isinstance(window, (str, tuple)):
        raise NotImplementedError("with coefficients of a filter: call signal.upfirdn, which has a rule")
    return signal.resample_poly(x_dot, up, down, axis, window)


@linear(signal.decimate)
def decimate(x, q, n=None, ftype="iir", axis=-1, zero_phase=True, *, out_bar):
    if not isinstance(ftype, str):
        raise NotImplementedError("with a system: filter the signal, and take every q-th value")
    return support.undecimated(out_bar, x, q, n, ftype, axis, zero_phase)


@linear(support.undecimated, constant=("like",))
def undecimated_(bar, like, q, n=None, ftype="iir", axis=-1, zero_phase=True, *, out_bar):
    return signal.decimate(out_bar, q, n, ftype, axis, zero_phase)


@linear(signal.czt)
def czt(x, m=None, w=None, a=1 + 0j, *, axis=-1, out_bar):
    """The sums of x[n] a^-n w^(n k) (Rabiner, Schafer and Rader, "The chirp z-transform algorithm", 1969)."""
    count = np.shape(x)[axis]
    step = np.exp(-2j * np.pi / np.shape(out_bar)[axis]) if w is None else w
    whole = signal.czt(out_bar, count, step, axis=axis)
    return np.moveaxis(np.moveaxis(whole, axis, -1) * np.array(a, complex) ** -np.arange(count), -1, axis)


@linear(signal.zoom_fft)
def zoom_fft(x, fn, m=None, *, fs=2, endpoint=False, axis=-1, out_bar):
    """A chirp z-transform from the first frequency on, in equal steps to the last."""
    count = np.shape(out_bar)[axis]
    low = 0.0 if np.size(fn) == 1 else np.ravel(fn)[0]
    step = (np.ravel(fn)[-1] - low) / fs / (np.maximum(count - 1, 1) if endpoint else count)
    whole = signal.czt(out_bar, np.shape(x)[axis], np.exp(-2j * np.pi * step), axis=axis)
    turns = np.exp(-2j * np.pi * low / fs * np.arange(np.shape(x)[axis]))
    return np.moveaxis(np.moveaxis(whole, axis, -1) * turns, -1, axis)


real_only(signal.resample)
real_only(signal.savgol_filter)  # of complex numbers SciPy takes the real part

not_yet(
    signal.lfilter_zi, signal.sosfilt_zi, signal.lfiltic,
    reason="nobody has written it: signal.lfilter and sosfilt have a rule",
)  # fmt: skip
not_yet(signal.wiener, signal.hilbert2, reason="nobody has written it")
not_yet(
    signal.cspline1d, signal.qspline1d, signal.cspline2d, signal.qspline2d, signal.spline_filter, signal.symiirorder1,
    signal.symiirorder2, signal.cspline1d_eval, signal.qspline1d_eval,
    reason="nobody has written the derivatives of these spline filters",
)  # fmt: skip
