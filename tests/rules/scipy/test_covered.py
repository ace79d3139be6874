"""Each public function of these modules has an entry, or a reason why it is no operation."""

from __future__ import annotations

from typing import Any

import pytest
from scipy import fft, linalg, ndimage, signal

from backprose.rules.registry import op_of, why_uncovered
from tests.rules.scipy import LEFT_OUT, OLDER


@pytest.mark.parametrize("module", [fft, linalg, ndimage, signal, signal.windows])
def test_all_is_covered(module: Any) -> None:
    found = {name: getattr(module, name) for name in module.__all__}
    public = {name: one for name, one in found.items() if callable(one) and not isinstance(one, type)}
    assert not [name for name, one in public.items() if op_of(one) is None and why_uncovered(one) is None]


def test_what_this_version_does_not_take() -> None:
    """Nothing is left out where SciPy is new enough."""
    if OLDER:
        pytest.skip(
            f"this SciPy is older than {len(LEFT_OUT)} of the sampled calls: {', '.join(sorted(set(LEFT_OUT)))}"
        )
    assert not LEFT_OUT
