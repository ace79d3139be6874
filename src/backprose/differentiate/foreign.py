"""Objects that are not followed, where a derivative would pass through an operator or an index of theirs."""

from __future__ import annotations

from collections.abc import Iterator

from backprose.analyse.activity import Activity
from backprose.analyse.dependence import bind, through
from backprose.analyse.types import type_of
from backprose.differentiate.refuse import Refuse
from backprose.ir.nodes import Apply, Assign, Augment, Compare, Expr, Function, Slice, Subscript, Tuple, children
from backprose.ir.walk import expressions, names, statements, targets
from backprose.rules.registry import rule_of

FOREIGN = frozenset({"object", "other"})  # kinds of values that are no numbers, arrays or structures of these
INDEXED = frozenset({"array", "numpy", "number", "python", "scalar", "list", "tuple", "dict", "str"})
IDENTITY = frozenset({"is", "is not", "in", "not in"})  # comparisons that give a bool, whatever the operands are


def check_foreign(function: Function, facts: Activity, refuse: Refuse) -> None:
    """Refuses an operation of an object that is not followed and of a value that is differentiated, an index of such an
    object that is one, and a comparison of both whose result is no test."""
    for stmt in statements(function.body):
        if not isinstance(stmt, Assign | Augment):
            continue
        useful = _is_useful(stmt, facts)
        varied = facts.varied_before[id(stmt)]
        pending: list[Expr] = list(expressions(stmt))
        while pending:
            expr = pending.pop()
            if (useful or isinstance(expr, Compare)) and _is_foreign(expr, varied):
                refuse.foreign(stmt, expr)
            pending.extend(children(expr))


def _is_useful(stmt: Assign | Augment, facts: Activity) -> bool:
    useful = facts.useful_after[id(stmt)]
    return any(name.id in useful for target in targets(stmt) for name in names(target))


def _is_foreign(expr: Expr, varied: frozenset[str]) -> bool:
    match expr:
        case Apply(op=op) if rule_of(op).kind in ("elementwise", "general", "linear"):
            rule = rule_of(op)
            operands = tuple(part for name, part in bind(expr, rule).items() if name in rule.active)
        case Compare(operands=operands, ops=ops) if not IDENTITY.issuperset(ops):
            pass
        case Subscript(value=value, index=index) if type_of(value).kind not in INDEXED:
            return any(name in varied for name in _differentiable(index))
        case _:
            return False
    if isinstance(expr, Apply) and expr.op == "matmul":
        operands = tuple(operand for operand in operands if not type_of(operand).is_sparse)
    return any(type_of(operand).kind in FOREIGN for operand in operands) and any(
        name in varied for operand in operands for name in _differentiable(operand)
    )


def _differentiable(expr: Expr) -> Iterator[str]:
    if isinstance(expr, Tuple | Slice):
        for part in children(expr):
            yield from _differentiable(part)
    for name in through(expr):
        yield name.id
