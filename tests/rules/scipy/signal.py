"""Calls of ``scipy.signal``."""

# ruff: noqa: E501 - a table is read along its lines

from __future__ import annotations

import zlib
from collections.abc import Iterator

import numpy as np

from tests.rules.cases import Case, real

Shapes = tuple[tuple[int, ...], ...]
MODES = ("", ", 'same'", ", mode='valid'")

# op without its module: (expressions, shapes of x, y, z)
CALLS: list[tuple[str, tuple[str, ...], Shapes]] = [
    *[(op, tuple(f"signal.{op}(x, y{mode}{method})" for mode in MODES for method in methods), shapes)
      for op, methods in (("convolve", ("", ", method='direct'", ", method='fft'")), ("correlate", ("", ", method='fft'")), ("fftconvolve", ("",)), ("oaconvolve", ("",)))
      for shapes in (((7,), (3,)), ((4,), (4,)), ((2,), (5,)), ((6,), (1,)), ((4, 5), (2, 3)), ((3, 4, 2), (2, 2, 2)))],
    *[(op, tuple(f"signal.{op}(x, y{mode})" for mode in MODES), shapes) for op in ("convolve2d", "correlate2d")
      for shapes in (((4, 5), (2, 3)), ((3, 3), (3, 3)), ((2, 2), (4, 3)))],
    *[("lfilter", ("signal.lfilter(x, y, z)", "signal.lfilter(x, [1.5], z)", "signal.lfilter([1.0, 0.5], y, z, axis=0)"), shapes)
      for shapes in (((2,), (3,), (6,)), ((3,), (2,), (4, 5)), ((1,), (1,), (2, 5)), ((4,), (4,), (3, 2)))],
    ("sosfilt", ("signal.sosfilt([[1.0, 0.5, 0.2, 1.0, -0.3, 0.1], [1.0, 0.1, -0.2, 1.0, 0.4, -0.1]], x)", "signal.sosfilt([[1.0, 0.5, 0.2, 1.0, -0.3, 0.1]], x, axis=0)"), ((4, 6),)),
    ("filtfilt", tuple(f"signal.filtfilt([0.4, 0.3], [1.2, -0.5, 0.2], x{o}, padlen={n})" for o in ("", ", padtype='even'", ", padtype='constant'", ", padtype=None") for n in (0, 3)), ((2, 6),)),
    ("filtfilt", ("signal.filtfilt([0.4, 0.3], [1.2, -0.5], x)", "signal.filtfilt([0.4, 0.3], [1.2, -0.5], x, padtype=None)", "signal.filtfilt([1.5], [1.2, -0.5], x, 0)"), ((11,),)),
    ("filtfilt", ("signal.filtfilt([0.4, 0.3], [1.2, -0.5], x, axis=0)",), ((8, 2),)),
    ("sosfiltfilt", tuple(f"signal.sosfiltfilt([[1.0, 0.5, 0.2, 1.0, -0.3, 0.1], [1.0, 0.1, {c}, 1.0, 0.4, {c}]], x{o})" for c in (0.0, -0.1) for o in ("", ", axis=0, padtype='even', padlen=2")), ((4, 17),)),
    ("unfiltfilt", ("support.unfiltfilt([0.4, 0.3], [1.2, -0.5], x, 0, 'odd', 2)",), ((5, 2),)),
    ("unsosfiltfilt", ("support.unsosfiltfilt([[1.0, 0.5, 0.2, 1.0, -0.3, 0.1]], x, padlen=3)",), ((6,),)),
    ("upfirdn", tuple(f"signal.upfirdn([1.0, -0.5, 0.3], x{o})" for o in ("", ", 2", ", 1, 2", ", 3, 2", ", up=2, down=3, axis=0", ", 4, 1", ", 1, 5")), ((4, 6),)),
    ("upfirdn", ("signal.upfirdn([2.0], x, 3, 2)", "signal.upfirdn([1.0, 2.0, 3.0, 4.0, 5.0], x, 2, 3)"), ((7,),)),
    ("detrend", tuple(f"signal.detrend(x{o})" for o in ("", ", type='constant'", ", axis=0", ", bp=[3]")), ((4, 6),)),
    ("savgol_filter", tuple(f"signal.savgol_filter(x, 5, {o})" for o in ("2", "3, deriv=1, delta=0.5", "1, axis=0", "4")), ((7, 9),)),
    ("savgol_filter", ("signal.savgol_filter(x, 5, 2)", "signal.savgol_filter(x, 3, 1)", "signal.savgol_filter(x, 1, 0)"), ((5,),)),
    *[("hilbert", ("signal.hilbert(x)", "signal.hilbert(x, axis=0)", "signal.hilbert(x, 8)", "signal.hilbert(x, N=3, axis=0)"), (shape,)) for shape in ((4, 5), (5, 6))],
    *[("resample", tuple(f"signal.resample(x, {n})" for n in (1, 3, 4, 5, 6, 7, 8, 12)), (shape,)) for shape in ((6,), (5,))],
    ("resample", ("signal.resample(x, 4, axis=1)", "signal.resample(x, 7, axis=-1)"), ((2, 6),)),
    # waveforms
    *[("chirp", tuple(f"signal.chirp(x, 1.0, 2.0, 3.0{o})" for o in (f", method='{method}'", f", '{method}', y")), ((3, 4), ())) for method in ("linear", "quadratic", "logarithmic", "hyperbolic")],
    ("chirp", ("signal.chirp(x, 1.0, 2.0, 3.0)", "signal.chirp(x, 1.0, 2.0, 3.0, 'quadratic', 30.0, False)"), ((3, 4),)),
    ("sweep_poly", ("signal.sweep_poly(x, [0.5, 1.0, 2.0])", "signal.sweep_poly(x, np.array([0.5, 2.0]), 30.0)"), ((3, 4),)),
    ("sawtooth", ("signal.sawtooth(x)", "signal.sawtooth(x, 0.3)", "signal.sawtooth(x, width=0)"), ((3, 4),)),
    ("gausspulse", ("signal.gausspulse(x, 0.5)", "signal.gausspulse(x, fc=0.7, bw=0.3, bwr=-10)"), ((3, 4),)),
    ("gausspulse", ("signal.gausspulse(x, abs(y), abs(z))",), ((3, 4), (), ())),
    ("gauss_spline", ("signal.gauss_spline(x, 3)",), ((3, 4),)),
    *[(op, (f"signal.windows.{op}(7, abs(x))", f"signal.windows.{op}(6, abs(x), False)", f"signal.windows.{op}(1, abs(x))"), ((),)) for op in ("gaussian", "general_hamming", "kaiser")],
    # helpers
    *[("central", (f"support.central(x, np.ones(4), np.ones(3){mode})",), ((6,),)) for mode in (", 'full'", ", 'same'", ", 'valid'")],
    ("uncentral", ("support.uncentral(x, np.ones((4, 2)), np.ones((3, 2)), 'same')",), ((4, 2),)),
    ("lagged", ("support.lagged(x, y, 3)", "support.lagged(x, y, 6, 0)"), ((4, 5), (4, 5))),
    ("smoothed", ("support.smoothed(x, np.arange(9.0).reshape(3, 3) + np.eye(3))", "support.smoothed(x, np.arange(9.0).reshape(3, 3), 0)"), ((4, 5),)),
    ("unsmoothed", ("support.unsmoothed(x, np.arange(9.0).reshape(3, 3) + np.eye(3))", "support.unsmoothed(x, np.arange(9.0).reshape(3, 3), 0)"), ((4, 5),)),
]  # fmt: skip


def _sample(op: str, name: str, rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    made = real(rng, shape)
    if op == "lfilter" and name == "y":  # a stable filter
        made = 0.2 * made
        made[0] = 1.3
    return made


def _cases() -> Iterator[Case]:
    for op, expressions, shapes in CALLS:
        rng = np.random.default_rng(zlib.crc32(f"{op} {shapes}".encode()))
        given = {name: _sample(op, name, rng, shape) for name, shape in zip("xyz", shapes, strict=False)}
        for expression in expressions:
            used = {name: value for name, value in given.items() if name in compile(expression, "", "eval").co_names}
            home = (
                ""
                if "support." in expression
                else "scipy.signal.windows."
                if ".windows." in expression
                else "scipy.signal."
            )
            yield Case(f"{home}{op}", expression, used)


CASES: list[Case] = list(_cases())
