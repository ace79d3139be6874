"""Waveforms and windows."""

import numpy as np
from scipy import signal

from backprose.rules.registry import adjoint, constant, elementwise, not_yet, real_only, tangent
from backprose.support import bessel_i1

windows = signal.windows


@elementwise(signal.chirp, active=("t", "phi"))
def chirp(t, f0, t1, f1, method="linear", phi=0, vertex_zero=True):
    """-2 pi f(t) sin(phase), with the frequency f at each time; the sine is the wave a quarter of a period before."""
    sine = signal.chirp(t, f0, t1, f1, method, phi - 90, vertex_zero)
    of_phi = -0.017453292519943295 * sine
    if method in ("linear", "lin", "li"):
        return -6.283185307179586 * (f0 + (f1 - f0) / t1 * t) * sine, of_phi
    if method in ("quadratic", "quad", "q"):
        beta = (f1 - f0) / t1**2
        frequency = f0 + beta * t**2 if vertex_zero else f1 - beta * (t1 - t) ** 2
        return -6.283185307179586 * frequency * sine, of_phi
    if method in ("logarithmic", "log", "lo"):
        return -6.283185307179586 * f0 * (f1 / f0) ** (t / t1) * sine, of_phi
    return -6.283185307179586 * f0 * f1 * t1 / ((f0 - f1) * t + f1 * t1) * sine, of_phi


@adjoint(signal.sweep_poly, active=("t",))
def sweep_poly(t, poly, phi=0, *, out_bar):
    """As chirp, with the frequency by a polynomial."""
    return -6.283185307179586 * np.polyval(poly, t) * signal.sweep_poly(t, poly, phi - 90) * out_bar


@tangent(signal.sweep_poly)
def sweep_poly_dot(t, poly, phi=0, *, t_dot):
    return -6.283185307179586 * np.polyval(poly, t) * signal.sweep_poly(t, poly, phi - 90) * t_dot


@elementwise(signal.sawtooth, active=("t",))
def sawtooth(t, width=1):
    """It rises by 2 over the width of a period, and falls over the rest."""
    rises = np.mod(t, 6.283185307179586) < 6.283185307179586 * width
    part = np.where(rises, width, width - 1)
    return np.where(part == 0, 0, 1 / (3.141592653589793 * np.where(part == 0, 1, part)))


@elementwise(signal.gausspulse, active=("t", "fc", "bw"))
def gausspulse(t, fc=1000, bw=0.5, bwr=-6):
    """exp(-a t^2) cos(2 pi fc t), where a goes with the squares of fc and bw."""
    a = -((3.141592653589793 * fc * bw) ** 2) / (4 * np.log(10 ** (bwr / 20)))
    turn = 6.283185307179586 * fc * t
    envelope = np.exp(-a * t**2)
    wave = envelope * np.cos(turn)
    slope = 6.283185307179586 * envelope * np.sin(turn)
    return -2 * a * t * wave - fc * slope, -2 * a * t**2 / fc * wave - t * slope, -2 * a * t**2 / bw * wave


@elementwise(signal.gauss_spline, active=("x",))
def gauss_spline(x, n, out):
    """The normal density with the variance (n + 1) / 12."""
    return -12 * x / (n + 1) * out


real_only(signal.chirp, signal.sweep_poly, signal.sawtooth, signal.gausspulse, signal.gauss_spline)
constant(signal.square, signal.unit_impulse, signal.max_len_seq, reason="constant in steps")


# ---------------------------------------------------------------- windows
constant(
    windows.barthann, windows.bartlett, windows.blackman, windows.blackmanharris, windows.bohman, windows.boxcar,
    windows.cosine, windows.flattop, windows.hamming, windows.hann, windows.lanczos, windows.nuttall, windows.parzen,
    windows.triang,
    reason="the window depends on its length only",
)  # fmt: skip


@adjoint(windows.gaussian, active=("std",))
def gaussian(M, std, sym=True, *, out, out_bar):
    n = np.arange(M) - (M - 1 if sym else M) / 2
    return np.sum(out_bar * n**2 * out) / std**3


@tangent(windows.gaussian)
def gaussian_dot(M, std, sym=True, *, out, std_dot):
    n = np.arange(M) - (M - 1 if sym else M) / 2
    return n**2 * out / std**3 * std_dot


@adjoint(windows.general_hamming, active=("alpha",))
def general_hamming(M, alpha, sym=True, *, out_bar):
    """A mean of 1 and cos(t), with t from -pi to pi; 1 where there is one value only."""
    return np.sum(out_bar * (1 - np.cos(np.linspace(-np.pi, np.pi, M if sym else M + 1)[:M]))) * (M > 1)


@tangent(windows.general_hamming)
def general_hamming_dot(M, alpha, sym=True, *, alpha_dot):
    return (1 - np.cos(np.linspace(-np.pi, np.pi, M if sym else M + 1)[:M])) * (M > 1) * alpha_dot


@adjoint(windows.kaiser, active=("beta",))
def kaiser(M, beta, sym=True, *, out, out_bar):
    """I0(beta s) / I0(beta), with the half circle s over the window; 1 where there is one value only."""
    s = np.sqrt(np.maximum(1 - np.linspace(-1, 1, M if sym else M + 1)[:M] ** 2, 0))
    return np.sum(out_bar * (s * bessel_i1(beta * s) - out * bessel_i1(beta)) / np.i0(beta)) * (M > 1)


@tangent(windows.kaiser)
def kaiser_dot(M, beta, sym=True, *, out, beta_dot):
    s = np.sqrt(np.maximum(1 - np.linspace(-1, 1, M if sym else M + 1)[:M] ** 2, 0))
    return (s * bessel_i1(beta * s) - out * bessel_i1(beta)) / np.i0(beta) * (M > 1) * beta_dot


not_yet(
    windows.chebwin, windows.dpss, windows.exponential, windows.general_cosine, windows.general_gaussian,
    windows.kaiser_bessel_derived, windows.taylor, windows.tukey,
    reason="nobody has written the derivative with respect to this window's parameter",
)  # fmt: skip
not_yet(
    signal.get_window, reason="the parameter of a window by name: call the window, as signal.windows.kaiser(n, beta)"
)
