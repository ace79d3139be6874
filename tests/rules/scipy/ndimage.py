"""Calls of ``scipy.ndimage``."""

# ruff: noqa: E501 - a table is read along its lines

from __future__ import annotations

import zlib
from collections.abc import Iterator

import numpy as np

from tests.rules.cases import Case, Kink, real

Shapes = tuple[tuple[int, ...], ...]
MODES = ("", *(f", mode='{mode}'" for mode in ("reflect", "mirror", "nearest", "wrap", "constant", "grid-wrap")))
PARTS = ("", ", np.array([[0, 1, 1, 2], [2, 2, 0, 3], [3, 1, 0, 0]])", ", np.array([[0, 1, 1, 2], [2, 2, 0, 3], [3, 1, 0, 0]]), 2",
         ", labels=np.array([0, 1, 2, 1]), index=[2, 1]", ", np.array([[0, 1, 1, 2], [2, 2, 0, 3], [3, 1, 0, 0]]), [1, 3]")  # fmt: skip

KNOWN = ("", ", mode='wrap'", ", mode='constant'", ", mode='grid-wrap'")  # of spline filters
CROSS = "np.array([[0, 1, 0], [1, 1, 1], [0, 1, 0]])"
LEVELS = "np.array([[0.0, 1.0, 1.0, 2.0], [2.0, 2.0, 0.0, 3.0], [3.0, 1.0, 0.0, 0.0]])"
GREY = (
    "grey_erosion",
    "grey_dilation",
    "grey_opening",
    "grey_closing",
    "white_tophat",
    "black_tophat",
    "morphological_gradient",
    "morphological_laplace",
)
PLACES = "[[0.3, 1.6, 2.4, -0.8, 1.2], [0.7, 2.6, -1.3, 1.4, 5.2]]"

