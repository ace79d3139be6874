"""Whether each element of a result depends on the same element of the argument alone, so that it has one derivative."""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn

import numpy as np

from backprose.analyse.activity import Activity
from backprose.analyse.dependence import flows
from backprose.errors import UnsupportedError
from backprose.ir.nodes import (
    Apply,
    Assign,
    Augment,
    Const,
    Function,
    If,
    Name,
    Return,
    Span,
    Stmt,
    Subscript,
    While,
)
from backprose.ir.types import Dim, Extent, Type
from backprose.ir.walk import statements
from backprose.parse import Parsed

NO_UFUNCS = frozenset({"matmul", "vecdot", "matvec", "vecmat"})  # of NumPy's class, but not element by element
OTHERS = frozenset({"where", "copy", "astype", "clip", "sinc", "float", "float64", "float32", "own"})


def check_elementwise(function: Function, wrt: str, facts: Activity, parsed: Parsed) -> None:
    """Refuses what mixes elements where a derivative passes through it."""
    argument = next(parameter.type for parameter in function.parameters if parameter.name == wrt)

    def refuse(span: Span | None, what: str) -> NoReturn:
        raise UnsupportedError(
            f"elementwise_grad of {function.name}: {what}",
            why="it needs each element of the result to depend on the same element of the argument alone",
            instead="use backprose.jacobian, or the pullback of backprose.vjp with the cotangent that you mean",
            where=None if span is None else parsed.locate(span),
            section="elementwise",
        )

    for stmt in statements(function.body):
        if isinstance(stmt, Return):
            value = stmt.value
            if argument.is_complex or (isinstance(value, Name) and value.type.is_complex):
                refuse(stmt.span, "complex numbers")
            if isinstance(value, Name) and value.id not in facts.varied_before[id(stmt)]:
                continue
            if not isinstance(value, Const) and not (isinstance(value, Name) and keeps_shape(value.type, argument)):
                refuse(stmt.span, "the result is not known to have the shape of the argument")
        elif not isinstance(stmt, If | While):
            flow = flows(stmt)
            active = flow.sources & facts.varied_before[id(stmt)] and (flow.bound | flow.kept)
            if active and not _is_elementwise(stmt, lambda known: keeps_shape(known, argument)):
                refuse(stmt.span, "this may mix the elements of arrays")


def _is_elementwise(stmt: Stmt, fits: Callable[[Type], bool]) -> bool:
    match stmt:
        case Assign(target=Name() as target, value=Name()):
            return fits(target.type)
        case Assign(target=Name() as target, value=Apply() as value):
            return fits(target.type) and is_elementwise_operation(value)
        case Augment(target=Name() as target, op=op):
            return fits(target.type) and op not in NO_UFUNCS
        case Assign(target=Subscript(value=Name() as whole, index=Const(value=index))) if index is ...:
            return fits(whole.type)
    return False


def is_elementwise_operation(value: Apply) -> bool:
    found = getattr(np, value.op, None)
    return value.op in OTHERS or (isinstance(found, np.ufunc) and value.op not in NO_UFUNCS)


def keeps_shape(found: Type, argument: Type) -> bool:
    """Whether what is computed of values of the argument's shape by broadcasting surely has this shape, too.

    Broadcasting stretches axes of length 1 only.
    """
    if argument.shape is None or found.shape is None or len(found.shape) != len(argument.shape):
        return False
    return all(_not_one(one) or other == 1 for one, other in zip(argument.shape, found.shape, strict=True))


def _not_one(dim: Dim) -> bool:
    return dim.not_one if isinstance(dim, Extent) else dim != 1
