"""What a module of an eval gives: functions that answer its messages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Function:
    """``call`` is what is timed: it takes what ``read`` makes of a message's input; ``write`` makes the output."""

    call: Callable[..., Any]
    read: Callable[[Any], tuple[Any, ...]]
    write: Callable[[Any], Any] = float


def as_list(values: NDArray[np.float64]) -> list[float]:
    """All numbers side by side, in C order."""
    found: list[float] = np.ravel(values).tolist()
    return found


def all_as_list(arrays: tuple[NDArray[np.float64], ...]) -> list[float]:
    return [number for one in arrays for number in as_list(one)]


def as_array(values: Any) -> NDArray[np.float64]:
    return np.array(values, dtype=float)
