"""Hyperbolic functions and their inverses. Derivatives: NIST DLMF 4.34, 4.38."""

import cmath
import math

import numpy as np

from backprose.rules.registry import elementwise


@elementwise(np.sinh, math.sinh, cmath.sinh)
def sinh(x):
    return np.cosh(x)


@elementwise(np.cosh, math.cosh, cmath.cosh)
def cosh(x):
    return np.sinh(x)


@elementwise(np.tanh, math.tanh, cmath.tanh)
def tanh(x, out):
    return 1 - out**2


@elementwise(np.arcsinh, math.asinh, cmath.asinh)
def arcsinh(x):
    return 1 / np.sqrt(x**2 + 1)


@elementwise(np.arccosh, math.acosh)
def arccosh(x):
    """Infinite at 1. Of complex numbers the two roots apart, whose product has the sign of the principal value."""
    if np.iscomplexobj(x):
        return np.divide(1, np.sqrt(x - 1) * np.sqrt(x + 1))
    return np.divide(1, np.sqrt(x**2 - 1))


@elementwise(np.arctanh, math.atanh, cmath.atanh)
def arctanh(x):
    """Infinite at -1 and 1."""
    return np.divide(1, 1 - x**2)
