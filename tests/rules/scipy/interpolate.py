"""Calls of ``scipy.interpolate``: of its functions, and of what stands for its objects.

What is made in a function and called there is tested in ``tests/test_interpolants.py``.
"""

# ruff: noqa: E501 - a table is read along its lines

from __future__ import annotations

import zlib
from collections.abc import Iterator

import numpy as np

from tests.rules.cases import Case, real

Shapes = tuple[tuple[int, ...], ...]
AT = "np.array([0.0, 0.3, 0.7, 1.2, 1.5, 2.0])"
PLACES = ("np.array([0.1, 1.9, 0.8])", "0.4", "np.array([[-0.3, 0.4], [0.9, 2.2]])", "np.zeros(0)")
KNOTS = "np.array([0.0, 0.0, 0.0, 0.5, 1.0, 1.5, 2.0, 2.0, 2.0])"
BREAKS = "np.array([0.0, 0.7, 2.0])"
GRID = "(np.array([0.0, 0.8, 2.0]), np.array([1.1, 0.0]))"
ENDS = "((1, 0.5), (2, -0.3))"
FLAT = "((1, np.zeros(2)), 'natural')"
RADIAL = "np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0], [2.0, 1.0], [1.5, 2.0]])"
NEAR = "np.array([[0.2, 0.3], [0.5, 0.5], [1.1, 0.7]])"
INTERP = "-1, None, np.nan, False"

