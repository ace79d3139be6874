"""Hypergeometric functions, by their argument, and what they become: NIST DLMF 13, 15 and 16."""

import numpy as np
from scipy import special

from backprose.rules.registry import elementwise


@elementwise(special.hyp0f1, active=("z",))
def hyp0f1(v, z):
    """DLMF 16.3.1."""
    return special.hyp0f1(v + 1, z) / v


@elementwise(special.hyp1f1, active=("x",))
def hyp1f1(a, b, x):
    """DLMF 13.3.15."""
    return a / b * special.hyp1f1(a + 1, b + 1, x)


@elementwise(special.hyperu, active=("x",))
def hyperu(a, b, x):
    """DLMF 13.3.22."""
    return -a * special.hyperu(a + 1, b + 1, x)


@elementwise(special.hyp2f1, active=("z",))
def hyp2f1(a, b, c, z):
    """DLMF 15.5.1."""
    return a * b / c * special.hyp2f1(a + 1, b + 1, c + 1, z)


@elementwise(special.wright_bessel, active=("x",))
def wright_bessel(a, b, x):
    """The sum of x^k / (k! Gamma(a k + b)), term by term: DLMF 10.46.1."""
    return special.wright_bessel(a, a + b, x)


if hasattr(special, "log_wright_bessel"):  # SciPy 1.14

    @elementwise(special.log_wright_bessel, active=("x",))
    def log_wright_bessel(a, b, x, out):
        return np.exp(special.log_wright_bessel(a, a + b, x) - out)
