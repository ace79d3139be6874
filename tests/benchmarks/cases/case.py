"""One row of the table: a primal with its arguments, the gradient asked for, and what it is compared with."""

from __future__ import annotations

import importlib.util
import types
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PRIMALS = Path(__file__).parents[1] / "primals"
IN_PLACE = "writes in place"
MATH = "calls the math module"


@dataclass(frozen=True)
class Case:
    """``elements`` are those of the largest array that it works on. ``refused`` says why HIPS autograd cannot run the
    primal; empty where it can."""

    name: str
    size: str
    family: str
    primal: str
    wrt: tuple[str, ...]
    args: tuple[Any, ...]
    by_hand: Callable[..., Any]
    elements: int
    refused: str = ""
    writes_into: tuple[int, ...] = ()

    @property
    def shown(self) -> str:
        return f"{self.name} ({self.size})"

    def fresh(self) -> types.FunctionType:
        """The primal, from a new module: no cache knows it."""
        return getattr(load_primals(self.family), self.primal)  # type: ignore[no-any-return]

    @property
    def asked(self) -> str | tuple[str, ...]:
        """``wrt`` as a user writes it."""
        return self.wrt[0] if len(self.wrt) == 1 else self.wrt

    @property
    def positions(self) -> tuple[int, ...]:
        """Where the arguments stand that it is differentiated by."""
        code = self.fresh().__code__
        return tuple(code.co_varnames.index(name) for name in self.wrt)

    def keeping_arguments(self, primal: Callable[..., Any]) -> Callable[..., Any]:
        """The primal, on a copy of what it writes into: the derivatives leave their arguments as they are, too."""
        if not self.writes_into:
            return primal
        return lambda *args: primal(*(arg.copy() if k in self.writes_into else arg for k, arg in enumerate(args)))


def load_primals(family: str) -> types.ModuleType:
    """The primals of a family as a new module."""
    spec = importlib.util.spec_from_file_location(f"benchmark_{family}", PRIMALS / f"{family}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
