"""What binds a variable of numbers anew without an assignment: ``x += e`` of a number, a loop."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from backprose.analyse.types import type_of
from backprose.ir.names import NameSupply
from backprose.ir.nodes import AUGMENTED, Apply, Assign, Block, For, Function, If, Name, Stmt, While
from backprose.ir.walk import bound, kept, map_blocks, names, statements, targets, with_body


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


def separate_counters(function: Function, supply: NameSupply) -> Function:
    """``for a in range(n)`` where ``a`` was something differentiated before: ``for a_2 in range(n): a = a_2``.

    So a loop ends the derivative of what its variable was as an assignment does, in each turn that there is.
    """
    able = {parameter.name for parameter in function.parameters if parameter.type.may_be_differentiable}
    for stmt in statements(function.body):
        if not isinstance(stmt, For):
            able.update(
                name.id
                for target in targets(stmt)
                for name in names(target)
                if name.id in bound(target) and name.type.may_be_differentiable
            )
    return with_body(function, _separate(function.body, able, supply)) if able else function


def _separate(block: Block, able: Collection[str], supply: NameSupply) -> Block:
    result: list[Stmt] = []
    for stmt in block:
        stmt = map_blocks(stmt, lambda inner: _separate(inner, able, supply))
        if isinstance(stmt, For) and isinstance(stmt.target, Name) and stmt.target.id in able:
            counter = replace(stmt.target, id=supply.fresh(stmt.target.id))
            first = Assign(stmt.target, counter, span=stmt.span, ours=stmt.ours)
            stmt = replace(stmt, target=counter, body=(first, *stmt.body))
        result.append(stmt)
    return kept(block, result)


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
