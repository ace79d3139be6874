"""The table, and that what it times beside backprose computes the same. No time is asserted."""

from __future__ import annotations

import numpy as np
import pytest

from tests.benchmarks.gradbench import __main__ as command
from tests.benchmarks.gradbench import table
from tests.benchmarks.gradbench.evals import EVALS

pytestmark = pytest.mark.usefixtures("api")


@pytest.mark.parametrize("peer", table.PEERS)
@pytest.mark.filterwarnings("ignore")  # those of other libraries are not ours
def test_peers(peer: str) -> None:
    pytest.importorskip(peer)
    programs = table.PEERS[peer]()
    assert set(programs) == {"hello", "det", "gmm", "kmeans", "llsq", "lse", "lstm", "ode"}
    for row in table.ROWS:
        if row.name in programs:
            args = row.args()
            for ours, theirs in zip(row.pair(), programs[row.name], strict=True):
                assert ours is not None
                assert theirs is not None
                np.testing.assert_allclose(table.flat(theirs(*args)), table.flat(ours(*args)), rtol=1e-9, atol=1e-12)


def test_rows() -> None:
    """Every eval is in the table, with all of its functions."""
    shown = {(row.module, name) for row in table.ROWS for name in (row.primal, row.derivative) if name is not None}
    assert shown == {(module, name) for module, functions in EVALS.items() for name in functions}


def test_table(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "PEERS", {"torch": dict, "not installed": dict})
    monkeypatch.setitem(table.SHOWN, "not installed", "another")
    monkeypatch.setattr("sys.argv", ["gradbench", "--rounds", "1", "--only", "h"])
    monkeypatch.setattr("os.environ", {})
    assert command.main() == 0
    rows = [line for line in capsys.readouterr().out.splitlines() if line.startswith("h")]
    assert [line[:16].rstrip() for line in rows] == ["hello", "ht, simple", "ht, complicated"]
    for line in rows:
        primal, derivative, times, *others = line[16:].split()
        assert min(map(float, (primal, derivative, times))) > 0
        assert others == ["-"] * 6