# op: (expressions, shapes of x, y)
SMOOTH = (
    "",
    *(f", mode='{mode}'" for mode in ("reflect", "mirror", "nearest", "grid-wrap", "grid-mirror")),
)  # to interpolate
CALLS: list[tuple[str, tuple[str, ...], Shapes]] = [
    *[(op, (*(f"ndimage.{op}(x, y{mode}{origin})" for mode in MODES for origin in ("", ", origin=-1")), f"ndimage.{op}(x, y, mode='constant', cval=0.7)"), shapes)
      for op in ("correlate", "convolve") for shapes in (((6,), (3,)), ((5,), (4,)), ((2,), (3,)), ((4, 5), (2, 3)))],
    *[(op, (*(f"ndimage.{op}(x, y{mode}{rest})" for mode in MODES for rest in ("", ", origin=-1", ", axis=0")), f"ndimage.{op}(x, y, 0, mode='constant', cval=0.7)"), shapes)
      for op in ("correlate1d", "convolve1d") for shapes in (((6,), (3,)), ((4, 3), (4,)))],
    ("gaussian_filter1d", tuple(f"ndimage.gaussian_filter1d(x, 0.7{o}{mode})" for mode in MODES for o in ("", ", order=1", ", axis=0, order=2", ", radius=1", ", 0, truncate=2.0")), ((4, 5),)),
    ("gaussian_filter", tuple(f"ndimage.gaussian_filter(x, {o}{mode})" for mode in MODES for o in ("0.7", "(0.4, 1.1)", "0.7, order=1", "(0.5, 0.8), (0, 1)", "[0, 0.5], order=1", "0.7, radius=2")), ((4, 5),)),
    ("gaussian_filter", ("ndimage.gaussian_filter(x, 1.0)", "ndimage.gaussian_filter(x, 1.0, order=1)", "ndimage.gaussian_filter(x, 0.5, mode=['wrap', 'nearest', 'constant'])"), ((2, 3, 4),)),
    ("gaussian_laplace", tuple(f"ndimage.gaussian_laplace(x, {o}{mode})" for mode in MODES for o in ("0.7", "(0.4, 1.1)")), ((4, 5),)),
    ("uniform_filter1d", tuple(f"ndimage.uniform_filter1d(x, {o}{mode})" for mode in MODES for o in ("3", "4", "3, 0, origin=1", "4, origin=-2")), ((4, 5),)),
    ("uniform_filter", tuple(f"ndimage.uniform_filter(x{o}{mode})" for mode in MODES for o in ("", ", 2", ", (2, 3), origin=(-1, 1)", ", 4, origin=1")), ((4, 5),)),
    *[(op, tuple(f"ndimage.{op}(x{o}{mode})" for mode in MODES for o in ("", ", axis=0")), shapes) for op in ("sobel", "prewitt") for shapes in (((4, 5),), ((2, 3, 3),))],
    *[("laplace", tuple(f"ndimage.laplace(x{mode})" for mode in MODES), shapes) for shapes in (((4, 5),), ((4,),))],
    *[(op, (f"ndimage.{op}(x, 0.7)", f"ndimage.{op}(x, (0.4, 1.2), n=7, axis=0)"), ((4, 5),)) for op in ("fourier_gaussian", "fourier_uniform", "fourier_shift")],
    ("fourier_ellipsoid", ("ndimage.fourier_ellipsoid(x, 0.7)",), ((4, 5),)),
    *[(op, tuple(f"ndimage.{op}(x{parts})" for parts in PARTS), ((3, 4),)) for op in ("sum_labels", "mean", "variance", "standard_deviation", "maximum", "minimum")],
    ("sum_labels", ("ndimage.sum(x)", "ndimage.sum(x, np.array([0, 1, 1, 2]), 1)"), ((3, 4),)),
    *[("map_coordinates", (f"ndimage.map_coordinates(x, np.array({PLACES}), order=1)", *(f"ndimage.map_coordinates(x, np.array({PLACES}), order={k}{mode})" for k in (0, 1) for mode in SMOOTH)), (shape,))
      for shape in ((3, 4), (2, 2))],
    ("map_coordinates", tuple(f"ndimage.map_coordinates(x, 1.7 * y, order=1{mode})" for mode in (*SMOOTH, ", cval=0.8")), ((4, 5), (2, 3, 4))),
    ("map_coordinates", tuple(f"ndimage.map_coordinates(x, y, order=1{mode})" for mode in SMOOTH), ((4,), (1, 7))),
    ("shift", (*(f"ndimage.shift(x, {o}{mode})" for mode in SMOOTH for o in ("0.7, order=1", "(0.3, -1.4), order=1", "1, order=0")), "ndimage.shift(x, 0.7, order=1, cval=0.5)"), ((3, 4),)),
    ("shift", tuple(f"ndimage.shift(x, y, order=1{mode})" for mode in (*SMOOTH, ", cval=0.4")), ((3, 4), (2,))),
    ("shift", ("ndimage.shift(x, y, order=1)",), ((3, 4), ())),
    ("affine_transform", tuple(f"ndimage.affine_transform(x, {o}{mode})" for mode in SMOOTH for o in ("[[0.8, 0.3], [-0.2, 1.1]], order=1", "[0.7, 1.2], (0.3, -0.4), order=1",
                                "[[0.8, 0.3, 0.5], [-0.2, 1.1, 0.1]], order=1", "np.array([0.7, 1.2]), 0.3, (2, 6), order=0")), ((4, 5),)),
    ("zoom", (*(f"ndimage.zoom(x, {o}{mode})" for mode in SMOOTH for o in ("1.7, order=1", "(0.6, 2.0), order=1", "1.3, order=0")), "ndimage.zoom(x, 1, order=1)", "ndimage.zoom(x, (0.25, 1.5), order=1, cval=0.3)"), ((4, 5),)),
    ("zoom", ("ndimage.zoom(x, 2.1, order=1)",), ((5,),)),
    ("rotate", tuple(f"ndimage.rotate(x, {o}{mode})" for mode in SMOOTH for o in ("30.0, order=1", "-77.0, (0, 1), False, order=1", "20.0, order=0")), ((4, 5),)),
    *[("spline_filter1d", tuple(f"ndimage.spline_filter1d(x, {o}{mode})" for mode in KNOWN for o in ("3", "2, 0", "5", "4, axis=0", "1")), (shape,)) for shape in ((4, 5), (2, 7), (1, 3))],
    *[("spline_filter", tuple(f"ndimage.spline_filter(x, {o}{mode})" for mode in KNOWN for o in ("3", "2")), (shape,)) for shape in ((4, 5), (6,))],
    ("gaussian_gradient_magnitude", tuple(f"ndimage.gaussian_gradient_magnitude(x, {o}{mode})" for mode in MODES for o in ("0.7", "(0.4, 1.1)")), ((4, 5),)),
    ("gaussian_gradient_magnitude", ("ndimage.gaussian_gradient_magnitude(x, 0.7, mode='constant', cval=0.4)",), ((5,),)),
    *[(op, tuple(f"ndimage.{op}(x, {lead}{o}{mode}{end}" for mode, o in (*((mode, "(2, 3)") for mode in MODES), *(("", o) for o in ("3", "size=4", f"footprint={CROSS}"))) for end in (")", ", origin=-1)")), ((4, 5),))
      for op, lead in (("maximum_filter", ""), ("minimum_filter", ""), ("median_filter", ""), ("percentile_filter", "30, "), ("rank_filter", "1, "), *((op, "") for op in GREY))],
    *[(op, (f"ndimage.{op}(x, 3, mode='constant', cval=0.4)", f"ndimage.{op}(x, 5, mode=['nearest', 'wrap'])", f"ndimage.{op}(x, (1, 4), origin=(0, 1))"), ((3, 4),)) for op in ("maximum_filter", "minimum_filter", *GREY)],
    *[(op, tuple(f"ndimage.{op}(x, {o}{mode})" for mode in MODES for o in ("3", "4, 0", "2, origin=-1", "3, axis=0, origin=1")), ((4, 5),)) for op in ("maximum_filter1d", "minimum_filter1d")],
    # helpers
    *[(op, (f"support.{op}(x, {LEVELS}, {LEVELS}, 3)", f"support.{op}(x, {LEVELS}, {LEVELS}, (2, 3), None, 'wrap', 0.0, -1, True)"), ((3, 4),)) for op in ("chosen", "unchosen")],
    ("gaussian_slopes", ("support.gaussian_slopes(x, 0.7, 'nearest')",), ((3, 4),)),
    ("ungaussian_slopes", ("support.ungaussian_slopes(x, 0.7, 'nearest')",), ((2, 3, 4),)),
    *[(op, (f"support.{op}(x, np.array({PLACES}), np.ones((3, 4)), 1, 'mirror')",), ((5,) if op == "unmapped" else (2, 5),)) for op in ("unmapped", "unsloped")],
    ("unmapped", ("support.unmapped(x, y, np.ones((3, 4)), 1, 'nearest')",), ((5,), (2, 5))),
    ("pixel_slopes", (f"support.pixel_slopes(x, np.array({PLACES}), 1, 'constant', 0.3)",), ((3, 4),)),
    ("shifted_grid", ("support.shifted_grid(np.ones((3, 4)), x)",), ((2,),)),
    ("extended", tuple(f"support.extended(x, 3, {o})" for o in ("'mirror'", "'reflect', 0", "['wrap', 'nearest']")), ((2, 4),)),
    ("unextended", tuple(f"support.unextended(x, np.ones((2, 4)), 3, {o})" for o in ("'mirror'", "['wrap', 'nearest']")), ((8, 10),)),
    ("of_floats", ("support.of_floats(x)",), ((2, 4),)),
    ("window_sums", ("support.window_sums(x, y, np.ones((2, 3)), 'nearest', -1)", "support.window_sums(x, y, np.ones(3), 'constant', 0, 0.4, 1)"), ((3, 4), (3, 4))),
    ("by_label", ("support.by_label(x, np.ones(4), np.array([0, 1, 2, 1]), [1, 2])",), ((2,),)),
]  # fmt: skip


def _cases() -> Iterator[Case]:
    for op, expressions, shapes in CALLS:
        rng = np.random.default_rng(zlib.crc32(f"{op} {shapes}".encode()))
        given = {name: real(rng, shape) for name, shape in zip("xy", shapes, strict=False)}
        for expression in expressions:
            used = {name: value for name, value in given.items() if name in compile(expression, "", "eval").co_names}
            yield Case(op if "support." in expression else f"scipy.ndimage.{op}", expression, used)


CASES: list[Case] = list(_cases())
KINKS: list[Kink] = [
    Kink("ndimage.maximum_filter(x, 3)", {"x": np.array([1.0, 3.0, 3.0])}, "x", [0.0, 11 / 6, 7 / 6]),
    Kink("ndimage.gaussian_gradient_magnitude(x, 1.0)", {"x": np.ones(3)}, "x", [0.0] * 3),
    Kink("ndimage.maximum(x)", {"x": np.array([1.0, 3.0, 3.0])}, "x", [0.0, 0.5, 0.5]),
    Kink("ndimage.standard_deviation(x)", {"x": np.ones(3)}, "x", [0.0] * 3),
]
