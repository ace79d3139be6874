"""Gamma and beta functions, whole and incomplete. Derivatives: NIST DLMF 5 and 8."""

import numpy as np
from scipy import special

from backprose.rules.registry import constant, elementwise, real_only
from backprose.support import beta_moment, gamma_moment


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
@elementwise(gamma_moment, active=("a", "x"))
def gamma_moment_(k, a, x):
    """Under the integral, where psi(a) and the density depend on a, too."""
    density = np.exp(special.xlogy(a - 1, x) - x - special.gammaln(a))
    below = special.gammainc(a, x) if k == 1 else gamma_moment(k - 1, a, x)
    a_slope = gamma_moment(k + 1, a, x) - k * special.polygamma(1, a) * below
    return a_slope, (np.log(x) - special.psi(a)) ** k * density


real_only(gamma_moment)


@elementwise(special.gammainc)
def gammainc(a, x):
    """DLMF 8.8.13 in x, x^(a-1) e^-x / Gamma(a); in a under the integral, 8.2.1."""
    return gamma_moment(1, a, x), np.exp(special.xlogy(a - 1, x) - x - special.gammaln(a))


@elementwise(special.gammaincc)
def gammaincc(a, x):
    """1 - gammainc(a, x)."""
    return -gamma_moment(1, a, x), -np.exp(special.xlogy(a - 1, x) - x - special.gammaln(a))


@elementwise(special.gammaincinv)
def gammaincinv(a, y, out):
    """Of the inverse of gammainc in x: minus its slope in a over that in x, and one over that."""
    slope = np.exp(special.gammaln(a) + out - special.xlogy(a - 1, out))
    return -gamma_moment(1, a, out) * slope, slope


@elementwise(special.gammainccinv)
def gammainccinv(a, y, out):
    slope = np.exp(special.gammaln(a) + out - special.xlogy(a - 1, out))
    return -gamma_moment(1, a, out) * slope, -slope


@elementwise(beta_moment, active=("a", "b", "x"), constant=("y",))
def beta_moment_(k, m, a, b, x, y=None):
    """Under the integral, where the means and the density depend on a and b, too; y goes with x."""
    rest = 1 - x if y is None else y
    shift = special.polygamma(1, a + b)
    lower_k = 0 if k == 0 else k * beta_moment(k - 1, m, a, b, x, y)
    lower_m = 0 if m == 0 else m * beta_moment(k, m - 1, a, b, x, y)
    a_slope = beta_moment(k + 1, m, a, b, x, y) - (special.polygamma(1, a) - shift) * lower_k + shift * lower_m
    b_slope = beta_moment(k, m + 1, a, b, x, y) - (special.polygamma(1, b) - shift) * lower_m + shift * lower_k
    density = np.exp(special.xlogy(a - 1, x) + special.xlogy(b - 1, rest) - special.betaln(a, b))
    both = special.psi(a + b)
    x_slope = (np.log(x) - special.psi(a) + both) ** k * (np.log(rest) - special.psi(b) + both) ** m * density
    return a_slope, b_slope, x_slope


real_only(beta_moment)


@elementwise(special.betainc)
def betainc(a, b, x):
    """DLMF 8.17.1: x^(a-1) (1 - x)^(b-1) / B(a, b); in a and b under the integral."""
    density = np.exp(special.xlogy(a - 1, x) + special.xlog1py(b - 1, -x) - special.betaln(a, b))
    return beta_moment(1, 0, a, b, x), beta_moment(0, 1, a, b, x), density


@elementwise(special.betaincinv)
def betaincinv(a, b, y, out):
    """Of the inverse of betainc in x: minus its slope in a or b over that in x, and one over that."""
    slope = np.exp(special.betaln(a, b) - special.xlogy(a - 1, out) - special.xlog1py(b - 1, -out))
    a_slope = beta_moment(1, 0, a, b, out)
    return -a_slope * slope, -beta_moment(0, 1, a, b, out) * slope, slope


@elementwise(special.btdtria)
def btdtria(p, b, x, out):
    """Of betainc(a, b, x) in a."""
    density = np.exp(special.xlogy(out - 1, x) + special.xlog1py(b - 1, -x) - special.betaln(out, b))
    a_slope = beta_moment(1, 0, out, b, x)
    return 1 / a_slope, -beta_moment(0, 1, out, b, x) / a_slope, -density / a_slope


@elementwise(special.btdtrib)
def btdtrib(a, p, x, out):
    """Of betainc(a, b, x) in b."""
    density = np.exp(special.xlogy(a - 1, x) + special.xlog1py(out - 1, -x) - special.betaln(a, out))
    b_slope = beta_moment(0, 1, a, out, x)
    return -beta_moment(1, 0, a, out, x) / b_slope, 1 / b_slope, -density / b_slope


@elementwise(special.betaincc)
def betaincc(a, b, x):
    """1 - betainc(a, b, x)."""
    density = np.exp(special.xlogy(a - 1, x) + special.xlog1py(b - 1, -x) - special.betaln(a, b))
    return -beta_moment(1, 0, a, b, x), -beta_moment(0, 1, a, b, x), -density


@elementwise(special.betainccinv)
def betainccinv(a, b, y, out):
    slope = np.exp(special.betaln(a, b) - special.xlogy(a - 1, out) - special.xlog1py(b - 1, -out))
    a_slope = beta_moment(1, 0, a, b, out)
    return -a_slope * slope, -beta_moment(0, 1, a, b, out) * slope, -slope
