"""What is timed: ``CASES``, a module for each family, as in ``primals``, ``handwritten`` and ``jax_forms``."""

from __future__ import annotations

from tests.benchmarks.cases import recurrent, scalars, simulations, systems, vectorised
from tests.benchmarks.cases.case import Case

CASES = (*vectorised.CASES, *scalars.CASES, *simulations.CASES, *systems.CASES, *recurrent.CASES)

__all__ = ["CASES", "Case"]
