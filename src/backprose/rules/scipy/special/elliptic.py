"""Elliptic integrals and functions. Derivatives: NIST DLMF 19 and 22, in Carlson's symmetric integrals (19.16, 19.25).

Written with R_D they have no difference that is 0 / 0 at m = 0.
"""

import numpy as np
from scipy import special

from backprose.rules.registry import adjoint, elementwise, real_only, several, tangent
from backprose.support import carlson, unbroadcast


@elementwise(special.ellipk)
def ellipk(m):
    """R_F(0, 1 - m, 1), by DLMF 19.18.1."""
    return special.elliprd(0, 1, 1 - m) / 6


@elementwise(special.ellipkm1)
def ellipkm1(p):
    """K(1 - p)."""
    return -special.elliprd(0, 1, p) / 6


@elementwise(special.ellipe)
def ellipe(m):
    """(E - K) / (2 m), DLMF 19.4.2 in m = k^2, by 19.25.1."""
    return -special.elliprd(0, 1 - m, 1) / 6


@elementwise(special.ellipkinc)
def ellipkinc(phi, m):
    """DLMF 19.2.4; in m by 19.25.5 and 19.18.1, of phi less its half turns, each of which adds 2 K(m)."""
    turns = np.round(phi / np.pi)
    s = np.sin(phi - np.pi * turns)
    inside = 1 - m * s**2
    part = s**3 / 6 * special.elliprd(np.cos(phi) ** 2, 1, inside)
    return 1 / np.sqrt(inside), part + turns / 3 * special.elliprd(0, 1, np.where(turns == 0, 1, 1 - m))


@elementwise(special.ellipeinc)
def ellipeinc(phi, m):
    """DLMF 19.2.5; in m (E - F) / (2 m) by 19.25.9, of phi less its half turns, each of which adds 2 E(m)."""
    turns = np.round(phi / np.pi)
    s = np.sin(phi - np.pi * turns)
    inside = 1 - m * s**2
    part = s**3 / 6 * special.elliprd(np.cos(phi) ** 2, inside, 1)
    return np.sqrt(inside), -part - turns / 3 * special.elliprd(0, np.where(turns == 0, 1, 1 - m), 1)


@adjoint(special.ellipj)
def ellipj(u, m, *, out, out_bar):
    """sn, cn, dn and the amplitude ph: DLMF 22.13 in u. As F(ph, m) = u, in m -dn times the slope of F in m."""
    sn = out[0]
    cn = out[1]
    dn = out[2]
    turns = np.round(out[3] / np.pi)
    s = np.sin(out[3] - np.pi * turns)
    part = s**3 / 6 * special.elliprd(cn**2, 1, 1 - m * s**2)
    ph_m = -dn * (part + turns / 3 * special.elliprd(0, 1, np.where(turns == 0, 1, 1 - m)))
    sn_bar = 0.0 if out_bar[0] is None else out_bar[0] * cn
    turn = sn_bar if out_bar[1] is None else sn_bar - out_bar[1] * sn
    ph_bar = turn if out_bar[3] is None else turn + out_bar[3]
    if out_bar[2] is None:
        return unbroadcast(ph_bar * dn, u), unbroadcast(ph_bar * ph_m, m)
    dn_bar = -out_bar[2] * sn / dn
    whole = ph_bar + dn_bar * m * cn
    return unbroadcast(whole * dn, u), unbroadcast(whole * ph_m + dn_bar * sn / 2, m)


@tangent(special.ellipj)
def ellipj_dot(u, m, *, out, u_dot, m_dot):
    sn = out[0]
    cn = out[1]
    dn = out[2]
    turns = np.round(out[3] / np.pi)
    s = np.sin(out[3] - np.pi * turns)
    part = s**3 / 6 * special.elliprd(cn**2, 1, 1 - m * s**2)
    ph_m = -dn * (part + turns / 3 * special.elliprd(0, 1, np.where(turns == 0, 1, 1 - m)))
    ph_dot = dn * u_dot + ph_m * m_dot
    return cn * ph_dot, -sn * ph_dot, -sn / dn * (m * cn * ph_dot + sn / 2 * m_dot), ph_dot


several(special.ellipj, results=4)


# ---------------------------------------------------------------- Carlson's
@elementwise(special.elliprf)
def elliprf(x, y, z):
    """DLMF 19.18.1: -1/6 R_D with the argument at the end."""
    return -special.elliprd(y, z, x) / 6, -special.elliprd(x, z, y) / 6, -special.elliprd(x, y, z) / 6


@elementwise(special.elliprc)
def elliprc(x, y):
    """R_F(x, y, y): DLMF 19.18.1, for y > 0."""
    return -special.elliprd(y, y, x) / 6, -special.elliprd(x, y, y) / 3


@elementwise(special.elliprg)
def elliprg(x, y, z):
    """R_F / 4 - x R_D(y, z, x) / 12, from R_{-1/2}(3/2, 1/2, 1/2) in DLMF 19.18.4 by the integral 19.16.9."""
    whole = special.elliprf(x, y, z) / 4
    x_part = x * special.elliprd(y, z, np.where(x == 0, 1, x)) / 12
    y_part = y * special.elliprd(x, z, np.where(y == 0, 1, y)) / 12
    return whole - x_part, whole - y_part, whole - z * special.elliprd(x, y, np.where(z == 0, 1, z)) / 12


@elementwise(special.elliprd)
def elliprd(x, y, z):
    """Under the integral in DLMF 19.16.5."""
    x_slope = -0.75 * carlson(x, y, z, 1, 1.5, 0.5, 1.5, 0)
    y_slope = -0.75 * carlson(x, y, z, 1, 0.5, 1.5, 1.5, 0)
    return x_slope, y_slope, -2.25 * carlson(x, y, z, 1, 0.5, 0.5, 2.5, 0)


@elementwise(special.elliprj)
def elliprj(x, y, z, p):
    """Under the integral in DLMF 19.16.2."""
    x_slope = -0.75 * carlson(x, y, z, p, 1.5, 0.5, 0.5, 1)
    y_slope = -0.75 * carlson(x, y, z, p, 0.5, 1.5, 0.5, 1)
    z_slope = -0.75 * carlson(x, y, z, p, 0.5, 0.5, 1.5, 1)
    return x_slope, y_slope, z_slope, -1.5 * carlson(x, y, z, p, 0.5, 0.5, 0.5, 2)


real_only(special.elliprd, special.elliprj)


@elementwise(special.agm)
def agm(a, b, out):
    """Pi / (2 R_F(0, a^2, b^2)), from DLMF 19.8.5 and 19.25.1."""
    scale = 2 / (3 * np.pi) * out**2
    return (
        scale * np.abs(a) * special.elliprd(0, b**2, a**2),
        scale * np.abs(b) * special.elliprd(0, a**2, b**2),
    )
