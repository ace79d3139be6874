"""Splines, grids and radial functions, and their transposes."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np


def along_first(row: Any, like: Any) -> Any:
    """A row with as many axes of length 1 behind it as ``like`` has more."""
    return np.reshape(row, (-1,) + (1,) * (np.ndim(like) - 1))


def summed_to(values: Any, like: Any) -> Any:
    """The sums over the last axes, those beyond the axes of ``like``."""
    return np.sum(values, axis=tuple(range(np.ndim(like), np.ndim(values))))


def by_place(values: Any, factors: Any) -> Any:
    """The products of values with a factor for each place: of as many axes, the first ones."""
    return values * np.reshape(factors, np.shape(factors) + (1,) * (np.ndim(values) - np.ndim(factors)))


def piecewise_polynomial(c: Any, breaks: Any, x: Any, nu: int = 0, extrapolate: Any = True, axis: int = 0) -> Any:
    """A derivative of ``scipy.interpolate.PPoly(c, breaks, extrapolate, axis)``."""
    from scipy import interpolate

    return interpolate.PPoly(c, breaks, extrapolate, axis)(x, nu)


def unpiecewise(bar: Any, like: Any, breaks: Any, x: Any, nu: int = 0, extrapolate: Any = True) -> Any:
    """The transpose of ``piecewise_polynomial(like, breaks, x, nu, extrapolate)``: to each piece powers of places."""
    order, pieces = np.shape(like)[:2]
    breaks, places = np.asarray(breaks), np.ravel(x)
    rows = np.reshape(bar, (np.size(x), *np.shape(like)[2:]))
    if extrapolate == "periodic":
        places = breaks[0] + (places - breaks[0]) % (breaks[-1] - breaks[0])
    elif not extrapolate:
        inside = (places >= breaks[0]) & (places <= breaks[-1])
        places, rows = places[inside], rows[inside]
    piece = np.clip(np.searchsorted(breaks, places, "right") - 1, 0, pieces - 1)
    away = places - breaks[piece]
    total = np.zeros(np.shape(like), np.result_type(rows))
    for power in range(nu, order):
        factor = math.perm(power, nu) * away ** (power - nu)
        np.add.at(total[order - 1 - power], piece, np.reshape(factor, (-1,) + (1,) * (rows.ndim - 1)) * rows)
    return total


def derivative_pieces(c: Any, nu: int = 1) -> Any:
    """The coefficients of a derivative of a polynomial in pieces."""
    from scipy import interpolate

    return interpolate.PPoly(c, np.arange(np.shape(c)[1] + 1.0)).derivative(nu).c


def underivative_pieces(bar: Any, like: Any, nu: int = 1) -> Any:
    """The transpose of ``derivative_pieces(like, nu)``."""
    total = np.zeros(np.shape(like), np.result_type(bar))
    if len(like) > nu:
        factors = np.array([math.perm(power, nu) for power in range(len(like) - 1, nu - 1, -1)], float)
        total[: len(like) - nu] = bar * np.reshape(factors, (-1,) + (1,) * (np.ndim(bar) - 1))
    return total


def antiderivative_pieces(c: Any, breaks: Any) -> Any:
    """The coefficients of the antiderivative of a polynomial in pieces, which is 0 at the first break."""
    from scipy import interpolate

    return interpolate.PPoly(c, breaks).antiderivative().c


def unantiderivative_pieces(bar: Any, like: Any, breaks: Any) -> Any:
    """The transpose of ``antiderivative_pieces(like, breaks)``: what a piece adds is in all after it."""
    order, rest = len(like), (1,) * (np.ndim(like) - 2)
    powers = np.reshape(np.arange(order, 0, -1), (-1, 1, *rest))
    widths = np.reshape(np.diff(breaks), (1, -1, *rest))
    after = np.zeros(np.shape(like)[1:], np.result_type(bar))
    after[:-1] = np.cumsum(bar[-1][:0:-1], axis=0)[::-1]
    return (bar[:-1] + widths**powers * after) / powers


def integral_of_pieces(c: Any, breaks: Any, a: Any, b: Any, extrapolate: Any = True) -> Any:
    """The integral of a polynomial in pieces from ``a`` to ``b``."""
    from scipy import interpolate

    return interpolate.PPoly(c, breaks, extrapolate).integrate(a, b)


def hermite_coefficients(x: Any, y: Any, dydx: Any, axis: int = 0) -> Any:
    """The coefficients of ``scipy.interpolate.CubicHermiteSpline(x, y, dydx, axis)``."""
    from scipy import interpolate

    return interpolate.CubicHermiteSpline(x, y, dydx, axis).c


def unhermite(bar: Any, x: Any, like: Any) -> Any:
    """The transpose of ``hermite_coefficients(x, like, like)``: for the values and for the slopes, stacked."""
    h = np.reshape(np.diff(x), (-1,) + (1,) * (np.ndim(like) - 1))
    total = np.zeros((2, *np.shape(like)), np.result_type(bar))
    mean_bar = 3 * bar[1] / h - 2 * bar[0] / h**2
    total[0, :-1] += bar[3] - mean_bar / h
    total[0, 1:] += mean_bar / h
    total[1, :-1] += bar[2] + bar[0] / h**2 - 2 * bar[1] / h
    total[1, 1:] += bar[0] / h**2 - bar[1] / h
    return total


def cubic_coefficients(x: Any, y: Any, axis: int = 0, bc_type: Any = "not-a-knot") -> Any:
    """The coefficients of ``scipy.interpolate.CubicSpline(x, y, axis, bc_type)``."""
    from scipy import interpolate

    return interpolate.CubicSpline(x, y, axis, bc_type).c


def _of_zeros(bc_type: Any, rest: tuple[int, ...]) -> Any:
    """Conditions at the ends of a spline, with the values that they ask for set to 0."""
    if isinstance(bc_type, str) or bc_type is None:
        return bc_type
    if len(bc_type) == 2 and isinstance(bc_type[0], int):
        return (bc_type[0], np.zeros(rest))
    return tuple(_of_zeros(one, rest) for one in bc_type)


def cubic_moves(x: Any, y: Any, bc_type: Any = "not-a-knot") -> Any:
    """As ``cubic_coefficients``, where the conditions at the ends ask for 0: what is linear in ``y``."""
    from scipy import interpolate

    return interpolate.CubicSpline(x, y, 0, _of_zeros(bc_type, np.shape(y)[1:])).c


def uncubic(bar: Any, x: Any, like: Any, bc_type: Any = "not-a-knot") -> Any:
    """The transpose of ``cubic_moves(x, like, bc_type)``."""
    return np.tensordot(cubic_moves(x, np.eye(len(like)), bc_type), bar, ([0, 1], [0, 1]))


def pchip_coefficients(x: Any, y: Any, axis: int = 0) -> Any:
    """The coefficients of ``scipy.interpolate.PchipInterpolator(x, y, axis)``."""
    from scipy import interpolate

    return interpolate.PchipInterpolator(x, y, axis).c


def pchip_ends(x: Any, y: Any) -> Any:
    """How the first slope of a PCHIP goes with the first two differences, and the last one with the last two.

    Moler, "Numerical Computing with MATLAB" (2004), 3.6: by a parabola through three points, or three times the first
    difference where that would not keep the shape, or 0.
    """
    h = np.reshape(np.diff(x), (-1,) + (1,) * (np.ndim(y) - 1))
    m = np.diff(y, axis=0) / h
    if len(m) == 1:
        one = np.ones_like(m[0])
        return np.array([[one, 0 * one], [one, 0 * one]])
    made = []
    for h0, h1, m0, m1 in ((h[0], h[1], m[0], m[1]), (h[-1], h[-2], m[-1], m[-2])):
        own, other = (2 * h0 + h1) / (h0 + h1), -h0 / (h0 + h1)
        slope = own * m0 + other * m1
        turns = np.sign(slope) != np.sign(m0)
        steep = (np.sign(m0) != np.sign(m1)) & (np.abs(slope) > 3 * np.abs(m0))
        plain = ~(turns | steep)
        made.append([np.where(turns, 0, np.where(steep, 3, own)), np.where(plain, other, 0)])
    return np.array(made)


def akima_coefficients(x: Any, y: Any, axis: int = 0, method: Any = "akima") -> Any:
    """The coefficients of ``scipy.interpolate.Akima1DInterpolator(x, y, axis, method=method)``."""
    from scipy import interpolate

    return interpolate.Akima1DInterpolator(x, y, axis, method=method).c


def akima_differences(m: Any) -> Any:
    """Differences with two more at each end, which go on in a line, as Akima has them."""
    second, beside = m[min(1, len(m) - 1)], m[max(len(m) - 2, 0)]
    before = [3 * m[0] - 2 * second, 2 * m[0] - second]
    return np.concatenate((before, m, [2 * m[-1] - beside, 3 * m[-1] - 2 * beside]))


def unakima_differences(bar: Any) -> Any:
    """The transpose of ``akima_differences``."""
    total = np.array(bar[2:-2])
    total[0] += 3 * bar[0] + 2 * bar[1]
    total[min(1, len(total) - 1)] -= 2 * bar[0] + bar[1]
    total[-1] += 2 * bar[-2] + 3 * bar[-1]
    total[max(len(total) - 2, 0)] -= bar[-2] + 2 * bar[-1]
    return total


def bspline(t: Any, c: Any, k: int, x: Any, nu: int = 0, extrapolate: Any = True, axis: int = 0) -> Any:
    """A derivative of ``scipy.interpolate.BSpline(t, c, k, extrapolate, axis)``."""
    from scipy import interpolate

    return interpolate.BSpline(t, c, k, extrapolate, axis)(x, min(nu, k + 1))  # beyond, SciPy 1.13 leaves its memory


def unbspline(bar: Any, t: Any, like: Any, k: int, x: Any, nu: int = 0, extrapolate: Any = True) -> Any:
    """The transpose of ``bspline(t, like, k, x, nu, extrapolate)``."""
    from scipy import interpolate

    each = np.nan_to_num(interpolate.BSpline(t, np.eye(len(like)), k, extrapolate)(np.ravel(x), min(nu, k + 1)))
    return np.tensordot(each, np.reshape(bar, (np.size(x), *np.shape(like)[1:])), ([0], [0]))


def interpolation_knots(x: Any, k: int = 3, t: Any = None, bc_type: Any = None) -> Any:
    """The knots of ``scipy.interpolate.make_interp_spline(x, y, k, t, bc_type)``."""
    from scipy import interpolate

    return interpolate.make_interp_spline(x, np.zeros(np.shape(x)), k, t, _of_zeros(bc_type, ())).t


def bspline_coefficients(
    x: Any, y: Any, k: int = 3, t: Any = None, bc_type: Any = None, axis: int = 0, check_finite: bool = True
) -> Any:
    """The coefficients of ``scipy.interpolate.make_interp_spline(x, y, k, t, bc_type, axis)``."""
    from scipy import interpolate

    return interpolate.make_interp_spline(x, y, k, t, bc_type, axis, check_finite).c


def bspline_moves(x: Any, y: Any, k: int = 3, t: Any = None, bc_type: Any = None) -> Any:
    """As ``bspline_coefficients``, where the conditions at the ends ask for 0: what is linear in ``y``."""
    from scipy import interpolate

    return interpolate.make_interp_spline(x, y, k, t, _of_zeros(bc_type, np.shape(y)[1:])).c


def unbspline_moves(bar: Any, x: Any, like: Any, k: int = 3, t: Any = None, bc_type: Any = None) -> Any:
    """The transpose of ``bspline_moves(x, like, k, t, bc_type)``."""
    return np.tensordot(bspline_moves(x, np.eye(len(like)), k, t, bc_type), bar, ([0], [0]))


def interpolated(
    x: Any,
    y: Any,
    place: Any,
    kind: Any,
    axis: int,
    bounds_error: bool | None,
    fill_value: Any,
    assume_sorted: bool,
) -> Any:
    """The values of ``scipy.interpolate.interp1d``."""
    from scipy import interpolate

    return interpolate.interp1d(
        x, y, kind, axis, bounds_error=bounds_error, fill_value=fill_value, assume_sorted=assume_sorted
    )(place)


def interpolated_slopes(x: Any, y: Any, place: Any, kind: Any = "linear", beyond: bool = False, nu: int = 0) -> Any:
    """A derivative of ``interpolated``, of the values along the first axis: 0 outside, or as within (``beyond``)."""
    from scipy import interpolate

    order = {"linear": 1, "slinear": 1, "quadratic": 2, "cubic": 3}.get(kind, kind if isinstance(kind, int) else 0)
    place = np.asarray(place, float)
    if nu == 0:
        rest = {"fill_value": "extrapolate"} if beyond else {"bounds_error": False, "fill_value": 0.0}
        return interpolate.interp1d(x, y, kind, 0, **rest)(place)
    sequence = np.argsort(x, kind="mergesort")
    x, y = np.asarray(x)[sequence], np.asarray(y)[sequence]
    shape = (*place.shape, *y.shape[1:])
    if nu > order:
        return np.zeros(shape)
    if order == 1:
        after = np.clip(np.searchsorted(x, place), 1, len(x) - 1)
        made = (y[after] - y[after - 1]) / np.reshape(x[after] - x[after - 1], (*place.shape, *(1,) * (y.ndim - 1)))
    else:
        made = interpolate.make_interp_spline(x, y, order)(place, nu)
    inside = np.logical_or(beyond, (place >= x[0]) & (place <= x[-1]))
    return np.where(np.reshape(inside, (*place.shape, *(1,) * (y.ndim - 1))), made, 0.0)


def uninterpolated(
    bar: Any, x: Any, like: Any, place: Any, kind: Any = "linear", beyond: bool = False, nu: int = 0
) -> Any:
    """The transpose of ``interpolated_slopes(x, like, place, kind, beyond, nu)``."""
    each = interpolated_slopes(x, np.eye(len(like)), np.ravel(place), kind, beyond, nu)
    return np.tensordot(each, np.reshape(bar, (np.size(place), *np.shape(like)[1:])), ([0], [0]))


def unbarycentric(bar: Any, xi: Any, like: Any, x: Any, der: int = 0) -> Any:
    """The transpose of ``scipy.interpolate.barycentric_interpolate(xi, like, x, der=der)``."""
    from scipy import interpolate

    each = interpolate.barycentric_interpolate(xi, np.eye(len(like)), np.ravel(x), der=der)
    return np.tensordot(each, np.reshape(bar, (np.size(x), *np.shape(like)[1:])), ([0], [0]))


def unkrogh(bar: Any, xi: Any, like: Any, x: Any, der: int = 0) -> Any:
    """The transpose of ``scipy.interpolate.krogh_interpolate(xi, like, x, der)``."""
    from scipy import interpolate

    each = interpolate.krogh_interpolate(xi, np.eye(len(like)), np.ravel(x), der)
    return np.tensordot(each, np.reshape(bar, (np.size(x), *np.shape(like)[1:])), ([0], [0]))


def radial(
    y: Any,
    d: Any,
    x: Any,
    neighbors: int | None = None,
    smoothing: Any = 0.0,
    kernel: str = "thin_plate_spline",
    epsilon: Any = None,
    degree: int | None = None,
) -> Any:
    """The values of ``scipy.interpolate.RBFInterpolator(y, d, neighbors, smoothing, kernel, epsilon, degree)``."""
    from scipy import interpolate

    return interpolate.RBFInterpolator(y, d, neighbors, smoothing, kernel, epsilon, degree)(x)


def unradial(
    bar: Any,
    y: Any,
    like: Any,
    x: Any,
    neighbors: int | None = None,
    smoothing: Any = 0.0,
    kernel: str = "thin_plate_spline",
    epsilon: Any = None,
    degree: int | None = None,
) -> Any:
    """The transpose of ``radial(y, like, x, neighbors, ...)``."""
    each = radial(y, np.eye(len(like)), x, neighbors, smoothing, kernel, epsilon, degree)
    return np.tensordot(each, bar, ([0], [0]))


def grid_values(points: Any, values: Any, xi: Any, method: str, bounds_error: bool, fill_value: Any) -> Any:
    """The values of ``scipy.interpolate.RegularGridInterpolator``."""
    from scipy import interpolate

    return interpolate.RegularGridInterpolator(points, values, method, bounds_error, fill_value)(xi)


def smooth_grid_values(points: Any, values: Any, xi: Any, method: str, bounds_error: bool, fill_value: Any) -> Any:
    """As ``grid_values``, by the methods that are not linear."""
    return grid_values(points, values, xi, method, bounds_error, fill_value)


def spline_grid_values(points: Any, values: Any, xi: Any, bounds_error: bool, fill_value: Any) -> Any:
    """The values of ``scipy.interpolate.interpn`` by its method ``"splinef2d"``."""
    from scipy import interpolate

    return interpolate.interpn(points, values, xi, "splinef2d", bounds_error, fill_value)


def grid_rows(bar: Any, slopes: Any) -> Any:
    """The cotangent of ``grid_values``, or its tangent, with a row for each place as ``grid_slopes`` has them."""
    return np.reshape(bar, (len(slopes), 1, *np.shape(slopes)[2:]))


def ungrid_rows(rows: Any, like: Any) -> Any:
    """The transpose of ``grid_rows``."""
    return np.reshape(rows, np.shape(like))


def by_axis(slopes: Any, count: int) -> Any:
    """Slopes of one order more, with an axis of their own, the second, for the last step."""
    shape = (len(slopes), np.shape(slopes)[1] // count, count, *np.shape(slopes)[2:])
    return np.moveaxis(np.reshape(slopes, shape), 2, 1)


def unby_axis(apart: Any) -> Any:
    """The transpose of ``by_axis``, and its inverse."""
    count, before = np.shape(apart)[1:3]
    return np.reshape(np.moveaxis(apart, 1, 2), (len(apart), before * count, *np.shape(apart)[3:]))


def _grid_corners(points: Any, xi: Any, method: str, beyond: bool, order: int) -> Iterator[tuple[Any, Any]]:
    """The corners of the cell that each place is in, and their weights, or these ones' slopes of an order."""
    rank = len(points)
    places = np.reshape(xi, (-1, rank))
    lower, shares, scales = [], [], []
    inside = np.full(len(places), True)
    turned = [np.shape(one)[0] > 1 and one[0] > one[-1] for one in points]
    for axis, one in enumerate(points):
        line, along = np.sort(one), places[:, axis]
        start = np.clip(np.searchsorted(line, along, "right") - 1, 0, len(line) - 2)
        width = line[start + 1] - line[start]
        lower.append(start)
        shares.append((along - line[start]) / width)
        scales.append(1 / width)
        inside &= (along >= line[0]) & (along <= line[-1])
    for corner in np.ndindex(*(2,) * rank):
        weights = np.zeros((len(places), rank**order))
        for column, axes in enumerate(np.ndindex(*(rank,) * order)):
            if method == "nearest":
                near = [(share > 0.5) == bool(step) for share, step in zip(shares, corner, strict=True)]
                weights[:, column] = np.all(near, axis=0) if order == 0 else 0
            elif len(set(axes)) == order:
                factors = [
                    (2 * step - 1) * scale if axis in axes else (share if step else 1 - share)
                    for axis, (step, share, scale) in enumerate(zip(corner, shares, scales, strict=True))
                ]
                weights[:, column] = np.prod(factors, axis=0)
        if not beyond:
            weights = np.where(inside[:, None], weights, 0)
        index = (start + step for start, step in zip(lower, corner, strict=True))
        yield (
            tuple(
                len(one) - 1 - place if flip else place for one, place, flip in zip(points, index, turned, strict=True)
            ),
            weights,
        )


def grid_slopes(points: Any, values: Any, xi: Any, method: str, beyond: bool, order: int = 0) -> Any:
    """The slopes of an order, along each of the axes, of values between those at the points of a grid.

    Outside 0, or as within (``beyond``). The result has an axis for the places, one for the slopes, and further ones
    of the values.
    """
    rank = len(points)
    total: Any = 0.0
    for index, weights in _grid_corners(points, xi, method, beyond, order):
        rows = values[index][:, None]
        total = total + np.reshape(weights, weights.shape + (1,) * (np.ndim(values) - rank)) * rows
    return total


def ungrid(bar: Any, points: Any, like: Any, xi: Any, method: str, beyond: bool, order: int = 0) -> Any:
    """The transpose of ``grid_slopes(points, like, xi, method, beyond, order)``."""
    total = np.zeros(np.shape(like), np.result_type(bar))
    for index, weights in _grid_corners(points, xi, method, beyond, order):
        rows = np.reshape(weights, weights.shape + (1,) * (np.ndim(bar) - 2)) * bar
        np.add.at(total, index, np.sum(rows, axis=1))
    return total
