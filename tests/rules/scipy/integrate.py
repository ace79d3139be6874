"""Calls of ``scipy.integrate`` with samples; what is given a function is tested in ``tests/test_functionals.py``."""

from __future__ import annotations

import numpy as np

from tests.rules.cases import Case

rng = np.random.default_rng(3)
ROWS = rng.normal(size=(3, 5))

CASES: list[Case] = [
    Case("trapezoid", "integrate.trapezoid(x, dx=0.5)", {"x": ROWS}),
    Case("trapezoid", "integrate.trapezoid(x, np.array([0.0, 0.3, 1.0]), axis=0)", {"x": ROWS}),
    *(
        Case(f"scipy.integrate.{name}", f"integrate.{name}(x{how})", {"x": ROWS})
        for name, hows in {
            "simpson": ("", ", dx=0.5", ", axis=0", ", x=np.array([0.0, 0.3, 1.0, 1.4, 2.5])"),
            "romb": ("", ", 0.5", ", axis=-1"),
            "cumulative_trapezoid": ("", ", dx=0.5, axis=0", ", np.array([0.0, 0.3, 1.0, 1.4, 2.5])", ", initial=0"),
            "cumulative_simpson": ("", ", dx=0.5, axis=0", ", x=np.array([0.0, 0.3, 1.0, 1.4, 2.5])", ", initial=0.0"),
        }.items()
        for how in hows
    ),
]
