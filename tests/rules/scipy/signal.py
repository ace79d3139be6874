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
    ("resample_poly", tuple(f"signal.resample_poly(x, {o})" for o in ("3, 2", "2, 5, axis=1", "4, 6, 1, 'hamming'", "1, 1")), ((6, 9),)),
    ("decimate", tuple(f"signal.decimate(x, {o})" for o in ("3", "2, 5, 'fir'", "3, 4, 'fir', zero_phase=False", "2, 3, 'fir'", "3, 4, zero_phase=False")), ((2, 30),)),
    ("decimate", ("signal.decimate(x, 2, 3, axis=0)",), ((20, 2),)),
    ("czt", tuple(f"signal.czt(x{o})" for o in ("", ", 7, axis=0", ", 9, np.exp(-0.3j), 1.1 * np.exp(0.2j)", ", 3")), ((4, 5),)),
    ("zoom_fft", tuple(f"signal.zoom_fft(x, {o})" for o in ("0.7", "[0.2, 0.9], 7, endpoint=True", "[0.2, 0.9], 7, fs=3, axis=0")), ((4, 5),)),
    ("medfilt", ("signal.medfilt(x)", "signal.medfilt(x, 3)", "signal.medfilt(x, [1, 3])"), ((4, 5),)),
    ("medfilt", ("signal.medfilt(x, 5)",), ((9,),)),
    ("medfilt2d", ("signal.medfilt2d(x)", "signal.medfilt2d(x, [1, 3])"), ((4, 5),)),
    ("order_filter", ("signal.order_filter(x, np.ones((3, 3)), 1)", "signal.order_filter(x, np.array([[0, 1, 0], [1, 1, 1], [0, 1, 0]]), 3)"), ((4, 5),)),
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
    ("undecimated", ("support.undecimated(x, np.ones((2, 24)), 2, 3)", "support.undecimated(x, np.ones((2, 23)), 2, 4, 'fir')"), ((2, 12),)),
    ("both_sides", ("support.both_sides(x, np.arange(4.0), 6.0)", "support.both_sides(x, np.arange(3.0), 5.0, 0)"), ((3, 4),)),
    ("unstft", ("support.unstft(x, np.ones(12), nperseg=6)", "support.unstft(x, np.ones(12), 2.0, 'hann', 6, None, 7, 'linear', True, 'odd', True, -1, 'psd')"), ((4, 5),)),
    ("unistft", ("support.unistft(x, np.ones((5, 4)))",), ((12,),)),
    ("unistft", ("support.unistft(x, np.ones((5, 4)), boundary=False, nperseg=7, nfft=8, noverlap=2, window='boxcar')",), ((22,),)),
    ("lagged", ("support.lagged(x, y, 3)", "support.lagged(x, y, 6, 0)"), ((4, 5), (4, 5))),
    ("smoothed", ("support.smoothed(x, np.arange(9.0).reshape(3, 3) + np.eye(3))", "support.smoothed(x, np.arange(9.0).reshape(3, 3), 0)"), ((4, 5),)),
    ("unsmoothed", ("support.unsmoothed(x, np.arange(9.0).reshape(3, 3) + np.eye(3))", "support.unsmoothed(x, np.arange(9.0).reshape(3, 3), 0)"), ((4, 5),)),
]  # fmt: skip

# of several results
TUPLES: list[tuple[str, tuple[str, ...], Shapes]] = [
    ("stft", ("signal.stft(x, nperseg=8)", "signal.stft(x, 2.0, 'hamming', 7, 3, 10, 'linear', True, 'odd', True, -1, 'psd')", "signal.stft(x, nperseg=6, boundary='even', padded=False)",
              "signal.stft(x, nperseg=6, boundary='constant', return_onesided=False)", "signal.stft(x, nperseg=6, boundary=None, window=np.arange(1.0, 7.0))"), ((2, 13),)),
    ("stft", ("signal.stft(x, nperseg=6, axis=0)",), ((13, 2),)),
    ("istft", ("signal.istft(x)", "signal.istft(x, 2.0, 'boxcar', 9, 5, boundary=False, scaling='psd')", "signal.istft(x, input_onesided=False, window='boxcar')", "signal.istft(x, nperseg=6, nfft=8, window='boxcar')"), ((5, 4),)),
    ("istft", ("signal.istft(x, time_axis=0, freq_axis=1)", "signal.istft(x, time_axis=0, freq_axis=2)", "signal.istft(x, time_axis=1, freq_axis=0)"), ((3, 4, 5),)),
    *[(op, (f"signal.{op}(x, nperseg=8)", f"signal.{op}(x, 3.0, 'hann', 7, 2, 9, 'linear', False, 'spectrum')", f"signal.{op}(x, nperseg=5, window=('kaiser', 2.0), detrend=False)"), ((2, 13),)) for op in ("welch", "spectrogram")],
    *[(op, (f"signal.{op}(x, nperseg=6, axis=0)",), ((13, 2),)) for op in ("welch", "spectrogram")],
    ("csd", ("signal.csd(x, y, nperseg=8)", "signal.csd(x, y, 3.0, 'hann', 7, 2, 9, 'linear', False, 'spectrum')"), ((2, 13), (2, 13))),
    *[("csd", ("signal.csd(x, y, nperseg=7)",), shapes) for shapes in (((2, 13), (2, 10)), ((2, 13), (1, 13)), ((1, 10), (2, 10)))],
    ("periodogram", ("signal.periodogram(x)", "signal.periodogram(x, 2.0, 'hann', 7)", "signal.periodogram(x, 2.0, None, 20, 'linear', scaling='spectrum')", "signal.periodogram(x, return_onesided=False)"), ((2, 12),)),
    ("coherence", ("signal.coherence(x, y, nperseg=6)", "signal.coherence(x, y, 2.0, 'hann', 7, 4, 9, 'linear')"), ((2, 16), (2, 16))),
    ("coherence", ("signal.coherence(x, y, nperseg=6, axis=0)",), ((16, 2), (16, 2))),
]  # fmt: skip


def _sample(op: str, name: str, rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    made = real(rng, shape)
    if op == "lfilter" and name == "y":  # a stable filter
        made = 0.2 * made
        made[0] = 1.3
    return made


def _cases(table: list[tuple[str, tuple[str, ...], Shapes]]) -> Iterator[Case]:
    for op, expressions, shapes in table:
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


CASES: list[Case] = list(_cases(CALLS))
SEVERAL: list[Case] = list(_cases(TUPLES))