# op without its module: (expressions, shapes of x, y)
CALLS: list[tuple[str, tuple[str, ...], Shapes]] = [
    *[(op, (*(f"interpolate.{op}({AT}, x, {place}{der})" for place in PLACES[:2] for der in ("", ", der=1")), f"interpolate.{op}({AT}, x, abs(y))"), (shape, (3,)))
      for op in ("barycentric_interpolate", "krogh_interpolate") for shape in ((6,), (6, 2))],
    # polynomials in pieces
    *[("piecewise_polynomial", (*(f"support.piecewise_polynomial(x, {BREAKS}, {place}{nu})" for place in PLACES for nu in ("", ", 1", ", 3")), f"support.piecewise_polynomial(x, {BREAKS}, y)",
       f"support.piecewise_polynomial(x, {BREAKS}, y, 1, 'periodic')", f"support.piecewise_polynomial(x, {BREAKS}, np.array([0.2, 1.8]), 0, False)"), (shape, (3,))) for shape in ((4, 2), (3, 2, 2))],
    *[("unpiecewise", (f"support.unpiecewise(x, np.ones((4, 2, {shape[-1]})), {BREAKS}, y, {nu})",), (shape, (3,))) for shape in ((3, 2),) for nu in (0, 1, 2)],
    ("derivative_pieces", tuple(f"support.derivative_pieces(x{nu})" for nu in ("", ", 2", ", 3", ", 5")), ((4, 2, 3),)),
    ("underivative_pieces", ("support.underivative_pieces(x, np.ones((4, 2)), 2)",), ((2, 2),)),
    *[("antiderivative_pieces", (f"support.antiderivative_pieces(x, {BREAKS})",), (shape,)) for shape in ((4, 2), (2, 2, 3))],
    ("unantiderivative_pieces", (f"support.unantiderivative_pieces(x, np.ones((3, 2)), {BREAKS})",), ((4, 2),)),
    *[("integral_of_pieces", (f"support.integral_of_pieces(x, {BREAKS}, 0.3, 1.9)", f"support.integral_of_pieces(x, {BREAKS}, 1.9, -0.5)", f"support.integral_of_pieces(x, {BREAKS}, 0.2, 1.5, False)"), (shape,)) for shape in ((4, 2), (3, 2, 2))],
    ("integral_of_pieces", (f"support.integral_of_pieces(x, {BREAKS}, y, 1.9)", f"support.integral_of_pieces(x, {BREAKS}, 0.1, y)"), ((4, 2), ())),
    # their coefficients
    *[("hermite_coefficients", (f"support.hermite_coefficients({AT}, x, y)",), (shape, shape)) for shape in ((6,), (6, 2))],
    *[(op, (f"support.{op}(x, {AT}, np.ones((6, 2)), np.array([0.3, 1.4, 2.2]))",), ((3, 2),)) for op in ("unbarycentric", "unkrogh")],
    ("unhermite", (f"support.unhermite(x, {AT}, np.ones((6, 2)))",), ((4, 5, 2),)),
    *[(op, tuple(f"support.{op}({AT}, x, {o}'{end}')" for end in ("not-a-knot", "natural", "clamped")), (shape,)) for op, o in (("cubic_coefficients", "0, "), ("cubic_moves", "")) for shape in ((6,), (6, 2))],
    *[(op, (f"support.{op}({AT}, x{o})",), (shape,)) for op, o, shape in (("cubic_coefficients", f", bc_type={ENDS}", (6,)), ("cubic_moves", f", {ENDS}", (6,)), ("cubic_coefficients", f", 0, {FLAT}", (6, 2)))],
    ("uncubic", (f"support.uncubic(x, {AT}, np.ones((6, 2)))", f"support.uncubic(x, {AT}, np.ones((6, 2)), 'natural')"), ((4, 5, 2),)),
    *[("pchip_coefficients", (f"support.pchip_coefficients({AT}[: len(x)], x)", f"support.pchip_coefficients({AT}[: len(x)], np.cumsum(abs(x), axis=0))"), (shape,)) for shape in ((6,), (6, 2), (3,), (2,), (4,))],
    ("pchip_coefficients", (f"support.pchip_coefficients({AT}, x)",), ((6, 7),)),
    *[("akima_coefficients", (f"support.akima_coefficients({AT}[: len(x)], x)", f"support.akima_coefficients({AT}[: len(x)], x, 0, 'makima')"), (shape,)) for shape in ((6,), (6, 2), (3,), (4,))],
    *[(op, (f"support.{op}(x)",), (shape,)) for op in ("akima_differences", "unakima_differences") for shape in ((5,), (6, 2))],
    ("akima_differences", ("support.akima_differences(x)",), ((1,),)),
    # B-splines
    *[("bspline", (*(f"support.bspline({KNOTS}, x, 2, {place}{nu})" for place in PLACES for nu in ("", ", 1", ", 3")), f"support.bspline({KNOTS}, x, 2, y)", f"support.bspline({KNOTS}, x, 2, np.array([0.2, 1.9]), 0, False)"), (shape, (3,)))
      for shape in ((6,), (6, 2))],
    ("unbspline", (f"support.unbspline(x, {KNOTS}, np.ones((6, 2)), 2, y)", f"support.unbspline(x, {KNOTS}, np.ones((6, 2)), 2, y, 1)"), ((3, 2), (3,))),
    *[(op, (f"support.{op}({AT}, x)", f"support.{op}({AT}, x, 1)", f"support.{op}({AT}, x, 2)", f"support.{op}({AT}, x, 3, None, 'natural')"), (shape,)) for op in ("bspline_coefficients", "bspline_moves") for shape in ((6,), (6, 2))],
    ("bspline_coefficients", (f"support.bspline_coefficients({AT}, x, 3, None, ([(1, 0.5)], [(2, 0.3)]))",), ((6,),)),
    ("unbspline_moves", (f"support.unbspline_moves(x, {AT}, np.ones((6, 2)))",), ((6, 2),)),
    # interp1d
    *[("interpolated", (f"support.interpolated({AT}, x, np.array([0.1, 1.9, 0.8]), '{kind}', {INTERP})", f"support.interpolated({AT}, x, 0.2 + 0.6 * abs(y), '{kind}', {INTERP})",
       f"support.interpolated({AT}, x, 2 * y, '{kind}', -1, False, 0.3, False)"), ((6,), (3,)))
      for kind in ("linear", "slinear", "quadratic", "cubic", "nearest", "previous", "next", "zero")],
    *[("interpolated", (f"support.interpolated({AT}[::-1], x, 2 * y, '{kind}', -1, False, 'extrapolate', False)",), ((6,), (3,))) for kind in ("linear", "quadratic", "cubic", "nearest")],
    ("interpolated_slopes", tuple(f"support.interpolated_slopes({AT}, x, y, '{kind}', True, {nu})" for kind in ("linear", "cubic") for nu in (0, 1, 2)), ((6, 2), (3,))),
    ("uninterpolated", tuple(f"support.uninterpolated(x, {AT}, np.ones((6, 2)), y, '{kind}', True, {nu})" for kind in ("linear", "cubic") for nu in (0, 1)), ((3, 2), (3,))),
    # others
    *[("radial", (f"support.radial({RADIAL}, x, {NEAR})", f"support.radial({RADIAL}, x, {NEAR}, 4)", f"support.radial({RADIAL}, x, {NEAR}, None, 0.1, 'gaussian', 1.3)"), (shape,)) for shape in ((6,), (6, 2))],
    ("unradial", (f"support.unradial(x, {RADIAL}, np.ones(6), {NEAR})",), ((3,),)),
    *[("grid_values", (f"support.grid_values({GRID}, x, np.array([[0.3, 0.2], [1.9, 1.0]]), 'linear', True, np.nan)", *(f"support.grid_values({GRID}, x, y, '{method}', False, {fill})" for method in ("linear", "nearest") for fill in ("0.3", "None"))), (shape, (5, 2)))
      for shape in ((3, 2), (3, 2, 3))],
    ("grid_values", (f"support.grid_values({GRID}, x, y, 'linear', False, None)",), ((3, 2), (2, 3, 2))),
    *[("grid_slopes", (f"support.grid_slopes({GRID}, x, y, 'linear', True, {order})", f"support.grid_slopes({GRID}, x, y, 'linear', False, {order})"), (shape, (4, 2))) for order in (0, 1, 2) for shape in ((3, 2), (3, 2, 3))],
    *[("ungrid", (f"support.ungrid(x, {GRID}, np.ones((3, 2, 3)), y, 'linear', True, {order})",), ((4, 2**order, 3), (4, 2))) for order in (0, 1)],
    ("grid_rows", ("support.grid_rows(x, np.ones((6, 2, 3)))",), ((2, 3, 3),)),
    ("ungrid_rows", ("support.ungrid_rows(x, np.ones((2, 3, 3)))",), ((6, 1, 3),)),
    ("by_axis", ("support.by_axis(x, 3)",), ((2, 6, 2),)),
    ("unby_axis", ("support.unby_axis(x)",), ((2, 3, 2, 2),)),
    ("along_first", ("support.along_first(x, np.ones((3, 2)))",), ((3,),)),
    ("summed_to", ("support.summed_to(x, np.ones(3))", "support.summed_to(x, np.ones((3, 2)))"), ((3, 2),)),
    ("by_place", ("support.by_place(x, y)",), ((3, 2), (3,))),
]  # fmt: skip


def _cases() -> Iterator[Case]:
    for op, expressions, shapes in CALLS:
        rng = np.random.default_rng(zlib.crc32(f"{op} {shapes}".encode()))
        given = {name: real(rng, shape) for name, shape in zip("xy", shapes, strict=False)}
        for expression in expressions:
            used = {name: value for name, value in given.items() if name in compile(expression, "", "eval").co_names}
            yield Case(op if "support." in expression else f"scipy.interpolate.{op}", expression, used)


CASES: list[Case] = list(_cases())
