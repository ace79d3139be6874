"""Each public function of these modules has an entry, or a reason why it is no operation."""

from __future__ import annotations

from typing import Any

import pytest
from scipy import fft, interpolate, linalg, ndimage, signal

from backprose.rules.registry import op_of, stand_in, why_uncovered
from tests.rules.scipy import LEFT_OUT, OLDER


@pytest.mark.parametrize("module", [fft, interpolate, linalg, ndimage, signal, signal.windows])
def test_all_is_covered(module: Any) -> None:
    found = {name: getattr(module, name) for name in module.__all__}
    public = {name: one for name, one in found.items() if callable(one) and not isinstance(one, type)}
    known = (op_of, why_uncovered, stand_in)
    assert not [name for name, one in public.items() if all(ask(one) is None for ask in known)]


def test_what_this_version_does_not_take() -> None:
    """Nothing is left out where SciPy is new enough."""
    if OLDER:
        pytest.skip(
            f"this SciPy is older than {len(LEFT_OUT)} of the sampled calls: {', '.join(sorted(set(LEFT_OUT)))}"
        )
    assert not LEFT_OUT
