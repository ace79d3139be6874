"""Exponential, logarithmic and trigonometric integrals, the functions of Lambert and Wright, and zeta functions."""

import numpy as np
from scipy import special

from backprose.rules.registry import adjoint, elementwise, not_yet, real_only, several, tangent


@elementwise(special.exp1)
def exp1(z):
    """DLMF 6.2.1."""
    return -np.exp(-z) / z


@elementwise(special.expi)
def expi(x):
    """DLMF 6.2.5."""
    return np.exp(x) / x


@elementwise(special.expn, active=("x",))
def expn(n, x, out):
    """DLMF 8.19.13, and for n < 2 with 8.19.12, as there is no E_n of n < 0."""
    order = n // 1
    low = order < 2
    below = -special.expn(np.where(low, 1, order - 1), x)
    return np.where(low, ((order - 1) * out - np.exp(-x)) / np.where(low, x, 1), below)


@adjoint(special.sici)
def sici(x, *, out_bar):
    """sin(x) / x, which is 1 at 0, and cos(x) / x: DLMF 6.2.9 and 6.2.11."""
    si_term = 0.0 if out_bar[0] is None else out_bar[0] * np.sinc(x / np.pi)
    return si_term if out_bar[1] is None else si_term + out_bar[1] * np.cos(x) / x


@tangent(special.sici)
def sici_dot(x, *, x_dot):
    return np.sinc(x / np.pi) * x_dot, np.cos(x) / x * x_dot


@adjoint(special.shichi)
def shichi(x, *, out_bar):
    """sinh(x) / x, which is 1 at 0, and cosh(x) / x: DLMF 6.2.15 and 6.2.16."""
    shi_term = 0.0 if out_bar[0] is None else out_bar[0] * special.spherical_in(0, x)
    return shi_term if out_bar[1] is None else shi_term + out_bar[1] * np.cosh(x) / x


@tangent(special.shichi)
def shichi_dot(x, *, x_dot):
    return special.spherical_in(0, x) * x_dot, np.cosh(x) / x * x_dot


several(special.sici, special.shichi, results=2)


if np.imag(special.modfresnelp(0.7)[0]) > 0:

    @adjoint(special.modfresnelp)
    def modfresnelp(x, *, out, out_bar):
        """F, the integral of exp(i t^2) from x on, and F exp(-i (x^2 + pi / 4)) / sqrt(pi)."""
        f_term = 0.0 if out_bar[0] is None else -out_bar[0] * np.exp(1j * x**2)
        slope = -2j * x * out[1] - np.exp(-0.25j * np.pi) / np.sqrt(np.pi)
        return np.real(f_term if out_bar[1] is None else f_term + out_bar[1] * slope)

    @tangent(special.modfresnelp)
    def modfresnelp_dot(x, *, out, x_dot):
        slope = -2j * x * out[1] - np.exp(-0.25j * np.pi) / np.sqrt(np.pi)
        return -np.exp(1j * x**2) * x_dot, slope * x_dot

    several(special.modfresnelp, results=2)
else:
    not_yet(special.modfresnelp, reason="this SciPy gives the numbers of modfresnelm for it")


@adjoint(special.modfresnelm)
def modfresnelm(x, *, out, out_bar):
    """The conjugates of modfresnelp."""
    f_term = 0.0 if out_bar[0] is None else -out_bar[0] * np.exp(-1j * x**2)
    slope = 2j * x * out[1] - np.exp(0.25j * np.pi) / np.sqrt(np.pi)
    return np.real(f_term if out_bar[1] is None else f_term + out_bar[1] * slope)


@tangent(special.modfresnelm)
def modfresnelm_dot(x, *, out, x_dot):
    slope = 2j * x * out[1] - np.exp(0.25j * np.pi) / np.sqrt(np.pi)
    return -np.exp(-1j * x**2) * x_dot, slope * x_dot


several(special.modfresnelm, results=2)


@elementwise(special.spence)
def spence(z):
    """log(z) / (1 - z), DLMF 25.12.2, which is -1 at 1."""
    return -1 / special.exprel(np.log(z))


real_only(special.spence)


@elementwise(special.zeta, active=("q",))
def zeta(x, q=None):
    """DLMF 25.11.17, of Hurwitz' zeta function."""
    return -x * special.zeta(x + 1, q)


not_yet(special.zetac, reason="no closed form is known of the derivative of the zeta function")


@elementwise(special.lambertw, active=("z",))
def lambertw(z, k=0, tol=1e-8, *, out):
    """DLMF 4.13.4, in which W / z is exp(-W)."""
    return np.exp(-out) / (1 + out)


@elementwise(special.wrightomega)
def wrightomega(z, out):
    """W + log(w) = z: Corless and Jeffrey, "The Wright omega function" (2002)."""
    return out / (1 + out)
