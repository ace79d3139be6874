"""SciPy's interpolants, as far as derivatives pass through them: what is read in the place of SciPy's own.

Where a function makes a ``CubicSpline``, the class of that name here is followed, as one of a user's would be: it holds
the coefficients, of which rules are known, and a call evaluates it. The values are SciPy's.
"""

# mypy: ignore-errors
# read as a user's source is, without annotations

import numpy as np

from backprose.support import (
    akima_coefficients,
    antiderivative_pieces,
    bspline,
    bspline_coefficients,
    cubic_coefficients,
    derivative_pieces,
    grid_values,
    hermite_coefficients,
    integral_of_pieces,
    interpolated,
    interpolation_knots,
    pchip_coefficients,
    piecewise_polynomial,
    radial,
    smooth_grid_values,
    spline_grid_values,
)


class PPoly:
    def __init__(self, c, x, extrapolate=None, axis=0):
        self.keep(c, x, extrapolate, axis)

    def keep(self, c, x, extrapolate, axis):
        self.c = c
        self.x = x
        self.extrapolate = extrapolate
        self.axis = axis
        self.form = "any"  # texts are known where the program is read: the usual calls are short
        if axis == 0 and extrapolate is None:
            self.form = "usual"

    def __call__(self, x, nu=0, extrapolate=None):
        if self.form == "usual":
            if extrapolate is None:
                return piecewise_polynomial(self.c, self.x, x, nu)
            return piecewise_polynomial(self.c, self.x, x, nu, extrapolate)
        if extrapolate is None:
            extrapolate = True if self.extrapolate is None else self.extrapolate
        return piecewise_polynomial(self.c, self.x, x, nu, extrapolate, self.axis)

    def derivative(self, nu=1):
        if self.form == "usual":
            return PPoly(derivative_pieces(self.c, nu), self.x)
        return PPoly(derivative_pieces(self.c, nu), self.x, self.extrapolate, self.axis)

    def antiderivative(self):
        if self.form == "usual":
            return PPoly(antiderivative_pieces(self.c, self.x), self.x)
        extrapolate = False if self.extrapolate == "periodic" else self.extrapolate
        return PPoly(antiderivative_pieces(self.c, self.x), self.x, extrapolate, self.axis)

    def integrate(self, a, b, extrapolate=None):
        if self.form == "usual" and extrapolate is None:
            return integral_of_pieces(self.c, self.x, a, b)
        if extrapolate is None:
            extrapolate = True if self.extrapolate is None else self.extrapolate
        return integral_of_pieces(self.c, self.x, a, b, extrapolate)


class CubicHermiteSpline(PPoly):
    def __init__(self, x, y, dydx, axis=0, extrapolate=None):
        self.keep(hermite_coefficients(x, y, dydx, axis), x, extrapolate, axis)


class CubicSpline(PPoly):
    def __init__(self, x, y, axis=0, bc_type="not-a-knot", extrapolate=None):
        c = cubic_coefficients(x, y, axis, bc_type)
        if extrapolate is None and bc_type == "periodic":
            self.keep(c, x, "periodic", axis)
        else:
            self.keep(c, x, extrapolate, axis)


class PchipInterpolator(PPoly):
    def __init__(self, x, y, axis=0, extrapolate=None):
        self.keep(pchip_coefficients(x, y, axis), x, extrapolate, axis)


class Akima1DInterpolator(PPoly):
    def __init__(self, x, y, axis=0, *, method="akima", extrapolate=None):
        if extrapolate is None:
            self.keep(akima_coefficients(x, y, axis, method), x, False, axis)
        else:
            self.keep(akima_coefficients(x, y, axis, method), x, extrapolate, axis)


class BSpline:
    def __init__(self, t, c, k, extrapolate=True, axis=0):
        self.t = t
        self.c = c
        self.k = k
        self.extrapolate = extrapolate
        self.axis = axis
        self.form = "any"
        if axis == 0 and extrapolate is True:
            self.form = "usual"

    def __call__(self, x, nu=0, extrapolate=None):
        if self.form == "usual":
            if extrapolate is None:
                return bspline(self.t, self.c, self.k, x, nu)
            return bspline(self.t, self.c, self.k, x, nu, extrapolate)
        if extrapolate is None:
            extrapolate = self.extrapolate
        return bspline(self.t, self.c, self.k, x, nu, extrapolate, self.axis)


def make_interp_spline(x, y, k=3, t=None, bc_type=None, axis=0, check_finite=True):
    c = bspline_coefficients(x, y, k, t, bc_type, axis, check_finite)
    return BSpline(interpolation_knots(x, k, t, bc_type), c, k, True, axis)


class interp1d:  # noqa: N801 - SciPy's name
    def __init__(
        self, x, y, kind="linear", axis=-1, copy=True, bounds_error=None, fill_value=np.nan, assume_sorted=False
    ):
        self.x = x
        self.y = y
        if copy:
            self.x = np.array(x)
            self.y = np.array(y)
        self.kind = kind
        self.axis = axis
        self.bounds_error = bounds_error
        self.fill_value = fill_value
        self.assume_sorted = assume_sorted

    def __call__(self, x):
        return interpolated(
            self.x, self.y, x, self.kind, self.axis, self.bounds_error, self.fill_value, self.assume_sorted
        )


def pchip_interpolate(xi, yi, x, der=0, axis=0):
    made = PchipInterpolator(xi, yi, axis)
    if der == 0:
        return made(x)
    return made.derivative(der)(x)


class RegularGridInterpolator:
    def __init__(self, points, values, method="linear", bounds_error=True, fill_value=np.nan):
        self.grid = points
        self.values = values
        self.method = method
        self.bounds_error = bounds_error
        self.fill_value = fill_value

    def __call__(self, xi, method=None):
        if method == "linear" or (method is None and self.method == "linear"):
            return grid_values(self.grid, self.values, xi, "linear", self.bounds_error, self.fill_value)
        if method == "nearest" or (method is None and self.method == "nearest"):
            return grid_values(self.grid, self.values, xi, "nearest", self.bounds_error, self.fill_value)
        if method is None:
            return smooth_grid_values(self.grid, self.values, xi, self.method, self.bounds_error, self.fill_value)
        return smooth_grid_values(self.grid, self.values, xi, method, self.bounds_error, self.fill_value)


def interpn(points, values, xi, method="linear", bounds_error=True, fill_value=np.nan):
    if method == "splinef2d":
        return spline_grid_values(points, values, xi, bounds_error, fill_value)
    return RegularGridInterpolator(points, values, method, bounds_error, fill_value)(xi)


class RBFInterpolator:
    def __init__(self, y, d, neighbors=None, smoothing=0.0, kernel="thin_plate_spline", epsilon=None, degree=None):
        self.y = y
        self.d = d
        self.neighbors = neighbors
        self.smoothing = smoothing
        self.kernel = kernel
        self.epsilon = epsilon
        self.degree = degree

    def __call__(self, x):
        return radial(self.y, self.d, x, self.neighbors, self.smoothing, self.kernel, self.epsilon, self.degree)
