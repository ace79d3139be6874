"""Interpolants. Their values are linear in the values that they are made of, with few exceptions; the derivative of a
polynomial in pieces is one, too (de Boor, "A Practical Guide to Splines", 1978, X).
"""

from contextlib import suppress

import numpy as np
from scipy import interpolate

from backprose import support
from backprose.rules.registry import (
    adjoint,
    constant,
    elementwise,
    linear,
    not_yet,
    put_spline,
    put_stand_in,
    real_only,
    tangent,
    views,
)
from backprose.stand_ins import interpolants
from backprose.support import (
    akima_differences,
    bspline,
    bspline_moves,
    by_axis,
    by_place,
    checked,
    cubic_moves,
    evaluated,
    grid_rows,
    grid_slopes,
    hermite_coefficients,
    interpolated_slopes,
    pchip_ends,
    piecewise_polynomial,
    summed_to,
    unakima_differences,
    unantiderivative_pieces,
    unbspline,
    unbspline_moves,
    unby_axis,
    uncubic,
    ungrid,
    ungrid_rows,
    unhermite,
    uninterpolated,
    unpiecewise,
)

put_spline(interpolate.PPoly, axes=2)
put_spline(interpolate.BSpline, axes=1)


@elementwise(evaluated, active=("x",))
def evaluated_(spline, x, nu=0, extrapolate=None):
    if extrapolate is None:
        return evaluated(spline, x, nu + 1)
    return evaluated(spline, x, nu + 1, extrapolate)


for _name in ("PPoly", "CubicHermiteSpline", "CubicSpline", "PchipInterpolator", "Akima1DInterpolator", "BSpline"):
    put_stand_in(getattr(interpolate, _name), getattr(interpolants, _name))
for _name in ("make_interp_spline", "interp1d", "pchip_interpolate", "interpn"):
    put_stand_in(getattr(interpolate, _name), getattr(interpolants, _name))
for _name in ("RegularGridInterpolator", "RBFInterpolator"):
    put_stand_in(getattr(interpolate, _name), getattr(interpolants, _name))


@linear(support.along_first, constant=("like",))
def along_first(row, like, *, out_bar):
    return summed_to(out_bar, row)


@linear(support.summed_to, constant=("like",))
def summed_to_(values, like, *, out_bar):
    return by_place(np.ones_like(values), out_bar)


@adjoint(support.by_place)
def by_place_(values, factors, *, out_bar):
    return by_place(out_bar, factors), summed_to(out_bar * values, factors)


@tangent(support.by_place)
def by_place_dot(values, factors, *, values_dot, factors_dot):
    return by_place(values_dot, factors), by_place(values, factors_dot)


# ---------------------------------------------------------------- polynomials in pieces
@adjoint(support.piecewise_polynomial, active=("c", "x"))
def piecewise_polynomial_(c, breaks, x, nu=0, extrapolate=True, axis=0, *, out_bar):
    if axis != 0:
        raise NotImplementedError("only along the first axis there is a rule: transpose the values")
    slope = piecewise_polynomial(c, breaks, x, nu + 1, extrapolate)
    x_bar = summed_to(out_bar * slope, x)
    return unpiecewise(out_bar, c, breaks, x, nu, extrapolate), x_bar


@tangent(support.piecewise_polynomial)
def piecewise_polynomial_dot(c, breaks, x, nu=0, extrapolate=True, axis=0, *, c_dot, x_dot):
    if axis != 0:
        raise NotImplementedError("only along the first axis there is a rule: transpose the values")
    x_term = by_place(piecewise_polynomial(c, breaks, x, nu + 1, extrapolate), x_dot)
    return piecewise_polynomial(c_dot, breaks, x, nu, extrapolate), x_term


@adjoint(support.unpiecewise, active=("bar", "x"), constant=("like",))
def unpiecewise_(bar, like, breaks, x, nu=0, extrapolate=True, *, out_bar):
    slope = piecewise_polynomial(out_bar, breaks, x, nu + 1, extrapolate)
    x_bar = summed_to(bar * slope, x)
    return piecewise_polynomial(out_bar, breaks, x, nu, extrapolate), x_bar


@tangent(support.unpiecewise)
def unpiecewise_dot(bar, like, breaks, x, nu=0, extrapolate=True, *, bar_dot, x_dot):
    x_term = unpiecewise(by_place(bar, x_dot), like, breaks, x, nu + 1, extrapolate)
    return unpiecewise(bar_dot, like, breaks, x, nu, extrapolate), x_term


