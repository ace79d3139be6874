"""Calls of ``scipy.fft``."""

# ruff: noqa: E501 - a table is read along its lines

from __future__ import annotations

import zlib
from collections.abc import Iterator

import numpy as np

from tests.rules.cases import Case, real

ONE = tuple(
    f"fft.{{}}(x{o})"
    for o in ("", ", axis=0", ", norm='ortho'", ", norm='forward', workers=1", ", 7", ", 3", ", n=6, axis=0")
)
SOME = tuple(
    f"fft.{{}}(x{o})"
    for o in ("", ", axes=(1, 0)", ", norm='ortho'", ", s=(4, 3), axes=(0, 1)", ", s=(2, 6), axes=(0, -1)")
)
LINES = tuple(
    f"fft.{{}}(x, {t}{o})"
    for t in (1, 2, 3, 4)
    for o in ("", ", norm='ortho'", ", norm='forward', axis=0", ", n=6", ", 3, 0")
)
BLOCKS = tuple(
    f"fft.{{}}(x, {t}{o})"
    for t in (1, 2, 3, 4)
    for o in ("", ", norm='ortho'", ", norm='forward', axes=0", ", s=(2, 6), axes=(0, -1)")
)

CALLS: list[tuple[str, tuple[str, ...], tuple[int, ...]]] = [
    *[(op, ONE, shape) for op in ("fft", "ifft", "rfft", "irfft", "hfft", "ihfft") for shape in ((3, 4), (4, 5))],
    *[(op, SOME, shape) for op in ("fft2", "ifft2", "rfft2", "irfft2", "hfft2", "ihfft2", "fftn", "ifftn", "rfftn", "irfftn", "hfftn", "ihfftn") for shape in ((3, 4), (2, 3, 5))],
    *[(op, ("fft.{}(x)", "fft.{}(x, axes=1)", "fft.{}(x, (0, 1))"), (3, 4)) for op in ("fftshift", "ifftshift")],
    *[(op, ("fft.{}(x)", *LINES), (4, 5)) for op in ("dct", "idct", "dst", "idst")],
    *[(op, ("fft.{}(x)", *BLOCKS), (2, 3, 4)) for op in ("dctn", "idctn", "dstn", "idstn")],
    *[(op, ("fft.{}(5, x)", "fft.{}(4, d=x)"), ()) for op in ("fftfreq", "rfftfreq")],
    *[(op, ("fft.{}(x, 0.1, 0.5)", "fft.{}(x, 0.1, 1.5, offset=0.2)", "fft.{}(x, 0.1, 0.5, 0.1, bias=-0.3)"), shape) for op in ("fht", "ifht") for shape in ((8,), (2, 7))],
]  # fmt: skip


def _cases() -> Iterator[Case]:
    for op, expressions, shape in CALLS:
        x = real(np.random.default_rng(zlib.crc32(f"{op} {shape}".encode())), shape)
        for expression in expressions:
            yield Case(f"scipy.fft.{op}", expression.format(op), {"x": x})


CASES: list[Case] = list(_cases())
