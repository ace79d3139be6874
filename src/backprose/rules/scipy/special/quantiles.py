"""Inverses of distribution functions: of y = F(x, a) the slopes are 1 / F_x and -F_a / F_x, taken at x."""

import numpy as np
from scipy import special

from backprose.rules.registry import elementwise
from backprose.support import beta_moment, gamma_moment


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


@elementwise(special.stdtrit)
def stdtrit(df, p, out):
    """Of stdtr in t."""
    power = (df + 1) / 2 * special.log1p(out**2 / df)
    slope = np.exp(power + special.betaln(0.5, df / 2)) * np.sqrt(df)
    whole = df + out**2
    part = np.sign(out) / 4 * beta_moment(1, 0, df / 2, 0.5, df / whole, out**2 / whole)
    return part * slope + out / (2 * df), slope


@elementwise(special.stdtridf)
def stdtridf(p, t, out):
    """Of stdtr in df."""
    power = -(out + 1) / 2 * special.log1p(t**2 / out)
    density = np.exp(power - special.betaln(0.5, out / 2)) / np.sqrt(out)
    whole = out + t**2
    part = np.sign(t) / 4 * beta_moment(1, 0, out / 2, 0.5, out / whole, t**2 / whole)
    df_slope = -part - t * density / (2 * out)
    return 1 / df_slope, -density / df_slope


@elementwise(special.chdtri)
def chdtri(v, p, out):
    """The inverse of chdtrc in x."""
    slope = np.exp(special.gammaln(v / 2) + out / 2 - special.xlogy(v / 2 - 1, out / 2))
    return -gamma_moment(1, v / 2, out / 2) * slope, -2 * slope


@elementwise(special.chdtriv)
def chdtriv(p, x, out):
    """The inverse of chdtr in v."""
    slope = np.exp(special.xlogy(out / 2 - 1, x / 2) - x / 2 - special.gammaln(out / 2))
    v_slope = gamma_moment(1, out / 2, x / 2)
    return 2 / v_slope, -slope / v_slope


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


@elementwise(special.fdtri)
def fdtri(dfn, dfd, p, out):
    """Of fdtr in x."""
    ratio = dfn / dfd
    power = special.xlogy(dfn / 2 - 1, ratio * out) - (dfn + dfd) / 2 * special.log1p(ratio * out)
    slope = np.exp(special.betaln(dfn / 2, dfd / 2) - power) / ratio
    place = ratio * out / (1 + ratio * out)
    dfn_part = beta_moment(1, 0, dfn / 2, dfd / 2, place, 1 / (1 + ratio * out)) / 2
    dfd_part = beta_moment(0, 1, dfn / 2, dfd / 2, place, 1 / (1 + ratio * out)) / 2
    return -dfn_part * slope - out / dfn, out / dfd - dfd_part * slope, slope


@elementwise(special.gdtria)
def gdtria(p, b, x, out):
    """Of gammainc(b, a x) in a."""
    y = out * x
    slope = np.exp(special.gammaln(b) + y - special.xlogy(b - 1, y)) / x
    return slope, -gamma_moment(1, b, y) * slope, -out / x


@elementwise(special.gdtrib)
def gdtrib(a, p, x, out):
    """Of gammainc(b, a x) in b."""
    y = a * x
    slope = np.exp(special.xlogy(out - 1, y) - y - special.gammaln(out))
    b_slope = gamma_moment(1, out, y)
    return -x * slope / b_slope, 1 / b_slope, -a * slope / b_slope


@elementwise(special.gdtrix)
def gdtrix(a, b, p, out):
    """Of gammainc(b, a x) in x."""
    y = a * out
    slope = np.exp(special.gammaln(b) + y - special.xlogy(b - 1, y)) / a
    return -out / a, -gamma_moment(1, b, y) * slope, slope


@elementwise(special.pdtrik)
def pdtrik(p, m, out):
    """Of gammaincc(k + 1, m) in k, which need not be an integer; constant where it is 0."""
    slope = np.exp(special.xlogy(out, m) - m - special.gammaln(out + 1))
    k_slope = -gamma_moment(1, out + 1, m)
    return np.where(out > 0, 1 / k_slope, 0), np.where(out > 0, slope / k_slope, 0)


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