@linear(support.derivative_pieces)
def derivative_pieces(c, nu=1, *, out_bar):
    return support.underivative_pieces(out_bar, c, nu)


@linear(support.underivative_pieces, constant=("like",))
def underivative_pieces(bar, like, nu=1, *, out_bar):
    return support.derivative_pieces(out_bar, nu)


@linear(support.antiderivative_pieces)
def antiderivative_pieces_(c, breaks, *, out_bar):
    return unantiderivative_pieces(out_bar, c, breaks)


@linear(support.unantiderivative_pieces, constant=("like",))
def unantiderivative_pieces_(bar, like, breaks, *, out_bar):
    return support.antiderivative_pieces(out_bar, breaks)


@adjoint(support.integral_of_pieces, active=("c", "a", "b"))
def integral_of_pieces(c, breaks, a, b, extrapolate=True, *, out_bar):
    """The difference of the antiderivative, and the values at both ends."""
    once = checked(out_bar, extrapolate != "periodic", "over periods the integral has no rule in the coefficients")
    anti = support.antiderivative_pieces(c, breaks)
    ends = unpiecewise(once, anti, breaks, b) - unpiecewise(once, anti, breaks, a)
    b_bar = np.sum(out_bar * piecewise_polynomial(c, breaks, b, 0, extrapolate))
    a_bar = -np.sum(out_bar * piecewise_polynomial(c, breaks, a, 0, extrapolate))
    return unantiderivative_pieces(ends, c, breaks), a_bar, b_bar


@tangent(support.integral_of_pieces)
def integral_of_pieces_dot(c, breaks, a, b, extrapolate=True, *, c_dot, a_dot, b_dot):
    a_term = -piecewise_polynomial(c, breaks, a, 0, extrapolate) * a_dot
    b_term = piecewise_polynomial(c, breaks, b, 0, extrapolate) * b_dot
    return support.integral_of_pieces(c_dot, breaks, a, b, extrapolate), a_term, b_term


# ---------------------------------------------------------------- their coefficients
@linear(support.hermite_coefficients, active=("y", "dydx"))
def hermite_coefficients_(x, y, dydx, axis=0, *, out_bar):
    if axis != 0:
        raise NotImplementedError("only along the first axis there is a rule: transpose the values")
    both = unhermite(out_bar, x, y)
    return both[0], both[1]


@linear(support.unhermite, constant=("like",))
def unhermite_(bar, x, like, *, out_bar):
    return hermite_coefficients(x, out_bar[0], out_bar[1])


@adjoint(support.cubic_coefficients, active=("y",))
def cubic_coefficients(x, y, axis=0, bc_type="not-a-knot", *, out_bar):
    """Linear in the values, of which a linear system gives the slopes (de Boor, 1978, IV)."""
    if axis != 0:
        raise NotImplementedError("only along the first axis there is a rule: transpose the values")
    if isinstance(bc_type, str) and bc_type == "periodic":
        raise NotImplementedError("of a periodic spline the first value and the last are one: it has no rule")
    return uncubic(out_bar, x, y, bc_type)


@tangent(support.cubic_coefficients)
def cubic_coefficients_dot(x, y, axis=0, bc_type="not-a-knot", *, y_dot):
    if axis != 0:
        raise NotImplementedError("only along the first axis there is a rule: transpose the values")
    if isinstance(bc_type, str) and bc_type == "periodic":
        raise NotImplementedError("of a periodic spline the first value and the last are one: it has no rule")
    return cubic_moves(x, y_dot, bc_type)


@linear(support.cubic_moves, active=("y",))
def cubic_moves_(x, y, bc_type="not-a-knot", *, out_bar):
    return uncubic(out_bar, x, y, bc_type)


@linear(support.uncubic, constant=("like",))
def uncubic_(bar, x, like, bc_type="not-a-knot", *, out_bar):
    return cubic_moves(x, out_bar, bc_type)


