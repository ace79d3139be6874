"""Error functions, gamma and beta functions. Derivatives: NIST DLMF 5, 7 and 8."""

import numpy as np
from scipy import special

from backprose.rules.registry import elementwise, real_only


@elementwise(special.erf)
def erf(x):
    """2 / sqrt(pi) exp(-x^2): DLMF 7.2.1."""
    return 1.1283791670955126 * np.exp(-(x**2))


@elementwise(special.gammaln)
def gammaln(x):
    """DLMF 5.2.2."""
    return special.psi(x)


@elementwise(special.psi)
def psi(x):
    return special.polygamma(1, x)


@elementwise(special.polygamma, active=("x",))
def polygamma(n, x):
    return special.polygamma(n + 1, x)


@elementwise(special.gammainc, active=("x",))
def gammainc(a, x):
    """DLMF 8.8.13: x^(a-1) e^-x / Gamma(a)."""
    return np.exp((a - 1) * np.log(x) - x - special.gammaln(a))


real_only(special.psi)  # its derivative, the trigamma function, takes real numbers only


@elementwise(special.i0e)
def i0e(x, out):
    """exp(-|x|) I0(x): DLMF 10.29.3."""
    return special.i1e(x) - np.sign(x) * out


@elementwise(special.i1e)
def i1e(x, out):
    """exp(-|x|) I1(x), which is x / 2 at first: DLMF 10.29.2."""
    ratio = np.where(x == 0, 0.5, out / np.where(x == 0, 1, x))
    return special.i0e(x) - ratio - np.sign(x) * out


@elementwise(special.xlogy)
def xlogy(x, y):
    return np.log(y), np.divide(x, y)
