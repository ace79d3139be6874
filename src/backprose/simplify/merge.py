"""Branches that say the same on both sides need no test."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

from backprose.analyse.evaluate import evaluate
from backprose.analyse.liveness import has_effect
from backprose.ir.nodes import (
    Apply,
    Assign,
    Augment,
    Block,
    Break,
    Compare,
    Const,
    Expr,
    Function,
    If,
    Logic,
    Name,
    Pass,
    Remark,
    Stmt,
    Try,
)
from backprose.ir.walk import (
    all_names,
    bottom_up,
    expressions,
    kept,
    map_block,
    map_blocks,
    names,
    reads,
    rebinds,
    statements,
    with_body,
    writes,
)


def settle_branches(function: Function) -> Function:
    """The typed function without branches that are never taken: ``if scale is None`` where ``scale`` is a number.

    >>> from backprose.emit import emit
    >>> from backprose.ir.nodes import Compare, Const, Name, Program, Return
    >>> from backprose.ir.types import Type
    >>> x = Name("x", Type("array"))
    >>> wanted = If(Compare((x, Const(None)), ("is not",)), (Assign(x, Apply("sin", (x,))),), (Assign(x, Const(0.0)),))
    >>> function = Function("f", (), (wanted, Return(x)), None)
    >>> print(emit(Program((settle_branches(function),))).text, end="")
    def f():
        x = np.sin(x)
        return x
    """
    return with_body(function, _settled(function.body))


def _settled(block: Block) -> Block:
    result: list[Stmt] = []
    for stmt in block:
        stmt = map_blocks(stmt, _settled)
        if type(stmt) is If and isinstance(test := evaluate(stmt.test), Const) and not has_effect(stmt.test):
            result += stmt.body if test.value else stmt.orelse
        else:
            result.append(stmt)
    return kept(block, result or [Pass(stmt.span, ours=stmt.ours) for stmt in block[:1]])


def merge_branches(function: Function) -> Function:
    """What both branches of an adjoint ``if`` begin or end with stands before or after it, once.

    >>> from backprose.emit import emit
    >>> from backprose.ir.names import NameSupply
    >>> from backprose.ir.nodes import Program
    >>> from backprose.lower import lower
    >>> from backprose.parse import parse
    >>> def f(x_bar, taken):
    ...     if taken:
    ...         y_bar = x_bar
    ...         z_bar = 1.0
    ...     else:
    ...         y_bar = x_bar
    ...         z_bar = y_bar
    ...     return z_bar
    >>> function = lower(parse(f), NameSupply(()))
    >>> function = replace(function, body=tuple(replace(stmt, ours=True) for stmt in function.body))
    >>> print(emit(Program((merge_branches(function),))).text, end="")
    def f(x_bar, taken):
        y_bar = x_bar
        if taken:
            z_bar = 1.0
        else:
            z_bar = y_bar
        return z_bar
    """
    return with_body(function, _merge(function.body))


def _merge(block: Block) -> Block:
    result: list[Stmt] = []
    for stmt in block:
        stmt = map_blocks(stmt, _merge)
        if isinstance(stmt, If) and not isinstance(stmt, Try) and stmt.ours:
            result += _merged(stmt)
        else:
            result.append(stmt)
    return kept(block, result)


def _merged(stmt: If) -> Block:
    """A branch without what both sides begin or end with, and that."""
    one, other = _key(stmt.body), _key(stmt.orelse)
    if one == other:
        return stmt.body
    first = last = 0
    tested = reads(stmt.test)
    while first < min(len(one), len(other)) and one[first] == other[first]:
        here = stmt.body[first]
        if not isinstance(here, Assign) or {*rebinds(here), *writes(here)} & tested:
            break
        first += 1
    while last < min(len(one), len(other)) - first and one[-last - 1] == other[-last - 1]:
        here = stmt.body[-last - 1]
        if not isinstance(here, (Assign, Augment)):
            break
        last += 1
    if not first and not last:
        return (stmt,)
    body, orelse = (side[first : len(side) - last] for side in (stmt.body, stmt.orelse))
    return (*stmt.body[:first], replace(stmt, body=body, orelse=orelse), *stmt.body[len(stmt.body) - last :])


def name_at_once(function: Function) -> Function:
    """What each branch of a test gives has the name at once that it is given after the test.

    >>> from backprose.emit import emit
    >>> from backprose.ir.nodes import Const, Program, Return
    >>> x, y, t = Name("x"), Name("y"), Name("_t1", temporary=True)
    >>> given = If(x, (Assign(t, Const(1), ours=True),), (Assign(t, Const(2), ours=True),), ours=True)
    >>> named = name_at_once(Function("f", (), (given, Assign(y, t, ours=True), Return(y)), None))
    >>> print(emit(Program((named,))).text, end="")
    def f():
        if x:
            y = 1
        else:
            y = 2
        return y
    """
    read = Counter(name.id for stmt in statements(function.body) for expr in expressions(stmt) for name in names(expr))
    bound = Counter(name for stmt in statements(function.body) for name in rebinds(stmt))
    return with_body(function, _name_at_once(function.body, read, bound))


def _name_at_once(block: Block, read: Counter[str], bound: Counter[str]) -> Block:
    result: list[Stmt] = []
    for stmt in block:
        match stmt:
            case Assign(target=Name() as target, value=Name(temporary=True) as value, ours=True):
                at = next((k for k in reversed(range(len(result))) if not _is_copy(result[k])), 0)
                test = result[at] if result else None
                if isinstance(test, If) and not isinstance(test, Try) and read[value.id] == 1:
                    own = Counter(name for one in statements((test,)) for name in rebinds(one))
                    if own[value.id] == bound[value.id] > 0 and target.id not in all_names(result[at:]):
                        result[at] = _renamed(test, value.id, target)
                        continue
        result.append(stmt)
    return kept(block, [_joined(map_blocks(stmt, lambda inner: _name_at_once(inner, read, bound))) for stmt in result])


def _joined(stmt: Stmt) -> Stmt:
    """``if a or b`` for two branches of ours that do the same, one after the other."""
    match stmt:
        case If(test=test, body=body, orelse=(If(test=other, body=same, orelse=rest) as second,), ours=True):
            if second.ours and not isinstance(second, Try) and _key(body) == _key(same):
                return replace(stmt, test=Logic("or", (test, other)), orelse=rest)
    return stmt


def _is_copy(stmt: Stmt) -> bool:
    return isinstance(stmt, Assign) and isinstance(stmt.target, Name) and isinstance(stmt.value, Name) and stmt.ours


def _renamed(stmt: If, old: str, new: Name) -> If:
    def change(expr: Expr) -> Expr:
        return new if isinstance(expr, Name) and expr.id == old else expr

    (made,) = map_block((stmt,), lambda expr: bottom_up(expr, change))
    assert isinstance(made, If)
    return made


def unnest(function: Function) -> Function:
    """``if test: break`` and then the rest, instead of the rest under ``else``; no ``if`` with nothing but an ``else``.

    >>> from backprose.emit import emit
    >>> from backprose.ir.names import NameSupply
    >>> from backprose.ir.nodes import Program
    >>> from backprose.lower import lower
    >>> from backprose.parse import parse
    >>> def f(x):
    ...     for i in range(3):
    ...         if x > i:
    ...             break
    ...         x = x + i
    ...     return x
    >>> print(emit(Program((unnest(lower(parse(f), NameSupply(()))),))).text, end="")
    def f(x):
        for i in range(3):
            if x > i:
                break
            _t1 = x + i
            x = _t1
        return x
    """
    return with_body(function, _unnest(function.body))


def _only_passes(stmt: If) -> bool:
    return not isinstance(stmt, Try) and all(isinstance(one, Pass) for one in stmt.body)


def _unnest(block: Block) -> Block:
    result: list[Stmt] = []
    for stmt in block:
        stmt = map_blocks(stmt, _unnest)
        if isinstance(stmt, If) and stmt.ours and _only_passes(stmt) and stmt.orelse:
            stmt = replace(stmt, test=_negated(stmt.test), body=stmt.orelse, orelse=())
        if isinstance(stmt, If) and stmt.orelse and stmt.body and isinstance(stmt.body[-1], Break):
            result += [replace(stmt, orelse=()), *stmt.orelse]
        else:
            result.append(stmt)
    return kept(block, result)


def _negated(test: Expr) -> Expr:
    if isinstance(test, Compare) and test.ops == ("==",) and isinstance(test.operands[1], Const):
        return replace(test, ops=("!=",))
    return Apply("not", (test,))


def without_empty_sweep(function: Function) -> Function:
    """No heading over a forward sweep of which nothing is left."""
    body = function.body
    if len(body) > 1 and isinstance(body[0], Remark) and isinstance(body[1], Remark):
        return replace(function, body=body[2:])
    return function


def _key(block: Sequence[Stmt]) -> tuple[Any, ...]:
    """What a block says, places and comments aside."""
    return tuple(
        (
            type(stmt),
            *(
                _key(value) if field.name in ("body", "orelse") else value
                for field in fields(stmt)
                if field.name not in ("span", "comments", "ours")
                for value in (getattr(stmt, field.name),)
            ),
        )
        for stmt in block
    )