@adjoint(support.pchip_coefficients, active=("y",))
def pchip_coefficients(x, y, axis=0, *, out, out_bar):
    """The slopes are harmonic means of differences (Fritsch and Butland, "A method for constructing local monotone
    piecewise cubic interpolants", 1984): 0 where these have not the same sign.
    """
    if axis != 0:
        raise NotImplementedError("only along the first axis there is a rule: transpose the values")
    h = support.along_first(np.diff(x), y)
    m = np.diff(y, axis=0) / h
    w = (2 * h[1:] + h[:-1]) / (3 * (h[1:] + h[:-1]))
    same = m[1:] * m[:-1] > 0
    square = out[2][1:] ** 2
    ends = pchip_ends(x, y)
    none = np.zeros_like(m[:1])
    left = np.where(same, square * w / np.where(same, m[:-1], 1) ** 2, 0)
    right = np.where(same, square * (1 - w) / np.where(same, m[1:], 1) ** 2, 0)
    of_before = np.concatenate((none, left, ends[1, :1]))
    of_after = np.concatenate((ends[0, :1], right, none))
    k = support.along_first(np.arange(len(h)), y)
    both = unhermite(out_bar, x, y)
    bar = both[1]
    beside = np.where(k == 1, ends[0, 1] * bar[0], 0) + np.where(k == len(h) - 2, ends[1, 1] * bar[-1], 0)
    m_bar = (of_before[1:] * bar[1:] + of_after[:-1] * bar[:-1] + beside) / h
    return both[0] + np.concatenate((-m_bar[:1], -np.diff(m_bar, axis=0), m_bar[-1:]))


@tangent(support.pchip_coefficients)
def pchip_coefficients_dot(x, y, axis=0, *, out, y_dot):
    if axis != 0:
        raise NotImplementedError("only along the first axis there is a rule: transpose the values")
    h = support.along_first(np.diff(x), y)
    m = np.diff(y, axis=0) / h
    w = (2 * h[1:] + h[:-1]) / (3 * (h[1:] + h[:-1]))
    same = m[1:] * m[:-1] > 0
    square = out[2][1:] ** 2
    ends = pchip_ends(x, y)
    none = np.zeros_like(m[:1])
    left = np.where(same, square * w / np.where(same, m[:-1], 1) ** 2, 0)
    right = np.where(same, square * (1 - w) / np.where(same, m[1:], 1) ** 2, 0)
    moved = np.diff(y_dot, axis=0) / h
    first = ends[0, 0] * moved[0] + ends[0, 1] * moved[np.minimum(1, len(h) - 1)]
    last = ends[1, 0] * moved[-1] + ends[1, 1] * moved[np.maximum(len(h) - 2, 0)]
    inner = left * moved[:-1] + right * moved[1:]
    slopes_dot = np.concatenate((first[np.newaxis] + none, inner, last[np.newaxis] + none))
    return hermite_coefficients(x, y_dot, slopes_dot)


@adjoint(support.akima_coefficients, active=("y",))
def akima_coefficients(x, y, axis=0, method="akima", *, out_bar):
    """The slopes are means of two differences, weighted by how much those beside them turn (Akima, "A new method of
    interpolation and smooth curve fitting", 1970).
    """
    if axis != 0:
        raise NotImplementedError("only along the first axis there is a rule: transpose the values")
    h = support.along_first(np.diff(x), y)
    m = akima_differences(np.diff(y, axis=0) / h)
    share = 0.5 if method == "makima" else 0.0
    turn = np.sign(np.diff(m, axis=0))
    lean = share * np.sign(m[1:] + m[:-1])
    weights = np.abs(np.diff(m, axis=0)) + share * np.abs(m[1:] + m[:-1])
    total = weights[2:] + weights[:-2]
    known = total > 1e-9 * np.max(total)
    part = np.where(known, (m[2:-1] - m[1:-2]) / np.where(known, total, 1) ** 2, 0)
    f = np.where(known, weights[:-2] / np.where(known, total, 1), 0)
    rest = np.where(known, 0, 0.5)
    both = unhermite(out_bar, x, y)
    bar = both[1]
    none = np.zeros_like(m[:1])
    on_0 = bar * (part * weights[2:] * (lean - turn)[:-2] + rest)
    on_1 = bar * (np.where(known, 1 - f, 0) + part * weights[2:] * (lean + turn)[:-2])
    on_2 = bar * (f - part * weights[:-2] * (lean - turn)[2:])
    on_3 = bar * (rest - part * weights[:-2] * (lean + turn)[2:])
    low = np.concatenate((on_0, none, none, none)) + np.concatenate((none, on_1, none, none))
    high = np.concatenate((none, none, on_2, none)) + np.concatenate((none, none, none, on_3))
    m_bar = unakima_differences(low + high) / h
    return both[0] + np.concatenate((-m_bar[:1], -np.diff(m_bar, axis=0), m_bar[-1:]))


