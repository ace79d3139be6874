"""Logarithms, exponentials and powers that are exact near their zeros, entropies, losses, and angles in degrees."""

import numpy as np
from scipy import special

from backprose.rules.registry import constant, elementwise, real_only


@elementwise(special.log1p)
def log1p(x):
    """Infinite at -1."""
    return np.divide(1, 1 + x)


@elementwise(special.expm1)
def expm1(x, out):
    return out + 1


@elementwise(special.exp2)
def exp2(x, out):
    return np.log(2) * out


@elementwise(special.exp10)
def exp10(x, out):
    return np.log(10) * out


@elementwise(special.cbrt)
def cbrt(x, out):
    """Infinite at 0."""
    return np.divide(1, 3 * out**2)


@elementwise(special.exprel)
def exprel(x):
    """(e^x - 1) / x is M(1, 2, x): DLMF 13.3.15 and 13.6.2."""
    return 0.5 * special.hyp1f1(2, 3, x)


@elementwise(special.powm1)
def powm1(x, y, out):
    return y * np.power(x, y - 1), (out + 1) * np.log(x)


@elementwise(special.xlogy)
def xlogy(x, y):
    """X log(y), and 0 where x is."""
    return np.log(y), np.divide(x, np.where((x == 0) & (y == 0), 1, y))


@elementwise(special.xlog1py)
def xlog1py(x, y):
    return special.log1p(y), np.divide(x, np.where((x == 0) & (y == -1), 1, 1 + y))


# ---------------------------------------------------------------- logistic functions
@elementwise(special.expit)
def expit(x, out):
    """The result p times 1 - p, which is the function of -x."""
    return out * special.expit(-x)


@elementwise(special.log_expit)
def log_expit(x):
    return special.expit(-x)


@elementwise(special.logit)
def logit(x):
    """Infinite at 0 and 1."""
    return np.divide(1, x * (1 - x))


if hasattr(special, "softplus"):  # SciPy 1.17

    @elementwise(special.softplus)
    def softplus(x):
        """log(1 + e^x)."""
        return special.expit(x)


# ---------------------------------------------------------------- entropies and losses
@elementwise(special.entr)
def entr(x):
    """-x log(x): infinite at 0."""
    return -np.log(x) - 1


@elementwise(special.rel_entr)
def rel_entr(x, y):
    """X log(x / y)."""
    return np.log(x / y) + 1, -x / y


@elementwise(special.kl_div)
def kl_div(x, y):
    """X log(x / y) - x + y."""
    return np.log(x / y), 1 - x / y


@elementwise(special.huber)
def huber(delta, r):
    """r^2 / 2, and from |r| = delta on its tangent line."""
    return np.maximum(np.abs(r) - delta, 0), np.clip(r, -delta, delta)


@elementwise(special.pseudo_huber)
def pseudo_huber(delta, r):
    """Delta (h - delta) with h = hypot(delta, r), where h - delta = r^2 / (h + delta)."""
    h = np.hypot(delta, r)
    return (r**2 / (h + delta)) ** 2 / h, delta * r / h


# ---------------------------------------------------------------- powers of Box and Cox
@elementwise(special.boxcox)
def boxcox(x, lmbda):
    """(x^lmbda - 1) / lmbda = log(x) exprel(lmbda log(x)): smooth at lmbda = 0."""
    log = np.log(x)
    return np.power(x, lmbda - 1), 0.5 * log**2 * special.hyp1f1(2, 3, lmbda * log)


@elementwise(special.boxcox1p)
def boxcox1p(x, lmbda):
    """boxcox(1 + x, lmbda)."""
    log = special.log1p(x)
    return np.exp((lmbda - 1) * log), 0.5 * log**2 * special.hyp1f1(2, 3, lmbda * log)


@elementwise(special.inv_boxcox)
def inv_boxcox(y, lmbda, out):
    """Of the inverse the inverse slope, and minus it times that of boxcox in lmbda."""
    log = np.log(out)
    slope = np.power(out, 1 - lmbda)
    return slope, -0.5 * slope * log**2 * special.hyp1f1(2, 3, lmbda * log)


@elementwise(special.inv_boxcox1p)
def inv_boxcox1p(y, lmbda, out):
    log = special.log1p(out)
    slope = np.exp((1 - lmbda) * log)
    return slope, -0.5 * slope * log**2 * special.hyp1f1(2, 3, lmbda * log)


# ---------------------------------------------------------------- angles
@elementwise(special.cosm1)
def cosm1(x):
    return -np.sin(x)


@elementwise(special.sindg)
def sindg(x):
    """Of an angle in degrees."""
    return np.pi / 180 * special.cosdg(x)


@elementwise(special.cosdg)
def cosdg(x):
    return -np.pi / 180 * special.sindg(x)


@elementwise(special.tandg)
def tandg(x, out):
    return np.pi / 180 * (1 + out**2)


@elementwise(special.cotdg)
def cotdg(x, out):
    return -np.pi / 180 * (1 + out**2)


@elementwise(special.radian)
def radian(d, m, s):
    """Degrees, minutes and seconds."""
    return np.pi / 180, np.pi / 10800, np.pi / 648000


@elementwise(special.diric, active=("x",))
def diric(x, n):
    """sin(n x / 2) / (n sin(x / 2)) = U_{n-1}(cos(x / 2)) / n, and DLMF 18.9.19 of the polynomial."""
    return -np.sin(x / 2) / n * special.eval_gegenbauer(n - 2, 2, np.cos(x / 2))


real_only(special.diric)
constant(special.round, reason="constant in steps")
