"""Functions and classes that read variables of this module, and are carried out in functions of others."""

from __future__ import annotations

from typing import Any

import numpy as np

GRAVITY, SCALE = 9.81, 0.5
TABLE = np.array([1.0, 2.0, 3.0])
LOG: list[float] = []


def weight(mass: Any) -> Any:
    return mass * GRAVITY


class Body:
    def __init__(self, mass: Any) -> None:
        self.mass = mass

    def energy(self, height: Any) -> Any:
        LOG.append(1.0)
        return weight(self.mass) * height + SCALE * np.sum(TABLE * self.mass)


def parts(x: Any) -> dict[str, Any]:
    return {"a": GRAVITY * x, "b": weight(x) + TABLE[0]}


def applied(function: Any, x: Any) -> Any:
    return function(x) * SCALE


def set_scale(value: float) -> None:
    global SCALE
    SCALE = value
