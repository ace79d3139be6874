"""A module of data that functions of other modules read and change."""

from __future__ import annotations

import numpy as np

WEIGHTS = np.ones(3)
TABLE = {"k": 1.0}
RATES = [1.0, 2.0]
RATE = 1.0


def set_rate(value: float) -> None:
    global RATE
    RATE = value


def fill(value: float) -> None:
    WEIGHTS[:] = value
