"""What inference found, written beside the statements: ``backprose dump --stage analyse``."""

from __future__ import annotations

from dataclasses import replace

from backprose.ir.nodes import Assign, Block, Comments, For, Function, If, Name, While
from backprose.ir.types import UNKNOWN


def with_types(function: Function) -> Function:
    """The function with the type of each variable in a comment beside its assignment.

    >>> from backprose.analyse.types import infer
    >>> from backprose.emit import emit
    >>> from backprose.ir.names import NameSupply
    >>> from backprose.ir.nodes import Program
    >>> from backprose.lower import lower
    >>> from backprose.parse import parse
    >>> from backprose.signatures import read_like
    >>> def f(x, n):
    ...     y = 2 * x[1:]
    ...     return y.T @ y * n
    >>> signature = dict(map(read_like, ["x: float32[:, 3]", "n: int"]))
    >>> function = infer(lower(parse(f), NameSupply(())), signature).function
    >>> print(emit(Program((with_types(function),))).text, end="")
    def f(x, n):
        _t1 = x[1:]  # array float32[x.shape[0]-1?, 3]
        y = 2 * _t1  # array float32[x.shape[0]-1?, 3]
        _t2 = y.T  # array float32[3, x.shape[0]-1?]
        _t3 = _t2 @ y  # array float32[3, 3]
        _t4 = _t3 * n  # array float32[3, 3]
        return _t4
    """
    return replace(function, body=_typed(function.body))


def _typed(block: Block) -> Block:
    return tuple(
        replace(stmt, body=_typed(stmt.body), orelse=_typed(stmt.orelse))
        if isinstance(stmt, If | For | While)
        else replace(stmt, comments=Comments(beside=f"# {stmt.target.type}"))
        if isinstance(stmt, Assign) and isinstance(stmt.target, Name) and stmt.target.type != UNKNOWN
        else stmt
        for stmt in block
    )
