"""What was put in before types were known, and what of it they show to be needless."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from backprose.analyse.types import type_of
from backprose.ir.nodes import Apply, Assign, Block, Const, Expr, Function, Name, Stmt
from backprose.ir.walk import kept as same_block
from backprose.ir.walk import map_block, map_blocks, rebinds, statements, substitute, with_body, writes


def settled(function: Function, kept: Collection[str]) -> Function:
    """Without tests that a tangent fits what it belongs to, where it does, and without the copies ``kept`` of what a
    pullback reads later, where nothing is written into.

    >>> from backprose.emit import print_statement
    >>> from backprose.ir.nodes import Return
    >>> from backprose.ir.types import PYTHON_FLOAT
    >>> x, v = Name("x", PYTHON_FLOAT), Name("v", PYTHON_FLOAT)
    >>> body = (Assign(Name("x_1"), Apply("own", (x,))), Assign(Name("w"), Apply("as_tangent", (v, x))), Return(x))
    >>> for stmt in settled(Function("f", (), body, None), {"x_1"}).body:
    ...     print(print_statement(stmt))
    w = v
    return x
    """
    body = _without_tests(function.body)
    if kept and not any(writes(stmt) for stmt in statements(body)):
        often = Counter(parameter.name for parameter in function.parameters)
        often.update(name for stmt in statements(body) for name in rebinds(stmt))
        body = _without_copies(body, kept, often)
    return with_body(function, body)


def _without_tests(block: Block) -> Block:
    result: list[Stmt] = []
    for stmt in block:
        match stmt:
            case Assign(target=Name() as target, value=Apply(op="as_tangent", args=(given, like))) if fits(given, like):
                result.append(Assign(target, given, stmt.span, stmt.comments))
            case _:
                result.append(map_blocks(stmt, _without_tests))
    return same_block(block, result)


def fits(given: Expr, like: Expr) -> bool:
    """Whether a tangent has the shape, kind and dtype of what it belongs to."""
    one, other = type_of(given), type_of(like)
    if one.dtype is None or one.dtype != other.dtype or one.shape is None or one.shape != other.shape:
        return False
    return one.kind == other.kind or (isinstance(given, Const) and other.kind == "scalar")


def _without_copies(body: Block, kept: Collection[str], often: Counter[str]) -> Block:
    """The variable for the copy, where it is bound once, else another name for what it is."""
    top = {id(stmt) for stmt in body}
    nested = {name for stmt in statements(body) if id(stmt) not in top for name in rebinds(stmt)}
    steady: dict[str, Expr] = {}
    for stmt in body:
        match stmt:
            case Assign(target=Name(id=name), value=Apply(op="own", args=(Name() as source,))) if name in kept:
                if often[source.id] <= 1 and source.id not in nested:
                    steady[name] = source

    def plain(block: Block) -> Block:
        result: list[Stmt] = []
        for stmt in block:
            match stmt:
                case Assign(target=Name(id=name), value=Apply(op="own", args=(source,))) if name in kept:
                    if name not in steady:
                        result.append(Assign(Name(name), source, stmt.span, stmt.comments))
                case _:
                    result.append(map_blocks(stmt, plain))
        return same_block(block, result)

    return map_block(plain(body), lambda expr: substitute(expr, steady))
