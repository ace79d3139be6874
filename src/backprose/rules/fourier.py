"""Discrete Fourier transforms. Their matrices are symmetric: each is its own transpose, up to cutting and padding.

Those of real numbers take the real part of the transpose; those back to real numbers read each frequency but
the first (and, of an even length, the last) twice (Cooley, Lewis and Welch, "The Finite Fourier Transform", 1969).
"""

import numpy as np

from backprose.rules.registry import adjoint, linear, real_only, tangent
from backprose.support import fitted, fitted_to, lengths, mirrored, unbroadcast


@linear(np.fft.fft)
def fft(a, n=None, axis=-1, norm=None, *, out_bar):
    if n is None:
        return np.fft.fft(out_bar, axis=axis, norm=norm)
    return fitted(np.fft.fft(out_bar, axis=axis, norm=norm), a, axis)


@linear(np.fft.ifft)
def ifft(a, n=None, axis=-1, norm=None, *, out_bar):
    if n is None:
        return np.fft.ifft(out_bar, axis=axis, norm=norm)
    return fitted(np.fft.ifft(out_bar, axis=axis, norm=norm), a, axis)


@linear(np.fft.rfft)
def rfft(a, n=None, axis=-1, norm=None, *, out_bar):
    if n is None:
        return np.real(np.fft.fft(out_bar, np.shape(a)[axis], axis=axis, norm=norm))
    return fitted(np.real(np.fft.fft(out_bar, n, axis=axis, norm=norm)), a, axis)


@linear(np.fft.irfft)
def irfft(a, n=None, axis=-1, norm=None, *, out_bar):
    if n is None:
        return mirrored(np.fft.ifft(out_bar, axis=axis, norm=norm), axis)
    return fitted(mirrored(np.fft.ifft(out_bar, axis=axis, norm=norm), axis), a, axis)


@linear(np.fft.fft2)
def fft2(a, s=None, axes=(-2, -1), norm=None, *, out_bar):
    if s is None:
        return np.fft.fft2(out_bar, axes=axes, norm=norm)
    return fitted_to(np.fft.fft2(out_bar, axes=axes, norm=norm), a)


@linear(np.fft.ifft2)
def ifft2(a, s=None, axes=(-2, -1), norm=None, *, out_bar):
    if s is None:
        return np.fft.ifft2(out_bar, axes=axes, norm=norm)
    return fitted_to(np.fft.ifft2(out_bar, axes=axes, norm=norm), a)


@linear(np.fft.fftn)
def fftn(a, s=None, axes=None, norm=None, *, out_bar):
    if s is None:
        return np.fft.fftn(out_bar, axes=axes, norm=norm)
    if axes is None:
        raise NotImplementedError("the lengths s= of which axes: name them, axes=(0, 1)")
    return fitted_to(np.fft.fftn(out_bar, axes=axes, norm=norm), a)


@linear(np.fft.ifftn)
def ifftn(a, s=None, axes=None, norm=None, *, out_bar):
    if s is None:
        return np.fft.ifftn(out_bar, axes=axes, norm=norm)
    if axes is None:
        raise NotImplementedError("the lengths s= of which axes: name them, axes=(0, 1)")
    return fitted_to(np.fft.ifftn(out_bar, axes=axes, norm=norm), a)


@linear(np.fft.rfft2)
def rfft2(a, s=None, axes=(-2, -1), norm=None, *, out_bar):
    if s is None:
        return np.real(np.fft.fftn(out_bar, lengths(a, axes), axes=axes, norm=norm))
    return fitted_to(np.real(np.fft.fftn(out_bar, s, axes=axes, norm=norm)), a)


@linear(np.fft.rfftn)
def rfftn(a, s=None, axes=None, norm=None, *, out_bar):
    if s is not None and axes is None:
        raise NotImplementedError("the lengths s= of which axes: name them, axes=(0, 1)")
    if s is not None:
        return fitted_to(np.real(np.fft.fftn(out_bar, s, axes=axes, norm=norm)), a)
    if axes is None:
        return np.real(np.fft.fftn(out_bar, np.shape(a), axes=range(np.ndim(a)), norm=norm))
    return np.real(np.fft.fftn(out_bar, lengths(a, axes), axes=axes, norm=norm))


@linear(np.fft.irfft2)
def irfft2(a, s=None, axes=(-2, -1), norm=None, *, out_bar):
    """Of the last of the axes half of the frequencies are there."""
    if s is None:
        return mirrored(np.fft.ifftn(out_bar, axes=axes, norm=norm), axes[-1])
    return fitted_to(mirrored(np.fft.ifftn(out_bar, axes=axes, norm=norm), axes[-1]), a)


@linear(np.fft.irfftn)
def irfftn(a, s=None, axes=None, norm=None, *, out_bar):
    if s is not None and axes is None:
        raise NotImplementedError("the lengths s= of which axes: name them, axes=(0, 1)")
    if s is not None:
        return fitted_to(mirrored(np.fft.ifftn(out_bar, axes=axes, norm=norm), axes[-1]), a)
    if axes is None:
        return mirrored(np.fft.ifftn(out_bar, norm=norm), -1)
    return mirrored(np.fft.ifftn(out_bar, axes=axes, norm=norm), axes[-1])


@linear(np.fft.fftshift)
def fftshift(x, axes=None, *, out_bar):
    return np.fft.ifftshift(out_bar, axes)


@linear(np.fft.ifftshift)
def ifftshift(x, axes=None, *, out_bar):
    return np.fft.fftshift(out_bar, axes)


@linear(np.fft.hfft)
def hfft(a, n=None, axis=-1, norm=None, *, out_bar):
    """As irfft, of the conjugate, and with the factors of the other direction."""
    return fitted(mirrored(np.fft.fft(out_bar, axis=axis, norm=norm), axis), a, axis)


@linear(np.fft.ihfft)
def ihfft(a, n=None, axis=-1, norm=None, *, out_bar):
    """The conjugate of rfft with the factor of the inverse."""
    count = np.shape(a)[axis] if n is None else n
    return fitted(np.real(np.fft.ifft(out_bar, count, axis=axis, norm=norm)), a, axis)


@adjoint(np.fft.fftfreq, active=("d",))
def fftfreq(n, d=1.0, *, out, out_bar):
    """Whole numbers over n d."""
    return unbroadcast(-out * out_bar / d, d)


@tangent(np.fft.fftfreq)
def fftfreq_dot(n, d=1.0, *, out, d_dot):
    return -out * (d_dot / d)


@adjoint(np.fft.rfftfreq, active=("d",))
def rfftfreq(n, d=1.0, *, out, out_bar):
    return unbroadcast(-out * out_bar / d, d)


@tangent(np.fft.rfftfreq)
def rfftfreq_dot(n, d=1.0, *, out, d_dot):
    return -out * (d_dot / d)


real_only(np.fft.fftfreq, np.fft.rfftfreq)
