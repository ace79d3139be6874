"""Gamma and beta functions, whole and incomplete. Derivatives: NIST DLMF 5 and 8."""

import numpy as np
from scipy import special

from backprose.rules.registry import constant, elementwise, real_only


@elementwise(special.gamma)
def gamma(x, out):
    """DLMF 5.2.2."""
    return out * special.psi(x)


@elementwise(special.gammaln)
def gammaln(x):
    """DLMF 5.2.2."""
    return special.psi(x)


@elementwise(special.loggamma)
def loggamma(x):
    """DLMF 5.2.2."""
    return special.psi(x)


constant(special.gammasgn, reason="the sign is constant in steps")


@elementwise(special.rgamma)
def rgamma(x, out):
    """On the left by reflection (DLMF 5.5.3): 1 / Gamma(x) = sin(pi x) Gamma(1 - x) / pi, also where it is 0."""
    left = np.real(x) < 0.5
    turned = np.where(left, np.cos(np.pi * x) * special.gamma(1 - x), 0)
    return turned - out * special.psi(np.where(left, 1 - x, x))


@elementwise(special.psi)
def psi(x):
    return special.polygamma(1, x)


real_only(special.psi)  # its derivative, the trigamma function, takes real numbers only


@elementwise(special.polygamma, active=("x",))
def polygamma(n, x):
    return special.polygamma(n + 1, x)


@elementwise(special.poch)
def poch(z, m, out):
    """Gamma(z + m) / Gamma(z): DLMF 5.2.5."""
    upper = special.psi(z + m)
    return out * (upper - special.psi(z)), out * upper


@elementwise(special.multigammaln, active=("a",))
def multigammaln(a, d):
    """DLMF 35.3.4: the sum of log(Gamma(a - j / 2)) for j from 0 to d - 1, and a constant."""
    return np.sum(special.psi(np.expand_dims(a, -1) - np.arange(d) / 2), axis=-1)


@elementwise(special.binom)
def binom(n, k, out):
    """Gamma(n + 1) / (Gamma(k + 1) Gamma(n - k + 1)): DLMF 1.2.6."""
    rest = special.psi(n - k + 1)
    return out * (special.psi(n + 1) - rest), out * (rest - special.psi(k + 1))


@elementwise(special.comb)
def comb(N, k, *, exact=False, repetition=False, out):
    """As binom, and 0 where k is not between 0 and N."""
    if exact:
        raise NotImplementedError("with exact=True it is of integers")
    if repetition:
        raise NotImplementedError("repetition=True is not covered: take N + k - 1 in the place of N")
    inside = out != 0
    chosen = np.where(inside, k, 0)
    rest = special.psi(np.where(inside, N, 0) - chosen + 1)
    return out * (special.psi(np.where(inside, N, 0) + 1) - rest), out * (rest - special.psi(chosen + 1))


@elementwise(special.perm)
def perm(N, k, exact=False, *, out):
    """Gamma(N + 1) / Gamma(N - k + 1), and 0 where k is not between 0 and N."""
    if exact:
        raise NotImplementedError("with exact=True it is of integers")
    inside = out != 0
    rest = special.psi(np.where(inside, N - k, 0) + 1)
    return out * (special.psi(np.where(inside, N, 0) + 1) - rest), out * rest


@elementwise(special.factorial)
def factorial(n, exact=False, *, out):
    """Gamma(n + 1), and 0 of negative numbers."""
    if exact:
        raise NotImplementedError("with exact=True it is of integers")
    return out * special.psi(np.where(n < 0, 0, n) + 1)


@elementwise(special.beta)
def beta(a, b, out):
    """DLMF 5.12.1."""
    both = special.psi(a + b)
    return out * (special.psi(a) - both), out * (special.psi(b) - both)


@elementwise(special.betaln)
def betaln(a, b):
    """DLMF 5.12.1."""
    both = special.psi(a + b)
    return special.psi(a) - both, special.psi(b) - both


# ---------------------------------------------------------------- incomplete
@elementwise(special.gammainc, active=("x",))
def gammainc(a, x):
    """DLMF 8.8.13: x^(a-1) e^-x / Gamma(a)."""
    return np.exp(special.xlogy(a - 1, x) - x - special.gammaln(a))


@elementwise(special.gammaincc, active=("x",))
def gammaincc(a, x):
    """DLMF 8.8.13."""
    return -np.exp(special.xlogy(a - 1, x) - x - special.gammaln(a))


@elementwise(special.gammaincinv, active=("y",))
def gammaincinv(a, y, out):
    """The inverse of gammainc has the inverse of its slope."""
    return np.exp(special.gammaln(a) + out - special.xlogy(a - 1, out))


@elementwise(special.gammainccinv, active=("y",))
def gammainccinv(a, y, out):
    return -np.exp(special.gammaln(a) + out - special.xlogy(a - 1, out))


@elementwise(special.betainc, active=("x",))
def betainc(a, b, x):
    """DLMF 8.17.1: x^(a-1) (1 - x)^(b-1) / B(a, b)."""
    return np.exp(special.xlogy(a - 1, x) + special.xlog1py(b - 1, -x) - special.betaln(a, b))


@elementwise(special.betaincinv, active=("y",))
def betaincinv(a, b, y, out):
    """The inverse of betainc has the inverse of its slope."""
    return np.exp(special.betaln(a, b) - special.xlogy(a - 1, out) - special.xlog1py(b - 1, -out))


if hasattr(special, "betaincc"):  # SciPy 1.11

    @elementwise(special.betaincc, active=("x",))
    def betaincc(a, b, x):
        return -np.exp(special.xlogy(a - 1, x) + special.xlog1py(b - 1, -x) - special.betaln(a, b))

    @elementwise(special.betainccinv, active=("y",))
    def betainccinv(a, b, y, out):
        return -np.exp(special.betaln(a, b) - special.xlogy(a - 1, out) - special.xlog1py(b - 1, -out))
