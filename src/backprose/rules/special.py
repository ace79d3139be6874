"""Special functions. Derivatives: NIST DLMF 7.2, 5.2 and 10.29."""

import math

import numpy as np

from backprose.rules.registry import adjoint, elementwise, tangent
from backprose.support import bessel_i1, polygamma


@elementwise(math.erf)
def erf(x):
    """2 / sqrt(pi) exp(-x^2)."""
    return 1.1283791670955126 * np.exp(-(x**2))


@elementwise(math.erfc)
def erfc(x):
    return -1.1283791670955126 * np.exp(-(x**2))


@elementwise(math.gamma)
def gamma(x, out):
    return out * polygamma(0, x)


@elementwise(math.lgamma)
def lgamma(x):
    return polygamma(0, x)


@elementwise(np.i0)
def i0(x):
    """Of the modified Bessel functions the one of order 1."""
    return bessel_i1(x)


@adjoint(np.kaiser, active=("beta",))
def kaiser(M, beta, *, out, out_bar):
    """I0(beta s) / I0(beta), with the half circle s over the window."""
    s = np.sqrt(np.maximum(1 - np.linspace(-1, 1, M) ** 2, 0))
    return np.sum(out_bar * (s * bessel_i1(beta * s) - out * bessel_i1(beta)) / np.i0(beta))


@tangent(np.kaiser)
def kaiser_dot(M, beta, *, out, beta_dot):
    s = np.sqrt(np.maximum(1 - np.linspace(-1, 1, M) ** 2, 0))
    return (s * bessel_i1(beta * s) - out * bessel_i1(beta)) / np.i0(beta) * beta_dot
