"""``x += e`` of a number binds ``x`` anew: only arrays are changed in place."""

from __future__ import annotations

from dataclasses import replace

from backprose.analyse.types import type_of
from backprose.ir.names import NameSupply
from backprose.ir.nodes import AUGMENTED, Apply, Assign, Block, For, Function, If, Name, Stmt, While


def rebind_numbers(function: Function, supply: NameSupply) -> Function:
    """``x = x + e``, as inference leaves ``x += e`` of a number, in flat form: ``_t1 = x + e; x = _t1``.

    >>> from backprose.emit import emit
    >>> from backprose.ir.names import NameSupply
    >>> from backprose.ir.nodes import Program
    >>> from backprose.lower import lower
    >>> from backprose.parse import parse
    >>> from backprose.analyse.types import infer
    >>> from backprose.ir.types import PYTHON_FLOAT
    >>> supply = NameSupply(())
    >>> def f(x):
    ...     x += 1.0
    ...     return x
    >>> typed = infer(lower(parse(f), supply), {"x": PYTHON_FLOAT}).function
    >>> print(emit(Program((rebind_numbers(typed, supply),))).text, end="")
    def f(x):
        _t1 = x + 1.0
        x = _t1
        return x
    """
    return replace(function, body=_rebind(function.body, supply))


def _rebind(block: Block, supply: NameSupply) -> Block:
    result: list[Stmt] = []
    for stmt in block:
        match stmt:
            case If() | For() | While():
                stmt = replace(stmt, body=_rebind(stmt.body, supply), orelse=_rebind(stmt.orelse, supply))
            case Assign(target=Name() as target, value=Apply(args=(Name() as first, _)) as whole):
                if whole.spelling == AUGMENTED and first == target:
                    held = supply.temporary(type_of(whole))
                    result.append(Assign(held, whole, span=stmt.span, ours=stmt.ours))
                    stmt = replace(stmt, value=held)
        result.append(stmt)
    return tuple(result)
