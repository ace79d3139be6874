"""Distribution functions: the slope in the variable is the density. NIST DLMF 7 and 8, and Johnson, Kotz and
Balakrishnan, "Continuous Univariate Distributions" (1994, 1995).

Functions of counts are those of NIST DLMF 8.17.5 and 8.4.10; SciPy rounds counts down.
"""

import numpy as np
from scipy import special

from backprose.rules.registry import elementwise, real_only
from backprose.support import beta_moment, gamma_moment


@elementwise(special.ndtr)
def ndtr(x):
    """The density of the normal distribution."""
    return np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi)


@elementwise(special.log_ndtr)
def log_ndtr(x, out):
    """The density over ndtr(x), which is erfcx(-x / sqrt(2)) / 2 times exp(-x^2 / 2)."""
    left = x < -1
    tail = np.sqrt(2 / np.pi) / special.erfcx(np.where(left, -x, 1) / np.sqrt(2))
    return np.where(left, tail, np.exp(-(x**2) / 2 - out) / np.sqrt(2 * np.pi))


real_only(special.log_ndtr)


@elementwise(special.owens_t)
def owens_t(h, a):
    """Owen, "Tables for computing bivariate normal probabilities" (1956)."""
    h_slope = -np.exp(-(h**2) / 2) * special.erf(a * h / np.sqrt(2)) / np.sqrt(8 * np.pi)
    return h_slope, np.exp(-(h**2) * (1 + a**2) / 2) / (2 * np.pi * (1 + a**2))


@elementwise(special.stdtr)
def stdtr(df, t):
    """The density of Student's distribution in t; in df by betainc(df / 2, 1 / 2, df / (df + t^2))."""
    power = -(df + 1) / 2 * special.log1p(t**2 / df)
    density = np.exp(power - special.betaln(0.5, df / 2)) / np.sqrt(df)
    whole = df + t**2
    part = np.sign(t) / 4 * beta_moment(1, 0, df / 2, 0.5, df / whole, t**2 / whole)
    return -part - t * density / (2 * df), density


@elementwise(special.chdtr)
def chdtr(v, x):
    """gammainc(v / 2, x / 2)."""
    slope = np.exp(special.xlogy(v / 2 - 1, x / 2) - x / 2 - special.gammaln(v / 2))
    return gamma_moment(1, v / 2, x / 2) / 2, slope / 2


@elementwise(special.chdtrc)
def chdtrc(v, x):
    """gammaincc(v / 2, x / 2)."""
    slope = np.exp(special.xlogy(v / 2 - 1, x / 2) - x / 2 - special.gammaln(v / 2))
    return -gamma_moment(1, v / 2, x / 2) / 2, -slope / 2


@elementwise(special.chndtr, active=("x", "nc"))
def chndtr(x, df, nc):
    """The density of chi square that is not central, by 0F1; in nc minus that with two more degrees of freedom."""
    common = np.exp(special.xlogy(df / 2 - 1, x / 2) - (x + nc) / 2 - special.gammaln(df / 2)) / 2
    more = common * x / df * special.hyp0f1(df / 2 + 1, nc * x / 4)
    return common * special.hyp0f1(df / 2, nc * x / 4), -more


@elementwise(special.fdtr)
def fdtr(dfn, dfd, x):
    """betainc(dfn / 2, dfd / 2, dfn x / (dfd + dfn x))."""
    ratio = dfn / dfd
    power = special.xlogy(dfn / 2 - 1, ratio * x) - (dfn + dfd) / 2 * special.log1p(ratio * x)
    density = ratio * np.exp(power - special.betaln(dfn / 2, dfd / 2))
    place = ratio * x / (1 + ratio * x)
    dfn_part = beta_moment(1, 0, dfn / 2, dfd / 2, place, 1 / (1 + ratio * x)) / 2
    dfd_part = beta_moment(0, 1, dfn / 2, dfd / 2, place, 1 / (1 + ratio * x)) / 2
    return dfn_part + x / dfn * density, dfd_part - x / dfd * density, density


