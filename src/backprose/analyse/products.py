"""Products with sparse matrices of SciPy's, however they are written, as ``A @ x``: the operation that has a rule."""

from __future__ import annotations

from backprose.analyse.expressions import type_of
from backprose.analyse.sparse import is_product
from backprose.ir.nodes import Apply, Expr, Function
from backprose.ir.walk import bottom_up, map_block, with_body


def with_products(function: Function) -> Function:
    """The typed function with ``A.dot(x)`` as ``A @ x``, and ``A * x`` where that is meant."""
    return with_body(function, map_block(function.body, lambda expr: bottom_up(expr, _product)))


def _product(expr: Expr) -> Expr:
    if not isinstance(expr, Apply) or expr.op not in ("dot", "multiply") or expr.keywords or len(expr.args) != 2:
        return expr
    if not is_product(expr.op, expr.spelling, [type_of(arg) for arg in expr.args]):
        return expr
    return Apply("matmul", expr.args, (), "operator", expr.place)
