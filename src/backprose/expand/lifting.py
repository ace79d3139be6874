"""What the expansion asks for where it finds a derivative of a function in the function."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from types import FunctionType
from typing import Any, Protocol

from backprose.ir.nodes import Function, Global, Span
from backprose.parse import Parsed


@dataclass(frozen=True)
class How:
    """What a derivative is made for. ``make``: what makes it, of these options; ``place``: where the program calls it;
    ``captured``: parameters that are variables around it; ``taken``: names that the program has."""

    make: Callable[..., Any]
    options: Mapping[str, Any]
    parsed: Parsed
    place: Span | None
    captured: frozenset[str]
    taken: Collection[str]


class Lifting(Protocol):
    """What makes functions of the program's into functions of their own, and their derivatives."""

    def lift(self, function: Function, parsed: Parsed) -> FunctionType: ...

    def derivative(self, kind: str, function: FunctionType, names: tuple[str, ...], how: How) -> Global: ...
