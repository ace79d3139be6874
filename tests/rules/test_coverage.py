"""docs/coverage.md is what its script writes."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytest.importorskip("scipy")

from tests import coverage


def test_the_page_is_today_s() -> None:
    """In a process of its own: other tests have rules of users."""
    if coverage.HERE not in coverage.PAGE.read_text():
        pytest.skip("it was written with other versions of NumPy or SciPy")
    program = "from tests import coverage; assert coverage.PAGE.read_text() == coverage.page()"
    done = subprocess.run([sys.executable, "-c", program], cwd=coverage.ROOT, check=False)
    assert done.returncode == 0, "python -m tests.coverage"


@pytest.mark.parametrize("name", [*coverage.OF_NUMPY, *coverage.OF_SCIPY])
def test_nothing_is_absent(name: str) -> None:
    """Each public function has a rule, or an entry that says why it has none."""
    assert not [entry.name for entry in coverage.entries(name) if not entry.ours]


@pytest.mark.parametrize("name", [*coverage.OF_NUMPY, *coverage.OF_SCIPY])
def test_more_than_autograd(name: str) -> None:
    found = list(coverage.entries(name))
    theirs = sum(entry.autograd for entry in found)
    assert not theirs or sum(entry.ours == "rule" for entry in found) > theirs


@pytest.mark.parametrize("names", [coverage.OF_NUMPY, coverage.OF_SCIPY], ids=["numpy", "scipy"])
def test_more_than_jax(names: tuple[str, ...]) -> None:
    """Rules and constants, against what JAX has at all, of what computes something."""
    found = [entry for name in names for entry in coverage.entries(name)]
    ours = sum(entry.ours in ("rule", "constant") for entry in found)
    assert ours > sum(entry.jax for entry in found if entry.ours != "no operation")
