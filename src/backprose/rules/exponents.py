"""Exponentials, logarithms and roots. Derivatives: NIST DLMF 4.7, 4.12."""

import cmath
import math

import numpy as np

from backprose.rules.registry import elementwise

# Newer functions of the math module, where this Python has them.
MATH_CBRT = [getattr(math, "cbrt")] if hasattr(math, "cbrt") else []  # noqa: B009
MATH_EXP2 = [getattr(math, "exp2")] if hasattr(math, "exp2") else []  # noqa: B009


@elementwise(np.exp, math.exp, cmath.exp)
def exp(x, out):
    return out


@elementwise(np.exp2, *MATH_EXP2)
def exp2(x, out):
    return np.log(2) * out


@elementwise(np.expm1, math.expm1)
def expm1(x, out):
    return out + 1


@elementwise(np.log, math.log, cmath.log)
def log(x):
    return np.divide(1, x)


@elementwise(np.log2, math.log2)
def log2(x):
    return np.divide(1, np.log(2) * x)


@elementwise(np.log10, math.log10, cmath.log10)
def log10(x):
    return np.divide(1, np.log(10) * x)


@elementwise(np.log1p, math.log1p)
def log1p(x):
    return np.divide(1, 1 + x)


@elementwise(np.logaddexp)
def logaddexp(x1, x2, out):
    """The weights of a softmax of two."""
    return np.exp(x1 - out), np.exp(x2 - out)


@elementwise(np.logaddexp2)
def logaddexp2(x1, x2, out):
    return np.exp2(x1 - out), np.exp2(x2 - out)


@elementwise(np.sqrt, math.sqrt, cmath.sqrt)
def sqrt(x, out):
    """Infinite at 0."""
    return np.divide(0.5, out)


@elementwise(np.cbrt, *MATH_CBRT)
def cbrt(x, out):
    """Infinite at 0."""
    return np.divide(1, 3 * out**2)