@tangent(support.akima_coefficients)
def akima_coefficients_dot(x, y, axis=0, method="akima", *, y_dot):
    if axis != 0:
        raise NotImplementedError("only along the first axis there is a rule: transpose the values")
    h = support.along_first(np.diff(x), y)
    m = akima_differences(np.diff(y, axis=0) / h)
    moved = akima_differences(np.diff(y_dot, axis=0) / h)
    share = 0.5 if method == "makima" else 0.0
    weights = np.abs(np.diff(m, axis=0)) + share * np.abs(m[1:] + m[:-1])
    lean = share * np.sign(m[1:] + m[:-1])
    weights_dot = np.sign(np.diff(m, axis=0)) * np.diff(moved, axis=0) + lean * (moved[1:] + moved[:-1])
    total = weights[2:] + weights[:-2]
    known = total > 1e-9 * np.max(total)
    some = np.where(known, total, 1)
    f_dot = (weights_dot[:-2] * weights[2:] - weights[:-2] * weights_dot[2:]) / some**2
    turned = moved[1:-2] + f_dot * (m[2:-1] - m[1:-2]) + weights[:-2] / some * (moved[2:-1] - moved[1:-2])
    return hermite_coefficients(x, y_dot, np.where(known, turned, (moved[3:] + moved[:-3]) / 2))


@linear(support.akima_differences)
def akima_differences_(m, *, out_bar):
    return unakima_differences(out_bar)


@linear(support.unakima_differences)
def unakima_differences_(bar, *, out_bar):
    return akima_differences(out_bar)


# ---------------------------------------------------------------- B-splines
@adjoint(support.bspline, active=("c", "x"))
def bspline_(t, c, k, x, nu=0, extrapolate=True, axis=0, *, out_bar):
    if axis != 0:
        raise NotImplementedError("only along the first axis there is a rule: transpose the values")
    x_bar = summed_to(out_bar * bspline(t, c, k, x, nu + 1, extrapolate), x)
    return unbspline(out_bar, t, c, k, x, nu, extrapolate), x_bar


@tangent(support.bspline)
def bspline_dot(t, c, k, x, nu=0, extrapolate=True, axis=0, *, c_dot, x_dot):
    if axis != 0:
        raise NotImplementedError("only along the first axis there is a rule: transpose the values")
    return bspline(t, c_dot, k, x, nu, extrapolate), by_place(bspline(t, c, k, x, nu + 1, extrapolate), x_dot)


@adjoint(support.unbspline, active=("bar", "x"), constant=("like",))
def unbspline_(bar, t, like, k, x, nu=0, extrapolate=True, *, out_bar):
    x_bar = summed_to(bar * bspline(t, out_bar, k, x, nu + 1, extrapolate), x)
    return bspline(t, out_bar, k, x, nu, extrapolate), x_bar


@tangent(support.unbspline)
def unbspline_dot(bar, t, like, k, x, nu=0, extrapolate=True, *, bar_dot, x_dot):
    x_term = unbspline(by_place(bar, x_dot), t, like, k, x, nu + 1, extrapolate)
    return unbspline(bar_dot, t, like, k, x, nu, extrapolate), x_term


@adjoint(support.bspline_coefficients, active=("y",))
def bspline_coefficients(x, y, k=3, t=None, bc_type=None, axis=0, check_finite=True, *, out_bar):
    """Linear in the values (de Boor, 1978, XIII)."""
    if axis != 0:
        raise NotImplementedError("only along the first axis there is a rule: transpose the values")
    if isinstance(bc_type, str) and bc_type == "periodic":
        raise NotImplementedError("of a periodic spline the first value and the last are one: it has no rule")
    return unbspline_moves(out_bar, x, y, k, t, bc_type)


@tangent(support.bspline_coefficients)
def bspline_coefficients_dot(x, y, k=3, t=None, bc_type=None, axis=0, check_finite=True, *, y_dot):
    if axis != 0:
        raise NotImplementedError("only along the first axis there is a rule: transpose the values")
    if isinstance(bc_type, str) and bc_type == "periodic":
        raise NotImplementedError("of a periodic spline the first value and the last are one: it has no rule")
    return bspline_moves(x, y_dot, k, t, bc_type)


