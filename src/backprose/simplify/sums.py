"""Sums in our own statements: what does not vary along the summed axes leaves the sum, and a sum of products of two
vectors is their inner product.
"""

from __future__ import annotations

from collections.abc import Iterator

from backprose.analyse.types import type_of
from backprose.ir.nodes import Apply, Const, Expr, Tuple
from backprose.ir.types import Dim

FLOATS = ("float", "complex")


def simpler_sum(expr: Apply) -> Expr:
    """A sum with fewer operations on arrays; the same one where there is none.

    >>> from backprose.emit import print_expression
    >>> from backprose.ir.nodes import Name
    >>> from backprose.signatures import read_type
    >>> x, y = (Name(name, read_type("float64[5]", name)) for name in "xy")
    >>> table, column = (Name(name, read_type(f"float64[5, {n}]", name)) for name, n in (("table", 3), ("column", 1)))
    >>> width = Name("width", read_type("float64[3]", "width"))
    >>> def product(*factors): return Apply("multiply", factors)
    >>> print(print_expression(simpler_sum(Apply("sum", (product(x, y),)))))
    x @ y
    >>> along_rows = (("axis", Const(0)),)
    >>> print(print_expression(simpler_sum(Apply("sum", (Apply("divide", (table, width)),), along_rows))))
    table.sum(axis=0) / width
    >>> simpler_sum(given := Apply("sum", (product(table, column),), along_rows)) is given
    True
    """
    (inner,), keywords = expr.args, dict(expr.keywords)
    shape, dtype = type_of(inner).shape, type_of(inner).dtype or ""
    axes = None if shape is None else _axes(keywords.pop("axis", Const(None)), len(shape))
    keeps = keywords.pop("keepdims", Const(False)) == Const(True)
    if axes is None or not shape or keywords or not dtype.startswith(FLOATS):
        return expr
    factors = list(_factors(inner))
    leaving = [_is_constant(factor, len(shape), axes, keeps=keeps) for _, factor in factors]
    inside = [factor for factor, leaves in zip(factors, leaving, strict=True) if not leaves]
    outside = [factor for factor, leaves in zip(factors, leaving, strict=True) if leaves]
    if not inside or inside[0][0] == "divide":
        return expr
    (_, left), *rest = inside
    for op, factor in rest[:-1]:
        left = Apply(op, (left, factor))
    whole = Apply(rest[-1][0], (left, rest[-1][1])) if rest else left
    known = type_of(whole)
    if outside and not (known.shape == shape and known.dtype == dtype):
        return expr  # what leaves gives the sum its shape, or its precision
    total: Expr = Apply("sum", (whole,), expr.keywords, expr.spelling) if outside else expr
    if rest and rest[-1][0] == "multiply" and len(shape) == 1 and not keeps and _are_vectors(left, rest[-1][1]):
        total = Apply("matmul", (left, rest[-1][1]))
    if leaving[0]:
        total, outside = Apply("multiply", (factors[0][1], total)), outside[1:]
    for op, factor in outside:
        total = Apply(op, (total, factor))
    return total


def _axes(axis: Expr, rank: int) -> frozenset[int] | None:
    """The summed axes, counted from the first; None where they are not known."""
    match axis:
        case Const(value=None):
            return frozenset(range(rank))
        case Const(value=int(one)) if -rank <= one < rank:
            return frozenset((one % rank,))
        case Tuple(items=items):
            found = [_axes(item, rank) for item in items]
            known = [one for one in found if one is not None and len(one) == 1]
            return frozenset().union(*known) if len(known) == len(found) else None
    return None


def _factors(expr: Expr) -> Iterator[tuple[str, Expr]]:
    """What a product is made of, from the left: ``x``, times ``y``, over ``z``."""
    chain: list[tuple[str, Expr]] = []
    while isinstance(expr, Apply) and expr.op in ("multiply", "divide") and not expr.spelling:
        op, (expr, last) = expr.op, expr.args
        chain.append((op, last))
    yield "multiply", expr
    yield from reversed(chain)


def _is_constant(factor: Expr, rank: int, axes: frozenset[int], *, keeps: bool) -> bool:
    """Whether a factor is the same all along the summed axes, and fits the sum as it does what is summed."""
    shape: tuple[Dim, ...] | None = type_of(factor).shape
    if shape is None:
        return False
    places = [axis - (rank - len(shape)) for axis in axes]
    return all(place < 0 or (keeps and shape[place] == 1) for place in places)


def _are_vectors(one: Expr, other: Expr) -> bool:
    """Two vectors of floats, of one length and dtype."""
    a, b = type_of(one), type_of(other)
    return a.rank == 1 and a.shape == b.shape and a.dtype == b.dtype and (a.dtype or "").startswith(FLOATS)
