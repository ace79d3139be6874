"""Calls of the methods of distributions in ``scipy.stats``."""

from __future__ import annotations

import numpy as np

from tests.rules.cases import Case

rng = np.random.default_rng(7)

CASES: list[Case] = [
    Case("scipy.stats.norm.logpdf", "stats.norm.logpdf(x)", {"x": rng.normal(size=(3, 4))}),
    Case(
        "scipy.stats.norm.logpdf",
        "stats.norm.logpdf(x, y, z)",
        {"x": rng.normal(size=(3, 4)), "y": rng.normal(size=(4,)), "z": rng.uniform(0.5, 2, size=(3, 1))},
    ),
    Case(
        "scipy.stats.norm.logpdf",
        "stats.norm.logpdf(x, loc=0.3, scale=y)",
        {"x": rng.normal(size=(3, 4)), "y": rng.uniform(0.5, 2, size=(4,))},
    ),
]
