"""Calls of ``scipy.special``."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

import numpy as np

from tests.rules.cases import Case, Sample, positive, real

ELEMENTWISE: dict[str, tuple[tuple[str, ...], tuple[Sample, ...]]] = {
    # op without its module: (expressions, samples of x and y)
    "erf": (("special.erf(x)",), (real,)),
    "gammaln": (("special.gammaln(x)",), (positive,)),
    "psi": (("special.psi(x)", "special.digamma(x)"), (positive,)),
    "polygamma": (("special.polygamma(0, x)", "special.polygamma(2, x)"), (positive,)),
    "i0e": (("special.i0e(x)",), (real,)),
    "i1e": (("special.i1e(x)",), (real,)),
    "xlogy": (("special.xlogy(x, y)",), (real, positive)),
    "gammainc": (("special.gammainc(2.5, x)",), (positive,)),
}


def _cases() -> Iterator[Case]:
    for op, (expressions, samples) in ELEMENTWISE.items():
        rng = np.random.default_rng(zlib.crc32(op.encode()))
        given = {name: sample(rng, (3, 4)) for name, sample in zip("xy", samples)}
        for expression in expressions:
            yield Case(f"scipy.special.{op}", expression, given, grows=True)
        if len(samples) == 2:  # operands that are broadcast
            wide = {"x": samples[0](rng, (3, 1)), "y": samples[1](rng, (4,))}
            yield Case(f"scipy.special.{op}", expressions[0], wide)


CASES: list[Case] = list(_cases())