@linear(support.bspline_moves, active=("y",))
def bspline_moves_(x, y, k=3, t=None, bc_type=None, *, out_bar):
    return unbspline_moves(out_bar, x, y, k, t, bc_type)


@linear(support.unbspline_moves, constant=("like",))
def unbspline_moves_(bar, x, like, k=3, t=None, bc_type=None, *, out_bar):
    return bspline_moves(x, out_bar, k, t, bc_type)


# ---------------------------------------------------------------- interp1d
@adjoint(support.interpolated, active=("y", "place"))
def interpolated(x, y, place, kind, axis, bounds_error, fill_value, assume_sorted, *, out_bar):
    """At a place of a value the slope is that of the piece before it; outside, where a value is filled in, 0."""
    if np.ndim(y) != 1:
        raise NotImplementedError("of values with several axes: write make_interp_spline, which has a rule")
    beyond = isinstance(fill_value, str)
    y_bar = uninterpolated(out_bar, x, y, place, kind, beyond)
    return y_bar, interpolated_slopes(x, y, place, kind, beyond, 1) * out_bar


@tangent(support.interpolated)
def interpolated_dot(x, y, place, kind, axis, bounds_error, fill_value, assume_sorted, *, y_dot, place_dot):
    if np.ndim(y) != 1:
        raise NotImplementedError("of values with several axes: write make_interp_spline, which has a rule")
    beyond = isinstance(fill_value, str)
    y_term = interpolated_slopes(x, y_dot, place, kind, beyond)
    return y_term, interpolated_slopes(x, y, place, kind, beyond, 1) * place_dot


@adjoint(support.interpolated_slopes, active=("y", "place"))
def interpolated_slopes_(x, y, place, kind="linear", beyond=False, nu=0, *, out_bar):
    slope = interpolated_slopes(x, y, place, kind, beyond, nu + 1)
    place_bar = summed_to(out_bar * slope, place)
    return uninterpolated(out_bar, x, y, place, kind, beyond, nu), place_bar


@tangent(support.interpolated_slopes)
def interpolated_slopes_dot(x, y, place, kind="linear", beyond=False, nu=0, *, y_dot, place_dot):
    place_term = by_place(interpolated_slopes(x, y, place, kind, beyond, nu + 1), place_dot)
    return interpolated_slopes(x, y_dot, place, kind, beyond, nu), place_term


@adjoint(support.uninterpolated, active=("bar", "place"), constant=("like",))
def uninterpolated_(bar, x, like, place, kind="linear", beyond=False, nu=0, *, out_bar):
    slope = interpolated_slopes(x, out_bar, place, kind, beyond, nu + 1)
    place_bar = summed_to(bar * slope, place)
    return interpolated_slopes(x, out_bar, place, kind, beyond, nu), place_bar


@tangent(support.uninterpolated)
def uninterpolated_dot(bar, x, like, place, kind="linear", beyond=False, nu=0, *, bar_dot, place_dot):
    place_term = uninterpolated(by_place(bar, place_dot), x, like, place, kind, beyond, nu + 1)
    return uninterpolated(bar_dot, x, like, place, kind, beyond, nu), place_term


# ---------------------------------------------------------------- one polynomial through all points
@adjoint(interpolate.barycentric_interpolate, active=("yi", "x"))
def barycentric_interpolate(xi, yi, x, axis=0, *, der=0, out_bar):
    """Lagrange's polynomial: Berrut and Trefethen, "Barycentric Lagrange interpolation" (2004)."""
    if axis != 0:
        raise NotImplementedError("only along the first axis there is a rule: transpose the values")
    slope = interpolate.barycentric_interpolate(xi, yi, x, der=der + 1)
    return support.unbarycentric(out_bar, xi, yi, x, der), summed_to(out_bar * slope, x)


@tangent(interpolate.barycentric_interpolate)
def barycentric_interpolate_dot(xi, yi, x, axis=0, *, der=0, yi_dot, x_dot):
    if axis != 0:
        raise NotImplementedError("only along the first axis there is a rule: transpose the values")
    x_term = by_place(interpolate.barycentric_interpolate(xi, yi, x, der=der + 1), x_dot)
    return interpolate.barycentric_interpolate(xi, yi_dot, x, der=der), x_term


