"""Convolution and correlation. Of the whole convolution a mode gives a part; the transpose of a convolution is one with
the other operand turned round: Oppenheim and Schafer, "Discrete-Time Signal Processing" (2010), 2.
"""

import numpy as np
from scipy import signal

from backprose.rules.registry import adjoint, not_yet, real_only, tangent
from backprose.support import uncentral


@adjoint(signal.convolve)
def convolve(in1, in2, mode="full", method="auto", *, out_bar):
    whole = uncentral(out_bar, in1, in2, mode)
    in1_bar = signal.convolve(whole, np.flip(in2), "valid", method)
    return in1_bar, signal.convolve(whole, np.flip(in1), "valid", method)


@tangent(signal.convolve)
def convolve_dot(in1, in2, mode="full", method="auto", *, in1_dot, in2_dot):
    return signal.convolve(in1_dot, in2, mode, method), signal.convolve(in1, in2_dot, mode, method)


@adjoint(signal.correlate)
def correlate(in1, in2, mode="full", method="auto", *, out_bar):
    """The convolution with the conjugate, turned round."""
    whole = uncentral(out_bar, in1, in2, mode)
    in1_bar = signal.convolve(whole, np.conj(in2), "valid", method)
    return in1_bar, np.conj(np.flip(signal.convolve(whole, np.flip(in1), "valid", method)))


@tangent(signal.correlate)
def correlate_dot(in1, in2, mode="full", method="auto", *, in1_dot, in2_dot):
    return signal.correlate(in1_dot, in2, mode, method), signal.correlate(in1, in2_dot, mode, method)


@adjoint(signal.fftconvolve)
def fftconvolve(in1, in2, mode="full", *, out_bar):
    whole = uncentral(out_bar, in1, in2, mode)
    in1_bar = signal.fftconvolve(whole, np.flip(in2), "valid")
    return in1_bar, signal.fftconvolve(whole, np.flip(in1), "valid")


@tangent(signal.fftconvolve)
def fftconvolve_dot(in1, in2, mode="full", *, in1_dot, in2_dot):
    return signal.fftconvolve(in1_dot, in2, mode), signal.fftconvolve(in1, in2_dot, mode)


@adjoint(signal.oaconvolve)
def oaconvolve(in1, in2, mode="full", *, out_bar):
    whole = uncentral(out_bar, in1, in2, mode)
    in1_bar = signal.oaconvolve(whole, np.flip(in2), "valid")
    return in1_bar, signal.oaconvolve(whole, np.flip(in1), "valid")


@tangent(signal.oaconvolve)
def oaconvolve_dot(in1, in2, mode="full", *, in1_dot, in2_dot):
    return signal.oaconvolve(in1_dot, in2, mode), signal.oaconvolve(in1, in2_dot, mode)


@adjoint(signal.convolve2d)
def convolve2d(in1, in2, mode="full", *, out_bar):
    whole = uncentral(out_bar, in1, in2, mode)
    in1_bar = signal.convolve2d(whole, np.flip(in2), "valid")
    return in1_bar, signal.convolve2d(whole, np.flip(in1), "valid")


@tangent(signal.convolve2d)
def convolve2d_dot(in1, in2, mode="full", *, in1_dot, in2_dot):
    return signal.convolve2d(in1_dot, in2, mode), signal.convolve2d(in1, in2_dot, mode)


@adjoint(signal.correlate2d)
def correlate2d(in1, in2, mode="full", *, out_bar):
    whole = uncentral(out_bar, in1, in2, mode, True)
    in1_bar = signal.convolve2d(whole, in2, "valid")
    return in1_bar, np.flip(signal.convolve2d(whole, np.flip(in1), "valid"))


@tangent(signal.correlate2d)
def correlate2d_dot(in1, in2, mode="full", *, in1_dot, in2_dot):
    return signal.correlate2d(in1_dot, in2, mode), signal.correlate2d(in1, in2_dot, mode)


# where the second operand is the larger one SciPy conjugates the first
real_only(signal.correlate2d)
not_yet(signal.deconvolve, signal.sepfir2d, reason="nobody has written it: signal.lfilter and convolve2d have a rule")
