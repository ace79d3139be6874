"""The branch that ``where`` does not take adds 0: also where its derivative is not finite.

``np.where(x > 0, np.sqrt(x), 0)`` has the adjoint 0 for ``sqrt(x)`` at 0, and ``0 * inf`` is nan. So the numbers that
go into the derivative of ``sqrt`` are replaced where the branch is not taken, by one at which it is harmless.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import reduce

from backprose.analyse.types import type_of
from backprose.ir.nodes import Apply, Assign, Block, Const, Expr, Name, children
from backprose.ir.types import Dim
from backprose.ir.walk import rebinds, statements

# operations whose derivative or value may be infinite or not a number
RISKY = frozenset(
    {
        "sqrt", "cbrt", "log", "log2", "log10", "log1p", "exp", "exp2", "expm1", "sinh", "cosh", "tan", "divide",
        "power", "reciprocal", "arcsin", "arccos", "arctanh", "arccosh", "arctan2", "hypot", "logaddexp", "sinc",
    }
)  # fmt: skip
HARMLESS = {"arccosh": 2.0}  # an argument in the domain of the derivative; of all others 0.5 is


@dataclass(frozen=True)
class Mask:
    """Where an adjoint may differ from 0: where each of the conditions is true, or is not (``taken`` says which)."""

    conditions: tuple[tuple[Name, bool], ...]
    shape: tuple[Dim, ...]

    def within(self, outer: Mask | None) -> Mask:
        """The mask of a ``where`` whose own adjoint has the mask ``outer``."""
        if outer is None or outer.shape != self.shape:
            return self
        return replace(self, conditions=(*outer.conditions, *self.conditions))

    def fits(self, operand: Expr) -> bool:
        return isinstance(operand, Name) and operand.type.shape == self.shape

    def safe(self, operand: Expr, op: str) -> Expr:
        """The operand with a harmless number where the adjoint is 0."""
        if not self.fits(operand):
            return operand
        harmless = Const(HARMLESS.get(op, 0.5))
        (condition, taken), *others = self.conditions
        if not others:
            return Apply("where", (condition, *((operand, harmless) if taken else (harmless, operand))))
        all_of: list[Expr] = [one if wanted else Apply("logical_not", (one,)) for one, wanted in self.conditions]
        return Apply("where", (reduce(_and, all_of), operand, harmless))


def _and(one: Expr, other: Expr) -> Expr:
    return Apply("logical_and", (one, other))


class Risk:
    """Which values may be infinite, or come from an operation whose derivative may be, judged by how they are made.

    >>> x, root = Name("x"), Name("root")
    >>> risk = Risk((Assign(root, Apply("sqrt", (x,))),))
    >>> risk.of(root), risk.of(Apply("multiply", (x, root))), risk.of(Apply("multiply", (x, x)))
    (True, True, False)
    """

    def __init__(self, body: Block) -> None:
        self.makers: dict[str, list[Expr]] = {}
        for stmt in statements(body):
            for name in rebinds(stmt):
                made = [stmt.value] if isinstance(stmt, Assign) and isinstance(stmt.target, Name) else []
                self.makers.setdefault(name, []).extend(made)
        self.known: dict[str, bool] = {}

    def of(self, value: Expr) -> bool:
        if isinstance(value, Name):
            if value.id not in self.known:
                self.known[value.id] = False  # of a value that is made of itself
                self.known[value.id] = any(map(self.of, self.makers.get(value.id, ())))
            return self.known[value.id]
        if isinstance(value, Apply) and value.op in RISKY:
            return not (value.op == "divide" and isinstance(value.args[1], Const)) and not _is_small_power(value)
        return type_of(value).kind != "other" and any(map(self.of, children(value)))


def _is_small_power(value: Apply) -> bool:
    """``x ** 2``: finite where ``x`` is."""
    exponent = value.args[1] if value.op == "power" and len(value.args) == 2 else None
    return isinstance(exponent, Const) and isinstance(exponent.value, int) and exponent.value > 0
