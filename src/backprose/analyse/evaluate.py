"""What of an expression is known before the program runs: constants, ranks, ``axis is None``."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from backprose.analyse.types import type_of
from backprose.ir.nodes import (
    LEAVES,
    Apply,
    Attribute,
    Call,
    Compare,
    Conditional,
    Const,
    Expr,
    Global,
    List,
    Logic,
    Subscript,
    Tuple,
)
from backprose.ir.walk import bottom_up

COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq, "!=": operator.ne,
    "is": operator.is_, "is not": operator.is_not, "in": lambda a, b: a in b, "not in": lambda a, b: a not in b,
}  # fmt: skip
ARITHMETIC: dict[str, Callable[..., Any]] = {
    "add": operator.add, "subtract": operator.sub, "multiply": operator.mul, "negative": operator.neg,
    "not": operator.not_,
}  # fmt: skip
CLASSES = {"tuple": tuple, "list": list, "int": int, "float": float, "str": str, "bool": bool}


def evaluate(expr: Expr) -> Expr:
    """The expression with every part that is known replaced by its value.

    >>> from backprose.ir.nodes import Name
    >>> evaluate(Conditional(Compare((Const(None), Const(None)), ("is",)), Name("x"), Name("y"))).id
    'x'
    >>> evaluate(Apply("max_of", (Const(2), Const(1)))), evaluate(Apply("ndim", (List((Const(2.0), Const(1.0))),)))
    (Const(value=2), Const(value=1))
    >>> two = Compare((Apply("ndim", (Name("x"),)), Const(2)), ("==",))
    >>> evaluate(Logic("and", (two, Const(False)))), evaluate(Logic("or", (Name("x"), Const(True)))).op
    (Const(value=False), 'or')
    >>> third = Apply("divide", (Const(-1), Const(3)))
    >>> evaluate(Compare((third, Const(0)), ("!=",))), evaluate(Compare((third, Const(0)), ("==",)))
    (Const(value=True), Const(value=False))
    """
    return bottom_up(expr, _known)


def _known(expr: Expr) -> Expr:
    if type(expr) in LEAVES:
        return expr
    match expr:
        case Conditional(test=Const(value=value), body=body, orelse=orelse):
            return body if value else orelse
        case Compare(operands=(left, right), ops=(op,)):
            return _compare(left, op, right, expr)
        case Logic(op=op, operands=operands):
            return _logic(op, operands)
        case Apply(op="ndim", args=(List(items=items),)) if items and all(type_of(item).rank == 0 for item in items):
            return Const(1)
        case Apply(op="ndim", args=(value,)) | Attribute(value=value, attr="ndim"):
            rank = type_of(value).rank
            return expr if rank is None else Const(rank)
        case Apply(op="len", args=(Tuple(items=items) | List(items=items),)):
            return Const(len(items))
        case Apply(op="where", args=(Const(value=value), body, orelse)):
            return body if value else orelse
        case Apply(op="max_of" | "min_of", args=(Const(value=int(one)), Const(value=int(other)))):
            return Const(max(one, other) if expr.op == "max_of" else min(one, other))
        case Apply(op="mod" | "floor_divide", args=(Const(value=int(one)), Const(value=int(other)))) if other != 0:
            return Const(one % other if expr.op != "floor_divide" else one // other)
        case Apply(op=op, args=args) if op in ARITHMETIC and args and all(isinstance(arg, Const) for arg in args):
            return _arithmetic(op, [arg.value for arg in args if isinstance(arg, Const)], expr)
        case (
            Call(function=Global(id="isinstance"), args=(value, classes))
            | Apply(op="isinstance", args=(value, classes))
        ):
            return _isinstance(value, classes, expr)
        case Subscript(value=Tuple(items=items), index=Const(value=int(index))) if -len(items) <= index < len(items):
            return items[index]
    return expr


def _compare(left: Expr, op: str, right: Expr, expr: Expr) -> Expr:
    if isinstance(left, Const) and isinstance(right, Const):
        if op in ("is", "is not"):
            same = (left.value is None and right.value is None) or left == right
            return Const(same if op == "is" else not same)
        try:
            return Const(bool(COMPARISONS[op](left.value, right.value)))
        except TypeError:
            return expr
    if op in ("in", "not in") and isinstance(right, Tuple):
        value, *found = (one.value if isinstance(one, Const) else _number(one) for one in (left, *right.items))
        known = all(isinstance(one, Const) or _number(one) is not None for one in (left, *right.items))
        return Const(COMPARISONS[op](value, found)) if known else expr
    if op in ("==", "!=") and None not in (values := (_number(left), _number(right))):
        return Const(COMPARISONS[op](*values))
    if op in ("is", "is not") and isinstance(right, Const) and right.value is None:
        kind = "tuple" if isinstance(left, Tuple) else type_of(left).kind
        if kind not in ("unknown", "none", "other"):
            return Const(op == "is not")
    return expr


def _number(expr: Expr) -> float | None:
    """The number that an expression of Python's numbers is: ``-1 / 3``."""
    match expr:
        case Const(value=int() | float() as number):
            return number
        case Apply(op="negative", args=(inner,)) if (value := _number(inner)) is not None:
            return -value
        case Apply(op="divide", args=(over, under)):
            one, other = _number(over), _number(under)
            return None if one is None or not other else one / other
    return None


def _logic(op: str, operands: tuple[Expr, ...]) -> Expr:
    """``and``, ``or`` without the operands that never are the result; the result is an operand, not its truth."""
    deciding = op == "or"  # the truth of an operand that settles the result
    rest: list[Expr] = []
    for position, operand in enumerate(operands):
        if isinstance(operand, Const):
            if bool(operand.value) == deciding:
                rest = [] if all(map(_compares_ranks, rest)) and operand.value is deciding else rest
                rest.append(operand)
                break
            last = position == len(operands) - 1
            truth_only = (
                bool(rest) and isinstance(operand.value, bool) and all(isinstance(one, Compare) for one in rest)
            )
            if not last or truth_only:
                continue
        rest.append(operand)
    return rest[0] if len(rest) == 1 else Logic("or" if deciding else "and", tuple(rest))


def _compares_ranks(expr: Expr) -> bool:
    """Whether an expression is surely a truth value and has no effect: ``np.ndim(x) == 2``."""
    match expr:
        case Compare(operands=(Apply(op="ndim"), Const(value=int()))):
            return True
    return False


def _arithmetic(op: str, values: list[Any], expr: Expr) -> Expr:
    if op != "not" and not all(isinstance(value, (int, float)) for value in values):
        return expr
    return Const(ARITHMETIC[op](*values))


def _isinstance(value: Expr, classes: Expr, expr: Expr) -> Expr:
    asked = classes.items if isinstance(classes, Tuple) else (classes,)
    wanted = [item.id for item in asked if isinstance(item, Global) and item.id in CLASSES]
    if len(wanted) < len(asked):
        return expr
    if isinstance(value, Const):
        return Const(isinstance(value.value, tuple(CLASSES[name] for name in wanted)))
    if isinstance(value, Tuple | List):
        return Const(("tuple" if isinstance(value, Tuple) else "list") in wanted)
    type = type_of(value)
    if type.kind == "python" and type.dtype is not None:
        own = {"float64": ("float",), "int64": ("int",), "bool": ("bool", "int")}.get(type.dtype, ())
        return Const(any(name in wanted for name in own))
    if type.kind == "tuple":
        return Const("tuple" in wanted)
    if type.kind == "array" or (type.kind in ("scalar", "numpy") and "float" not in wanted):
        return Const(False)
    return expr