@elementwise(special.fdtrc)
def fdtrc(dfn, dfd, x):
    """1 - fdtr(dfn, dfd, x)."""
    ratio = dfn / dfd
    power = special.xlogy(dfn / 2 - 1, ratio * x) - (dfn + dfd) / 2 * special.log1p(ratio * x)
    density = ratio * np.exp(power - special.betaln(dfn / 2, dfd / 2))
    place = ratio * x / (1 + ratio * x)
    dfn_part = beta_moment(1, 0, dfn / 2, dfd / 2, place, 1 / (1 + ratio * x)) / 2
    dfd_part = beta_moment(0, 1, dfn / 2, dfd / 2, place, 1 / (1 + ratio * x)) / 2
    return -dfn_part - x / dfn * density, x / dfd * density - dfd_part, -density


@elementwise(special.gdtr)
def gdtr(a, b, x):
    """gammainc(b, a x)."""
    slope = np.exp(special.xlogy(b - 1, a * x) - a * x - special.gammaln(b))
    return x * slope, gamma_moment(1, b, a * x), a * slope


@elementwise(special.gdtrc)
def gdtrc(a, b, x):
    """gammaincc(b, a x)."""
    slope = -np.exp(special.xlogy(b - 1, a * x) - a * x - special.gammaln(b))
    return x * slope, -gamma_moment(1, b, a * x), a * slope


@elementwise(special.tklmbda, active=("x",))
def tklmbda(x, lmbda, out):
    """Of the inverse (p^lmbda - (1 - p)^lmbda) / lmbda the inverse slope; 0 beyond |x| = 1 / lmbda."""
    p = np.where(lmbda * np.abs(x) < 1, out, 0.5)
    slope = 1 / (np.power(p, lmbda - 1) + np.power(1 - p, lmbda - 1))
    return np.where(lmbda * np.abs(x) < 1, slope, 0)


# ---------------------------------------------------------------- of counts
@elementwise(special.bdtr, active=("p",), constant=("k", "n"))
def bdtr(k, n, p):
    """betainc(n - k, k + 1, 1 - p)."""
    count = k // 1
    rest = n // 1 - count
    power = special.xlogy(count, p) + special.xlog1py(rest - 1, -p)
    return -np.exp(power - special.betaln(rest, count + 1))


@elementwise(special.bdtrc, active=("p",), constant=("k", "n"))
def bdtrc(k, n, p):
    """betainc(k + 1, n - k, p)."""
    count = k // 1
    rest = n // 1 - count
    power = special.xlogy(count, p) + special.xlog1py(rest - 1, -p)
    return np.exp(power - special.betaln(rest, count + 1))


@elementwise(special.nbdtr, active=("p",), constant=("k", "n"))
def nbdtr(k, n, p):
    """betainc(n, k + 1, p)."""
    return np.exp(special.xlogy(n // 1 - 1, p) + special.xlog1py(k // 1, -p) - special.betaln(n // 1, k // 1 + 1))


@elementwise(special.nbdtrc, active=("p",), constant=("k", "n"))
def nbdtrc(k, n, p):
    return -np.exp(special.xlogy(n // 1 - 1, p) + special.xlog1py(k // 1, -p) - special.betaln(n // 1, k // 1 + 1))


@elementwise(special.pdtr, active=("m",), constant=("k",))
def pdtr(k, m):
    """gammaincc(k + 1, m)."""
    return -np.exp(special.xlogy(k // 1, m) - m - special.gammaln(k // 1 + 1))


@elementwise(special.pdtrc, active=("m",), constant=("k",))
def pdtrc(k, m):
    """gammainc(k + 1, m)."""
    return np.exp(special.xlogy(k // 1, m) - m - special.gammaln(k // 1 + 1))
