"""The source of a derivative rule as a program of whole expressions, to be pasted into the emitted text."""

from __future__ import annotations

import builtins
import functools
from collections.abc import Callable, Sequence
from typing import Any

import gast
import numpy as np

from backprose.errors import Location, RuleError
from backprose.ir.names import NameSupply
from backprose.ir.nodes import (
    Assign,
    Block,
    Call,
    Const,
    Expr,
    Function,
    Global,
    If,
    Name,
    Ours,
    Raise,
    Return,
    Stmt,
    Subscript,
    children,
)
from backprose.ir.walk import bottom_up, map_block, statements
from backprose.ir.walk import expressions as parts_of
from backprose.lower.exits import structure
from backprose.lower.expressions import Expressions
from backprose.lower.fence import fence
from backprose.lower.resolve import Resolver
from backprose.lower.scope import locals_of, mentioned, parameters_of
from backprose.parse import Parsed, parse
from backprose.rules.checks import LITERALS, read_outside


def rule_body(function: Callable[..., Any]) -> Function:
    """A rule in tree form: operations under their canonical names, one ``Return``, last.

    >>> def square(x, out):
    ...     return 2 * x
    >>> rule_body(square).body[0].value.op
    'multiply'
    """
    return _read(function, _numbers(function))


def _numbers(function: Callable[..., Any]) -> tuple[object, ...]:
    """The present values of the numbers outside a user's rule, which stand in its text as literals."""
    if function.__module__.startswith("backprose."):
        return ()
    parsed = parse(function)
    resolver = Resolver(parsed, ())
    return tuple(value for path in read_outside(function) if type(value := resolver.object(path)) in LITERALS)


@functools.cache
def _read(function: Callable[..., Any], _numbers: tuple[object, ...]) -> Function:
    parsed = parse(function)
    fence(parsed)
    tree = parsed.tree
    supply = NameSupply(mentioned(tree))
    expressions = Expressions(Resolver(parsed, locals_of(tree)), supply, ours=True)

    def ours(expr: Expr) -> Expr:
        """NumPy and builtins as they are meant here, whatever their names mean where the text is pasted."""
        if not isinstance(expr, Global):
            return expr
        meant = parsed.lookup(expr.id).value
        if meant is np:
            return Ours("np")
        return Ours(expr.id) if getattr(builtins, expr.id, parsed) is meant else expr

    draft = _block(tree.body, expressions, parsed)
    body = map_block(structure(draft, supply, flat=False), lambda expr: bottom_up(expr, ours))
    _check_calls(body, parsed)
    return Function(tree.name, parameters_of(tree.args), body, function)


def _block(nodes: Sequence[Any], expressions: Expressions, parsed: Parsed) -> Block:
    block: list[Stmt] = []
    for node in nodes:
        span = parsed.span_of(node)
        match node:
            case gast.Assign(targets=[gast.Name(id=name)], value=value):
                block.append(Assign(Name(name), expressions.tree(value), span))
            case gast.Assign(targets=[gast.Tuple(elts=items)], value=gast.Tuple(elts=values)):
                pairs = zip(items, values, strict=True)
                block += [Assign(Name(item.id), expressions.tree(value), span) for item, value in pairs]
            case gast.Assign(targets=[gast.Tuple(elts=items)], value=gast.Name() as value):
                whole = expressions.tree(value)
                block += [Assign(Name(item.id), Subscript(whole, Const(k)), span) for k, item in enumerate(items)]
            case gast.If():
                body = _block(node.body, expressions, parsed)
                block.append(If(expressions.tree(node.test), body, _block(node.orelse, expressions, parsed), span))
            case gast.Return():
                block.append(Return(None if node.value is None else expressions.tree(node.value), span))
            case gast.Raise(exc=exception):
                block.append(Raise(None if exception is None else expressions.tree(exception), None, span))
            case gast.Expr(value=gast.Constant()) | gast.Pass():
                pass
            case _:
                raise RuleError(
                    f"the rule {parsed.tree.name} cannot be read",
                    why="a rule is made of assignments to names, if, and return",
                    where=parsed.locate(node),
                )
    return tuple(block)


def _check_calls(body: Block, parsed: Parsed) -> None:
    """Every function that a rule calls has a rule itself, so that higher derivatives exist; builtins may test facts."""
    for stmt in statements(body):
        for part in parts_of(stmt):
            for call in _calls(part):
                function = call.function
                if not (isinstance(function, Global) and hasattr(builtins, function.id)):
                    raise RuleError(
                        f"the rule {parsed.tree.name} calls what has no rule, or in a form that its rule does not know",
                        why="the rule's text is differentiated again for higher derivatives",
                        where=_place_of(call, stmt, parsed),
                    )


def _place_of(call: Call, stmt: Stmt, parsed: Parsed) -> Location | None:
    place = call.place or stmt.span
    return None if place is None else parsed.locate(place)


def _calls(expr: Expr) -> list[Call]:
    found: list[Call] = []
    pending = [expr]
    while pending:
        part = pending.pop()
        if isinstance(part, Call):
            found.append(part)
        pending.extend(children(part))
    return found
