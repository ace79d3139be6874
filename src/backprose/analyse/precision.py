"""Numbers of fewer than 64 bits: a Python number beside an array of them does not widen it."""

from __future__ import annotations

from collections.abc import Iterator

from backprose.analyse.types import type_of
from backprose.ir.nodes import Expr, Function, children
from backprose.ir.walk import expressions, statements

NARROW = ("float16", "float32", "complex64")


def is_narrow(function: Function) -> bool:
    """Whether numbers of fewer than 64 bits are in it, as far as types say."""
    if any(parameter.type.dtype in NARROW for parameter in function.parameters):
        return True
    parts = (part for stmt in statements(function.body) for whole in expressions(stmt) for part in _parts(whole))
    return any(type_of(part).dtype in NARROW for part in parts)


def _parts(expr: Expr) -> Iterator[Expr]:
    yield expr
    for child in children(expr):
        yield from _parts(child)