@adjoint(support.unbarycentric, active=("bar", "x"), constant=("like",))
def unbarycentric(bar, xi, like, x, der=0, *, out_bar):
    slope = interpolate.barycentric_interpolate(xi, out_bar, x, der=der + 1)
    return interpolate.barycentric_interpolate(xi, out_bar, x, der=der), summed_to(bar * slope, x)


@tangent(support.unbarycentric)
def unbarycentric_dot(bar, xi, like, x, der=0, *, bar_dot, x_dot):
    x_term = support.unbarycentric(by_place(bar, x_dot), xi, like, x, der + 1)
    return support.unbarycentric(bar_dot, xi, like, x, der), x_term


@adjoint(interpolate.krogh_interpolate, active=("yi", "x"))
def krogh_interpolate(xi, yi, x, der=0, axis=0, *, out_bar):
    """The same polynomial, by divided differences; points that are repeated have slopes for values."""
    if axis != 0:
        raise NotImplementedError("only along the first axis there is a rule: transpose the values")
    slope = interpolate.krogh_interpolate(xi, yi, x, der + 1)
    return support.unkrogh(out_bar, xi, yi, x, der), summed_to(out_bar * slope, x)


@tangent(interpolate.krogh_interpolate)
def krogh_interpolate_dot(xi, yi, x, der=0, axis=0, *, yi_dot, x_dot):
    if axis != 0:
        raise NotImplementedError("only along the first axis there is a rule: transpose the values")
    x_term = by_place(interpolate.krogh_interpolate(xi, yi, x, der + 1), x_dot)
    return interpolate.krogh_interpolate(xi, yi_dot, x, der), x_term


@adjoint(support.unkrogh, active=("bar", "x"), constant=("like",))
def unkrogh(bar, xi, like, x, der=0, *, out_bar):
    slope = interpolate.krogh_interpolate(xi, out_bar, x, der + 1)
    return interpolate.krogh_interpolate(xi, out_bar, x, der), summed_to(bar * slope, x)


@tangent(support.unkrogh)
def unkrogh_dot(bar, xi, like, x, der=0, *, bar_dot, x_dot):
    x_term = support.unkrogh(by_place(bar, x_dot), xi, like, x, der + 1)
    return support.unkrogh(bar_dot, xi, like, x, der), x_term


@linear(support.radial, active=("d",))
def radial(y, d, x, neighbors=None, smoothing=0.0, kernel="thin_plate_spline", epsilon=None, degree=None, *, out_bar):
    """A sum of radial functions whose weights solve a linear system (Fasshauer, "Meshfree Approximation Methods with
    Matlab", 2007, 6).
    """
    return support.unradial(out_bar, y, d, x, neighbors, smoothing, kernel, epsilon, degree)


@linear(support.unradial, constant=("like",))
def unradial(
    bar, y, like, x, neighbors=None, smoothing=0.0, kernel="thin_plate_spline", epsilon=None, degree=None, *, out_bar
):
    return support.radial(y, out_bar, x, neighbors, smoothing, kernel, epsilon, degree)


# ---------------------------------------------------------------- on a grid
@adjoint(support.grid_values, active=("values", "xi"))
def grid_values(points, values, xi, method, bounds_error, fill_value, *, out_bar):
    """Products of the shares along each axis (Press et al., "Numerical Recipes", 3rd ed., 3.6); at a point of the grid
    the slopes are those of the cell that begins there.
    """
    beyond = fill_value is None
    slopes = grid_slopes(points, values, xi, method, beyond, 1)
    rows = grid_rows(out_bar, slopes)
    xi_bar = np.reshape(summed_to(rows * slopes, np.reshape(xi, (-1, len(points)))), np.shape(xi))
    return ungrid(rows, points, values, xi, method, beyond), xi_bar


@tangent(support.grid_values)
def grid_values_dot(points, values, xi, method, bounds_error, fill_value, *, out, values_dot, xi_dot):
    beyond = fill_value is None
    values_term = grid_slopes(points, values_dot, xi, method, beyond)
    slopes = grid_slopes(points, values, xi, method, beyond, 1)
    xi_term = np.sum(by_place(slopes, np.reshape(xi_dot, (-1, len(points)))), axis=1)
    return ungrid_rows(values_term, out), ungrid_rows(xi_term, out)


