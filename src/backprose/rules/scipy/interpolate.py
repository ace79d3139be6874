"""Splines: the derivative of a polynomial in pieces is one, too (de Boor, "A Practical Guide to Splines", 1978, X)."""

from contextlib import suppress

from scipy import interpolate

from backprose.rules.registry import elementwise, not_yet, put_spline
from backprose.support import evaluated

put_spline(interpolate.PPoly, axes=2)
put_spline(interpolate.BSpline, axes=1)


@elementwise(evaluated, active=("x",))
def evaluated_(spline, x, nu=0, extrapolate=None):
    if extrapolate is None:
        return evaluated(spline, x, nu + 1)
    return evaluated(spline, x, nu + 1, extrapolate)


for _name in (
    "barycentric_interpolate",
    "krogh_interpolate",
    "pchip_interpolate",
    "approximate_taylor_polynomial",
    "pade",
):
    not_yet(getattr(interpolate, _name), reason="its derivative with respect to the places and values is not written")
for _name in (
    *("bisplev", "bisplrep", "griddata", "insert", "interpn", "lagrange", "make_interp_spline", "make_lsq_spline"),
    *("make_smoothing_spline", "make_splrep", "make_splprep", "generate_knots", "spalde", "splantider", "splder"),
    *("splev", "splint", "splprep", "splrep", "sproot"),
):
    with suppress(AttributeError):
        not_yet(getattr(interpolate, _name), reason="make the spline outside, and call it: that has a derivative")
