"""Primal and derivative of each eval at a small size: how long they take, beside PyTorch and JAX."""

from __future__ import annotations

import functools
import importlib.metadata
import importlib.util
import platform
import statistics
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tests.benchmarks.gradbench import in_jax, in_torch
from tests.benchmarks.gradbench.evals import EVALS, MODULES
from tests.benchmarks.timing import interleaved, ratio

Pair = tuple[Callable[..., Any] | None, Callable[..., Any]]
PEERS: Mapping[str, Callable[[], Mapping[str, Pair]]] = {"torch": in_torch.programs, "jax": in_jax.programs}
SHOWN = {"backprose": "backprose", "torch": "PyTorch", "jax": "JAX"}


@dataclass(frozen=True)
class Row:
    """A derivative, and what it is one of (None for searches, which have no primal), at an input of a size."""

    name: str
    primal: str | None
    derivative: str
    size: Mapping[str, Any] = field(default_factory=dict)

    @property
    def module(self) -> str:
        return self.name.partition(",")[0]

    def args(self) -> tuple[Any, ...]:
        given = MODULES[self.module].sample(**self.size)
        return EVALS[self.module][self.derivative].read(given)

    def pair(self) -> Pair:
        functions = EVALS[self.module]
        return None if self.primal is None else functions[self.primal].call, functions[self.derivative].call


MODES = ("ff", "fr", "rf", "rr")
ROWS = (
    Row("hello", "square", "double"),
    Row("ba", "objective", "jacobian"),
    Row("det", "primal", "gradient"),
    Row("gmm", "objective", "jacobian"),
    Row("ht, simple", "objective", "jacobian"),
    Row("ht, complicated", "objective", "jacobian", {"us": True}),
    Row("kmeans", "cost", "dir"),
    Row("llsq", "primal", "gradient"),
    Row("lse", "primal", "gradient"),
    Row("lstm", "objective", "jacobian"),
    Row("ode", "primal", "gradient"),
    *(Row(f"particle, {modes}", None, modes) for modes in MODES),
    *(Row(f"saddle, {modes}", None, modes) for modes in MODES),
)


def lines(rounds: int, only: str) -> Iterator[str]:
    """The table, a line as soon as it is there."""
    peers = {name: load() for name, load in PEERS.items() if importlib.util.find_spec(name) is not None}
    yield "; ".join([f"Python {platform.python_version()}", *map(version, ("numpy", *peers))])
    yield "Microseconds a call, medians (of searches, one measurement); one thread."
    yield "Ratio: derivative by primal, the median of those of each round."
    yield ""
    tools = ("backprose", *PEERS)
    yield f"{'':16}" + "".join(f"{SHOWN[tool]:^33}" for tool in tools).rstrip()
    yield f"{'':16}" + (f"{'primal':>12}{'derivative':>12}{'ratio':>7}  " * len(tools)).rstrip()
    for row in ROWS:
        if row.name.startswith(only):
            measured = times(row, {name: one[row.name] for name, one in peers.items() if row.name in one}, rounds)
            yield (f"{row.name:16}" + "".join(cells(measured, tool) for tool in tools)).rstrip()


def version(package: str) -> str:
    return f"{package} {importlib.metadata.version(package)}"


def times(row: Row, peers: Mapping[str, Pair], rounds: int) -> Mapping[str, list[float]]:
    """Seconds, for each round, of ``"<tool> primal"`` and ``"<tool> derivative"``."""
    args = row.args()
    calls = {
        f"{tool} {what}": functools.partial(one, *args)
        for tool, pair in {"backprose": row.pair(), **peers}.items()
        for what, one in zip(("primal", "derivative"), pair, strict=True)
        if one is not None
    }
    return interleaved(calls, rounds if row.primal is not None else 1)


def cells(measured: Mapping[str, list[float]], tool: str) -> str:
    """The three columns of a tool; dashes for what it does not have."""
    primal, derivative = (measured.get(f"{tool} {what}") for what in ("primal", "derivative"))
    shown = [f"{statistics.median(one) * 1e6:.1f}" if one else "-" for one in (primal, derivative)]
    shown.append(f"{ratio(derivative, primal):.1f}" if primal and derivative else "-")
    return f"{shown[0]:>12}{shown[1]:>12}{shown[2]:>7}  "


def flat(found: Any) -> np.ndarray[Any, Any]:
    """All numbers of a result, to compare it."""
    return np.concatenate([np.ravel(one) for one in (found if isinstance(found, tuple) else (found,))])
