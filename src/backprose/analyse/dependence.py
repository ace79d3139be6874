"""Which operands of an operation a derivative passes through."""

from __future__ import annotations

from collections.abc import Iterator

from backprose.ir.nodes import (
    Apply,
    Assign,
    Attribute,
    Augment,
    Call,
    Enter,
    Expr,
    List,
    Name,
    Pop,
    Push,
    Stmt,
    Subscript,
    Tuple,
)
from backprose.ir.walk import base
from backprose.rules.registry import Rule, rule_of

# Attributes of an array that say something of its form, not of its numbers.
FORM = frozenset({"shape", "ndim", "size", "dtype", "nbytes", "itemsize"})


def bind(apply: Apply, rule: Rule) -> dict[str, Expr]:
    """The operands of an operation by parameter name; a variadic parameter takes a ``Tuple`` of the rest."""
    if rule.kind == "not yet":
        return {**{str(position): arg for position, arg in enumerate(apply.args)}, **dict(apply.keywords)}
    bound: dict[str, Expr] = {}
    positional = [p for p in rule.parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    for parameter, arg in zip(positional, apply.args, strict=False):
        bound[parameter.name] = arg
    for parameter in rule.parameters:
        if parameter.kind is parameter.VAR_POSITIONAL:
            bound[parameter.name] = Tuple(apply.args[len(positional) :])
    bound.update(apply.keywords)
    return bound


def through(value: Expr) -> Iterator[Name]:
    """The variables that ``value`` depends on differentiably, judged by rules and types alone.

    >>> from backprose.ir.nodes import Const
    >>> [name.id for name in through(Apply("multiply", (Name("x"), Const(2))))]
    ['x']
    >>> list(through(Apply("argmax", (Name("x"),))))
    []
    """
    match value:
        case Name():
            if value.type.may_be_differentiable:
                yield value
        case Apply():
            rule = rule_of(value.op)
            if rule.kind != "constant":
                operands = bind(value, rule)
                for parameter in rule.active if rule.kind != "not yet" else operands:
                    if parameter in operands:
                        yield from through(operands[parameter])
        case Subscript(value=inner):
            yield from through(inner)
        case Attribute(value=inner, attr=attr):
            if attr not in FORM:
                yield from through(inner)
        case Tuple(items=items) | List(items=items):
            for item in items:
                yield from through(item)
        case Call(function=function, args=args, keywords=keywords):
            if isinstance(function, Attribute):  # a method of something that is differentiated
                yield from through(function.value)
            for arg in args:
                yield from through(arg)
            for _, arg in keywords:
                yield from through(arg)


def flows(stmt: Stmt) -> tuple[str | None, set[str], bool]:
    """``(target, sources, keeps)``: the variable whose value a statement changes, those its new value depends on
    differentiably, and whether the old value stays part of it (a write in place)."""
    match stmt:
        case Assign(target=Name(id=name), value=value):
            return name, {source.id for source in through(value)}, False
        case Enter(context=context, target=Name(id=name)):
            return name, {source.id for source in through(context)}, False
        case Augment(target=Name(id=name), value=value):
            return name, {source.id for source in through(value)} | {name}, True
        case Assign(target=Subscript() as target, value=value) | Augment(target=Subscript() as target, value=value):
            array = base(target)
            return (None if array is None else array.id), {source.id for source in through(value)}, True
        case Push(stack=stack, value=value):
            return stack.id, {source.id for source in through(value)}, True
        case Pop(target=Name(id=name), stack=stack):
            return name, {stack.id}, False
    return None, set(), False
