"""300 random programs, none wrong and none crashing; and every program that once failed."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.fuzz.run import check, run_seed

pytestmark = pytest.mark.usefixtures("api")
REGRESSIONS = sorted((Path(__file__).parent / "regressions").glob("*.py"))
COUNT, FIRST, PART = 300, 0, 25


@pytest.mark.parametrize("first", range(FIRST, FIRST + COUNT, PART))
def test_random_programs(first: int) -> None:
    outcomes = [run_seed(seed) for seed in range(first, first + PART)]
    failures = [f"seed {seed}: {outcome.kind}: {outcome.detail}" for seed, outcome in outcomes if outcome.failed]
    kinds = Counter(outcome.kind for _, outcome in outcomes)
    refusals = Counter(outcome.construct for _, outcome in outcomes if outcome.kind == "refused")
    print(dict(kinds), dict(refusals))
    assert not failures, "\n".join(failures)
    assert kinds["right"] > 0, "every program was refused or dropped: nothing was tested"


@pytest.mark.parametrize("path", REGRESSIONS, ids=lambda path: path.stem)
def test_regressions(path: Path) -> None:
    """Each must be right, or refused where its docstring says so."""
    source = path.read_text(encoding="utf-8")
    outcome = check(source, path.stem)
    expected = {"right", "refused"} if "Right or refused" in source.splitlines()[0] else {"right"}
    assert outcome.kind in expected, f"{outcome.kind}: {outcome.detail}"
