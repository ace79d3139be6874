"""Trigonometric functions and their inverses. Derivatives: NIST DLMF 4.20, 4.24."""

import cmath
import math

import numpy as np

from backprose.rules.registry import Form, adjoint, elementwise, tangent


@elementwise(np.sin, math.sin, cmath.sin)
def sin(x):
    return np.cos(x)


@elementwise(np.cos, math.cos, cmath.cos)
def cos(x):
    return -np.sin(x)


@elementwise(np.tan, math.tan, cmath.tan)
def tan(x, out):
    return 1 + out**2


@elementwise(np.arcsin, math.asin)
def arcsin(x):
    """Infinite at -1 and 1."""
    return np.divide(1, np.sqrt(1 - x**2))


@elementwise(np.arccos, math.acos)
def arccos(x):
    """Infinite at -1 and 1."""
    return np.divide(-1, np.sqrt(1 - x**2))


@elementwise(np.arctan, math.atan, cmath.atan)
def arctan(x):
    return 1 / (1 + x**2)


@elementwise(np.arctan2, math.atan2)
def arctan2(x1, x2):
    """The angle of the point (x2, x1); no derivative (nan) at the origin."""
    square = x1**2 + x2**2
    return np.divide(x2, square), np.divide(-x1, square)


@elementwise(np.hypot, math.hypot)
def hypot(x1, x2, out):
    """The unit vector towards (x1, x2); 0 at the origin."""
    length = np.where(out == 0, 1, out)
    return x1 / length, x2 / length


@elementwise(np.sinc)
def sinc(x):
    """From sin(pi x) / (pi x); near 0, where the terms cancel, by its Taylor series."""
    t = np.pi * x
    u = np.where(np.abs(t) < 0.1, 1, t)
    series = -t / 3 * (1 - t**2 / 10 * (1 - t**2 / 28 * (1 - t**2 / 54)))
    return np.pi * np.where(np.abs(t) < 0.1, series, (np.cos(u) - np.sin(u) / u) / u)


@elementwise(np.deg2rad, np.radians, math.radians)
def deg2rad(x):
    return np.pi / 180


@elementwise(np.rad2deg, np.degrees, math.degrees)
def rad2deg(x):
    return 180 / np.pi


@adjoint(Form(math.hypot), active=("coordinates",))
def hypot_of(*coordinates, out, out_bar, index):
    """Of another number of coordinates than two: the unit vector."""
    return out_bar * coordinates[index] / np.where(out == 0, 1, out)


@tangent(Form(math.hypot))
def hypot_of_dot(*coordinates, out, coordinates_dot):
    return np.sum(np.array(coordinates) * np.array(coordinates_dot)) / np.where(out == 0, 1, out)


@adjoint(math.dist)
def dist(p, q, *, out, out_bar, index=None):
    """The unit vector from q to p; 0 where they are the same."""
    ratio = out_bar / np.where(out == 0, 1, out)
    if index is None:
        return (np.asarray(p) - np.asarray(q)) * ratio, (np.asarray(q) - np.asarray(p)) * ratio
    return (p[index] - q[index]) * ratio, (q[index] - p[index]) * ratio


@tangent(math.dist)
def dist_dot(p, q, *, out, p_dot, q_dot):
    unit = (np.asarray(p) - np.asarray(q)) / np.where(out == 0, 1, out)
    return np.sum(unit * np.asarray(p_dot)), -np.sum(unit * np.asarray(q_dot))
