"""What is found out of an emitted program before it is run with marks: whether it keeps them, and what decides where
they go."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import FunctionType, ModuleType
from typing import Any, NoReturn

from backprose.analyse.marks import FREE, Found, Place, marks
from backprose.emit import print_expression
from backprose.errors import BackproseError, UnsupportedError
from backprose.ir.nodes import Attribute, Expr, Function, Global, Program, children
from backprose.ir.walk import expressions, statements
from backprose.load.guards import reader
from backprose.parse import parse
from backprose.sparse.pinned import NotPinnedError, has_floats, pinned
from backprose.support import adjoint_of, stop_gradient
from backprose.variants import Variant

Outside = tuple[FunctionType, str]  # a function, and a dotted name in it


@dataclass(frozen=True, eq=False)
class Study:
    """Of one emitted text; ``outside``: the globals and cells that it reads, other than functions and modules."""

    variant: Variant
    seeds: str  # the name of this parameter
    outside: tuple[Outside, ...]
    found: dict[Hashable, Found]

    @classmethod
    def of(cls, variant: Variant) -> Study:
        program = variant.derived.program
        seeds = [one.name for one in program.entry.parameters if one.kind == "keyword-only"][-1]
        return cls(variant, seeds, tuple(read_outside(program)), {})

    def run(self, args: Sequence[Any], kwargs: Mapping[str, Any], seeds: Iterable[Any]) -> list[Any]:
        """What the text gives for each seed."""
        made: list[Any] = self.variant.function(*args, **kwargs, **{self.seeds: seeds})
        return made

    def world(self) -> Hashable:
        """What the globals and cells that are read are now; None where that cannot be told."""
        try:
            return tuple([pinned(reader(home, path)()) for home, path in self.outside])
        except (NotPinnedError, NameError, AttributeError, ValueError):
            return None

    def marks(self) -> Found:
        """Where marks go, with the globals as they are now."""
        floats = [_holds_floats(reader(home, path)) for home, path in self.outside]
        key = tuple(floats)
        if key not in self.found:
            bits = {(id(home), path): FREE * flag for (home, path), flag in zip(self.outside, floats, strict=True)}

            def lookup(function: Function, expr: Expr) -> int:
                return bits.get((id(function.home), dotted(expr)), 0)

            self.found[key] = marks(self.variant.derived.program, self.seeds, lookup)
        return self.found[key]

    def refuse(self, place: Place, name: str) -> NoReturn:
        """A mark that would be lost."""
        raise UnsupportedError(
            f"{name} has no sparse Jacobian: which results an argument reaches cannot be seen",
            why=f"its derivative takes {place.what}, where a mark that shows the way would end",
            instead="leave sparse=True out",
            where=location(place),
            section="sparse",
        )


def is_symmetric(study: Study) -> bool:
    """Whether the Jacobian of a gradient is a Hessian: not where the program says itself what a derivative is."""
    return not any(
        guard.expected is stop_gradient
        or guard.expected is adjoint_of
        or (guard.rule is not None and guard.rule.by_user)
        for guard in study.variant.guards
        if guard.by == "identity"
    )


def location(place: Place) -> Any:
    """The user's line, where the place is in a text that can be read."""
    if place.span is None or not isinstance(place.function.home, FunctionType):
        return None
    try:
        return parse(place.function.home).locate(place.span)
    except BackproseError:
        return None


def dotted(expr: Expr) -> str:
    return print_expression(expr)


def read_outside(program: Program) -> list[Outside]:
    """The globals and cells that a program reads, those of NumPy and functions of its own left out."""
    own = {function.name for function in program.functions}
    found: dict[tuple[int, str], Outside] = {}
    for function in program.functions:
        pending = [part for stmt in statements(function.body) for part in expressions(stmt)]
        while pending:
            expr = pending.pop()
            root = expr
            while isinstance(root, Attribute):
                root = root.value
            if not isinstance(root, Global):
                pending.extend(children(expr))
            elif root.id not in own and not _is_module(function.home, root.id):
                found[id(function.home), dotted(expr)] = function.home, dotted(expr)
    return list(found.values())


def _is_module(home: FunctionType, name: str) -> bool:
    try:
        value = reader(home, name)()
    except (NameError, ValueError):
        return False
    return isinstance(value, ModuleType) and value.__name__.partition(".")[0] in ("numpy", "math", "cmath")


def _holds_floats(read: Callable[[], Any]) -> bool:
    try:
        return has_floats(read())
    except (NameError, AttributeError, ValueError):
        return True
