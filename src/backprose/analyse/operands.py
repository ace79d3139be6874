"""An operation as its transfer function sees it: operands with their types, and those that are known as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from backprose.analyse.extents import Symbols
from backprose.analyse.values import is_module
from backprose.ir.nodes import Const, Expr, Tuple
from backprose.ir.types import Type


class _NotKnown:
    """The value of what is only known when the program runs."""

    def __repr__(self) -> str:
        return "NOT_KNOWN"


NOT_KNOWN = _NotKnown()


@dataclass(slots=True)  # not frozen: it is made for every operand of every operation, and seen by one function
class Operand:
    expr: Expr
    type: Type

    @property
    def value(self) -> Any:
        """The operand as a Python constant (numbers, strings, None, tuples of these), or ``NOT_KNOWN``."""
        if isinstance(self.expr, Const):
            return self.expr.value
        return value_of(self.type, self.expr)


def value_of(type: Type, expr: Expr | None = None) -> Any:
    """The constant that a type (or a tuple of constants) stands for, or ``NOT_KNOWN``."""
    if type.kind == "none":
        return None
    if type.kind == "python" and type.dtype == "int64" and isinstance(type.extent, int):
        return type.extent
    if type.kind in ("tuple", "list") and type.items is not None:
        parts = expr.items if isinstance(expr, Tuple) else (None,) * len(type.items)
        values = [
            part.value if isinstance(part, Const) else value_of(item, part)
            for item, part in zip(type.items, parts, strict=True)
        ]
        if not any(value is NOT_KNOWN for value in values):
            return tuple(values)
    return NOT_KNOWN


@dataclass(slots=True)
class Operation:
    symbols: Symbols
    op: str
    args: tuple[Operand, ...]
    keywords: dict[str, Operand]
    spelling: str

    @property
    def is_method(self) -> bool:
        return self.spelling.startswith("method:")

    def get(self, position: int, name: str) -> Operand | None:
        if name in self.keywords:
            return self.keywords[name]
        return self.args[position] if 0 <= position < len(self.args) else None

    def type(self, position: int, name: str) -> Type:
        found = self.get(position, name)
        return Type() if found is None else found.type

    def value(self, position: int, name: str, default: Any) -> Any:
        """A static parameter: ``default`` where it is not given, ``NOT_KNOWN`` where it is no constant."""
        found = self.get(position, name)
        return default if found is None else found.value

    def dtype(self, position: int, default: str | None) -> str | None:
        """The dtype named by a ``dtype`` parameter."""
        found = self.get(position, "dtype")
        return default if found is None else dtype_named(found, default)


def dtype_named(operand: Operand, default: str | None = None) -> str | None:
    """The dtype that an operand names: a string, a dtype or a type."""
    value = operand.value
    if value is None:
        return default
    if isinstance(value, str):
        try:
            found = np.dtype(value)
        except TypeError:
            return None
        return found.name if found.kind in "biufc" and found.isnative else None
    type = operand.type
    return type.dtype if type.kind == "other" and type.shape is None and not is_module(type) else None
