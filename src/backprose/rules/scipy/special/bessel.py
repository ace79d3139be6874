"""Bessel functions and their relatives, by their argument. Derivatives: NIST DLMF 10 and 11.

With respect to the order there is no closed form (DLMF 10.15).
"""

import numpy as np
from scipy import special

from backprose.rules.registry import elementwise, real_only


@elementwise(special.j0)
def j0(x):
    return -special.j1(x)


@elementwise(special.j1)
def j1(x):
    """DLMF 10.6.1."""
    return (special.j0(x) - special.jv(2, x)) / 2


@elementwise(special.y0)
def y0(x):
    return -special.y1(x)


@elementwise(special.y1)
def y1(x):
    """DLMF 10.6.1."""
    return (special.y0(x) - special.yv(2, x)) / 2


@elementwise(special.jv, active=("z",))
def jv(v, z):
    """DLMF 10.6.1."""
    return (special.jv(v - 1, z) - special.jv(v + 1, z)) / 2


@elementwise(special.yv, active=("z",))
def yv(v, z):
    """DLMF 10.6.1."""
    return (special.yv(v - 1, z) - special.yv(v + 1, z)) / 2


@elementwise(special.yn, active=("x",))
def yn(n, x):
    """DLMF 10.6.1."""
    return (special.yn(n // 1 - 1, x) - special.yn(n // 1 + 1, x)) / 2


@elementwise(special.jve, active=("z",))
def jve(v, z):
    """jv(v, z) exp(-|Im z|)."""
    return (special.jve(v - 1, z) - special.jve(v + 1, z)) / 2


@elementwise(special.yve, active=("z",))
def yve(v, z):
    """yv(v, z) exp(-|Im z|)."""
    return (special.yve(v - 1, z) - special.yve(v + 1, z)) / 2


@elementwise(special.hankel1, active=("z",))
def hankel1(v, z):
    """DLMF 10.6.1."""
    return (special.hankel1(v - 1, z) - special.hankel1(v + 1, z)) / 2


@elementwise(special.hankel2, active=("z",))
def hankel2(v, z):
    """DLMF 10.6.1."""
    return (special.hankel2(v - 1, z) - special.hankel2(v + 1, z)) / 2


@elementwise(special.hankel1e, active=("z",))
def hankel1e(v, z, out):
    """hankel1(v, z) exp(-i z)."""
    return (special.hankel1e(v - 1, z) - special.hankel1e(v + 1, z)) / 2 - 1j * out


@elementwise(special.hankel2e, active=("z",))
def hankel2e(v, z, out):
    """hankel2(v, z) exp(i z)."""
    return (special.hankel2e(v - 1, z) - special.hankel2e(v + 1, z)) / 2 + 1j * out


# ---------------------------------------------------------------- modified
@elementwise(special.i0)
def i0(x):
    return special.i1(x)


@elementwise(special.i1)
def i1(x):
    """DLMF 10.29.1."""
    return (special.i0(x) + special.iv(2, x)) / 2


@elementwise(special.k0)
def k0(x):
    return -special.k1(x)


@elementwise(special.k1)
def k1(x):
    """DLMF 10.29.1."""
    return -(special.k0(x) + special.kv(2, x)) / 2


@elementwise(special.i0e)
def i0e(x, out):
    """i0(x) exp(-|x|): at the kink 0, the mean of the two slopes."""
    return special.i1e(x) - np.sign(x) * out


@elementwise(special.i1e)
def i1e(x, out):
    return (special.i0e(x) + special.ive(2, x)) / 2 - np.sign(x) * out


@elementwise(special.k0e)
def k0e(x, out):
    """k0(x) exp(x)."""
    return out - special.k1e(x)


@elementwise(special.k1e)
def k1e(x, out):
    return out - (special.k0e(x) + special.kve(2, x)) / 2


@elementwise(special.iv, active=("z",))
def iv(v, z):
    """DLMF 10.29.1."""
    return (special.iv(v - 1, z) + special.iv(v + 1, z)) / 2


@elementwise(special.kv, active=("z",))
def kv(v, z):
    """DLMF 10.29.1."""
    return -(special.kv(v - 1, z) + special.kv(v + 1, z)) / 2


@elementwise(special.kn, active=("x",))
def kn(n, x):
    """DLMF 10.29.1."""
    return -(special.kn(n // 1 - 1, x) + special.kn(n // 1 + 1, x)) / 2


@elementwise(special.ive, active=("z",))
def ive(v, z, out):
    """iv(v, z) exp(-|Re z|)."""
    return (special.ive(v - 1, z) + special.ive(v + 1, z)) / 2 - np.sign(z) * out


@elementwise(special.kve, active=("z",))
def kve(v, z, out):
    """kv(v, z) exp(z)."""
    return out - (special.kve(v - 1, z) + special.kve(v + 1, z)) / 2


real_only(special.jve, special.yve, special.ive)  # scaled by an absolute value


# ---------------------------------------------------------------- their derivatives
@elementwise(special.jvp, active=("z",))
def jvp(v, z, n=1):
    """The n-th derivative."""
    return special.jvp(v, z, n + 1)


@elementwise(special.yvp, active=("z",))
def yvp(v, z, n=1):
    return special.yvp(v, z, n + 1)


@elementwise(special.ivp, active=("z",))
def ivp(v, z, n=1):
    return special.ivp(v, z, n + 1)


@elementwise(special.kvp, active=("z",))
def kvp(v, z, n=1):
    return special.kvp(v, z, n + 1)


@elementwise(special.h1vp, active=("z",))
def h1vp(v, z, n=1):
    return special.h1vp(v, z, n + 1)


@elementwise(special.h2vp, active=("z",))
def h2vp(v, z, n=1):
    return special.h2vp(v, z, n + 1)


# ---------------------------------------------------------------- spherical
@elementwise(special.spherical_jn, active=("z",))
def spherical_jn(n, z, derivative=False):
    """DLMF 10.51.1: (2n+1) j_n' = n j_{n-1} - (n+1) j_{n+1}, where n j_{n-1} is 0 for n = 0."""
    if not derivative:
        return special.spherical_jn(n, z, True)
    lower = n * special.spherical_jn(np.abs(n - 1), z, True)
    return (lower - (n + 1) * special.spherical_jn(n + 1, z, True)) / (2 * n + 1)


@elementwise(special.spherical_yn, active=("z",))
def spherical_yn(n, z, derivative=False):
    """DLMF 10.51.1, as of spherical_jn."""
    if not derivative:
        return special.spherical_yn(n, z, True)
    lower = n * special.spherical_yn(np.abs(n - 1), z, True)
    return (lower - (n + 1) * special.spherical_yn(n + 1, z, True)) / (2 * n + 1)


@elementwise(special.spherical_in, active=("z",))
def spherical_in(n, z, derivative=False):
    """DLMF 10.51.4: (2n+1) i_n' = n i_{n-1} + (n+1) i_{n+1}."""
    if not derivative:
        return special.spherical_in(n, z, True)
    lower = n * special.spherical_in(np.abs(n - 1), z, True)
    return (lower + (n + 1) * special.spherical_in(n + 1, z, True)) / (2 * n + 1)


@elementwise(special.spherical_kn, active=("z",))
def spherical_kn(n, z, derivative=False):
    """DLMF 10.51.4 with (-1)^n k_n in the place of i_n: (2n+1) k_n' = -n k_{n-1} - (n+1) k_{n+1}."""
    if not derivative:
        return special.spherical_kn(n, z, True)
    lower = n * special.spherical_kn(np.abs(n - 1), z, True)
    return -(lower + (n + 1) * special.spherical_kn(n + 1, z, True)) / (2 * n + 1)


# ---------------------------------------------------------------- Struve functions and integrals
@elementwise(special.struve, active=("x",))
def struve(v, x):
    """DLMF 11.4.24."""
    term = np.power(x / 2, v) * special.rgamma(v + 1.5) / np.sqrt(np.pi)
    return (special.struve(v - 1, x) - special.struve(v + 1, x) + term) / 2


@elementwise(special.modstruve, active=("x",))
def modstruve(v, x):
    """DLMF 11.4.26."""
    term = np.power(x / 2, v) * special.rgamma(v + 1.5) / np.sqrt(np.pi)
    return (special.modstruve(v - 1, x) + special.modstruve(v + 1, x) + term) / 2


@elementwise(special.itstruve0)
def itstruve0(x):
    return special.struve(0, x)


@elementwise(special.it2struve0)
def it2struve0(x):
    """The integral of H_0(t) / t from x on."""
    return -special.struve(0, x) / x


@elementwise(special.itmodstruve0)
def itmodstruve0(x):
    return special.modstruve(0, x)


@elementwise(special.besselpoly, active=("a",))
def besselpoly(a, lmb, nu):
    """The integral of x^lmb J_nu(2 a x) from 0 to 1, and DLMF 10.6.1 in it."""
    return special.besselpoly(a, lmb + 1, nu - 1) - special.besselpoly(a, lmb + 1, nu + 1)
