"""What a random program may read and write at one place."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias, TypeVar

T = TypeVar("T")
Shape: TypeAlias = tuple[int, ...]


@dataclass
class Helper:
    """A function that can be called: shapes of its parameters (None: one shape, any, for all) and of its result."""

    name: str
    parameters: tuple[str, ...]
    shapes: tuple[Shape, ...] | None
    result: Shape | None
    default: str | None = None


@dataclass(frozen=True)
class Procedure:
    """A function with effects: shapes of its parameters and of its result, None where it returns nothing;
    ``counted``: its last parameter is a number of steps."""

    name: str
    shapes: tuple[Shape, ...]
    returns: Shape | None
    counted: bool = False


@dataclass
class Scope:
    """``shapes``: the float variables that are surely defined; ``ints``: whole numbers with their least and largest
    value; ``shared``: arrays that another name may see; ``steady``: variables that must not be rebound or written;
    ``small``: constants of integers, truth values or few bits; ``complex``: the complex variables."""

    shapes: dict[str, Shape] = field(default_factory=dict)
    ints: dict[str, tuple[int, int]] = field(default_factory=dict)
    shared: set[str] = field(default_factory=set)
    steady: set[str] = field(default_factory=set)
    small: dict[str, Shape] = field(default_factory=dict)
    complex: dict[str, Shape] = field(default_factory=dict)

    def copy(self) -> Scope:
        parts = dict(self.shapes), dict(self.ints), set(self.shared), set(self.steady), dict(self.small)
        return Scope(*parts, dict(self.complex))

    def define(self, name: str, shape: Shape, *, shared: bool = False) -> None:
        self.shapes[name] = shape
        (self.shared.add if shared else self.shared.discard)(name)

    def join(self, others: list[Scope]) -> None:
        """Becomes what holds after one of ``others``, whichever ran."""
        first, *rest = others
        self.shapes = {n: s for n, s in first.shapes.items() if all(o.shapes.get(n) == s for o in rest)}
        self.ints = {n: r for n, r in first.ints.items() if all(o.ints.get(n) == r for o in rest)}
        self.complex = {n: s for n, s in first.complex.items() if all(o.complex.get(n) == s for o in rest)}
        self.shared = set().union(*(o.shared for o in others)) & self.shapes.keys()

    def of_shape(self, shape: Shape) -> list[str]:
        return [name for name, has in self.shapes.items() if has == shape]

    def arrays(self) -> list[str]:
        return [name for name, shape in self.shapes.items() if shape]

    def writable(self, aliases: bool) -> list[str]:
        free = self.steady if aliases else self.steady | self.shared
        return [name for name in self.arrays() if name not in free]


class Dice:
    """Seeded choices."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def integer(self, low: int, high: int) -> int:
        return self.random.randint(low, high)

    def pick(self, items: Sequence[T]) -> T:
        return self.random.choice(items)

    def number(self, low: float = -1.5, high: float = 1.5) -> str:
        return repr(round(self.random.uniform(low, high), 2))
