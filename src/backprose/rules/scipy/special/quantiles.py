"""Inverses of distribution functions: of y = F(x, a) the slopes are 1 / F_x and -F_a / F_x, taken at x."""

import numpy as np
from scipy import special

from backprose.rules.registry import elementwise


@elementwise(special.ndtri)
def ndtri(y, out):
    """One over the density of the normal distribution."""
    return np.sqrt(2 * np.pi) * np.exp(out**2 / 2)


@elementwise(special.ndtri_exp)
def ndtri_exp(y, out):
    """ndtri(exp(y)): ndtr(out) over the density there, which is sqrt(pi / 2) erfcx(-out / sqrt(2))."""
    return np.sqrt(np.pi / 2) * special.erfcx(-out / np.sqrt(2))


@elementwise(special.nrdtrimn)
def nrdtrimn(p, std, x, out):
    """The mean x - std ndtri(p)."""
    z = (x - out) / std
    return -std * np.sqrt(2 * np.pi) * np.exp(z**2 / 2), -z, 1.0


@elementwise(special.nrdtrisd)
def nrdtrisd(mn, p, x, out):
    """The standard deviation (x - mn) / ndtri(p)."""
    z = special.ndtri(p)
    return -1 / z, -out / z * np.sqrt(2 * np.pi) * np.exp(z**2 / 2), 1 / z


@elementwise(special.stdtrit, active=("p",))
def stdtrit(df, p, out):
    """One over the density of Student's distribution."""
    power = (df + 1) / 2 * special.log1p(out**2 / df)
    return np.exp(power + special.betaln(0.5, df / 2)) * np.sqrt(df)


@elementwise(special.chdtri, active=("p",))
def chdtri(v, p, out):
    """The inverse of chdtrc: minus one over the density of chi square."""
    return -2 * np.exp(special.gammaln(v / 2) + out / 2 - special.xlogy(v / 2 - 1, out / 2))


@elementwise(special.chndtrix, active=("p", "nc"))
def chndtrix(p, df, nc, out):
    """Of chndtr in x, with both slopes by 0F1."""
    common = np.exp(special.xlogy(df / 2 - 1, out / 2) - (out + nc) / 2 - special.gammaln(df / 2)) / 2
    density = common * special.hyp0f1(df / 2, nc * out / 4)
    return 1 / density, common * out / df * special.hyp0f1(df / 2 + 1, nc * out / 4) / density


@elementwise(special.chndtrinc, active=("x", "p"))
def chndtrinc(x, df, p, out):
    """Of chndtr in nc, with both slopes by 0F1."""
    common = np.exp(special.xlogy(df / 2 - 1, x / 2) - (x + out) / 2 - special.gammaln(df / 2)) / 2
    more = common * x / df * special.hyp0f1(df / 2 + 1, out * x / 4)
    return common * special.hyp0f1(df / 2, out * x / 4) / more, -1 / more


@elementwise(special.fdtri, active=("p",))
def fdtri(dfn, dfd, p, out):
    """One over the density of F."""
    ratio = dfn / dfd
    power = special.xlogy(dfn / 2 - 1, ratio * out) - (dfn + dfd) / 2 * special.log1p(ratio * out)
    return np.exp(special.betaln(dfn / 2, dfd / 2) - power) / ratio


@elementwise(special.gdtria, active=("p", "x"))
def gdtria(p, b, x, out):
    """Of gammainc(b, a x) in a."""
    y = out * x
    return np.exp(special.gammaln(b) + y - special.xlogy(b - 1, y)) / x, -out / x


@elementwise(special.gdtrix, active=("a", "p"))
def gdtrix(a, b, p, out):
    """Of gammainc(b, a x) in x."""
    y = a * out
    return -out / a, np.exp(special.gammaln(b) + y - special.xlogy(b - 1, y)) / a


# ---------------------------------------------------------------- of counts, in the probability or the mean
@elementwise(special.bdtri, active=("y",), constant=("k", "n"))
def bdtri(k, n, y, out):
    count = k // 1
    rest = n // 1 - count
    power = special.xlogy(count, out) + special.xlog1py(rest - 1, -out)
    return -np.exp(special.betaln(rest, count + 1) - power)


@elementwise(special.nbdtri, active=("y",), constant=("k", "n"))
def nbdtri(k, n, y, out):
    power = special.xlogy(n // 1 - 1, out) + special.xlog1py(k // 1, -out)
    return np.exp(special.betaln(n // 1, k // 1 + 1) - power)


@elementwise(special.pdtri, active=("y",), constant=("k",))
def pdtri(k, y, out):
    return -np.exp(special.gammaln(k // 1 + 1) + out - special.xlogy(k // 1, out))
