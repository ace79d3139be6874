"""Polynomials by their coefficients, the highest power first."""

import numpy as np

from backprose.rules.registry import adjoint, tangent


@adjoint(np.polyval)
def polyval(p, x, *, out_bar):
    """The powers of x to the coefficients, the derivative to x."""
    powers = np.vander(np.ravel(x), len(p))
    slope = np.polyval(np.asarray(p)[:-1] * np.arange(len(p) - 1, 0, -1), x)
    return np.ravel(out_bar) @ powers, out_bar * slope


@tangent(np.polyval)
def polyval_dot(p, x, *, p_dot, x_dot):
    slope = np.polyval(np.asarray(p)[:-1] * np.arange(len(p) - 1, 0, -1), x)
    return np.polyval(p_dot, x), slope * x_dot


@adjoint(np.vander)
def vander(x, N=None, increasing=False, *, out, out_bar):
    """The column of x^k has the slope k x^(k - 1)."""
    count = np.shape(out)[1]
    power = np.arange(count) if increasing else np.arange(count - 1, -1, -1)
    slope = np.where(power == 0, 0, power * np.expand_dims(x, -1) ** np.maximum(power - 1, 0))
    return np.sum(out_bar * slope, axis=1)


@tangent(np.vander)
def vander_dot(x, N=None, increasing=False, *, out, x_dot):
    count = np.shape(out)[1]
    power = np.arange(count) if increasing else np.arange(count - 1, -1, -1)
    slope = np.where(power == 0, 0, power * np.expand_dims(x, -1) ** np.maximum(power - 1, 0))
    return slope * np.expand_dims(x_dot, -1)
