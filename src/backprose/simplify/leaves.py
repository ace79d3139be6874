"""Gradients as they are handed out: the argument's dtype and shape, in memory of their own; checks that are settled."""

from __future__ import annotations

from dataclasses import replace

from backprose.analyse.types import type_of
from backprose.ir.nodes import Apply, Assign, Block, Evaluate, Expr, Function, Name, Pass, Return, Stmt, Tuple
from backprose.ir.walk import kept, map_blocks, map_statement, rebuild, statements, with_body
from backprose.simplify.polish import handed_over, is_fresh


def settle_gradients(function: Function) -> Function:
    """``as_gradient(x_bar, x)`` as what it comes to where dtype, shape and ownership are proved.

    >>> from backprose.emit import print_statement
    >>> from backprose.ir.types import PYTHON_FLOAT
    >>> from backprose.pipeline import Request, stages
    >>> def f(x):
    ...     return 3.0 * x
    >>> made = dict(stages(Request(f, "reverse", ("x",), signature={"x": PYTHON_FLOAT})))["differentiate"].entry
    >>> print(print_statement(made.body[-1]))
    return as_gradient(x_bar, x)
    >>> from backprose.analyse.types import infer
    >>> settled = settle_gradients(infer(made, {"x": PYTHON_FLOAT, "result_bar": PYTHON_FLOAT}).function)
    >>> print(print_statement(settled.body[-1]))
    return x_bar
    """
    parameters = {parameter.name for parameter in function.parameters}
    values: dict[str, list[Expr]] = {}
    shared: set[str] = set(parameters)
    moved = handed_over(function)
    for stmt in statements(function.body):
        if isinstance(stmt, Assign) and isinstance(stmt.target, Name) and id(stmt) not in moved:
            values.setdefault(stmt.target.id, []).append(stmt.value)
            if isinstance(stmt.value, Name):
                shared |= {stmt.value.id, stmt.target.id}
    seen: set[str] = set()

    def settle(expr: Expr) -> Expr:
        match expr:
            case Tuple():
                return rebuild(expr, settle)
            case Apply(op="as_gradient", args=(bar, variable)):
                return gradient(bar, variable, expr)
        return expr

    def gradient(bar: Expr, variable: Expr, expr: Apply) -> Expr:
        made, wanted = type_of(bar), type_of(variable)
        if wanted.is_immutable_scalar:
            plain = wanted.kind == "python" and made.shape == () and made.kind != "array"
            same = made.kind == "scalar"
            return bar if (plain or same) and made.dtype == wanted.dtype is not None else expr
        if wanted.shape is None or made.shape != wanted.shape or wanted.dtype is None:
            return expr
        if wanted.shape == ():
            return expr
        fresh = is_fresh(bar)
        if isinstance(bar, Name):
            fresh = bar.id not in shared | seen and all(is_fresh(value) for value in values.get(bar.id, ()))
            seen.add(bar.id)
        if made.dtype != wanted.dtype:
            return expr
        return bar if fresh else Apply("copy", (bar,))

    last = function.body[-1]
    if not isinstance(last, Return) or last.value is None:
        return function
    return with_body(function, kept(function.body, [*function.body[:-1], map_statement(last, settle)]))


def drop_settled_checks(function: Function) -> Function:
    """Without ``adjoint_of``, and without checks of what is proved: ``scalar_result`` of a scalar."""
    return with_body(function, _without(function.body))


def _without(block: Block) -> Block:
    result: list[Stmt] = []
    for stmt in block:
        stmt = map_blocks(stmt, _without)
        match stmt:
            case Evaluate(value=Apply(op="adjoint_of")):  # its body stands in the backward sweep
                continue
            case Assign(value=Apply(op="stop_gradient") as value):  # under our name for it, which every file can have
                stmt = replace(stmt, value=replace(value, spelling=""))
            case Assign(target=target, value=Apply(op="scalar_result", args=(inner, *_))) if type_of(inner).rank == 0:
                if target == inner:
                    continue
                stmt = replace(stmt, value=inner)
        result.append(stmt)
    return kept(block, result or [Pass(stmt.span) for stmt in block[:1]])
