"""Error functions and Fresnel integrals. Derivatives: NIST DLMF 7."""

import numpy as np
from scipy import special

from backprose.rules.registry import adjoint, elementwise, several, tangent


@elementwise(special.erf)
def erf(x):
    """2 / sqrt(pi) exp(-x^2): DLMF 7.2.1."""
    return 1.1283791670955126 * np.exp(-(x**2))


@elementwise(special.erfc)
def erfc(x):
    """DLMF 7.2.2."""
    return -1.1283791670955126 * np.exp(-(x**2))


@elementwise(special.erfi)
def erfi(x):
    """-i erf(i x)."""
    return 1.1283791670955126 * np.exp(x**2)


@elementwise(special.erfcx)
def erfcx(x, out):
    """Of e^(x^2) erfc(x): 2 x y - 2 / sqrt(pi), and on the right, where that cancels, DLMF 7.18.10."""
    if np.iscomplexobj(x):
        return 2 * x * out - 1.1283791670955126
    far = x > 1
    tail = special.hyperu(1, 0.5, np.where(far, x, 1) ** 2) / np.sqrt(np.pi)
    return np.where(far, -tail, 2 * x * out - 1.1283791670955126)


@elementwise(special.erfinv)
def erfinv(y, out):
    """sqrt(pi) / 2 exp(erfinv(y)^2)."""
    return 0.886226925452758 * np.exp(out**2)


@elementwise(special.erfcinv)
def erfcinv(y, out):
    return -0.886226925452758 * np.exp(out**2)


@elementwise(special.wofz)
def wofz(z, out):
    """DLMF 7.10.2."""
    return 1.1283791670955126j - 2 * z * out


@elementwise(special.dawsn)
def dawsn(x, out):
    """DLMF 7.2.5: 1 - 2 x y, which is M(1, 1/2, -x^2) without a difference."""
    if np.iscomplexobj(x):
        return 1 - 2 * x * out
    return special.hyp1f1(1, 0.5, -(x**2))


@elementwise(special.voigt_profile)
def voigt_profile(x, sigma, gamma, out):
    """Re(w(z)) / (sigma sqrt(2 pi)) with z = (x + i gamma) / (sigma sqrt(2)), and w' by DLMF 7.10.2."""
    z = (x + 1j * gamma) / (np.sqrt(2) * sigma)
    slope = (1.1283791670955126j - 2 * z * special.wofz(z)) / (2 * np.sqrt(np.pi) * sigma**2)
    return np.real(slope), -(out + np.sqrt(2) * np.real(z * slope) * sigma) / sigma, -np.imag(slope)


@adjoint(special.fresnel)
def fresnel(z, *, out_bar):
    """DLMF 7.2.7 and 7.2.8: S' = sin(pi z^2 / 2), C' = cos(pi z^2 / 2)."""
    s_term = 0.0 if out_bar[0] is None else out_bar[0] * np.sin(np.pi / 2 * z**2)
    return s_term if out_bar[1] is None else s_term + out_bar[1] * np.cos(np.pi / 2 * z**2)


@tangent(special.fresnel)
def fresnel_dot(z, *, z_dot):
    return np.sin(np.pi / 2 * z**2) * z_dot, np.cos(np.pi / 2 * z**2) * z_dot


several(special.fresnel, results=2)
