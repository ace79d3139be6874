"""What is asked of the gradients, and whether the measured lines reach it."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from tests.benchmarks.lines import JAX, Line
from tests.benchmarks.text import table

COLUMNS = ("bound", "asked", "measured", "reached", "lines beyond it, remarks")
MOST_OVER_HAND = 1.6
MOST_OVER_PRIMAL = 4.0
MOST_OVER_PRIMAL_SCALAR = 5.0  # loops over numbers in plain Python
MOST_OVER_EXPERT = 1.25  # or this many times what the expert's gradient costs
SMALL, MEDIUM = 1000, 10_000  # elements


@dataclass(frozen=True)
class Bound:
    """``beyond`` names the lines that miss a bound for each line, or remarks on the figure."""

    name: str
    asked: str
    measured: float
    reached: bool
    beyond: tuple[str, ...] = ()

    def row(self) -> list[str]:
        beyond = "; ".join(self.beyond) or "-"
        return [self.name, self.asked, f"{self.measured:.2f}", "yes" if self.reached else "**no**", beyond]


def summary(found: Iterable[Bound]) -> str:
    return table(COLUMNS, [bound.row() for bound in found], left=(0, 1, 4))


def at_most(name: str, limit: float, measured: float) -> Bound:
    return Bound(name, f"at most {limit:g}", measured, measured <= limit)


def at_least(name: str, limit: float, measured: float) -> Bound:
    return Bound(name, f"at least {limit:g}", measured, measured >= limit)


def each_at_most(
    name: str, limit: float, ratios: dict[str, float], label: str = "", others: dict[str, float] | None = None
) -> Bound:
    """The worst of the lines, and those beyond the limit, the worst first; each with its ratio of ``others``."""

    def shown(line: str) -> str:
        beside = f" ({label} {others[line]:.2f})" if others and line in others else ""
        return f"{line} {ratios[line]:.2f}{beside}"

    order = sorted(ratios, key=lambda line: -ratios[line])
    beyond = tuple(shown(line) for line in order if ratios[line] > limit)
    return Bound(f"{name}, worst", f"at most {limit:g}", ratios[order[0]], not beyond, beyond)


def each_at_least(name: str, limit: float, ratios: dict[str, float]) -> Bound:
    """As ``each_at_most``, where more is better."""
    order = sorted(ratios, key=lambda line: ratios[line])
    beyond = tuple(f"{line} {ratios[line]:.2f}" for line in order if ratios[line] < limit)
    return Bound(f"{name}, worst", f"at least {limit:g}", ratios[order[0]], not beyond, beyond)


def bounds(lines: Iterable[Line]) -> list[Bound]:
    """Those for which there are lines."""
    lines = [line for line in lines if not line.refused]
    by_hand = ratios(lines, "gradient", "by hand")
    primal = ratios(lines, "gradient", "primal")
    autograd = ratios(lines, "autograd", "gradient")
    small = ratios([line for line in lines if line.case.elements <= SMALL], "autograd", "gradient")
    memory = {line.case.shown: line.peak_over("gradient", "autograd") for line in lines}
    lighter = {name: found for name, found in memory.items() if found is not None}

    found: list[Bound] = []
    if by_hand:
        found.append(at_most("gradient / by hand, median", 1.25, statistics.median(by_hand.values())))
        alone = ratios(lines, "specialised", "by hand")
        found.append(each_at_most("gradient / by hand", MOST_OVER_HAND, by_hand, "specialised", alone))
    if primal:
        found.append(at_most("gradient / primal, median", 2.0, statistics.median(primal.values())))
        found.append(over_primal(lines))
    if small:
        name = f"autograd / gradient, median up to {SMALL} elements"
        found.append(at_least(name, 8.0, statistics.median(small.values())))
    if autograd:
        found.append(each_at_least("autograd / gradient", 1.0, autograd))
    found += over_jax([line for line in lines if line.jax and line.case.elements <= MEDIUM])
    if lighter:
        found.append(each_at_most("peak memory, gradient / autograd", 0.6, lighter))
    return found


def ratios(lines: Iterable[Line], name: str, reference: str) -> dict[str, float]:
    """Of the lines that have both."""
    found = {line.case.shown: line.over(name, reference) for line in lines}
    return {line: ratio for line, ratio in found.items() if ratio is not None}


def over_jax(lines: Sequence[Line]) -> list[Bound]:
    """With the same ratio of what is written by hand: what plain Python can reach at all."""
    ours, expert = over_fastest(lines, "gradient"), over_fastest(lines, "by hand")
    name = f"gradient / JAX, median up to {MEDIUM} elements"
    found = []
    whole = [line for line in lines if line.jax == JAX + "jit"]
    for kind, some in ((name, lines), (f"{name}, loops apart", whole)):
        if some:
            middle, remark = (statistics.median(each[line.case.shown] for line in some) for each in (ours, expert))
            found.append(replace(at_most(kind, 1.0, middle), beyond=(f"by hand {remark:.2f}",)))
    recurrent = {line.case.shown: ours[line.case.shown] for line in lines if line.case.family == "recurrent"}
    if recurrent:
        found.append(each_at_most("gradient / JAX, small recurrent networks", 2.5, recurrent, "by hand", expert))
    return found


def over_fastest(lines: Iterable[Line], name: str) -> dict[str, float]:
    """As ``ratios``, over the fastest of JAX's forms."""
    found = {line.case.shown: line.over(name, line.jax) for line in lines}
    return {line: ratio for line, ratio in found.items() if ratio is not None}


def over_primal(lines: Iterable[Line]) -> Bound:
    """Each line has a limit of its own."""
    shares, beyond = [], []
    for line in lines:
        ratio, expert = line.over("gradient", "primal"), line.over("by hand", "primal")
        assert ratio is not None
        assert expert is not None
        fixed = MOST_OVER_PRIMAL_SCALAR if line.case.family == "scalars" else MOST_OVER_PRIMAL
        limit = max(fixed, MOST_OVER_EXPERT * expert)
        shares.append(ratio)
        if ratio > limit:
            beyond.append((ratio / limit, f"{line.case.shown} {ratio:.2f}, of {limit:.2f}"))
    asked = (
        f"at most {MOST_OVER_PRIMAL:g}, in loops over numbers {MOST_OVER_PRIMAL_SCALAR:g}, "
        f"or {MOST_OVER_EXPERT:g} x by hand / primal"
    )
    ordered = tuple(text for _, text in sorted(beyond, reverse=True))
    return Bound("gradient / primal, worst", asked, max(shares), not beyond, ordered)