@linear(support.grid_rows, constant=("slopes",))
def grid_rows_(bar, slopes, *, out_bar):
    return ungrid_rows(out_bar, bar)


@linear(support.ungrid_rows, constant=("like",))
def ungrid_rows_(rows, like, *, out_bar):
    return np.reshape(out_bar, np.shape(rows))


@linear(support.by_axis)
def by_axis_(slopes, count, *, out_bar):
    return unby_axis(out_bar)


@linear(support.unby_axis)
def unby_axis_(apart, *, out_bar):
    return by_axis(out_bar, np.shape(apart)[1])


@adjoint(support.grid_slopes, active=("values", "xi"))
def grid_slopes_(points, values, xi, method, beyond, order=0, *, out_bar):
    each = by_axis(grid_slopes(points, values, xi, method, beyond, order + 1), len(points))
    along = summed_to(each * out_bar[:, np.newaxis], np.reshape(xi, (-1, len(points))))
    return ungrid(out_bar, points, values, xi, method, beyond, order), np.reshape(along, np.shape(xi))


@tangent(support.grid_slopes)
def grid_slopes_dot(points, values, xi, method, beyond, order=0, *, values_dot, xi_dot):
    each = by_axis(grid_slopes(points, values, xi, method, beyond, order + 1), len(points))
    xi_term = np.sum(by_place(each, np.reshape(xi_dot, (-1, len(points)))), axis=1)
    return grid_slopes(points, values_dot, xi, method, beyond, order), xi_term


@adjoint(support.ungrid, active=("bar", "xi"), constant=("like",))
def ungrid_(bar, points, like, xi, method, beyond, order=0, *, out_bar):
    each = by_axis(grid_slopes(points, out_bar, xi, method, beyond, order + 1), len(points))
    along = summed_to(each * bar[:, np.newaxis], np.reshape(xi, (-1, len(points))))
    return grid_slopes(points, out_bar, xi, method, beyond, order), np.reshape(along, np.shape(xi))


@tangent(support.ungrid)
def ungrid_dot(bar, points, like, xi, method, beyond, order=0, *, bar_dot, xi_dot):
    each = np.repeat(bar[:, np.newaxis], len(points), axis=1)
    moved = unby_axis(by_place(each, np.reshape(xi_dot, (-1, len(points)))))
    xi_term = ungrid(moved, points, like, xi, method, beyond, order + 1)
    return ungrid(bar_dot, points, like, xi, method, beyond, order), xi_term


not_yet(
    support.smooth_grid_values, support.spline_grid_values, reason="of the methods 'linear' and 'nearest' have a rule"
)
views(support.along_first, support.grid_rows, support.ungrid_rows, support.by_axis, support.unby_axis)
views(support.bspline_coefficients, support.bspline_moves, of_any=True)  # of degree 1 the values themselves
constant(support.pchip_ends, reason="constant in steps")
not_yet(support.interpolation_knots, reason="nobody has written the derivative with respect to the places")
real_only(
    support.piecewise_polynomial, support.unpiecewise, support.hermite_coefficients, support.unhermite,
    support.cubic_coefficients, support.cubic_moves, support.uncubic, support.pchip_coefficients,
    support.akima_coefficients, support.bspline, support.unbspline, support.bspline_coefficients,
    support.bspline_moves, support.unbspline_moves, support.interpolated, support.interpolated_slopes,
    support.uninterpolated, support.derivative_pieces, support.underivative_pieces, support.antiderivative_pieces,
    support.unantiderivative_pieces, support.integral_of_pieces,
    interpolate.barycentric_interpolate, interpolate.krogh_interpolate, support.unbarycentric, support.unkrogh,
    support.radial, support.unradial, support.grid_values, support.grid_slopes, support.ungrid,
)  # fmt: skip

for _name in ("approximate_taylor_polynomial", "pade"):
    not_yet(getattr(interpolate, _name), reason="its derivative with respect to the places and values is not written")
for _name in (
    *("bisplev", "bisplrep", "griddata", "insert", "lagrange", "make_lsq_spline", "make_smoothing_spline"),
    *("make_splrep", "make_splprep", "generate_knots", "spalde", "splantider", "splder", "splev", "splint", "splprep"),
    *("splrep", "sproot"),
):
    with suppress(AttributeError):
        not_yet(
            getattr(interpolate, _name),
            reason="CubicSpline, make_interp_spline and BSpline have derivatives; so have splines made outside",
        )
