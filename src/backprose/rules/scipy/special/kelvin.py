"""Airy and Kelvin functions, integrals of Bessel functions, and solutions of differential equations with their slopes.

Of a solution w and its slope w' the derivatives are w' and what the equation says of w''. NIST DLMF 9 and 10.
"""

import numpy as np
from scipy import special

from backprose.rules.registry import adjoint, elementwise, real_only, several, tangent
from backprose.support import unbroadcast


@adjoint(special.airy)
def airy(z, *, out, out_bar):
    """Ai, Ai', Bi, Bi', of w'' = z w: DLMF 9.2.1."""
    ai = 0.0 if out_bar[0] is None else out_bar[0] * out[1]
    ai_slope = ai if out_bar[1] is None else ai + out_bar[1] * z * out[0]
    bi = ai_slope if out_bar[2] is None else ai_slope + out_bar[2] * out[3]
    return bi if out_bar[3] is None else bi + out_bar[3] * z * out[2]


@tangent(special.airy)
def airy_dot(z, *, out, z_dot):
    return out[1] * z_dot, z * out[0] * z_dot, out[3] * z_dot, z * out[2] * z_dot


@adjoint(special.airye)
def airye(z, *, out, out_bar):
    """Ai and Ai' times exp(2/3 z^(3/2)), Bi and Bi' by it where z > 0: DLMF 9.2.1."""
    root = np.where(z >= 0, np.sqrt(np.where(z >= 0, z, 1)), 0)
    ai = 0.0 if out_bar[0] is None else out_bar[0] * (out[1] + root * out[0])
    ai_slope = ai if out_bar[1] is None else ai + out_bar[1] * (z * out[0] + root * out[1])
    bi = ai_slope if out_bar[2] is None else ai_slope + out_bar[2] * (out[3] - root * out[2])
    return bi if out_bar[3] is None else bi + out_bar[3] * (z * out[2] - root * out[3])


@tangent(special.airye)
def airye_dot(z, *, out, z_dot):
    root = np.where(z >= 0, np.sqrt(np.where(z >= 0, z, 1)), 0)
    ai_dot = (out[1] + root * out[0]) * z_dot
    ai_slope_dot = (z * out[0] + root * out[1]) * z_dot
    return ai_dot, ai_slope_dot, (out[3] - root * out[2]) * z_dot, (z * out[2] - root * out[3]) * z_dot


real_only(special.airye)  # Bi is scaled by an absolute value


@adjoint(special.itairy)
def itairy(x, *, out_bar):
    """The integrals from 0 to x of Ai(t), Bi(t), Ai(-t) and Bi(-t)."""
    ahead = special.airy(x)
    back = special.airy(-x)
    ai = 0.0 if out_bar[0] is None else out_bar[0] * ahead[0]
    bi = ai if out_bar[1] is None else ai + out_bar[1] * ahead[2]
    ai_back = bi if out_bar[2] is None else bi + out_bar[2] * back[0]
    return ai_back if out_bar[3] is None else ai_back + out_bar[3] * back[2]


@tangent(special.itairy)
def itairy_dot(x, *, x_dot):
    ahead = special.airy(x)
    back = special.airy(-x)
    return ahead[0] * x_dot, ahead[2] * x_dot, back[0] * x_dot, back[2] * x_dot


# ---------------------------------------------------------------- Kelvin functions
@elementwise(special.ber)
def ber(x):
    return special.berp(x)


@elementwise(special.bei)
def bei(x):
    return special.beip(x)


@elementwise(special.ker)
def ker(x):
    return special.kerp(x)


@elementwise(special.kei)
def kei(x):
    return special.keip(x)


@elementwise(special.berp)
def berp(x):
    """Ber + i bei = J_0(c x) with c^2 = -i (DLMF 10.61.1), and J_0'' = (J_2 - J_0) / 2."""
    z = (1j - 1) / np.sqrt(2) * x
    return np.imag(special.jv(2, z) - special.jv(0, z)) / 2


@elementwise(special.beip)
def beip(x):
    z = (1j - 1) / np.sqrt(2) * x
    return np.real(special.jv(0, z) - special.jv(2, z)) / 2


@elementwise(special.kerp)
def kerp(x, out):
    """DLMF 10.61.3: w'' = i w - w' / x."""
    return -special.kei(x) - out / x


@elementwise(special.keip)
def keip(x, out):
    return special.ker(x) - out / x


@adjoint(special.kelvin)
def kelvin(x, *, out, out_bar):
    """Be and Ke, of w'' = i w - w' / x, and their slopes: DLMF 10.61.3."""
    be = 0.0 if out_bar[0] is None else out_bar[0] * out[2]
    ke = be if out_bar[1] is None else be + out_bar[1] * out[3]
    be_slope = ke if out_bar[2] is None else ke + out_bar[2] * (1j * out[0] - out[2] / x)
    ke_slope = be_slope if out_bar[3] is None else be_slope + out_bar[3] * (1j * out[1] - out[3] / x)
    return np.real(ke_slope)


