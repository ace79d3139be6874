"""The lines of the table of gradients: everything that computes the gradient of a case, timed in the same rounds."""

from __future__ import annotations

import functools
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import backprose as bp
from backprose.errors import BackproseError
from tests.benchmarks.cases import Case
from tests.benchmarks.rivals import autograd_gradient, jax_gradients
from tests.benchmarks.text import bytes_text, ratio_text, table, time_text
from tests.benchmarks.timing import interleaved, peak, ratio
from tests.benchmarks.transforms import transform

JAX = "JAX, "  # and the form: jit, scan, checkpoint
WEIGHED = ("gradient", "by hand", "autograd")  # those that tell tracemalloc of their memory

COLUMNS = (
    "function",
    "size",
    "primal",
    "gradient",
    "gradient / primal",
    "by hand",
    "by hand / primal",
    "gradient / by hand",
    "HIPS autograd",
    "autograd / gradient",
    "JAX",
    "JAX / gradient",
    "transform",
)
MEMORY_COLUMNS = (
    "function",
    "size",
    "gradient",
    "by hand",
    "HIPS autograd",
    "gradient / by hand",
    "gradient / autograd",
)


@dataclass(frozen=True)
class Line:
    """What was measured of a case: seconds of each round, peaks of memory in bytes. ``refused`` says why there is no
    gradient, ``transform`` how long the first call took for the compiler."""

    case: Case
    seconds: dict[str, list[float]]
    peaks: dict[str, int]
    refused: str = ""
    transform: float = 0.0

    def median(self, name: str) -> float | None:
        return statistics.median(self.seconds[name]) if name in self.seconds else None

    def over(self, name: str, reference: str) -> float | None:
        if name not in self.seconds or reference not in self.seconds:
            return None
        return ratio(self.seconds[name], self.seconds[reference])

    def peak_over(self, name: str, reference: str) -> float | None:
        if name not in self.peaks or reference not in self.peaks:
            return None
        return self.peaks[name] / self.peaks[reference]

    @property
    def jax(self) -> str:
        """The fastest of JAX's forms; empty where there is none."""
        forms = [name for name in self.seconds if name.startswith(JAX)]
        return min(forms, key=lambda name: statistics.median(self.seconds[name]), default="")


def measured(case: Case, rounds: int) -> Line:
    """Each gradient is called as a user calls it, after its first call."""
    function = case.fresh()
    calls: dict[str, Callable[..., Any]] = {"primal": case.keeping_arguments(function), "by hand": case.by_hand}
    gradient = bp.grad(function, wrt=case.asked)
    refused = ""
    try:
        gradient(*case.args)
        calls["gradient"] = gradient
        calls["specialised"] = gradient.specialise(*case.args)
    except BackproseError as error:
        refused = f"refused: {error.what}"
    autograd = autograd_gradient(case)
    if autograd is not None:
        calls["autograd"] = autograd
    calls.update({JAX + form: gradient for form, gradient in jax_gradients(case).items()})

    ready = {name: functools.partial(call, *case.args) for name, call in calls.items()}
    seconds = interleaved(ready, rounds)
    peaks = {name: peak(ready[name]) for name in WEIGHED if name in ready}
    return Line(case, seconds, peaks, refused, 0.0 if refused else transform(case, rounds))


def times(lines: Sequence[Line]) -> str:
    return table(COLUMNS, [row(line) for line in lines], left=(0, 1))


def memory(lines: Sequence[Line]) -> str:
    return table(MEMORY_COLUMNS, [memory_row(line) for line in lines], left=(0, 1))


def row(line: Line) -> list[str]:
    """A row of the table of times."""

    def shown(name: str, otherwise: str = "-") -> str:
        median = line.median(name)
        return otherwise if median is None else time_text(median)

    jax = line.jax
    return [
        line.case.name,
        line.case.size,
        shown("primal"),
        shown("gradient", line.refused),
        ratio_text(line.over("gradient", "primal")),
        shown("by hand"),
        ratio_text(line.over("by hand", "primal")),
        ratio_text(line.over("gradient", "by hand")),
        shown("autograd", line.case.refused or "not installed"),
        ratio_text(line.over("autograd", "gradient")),
        f"{shown(jax)}, {jax.removeprefix(JAX)}" if jax else "not installed",
        ratio_text(line.over(jax, "gradient")),
        "-" if line.refused else time_text(line.transform),
    ]


def memory_row(line: Line) -> list[str]:
    """A row of the table of peaks."""
    return [
        line.case.name,
        line.case.size,
        *(bytes_text(line.peaks[name]) if name in line.peaks else "-" for name in WEIGHED),
        ratio_text(line.peak_over("gradient", "by hand")),
        ratio_text(line.peak_over("gradient", "autograd")),
    ]
