"""All evals: of each its module, and the functions that a message may name."""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType

from tests.benchmarks.gradbench import ba, det, gmm, hello, ht, kmeans, llsq, lse, lstm, ode, particle, saddle
from tests.benchmarks.gradbench.function import Function

MODULES: Mapping[str, ModuleType] = {
    one.__name__.rpartition(".")[2]: one
    for one in (hello, ba, det, gmm, ht, kmeans, llsq, lse, lstm, ode, particle, saddle)
}
EVALS: Mapping[str, Mapping[str, Function]] = {name: one.FUNCTIONS for name, one in MODULES.items()}
