"""600 random programs, none wrong and none crashing; and every program that once failed."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.fuzz.profiles import TOPICS, generate
from tests.fuzz.run import check, run_seed

pytestmark = pytest.mark.usefixtures("api")
HERE = Path(__file__).parent
REGRESSIONS = sorted((HERE / "regressions").glob("*.py"))
COUNTS, PART = {"basic": 100, "full": 500}, 25


@pytest.mark.parametrize(
    ("profile", "first"), [(profile, k) for profile, count in COUNTS.items() for k in range(0, count, PART)]
)
def test_random_programs(profile: str, first: int) -> None:
    outcomes = [run_seed(seed, profile) for seed in range(first, first + PART)]
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


# ---------------------------------------------------------------- the generator
def test_programs_are_the_same_in_every_process() -> None:
    """The hash of strings differs from process to process, the programs of a seed do not."""
    here = {name: digest(name) for name in COUNTS}
    told = "from tests.fuzz.test_fuzz import COUNTS, digest; print({name: digest(name) for name in COUNTS})"
    environment = {**os.environ, "PYTHONHASHSEED": "12345"}
    ran = subprocess.run(
        [sys.executable, "-c", told], env=environment, cwd=HERE.parents[1], capture_output=True, check=True
    )
    assert ran.stdout.decode().strip() == repr(here)


def test_basic_programs_are_those_of_earlier_figures() -> None:
    assert digest("basic") == "59ad8646dceb1f7e"


def digest(profile: str) -> str:
    text = "".join(generate(seed, profile).source for seed in range(100))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@pytest.mark.parametrize("profile", TOPICS)
def test_programs_are_fair(profile: str) -> None:
    """Nearly all run, are smooth, and have a slope somewhere; each topic's statements are in them."""
    outcomes = [run_seed(seed, profile, compiler=False)[1] for seed in range(40)]
    fair = [outcome for outcome in outcomes if outcome.kind == "right"]
    assert len(fair) >= 36, [outcome.detail for outcome in outcomes]
    assert sum(outcome.flat for outcome in fair) <= 12


def test_every_kind_of_statement_occurs() -> None:
    """What the generator is there to cover."""
    text = "\n".join(generate(seed, "full").source for seed in range(900))
    for word in WORDS:
        assert word in text, word


WORDS = """
.T .reshape( .ravel() [::-1] [:, 1:] out= np.add.at np.copyto np.put( np.fill_diagonal .fill( .sort() np.ix_( where=
nonlocal lambda functools.partial apply_twice update1( self.first .append( .pop() .insert( .extend( .values() .items()
zip( enumerate( reversed( := np.errstate try: except finally: match case print( assert del raise yield *c
""".split()
