"""What the page says follows from what was measured; no time is asserted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests import differences
from tests.benchmarks import __main__, bounds, lines, overhead, storage
from tests.benchmarks.cases import CASES
from tests.benchmarks.timing import peak

MEASURED = {"primal": 1.0, "by hand": 1.0, "gradient": 1.2, "autograd": 12.0, "JAX, scan": 1.5, "JAX, checkpoint": 1.3}


def line(shown: str, seconds: dict[str, float] | None = None, peaks: dict[str, int] | None = None) -> lines.Line:
    """A case with what ``MEASURED`` says, or otherwise what is given, in each of three rounds of unequal speed."""
    (case,) = [one for one in CASES if one.shown == shown]
    slower = (1.0, 3.0, 2.0)
    every = {**MEASURED, **(seconds or {})}
    return lines.Line(case, {name: [one * by for by in slower] for name, one in every.items()}, peaks or {})


FAST = line("Rosenbrock (20)", peaks={"gradient": 50, "by hand": 50, "autograd": 100})


def failed(*given: lines.Line) -> dict[str, bounds.Bound]:
    return {bound.name: bound for bound in bounds.bounds(given) if not bound.reached}


def test_names() -> None:
    """They are told apart by them."""
    assert len({case.shown for case in CASES}) == len(CASES)


def test_within_bounds() -> None:
    found = bounds.bounds([FAST, line("recurrent network, tanh (8, 30 steps)")])
    assert all(bound.reached for bound in found)
    assert [bound.beyond for bound in found if bound.beyond] == [("by hand 0.77",)]  # 1 / 1.3
    assert len({bound.name for bound in found}) == len(found) == 9


@pytest.mark.parametrize(
    ("shown", "seconds", "peaks", "missed"),
    [
        ("LSTM (8 x 16, 20 steps)", {"gradient": 1.61}, {}, {"gradient / by hand, worst"}),
        ("LSTM (8 x 16, 20 steps)", {"gradient": 4.1, "by hand": 3.0}, {}, {"gradient / primal, worst"}),
        ("LSTM (8 x 16, 20 steps)", {"gradient": 4.9, "by hand": 4.0}, {}, set()),
        ("Newton's square root (scalar)", {"gradient": 4.9, "by hand": 3.9}, {}, set()),
        ("Newton's square root (scalar)", {"gradient": 5.1, "by hand": 4.0}, {}, {"gradient / primal, worst"}),
        ("Rosenbrock (100 000)", {"autograd": 1.1}, {}, {"autograd / gradient, worst"}),
        ("Rosenbrock (100 000)", {"JAX, scan": 0.1}, {}, set()),
        ("LSTM (8 x 16, 20 steps)", {"JAX, scan": 0.4}, {}, {"gradient / JAX, small recurrent networks, worst"}),
        ("Rosenbrock (100 000)", {}, {"gradient": 61, "autograd": 100}, {"peak memory, gradient / autograd, worst"}),
    ],
)
def test_worst(shown: str, seconds: dict[str, float], peaks: dict[str, int], missed: set[str]) -> None:
    """One line among others that keep the medians; its rivals are fast enough unless said otherwise."""
    rivals = {"autograd": 60.0, "JAX, scan": 6.0, "JAX, checkpoint": 6.0}
    others = line("softmax loss (30 x 8, 3)"), line("denoising of a picture (24 x 24)")
    found = failed(FAST, *others, line(shown, {**rivals, **seconds}, peaks))
    assert found.keys() == missed
    assert all(len(bound.beyond) == 1 and bound.beyond[0].startswith(shown) for bound in found.values())


def test_remarks() -> None:
    """A line beyond a bound says what else is known of it."""
    slow = line("LSTM (8 x 16, 20 steps)", {"gradient": 6.0, "specialised": 5.0, "JAX, scan": 0.5})
    found = {bound.name: bound.beyond for bound in bounds.bounds([slow])}
    assert found["gradient / by hand, worst"] == ("LSTM (8 x 16, 20 steps) 6.00 (specialised 5.00)",)
    assert found["gradient / JAX, small recurrent networks, worst"] == ("LSTM (8 x 16, 20 steps) 12.00 (by hand 2.00)",)


def test_medians() -> None:
    slow = line("Rosenbrock (20)", {"gradient": 2.5, "autograd": 15.0, "by hand": 1.6})
    assert {name for name in failed(slow) if "worst" not in name} == {
        "gradient / by hand, median",
        "gradient / primal, median",
        "autograd / gradient, median up to 1000 elements",
        "gradient / JAX, median up to 10000 elements",
    }


def test_refused() -> None:
    refused = line("Rosenbrock (20)")
    del refused.seconds["gradient"]
    shown = lines.times([lines.Line(refused.case, refused.seconds, {}, "refused: a reason")])
    assert "refused: a reason" in shown
    assert bounds.bounds([lines.Line(refused.case, refused.seconds, {}, "refused: a reason")]) == []


def test_fastest_form() -> None:
    assert FAST.jax == "JAX, checkpoint"
    assert FAST.over(FAST.jax, "gradient") == pytest.approx(1.3 / 1.2)
    assert line("Rosenbrock (20)").over("torch", "gradient") is None


def test_peak() -> None:
    assert 8_000_000 <= peak(lambda: np.ones(10**6)) < 8_010_000


@pytest.mark.parametrize("arguments", overhead.ARGUMENTS)
@pytest.mark.parametrize("checked", overhead.GLOBALS)
@pytest.mark.usefixtures("api")
def test_overhead(arguments: int, checked: int) -> None:
    """The function by hand is the derivative, and each global is checked."""
    import backprose as bp

    args = (0.5, 1.5, 2.5, 3.5)[:arguments]
    with overhead.fresh(arguments, checked) as module:
        gradient = bp.grad(module.primal)
        slope = differences.gradient(module.primal, args, 0)
        assert slope.agrees(module.by_hand(*args))
        assert slope.agrees(gradient(*args))
        (variant,) = gradient.variants
        assert {guard.path for guard in variant.guards} == {"", *(f"K{k}" for k in range(checked))}


def test_fit() -> None:
    found = [overhead.Overhead(n, k, 0.0, 1e-6 + 2e-7 * (n + k), 0.0) for n in (1, 2, 4) for k in (0, 1, 3)]
    assert overhead.fit(found) == pytest.approx((1e-6, 2e-7))
    kind = overhead.KindOverhead("a kind", 1, 3, 0.0, 2.6e-6)
    assert [bound.reached for bound in overhead.bounds(found, [kind])] == [True, True, True]
    found.append(overhead.Overhead(1, 1, 0.0, 2.2e-6, 1e-6))
    kind = overhead.KindOverhead("a kind", 1, 3, 0.0, 2.8e-6)
    assert [bound.reached for bound in overhead.bounds(found, [kind])] == [False, False, False]


@pytest.mark.usefixtures("api")
def test_kinds() -> None:
    """Each is differentiated rightly, and its row says how many arguments and checks it has."""
    import backprose as bp

    for function, args in overhead.KINDS.values():
        slope = differences.slope(function, args, [np.ones(8), *[None] * (len(args) - 1)])
        assert slope.agrees(bp.grad(function)(*args).sum())
    rows = {one.kind: (one.arguments, one.guards) for one in overhead.of_kinds(1)}
    assert rows["of an array"] == (1, 2)  # itself and np
    assert rows["of three arrays"] == (3, 2)
    assert rows["with a loop"][1] > 2  # and range
    assert rows["with a helper"][1] > 2


@pytest.mark.parametrize("loop", storage.LOOPS.values(), ids=list(storage.LOOPS))
@pytest.mark.usefixtures("api")
def test_storage(loop: Callable[..., Any]) -> None:
    import backprose as bp

    x, dt, _ = storage.arguments()
    args = x[::100], dt, 30
    direction = [np.ones(10), None, None]
    slope = differences.slope(loop, args, direction)
    assert slope.trusted
    assert slope.agrees(bp.grad(loop)(*args).sum())


def test_only(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Some cases alone, and nothing is written."""
    before = __main__.DOCS.read_bytes()
    for name in (*__main__.THREADS, "XLA_FLAGS"):  # which it sets
        monkeypatch.setenv(name, "")
    monkeypatch.setattr("sys.argv", ["benchmarks", "--only", "ROSENBROCK (20)", "--rounds", "1"])
    assert __main__.main() == 0
    shown = capsys.readouterr().out
    assert shown.count("| Rosenbrock | 20 |") == 2
    assert "gradient / by hand, median" in shown
    assert __main__.DOCS.read_bytes() == before


def test_picture(tmp_path: Path) -> None:
    """The same figures give the same file."""
    pytest.importorskip("matplotlib")
    from tests.benchmarks.plot import draw

    for name in ("a.svg", "b.svg"):
        draw([FAST, line("LSTM (8 x 16, 20 steps)")], tmp_path / name)
    text = (tmp_path / "a.svg").read_text(encoding="utf-8")
    assert (tmp_path / "b.svg").read_text(encoding="utf-8") == text
    assert "Rosenbrock (20)" in text
    assert "autograd / gradient" in text
