"""Every sampled call of every rule, run for real: what comes out is what inference said."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

from tests.analyse.conforming import GLOBALS, compare
from tests.rules.cases import CASES, NAMES, Case

GLOBALS.update(NAMES)  # SciPy's modules, too
DTYPES = (np.float32, np.float64, np.int64, np.complex128, np.bool_)


def variants(value: Any) -> list[Any]:
    """A sample in other dtypes, and a float of rank 0 as Python's and as NumPy's."""
    if not isinstance(value, np.ndarray) or value.dtype.kind != "f":
        return [value]
    found = [value, *(value.astype(dtype) for dtype in DTYPES)]
    if value.ndim == 0:
        found += [float(value), np.float32(value), np.float64(value), int(value), True]
    return found


@pytest.mark.parametrize("case", CASES, ids=str)
def test_sampled_calls(case: Case) -> None:
    function = f"def call({', '.join(case.samples)}):\n    result = {case.expression}\n    return result\n"
    samples = list(case.samples.values())
    choices = [variants(value) for value in samples]
    tried = [tuple(samples)]
    for position, others in enumerate(choices):
        tried += [(*samples[:position], other, *samples[position + 1 :]) for other in others]
    tried += list(zip(*choices, strict=False))
    ran = 0
    for args in tried:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                compare(function, args)
            except AssertionError:
                raise
            except Exception:  # the operation does not take these dtypes
                continue
        ran += 1
    assert ran
