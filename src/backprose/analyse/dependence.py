"""Which operands of an operation a derivative passes through."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import gast

from backprose.analyse.expressions import type_of
from backprose.ir.nodes import (
    Apply,
    Assign,
    Attribute,
    Augment,
    Call,
    Const,
    Enter,
    Evaluate,
    Expr,
    List,
    Name,
    Pop,
    Push,
    Stmt,
    Subscript,
    Tuple,
    Verbatim,
)
from backprose.ir.walk import base, inplace_target, names
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


# where operations that have no parameters in their rules take a dtype
DTYPE_AT = {"zeros": 1, "ones": 1, "empty": 1, "eye": 3, "identity": 1, "tri": 3, "indices": 1, "zeros_like": 1,
            "ones_like": 1, "empty_like": 1}  # fmt: skip


def dtype_given(apply: Apply) -> Expr | None:
    """The dtype that an operation is told to give; None where it follows from the operands."""
    at, rule = DTYPE_AT.get(apply.op), rule_of(apply.op)
    found = (
        dict(apply.keywords).get("dtype") if at is not None or not rule.parameters else bind(apply, rule).get("dtype")
    )
    if found is None and at is not None and len(apply.args) > at:
        found = apply.args[at]
    return None if found == Const(None) else found


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
            if value.type.may_be_differentiable or value.type.kind == "other":  # an object may hold anything
                yield value
        case Apply() if not is_text(value):
            rule = rule_of(value.op)
            if rule.kind != "constant" and not (rule.real_constant and type_of(value.args[0]).is_complex is False):
                operands = bind(value, rule)
                for parameter, operand in operands.items():  # of one that the rule has nothing to say of, too
                    if parameter not in rule.constant:
                        yield from through(operand)
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


def is_text(expr: Expr) -> bool:
    """Whether an expression is a text: an f-string, ``"%.2f" % x``, ``"x = " + name``, ``"-" * n``."""
    match expr:
        case Const(value=value):
            return type(value) is str
        case Name():
            return expr.type.kind == "str"
        case Verbatim(tree=tree):
            return isinstance(tree, gast.JoinedStr)
        case Apply(op="mod", args=(left, _)):
            return is_text(left)
        case Apply(op="add" | "multiply", args=(left, right)):
            return is_text(left) or is_text(right)
    return False


@dataclass(frozen=True)
class Flow:
    """What a statement changes: ``bound`` anew, ``kept`` in part (a write in place), and what that depends on."""

    bound: frozenset[str] = frozenset()
    kept: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()


def flows(stmt: Stmt) -> Flow:
    """The variables whose values a statement changes and those their new values depend on differentiably."""
    match stmt:
        case Assign(target=Name() | Tuple() as target, value=value):
            return Flow(_able(target), _written(value), _through(value))
        case Augment(target=Name(id=name) as target, value=value):
            return Flow(frozenset(), _able(target), _through(value) | {name})
        case Enter(context=context, target=Name() as target):
            return Flow(_able(target), frozenset(), _through(context))
        case Assign(target=Subscript() as target, value=value) | Augment(target=Subscript() as target, value=value):
            array = base(target)
            return Flow(frozenset(), frozenset() if array is None else frozenset({array.id}), _through(value))
        case Evaluate(value=Apply(args=(array, _, value)) as update) if inplace_target(update) is not None:
            changed = base(array)
            return Flow(frozenset(), frozenset() if changed is None else frozenset({changed.id}), _through(value))
        case Evaluate(value=Apply(op="observed", args=(Name(id=name),))):  # from here on it is differentiated
            return Flow(frozenset(), frozenset({name}), frozenset({"<marks>"}))
        case Evaluate(value=value):
            return Flow(frozenset(), _written(value), _through(value))
        case Push(stack=stack, value=value):
            return Flow(frozenset(), frozenset({stack.id}), _through(value))
        case Pop(target=Name(id=name), stack=stack):
            return Flow(frozenset({name}), frozenset(), frozenset({stack.id}))
    return Flow()


def _through(value: Expr) -> frozenset[str]:
    return frozenset(source.id for source in through(value))


def _able(target: Expr) -> frozenset[str]:
    """The names in a target that can have an adjoint, or hold something that has."""
    return frozenset(name.id for name in names(target) if name.type.may_be_differentiable or name.type.kind == "other")


def _written(value: Expr) -> frozenset[str]:
    """What a call writes into, and the object whose method it is: it may keep what it is given."""
    arrays = [base(place) for place in value.written] if isinstance(value, Call) else []
    found = {array.id for array in arrays if array is not None and array.type.may_be_differentiable}
    if isinstance(value, Call) and isinstance(value.function, Attribute):
        owner = base(value.function.value)
        if owner is not None and owner.type.kind in ("unknown", "other"):
            found.add(owner.id)
    return frozenset(found)
