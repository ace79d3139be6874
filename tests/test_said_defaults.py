"""Keywords that say what a call would do without them are no reason to refuse it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import backprose as bp
from tests import differences

A = np.array([1.3, 2.2, 0.6])


@pytest.mark.parametrize(
    "function",
    [
        lambda x: np.sum(np.sin(x, out=None, casting="same_kind", order="K", subok=True, where=True)),
        lambda x: np.sum(np.multiply(x, x, dtype=None, out=np.empty(3), casting="same_kind")),
        lambda x: np.sum(np.add(x, 2.0, out=None)) * np.float64(2.0),
        lambda x: x.std(where=True, ddof=1),
        lambda x: np.var(x, where=True),
        lambda x: np.median(x, overwrite_input=False),
        lambda x: np.quantile(x, 0.3, method="linear"),
        lambda x: np.nansum(x, dtype=None) * np.nanmean(x, where=True),
        lambda x: np.linalg.pinv(np.outer(x, x) + np.eye(3), hermitian=False)[0, 1],
    ],
)
def test_right(function: Callable[..., Any]) -> None:
    slope = differences.gradient(function, [A], 0)
    assert slope.agrees(bp.grad(function)(A))
    way = np.array([0.4, -1.0, 0.7])
    assert np.isclose(bp.jvp(function, (A,), (way,))[1], np.sum(slope.value * way), rtol=1e-6)


@pytest.mark.parametrize(
    "function", [lambda x: np.sum(np.sin(x, dtype="float32")), lambda x: np.median(x, 0, None, True)]
)
def test_what_they_do_is_still_asked(function: Callable[..., Any]) -> None:
    with pytest.raises(bp.BackproseError):
        bp.grad(function)(A)