@tangent(special.kelvin)
def kelvin_dot(x, *, out, x_dot):
    be_slope_dot = (1j * out[0] - out[2] / x) * x_dot
    return out[2] * x_dot, out[3] * x_dot, be_slope_dot, (1j * out[1] - out[3] / x) * x_dot


# ---------------------------------------------------------------- integrals of Bessel functions
@adjoint(special.itj0y0)
def itj0y0(x, *, out_bar):
    """The integrals of J_0 and Y_0 from 0 to x."""
    j_term = 0.0 if out_bar[0] is None else out_bar[0] * special.j0(x)
    return j_term if out_bar[1] is None else j_term + out_bar[1] * special.y0(x)


@tangent(special.itj0y0)
def itj0y0_dot(x, *, x_dot):
    return special.j0(x) * x_dot, special.y0(x) * x_dot


@adjoint(special.iti0k0)
def iti0k0(x, *, out_bar):
    """The integrals of I_0 and K_0 from 0 to x."""
    i_term = 0.0 if out_bar[0] is None else out_bar[0] * special.i0(x)
    return i_term if out_bar[1] is None else i_term + out_bar[1] * special.k0(x)


@tangent(special.iti0k0)
def iti0k0_dot(x, *, x_dot):
    return special.i0(x) * x_dot, special.k0(x) * x_dot


@adjoint(special.it2j0y0)
def it2j0y0(x, *, out_bar):
    """The integrals of (1 - J_0(t)) / t from 0 to x, and of Y_0(t) / t from x on."""
    j_term = 0.0 if out_bar[0] is None else out_bar[0] * (1 - special.j0(x)) / x
    return j_term if out_bar[1] is None else j_term - out_bar[1] * special.y0(x) / x


@tangent(special.it2j0y0)
def it2j0y0_dot(x, *, x_dot):
    return (1 - special.j0(x)) / x * x_dot, -special.y0(x) / x * x_dot


@adjoint(special.it2i0k0)
def it2i0k0(x, *, out_bar):
    """The integrals of (I_0(t) - 1) / t from 0 to x, and of K_0(t) / t from x on."""
    i_term = 0.0 if out_bar[0] is None else out_bar[0] * (special.i0(x) - 1) / x
    return i_term if out_bar[1] is None else i_term - out_bar[1] * special.k0(x) / x


@tangent(special.it2i0k0)
def it2i0k0_dot(x, *, x_dot):
    return (special.i0(x) - 1) / x * x_dot, -special.k0(x) / x * x_dot


# ---------------------------------------------------------------- parabolic cylinder functions
@adjoint(special.pbdv, active=("x",))
def pbdv(v, x, *, out, out_bar):
    """D_v and its slope, of w'' = (x^2 / 4 - v - 1/2) w: DLMF 12.2.4."""
    slope = 0.0 if out_bar[0] is None else out_bar[0] * out[1]
    bar = slope if out_bar[1] is None else slope + out_bar[1] * (x**2 / 4 - v - 0.5) * out[0]
    return unbroadcast(bar, x)


@tangent(special.pbdv)
def pbdv_dot(v, x, *, out, x_dot):
    return out[1] * x_dot, (x**2 / 4 - v - 0.5) * out[0] * x_dot


@adjoint(special.pbvv, active=("x",))
def pbvv(v, x, *, out, out_bar):
    """V_v and its slope, of the same equation."""
    slope = 0.0 if out_bar[0] is None else out_bar[0] * out[1]
    bar = slope if out_bar[1] is None else slope + out_bar[1] * (x**2 / 4 - v - 0.5) * out[0]
    return unbroadcast(bar, x)


@tangent(special.pbvv)
def pbvv_dot(v, x, *, out, x_dot):
    return out[1] * x_dot, (x**2 / 4 - v - 0.5) * out[0] * x_dot


@adjoint(special.pbwa, active=("x",))
def pbwa(a, x, *, out, out_bar):
    """W(a, x) and the slope, of w'' = (a - x^2 / 4) w: DLMF 12.2.3."""
    slope = 0.0 if out_bar[0] is None else out_bar[0] * out[1]
    bar = slope if out_bar[1] is None else slope + out_bar[1] * (a - x**2 / 4) * out[0]
    return unbroadcast(bar, x)


@tangent(special.pbwa)
def pbwa_dot(a, x, *, out, x_dot):
    return out[1] * x_dot, (a - x**2 / 4) * out[0] * x_dot


several(special.airy, special.airye, special.itairy, special.kelvin, results=4)
several(special.itj0y0, special.iti0k0, special.it2j0y0, special.it2i0k0, results=2)
several(special.pbdv, special.pbvv, special.pbwa, results=2)
