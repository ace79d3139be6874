"""``with bp.adjoint_of(x) as x_bar:``, whose body belongs to the backward sweep, at the place of ``x``'s adjoint.

In the program it is an operation without effect on ``x`` and on what the body reads; the body, as a function of these,
is kept here under the operation's spelling, and pasted where the adjoint is (``differentiate/reverse.py``).
"""

from __future__ import annotations

from typing import Any, NoReturn

import gast

from backprose import support
from backprose.ir.nodes import (
    Apply,
    Assign,
    Block,
    Evaluate,
    Expr,
    Function,
    Global,
    If,
    Name,
    Parameter,
    Return,
    Span,
    Stmt,
    Verbatim,
    children,
)
from backprose.ir.walk import expressions, names, statements
from backprose.lower.expressions import Expressions, needs_statements
from backprose.lower.fence import Refusal, nodes_of, refuse
from backprose.lower.forms import BINARY
from backprose.lower.resolve import Resolver
from backprose.lower.scope import own_nodes, parameters_of
from backprose.parse import Parsed

HOOK = "hook:"
_bodies: dict[str, Function] = {}  # by spelling: written anew each time that the function is lowered


def body_of(operation: Apply) -> Function:
    """The body of a ``with`` statement: from the adjoint, its first parameter, and what it reads, to the adjoint."""
    return _bodies[operation.spelling]


def roots_read(block: Block) -> set[str]:
    """The names outside the function that a body reads, the first of each path."""
    found: set[str] = set()
    pending = [expr for stmt in statements(block) for expr in expressions(stmt)]
    while pending:
        expr = pending.pop()
        if isinstance(expr, Global):
            found.add(expr.id)
        elif isinstance(expr, Verbatim):
            found |= _read(expr.tree) - set(expr.reads)
        elif isinstance(expr, Apply) and expr.spelling.startswith("function:"):
            found.add(expr.spelling.removeprefix("function:").partition(".")[0])
        pending.extend(children(expr))
    return found


def is_adjoint_of(node: Any, resolver: Resolver) -> bool:
    """Whether a statement is ``with bp.adjoint_of(...):``."""
    if not isinstance(node, gast.With):
        return False
    called = (item.context_expr.func for item in node.items if isinstance(item.context_expr, gast.Call))
    return any(resolver.object(resolver.path(function)) is support.adjoint_of for function in called)


def bound_only_there(tree: Any, resolver: Resolver) -> frozenset[str]:
    """The names of adjoints and of what such bodies assign, which the function has nowhere else.

    They are no variables of the function: the adjoint gets its own name, ``x_bar``, from the engine.
    """
    if not any(is_adjoint_of(node, resolver) for node in nodes_of(tree)):
        return frozenset()
    inside: set[str] = set()
    outside: set[str] = set()
    pending: list[Any] = [*(parameter.name for parameter in parameters_of(tree.args)), *tree.body]
    while pending:
        node = pending.pop()
        if isinstance(node, str):
            outside.add(node)
        elif is_adjoint_of(node, resolver):
            inside |= _assigned(node)
            outside |= {name for name in _read(node) if name not in _assigned(node)}
        elif isinstance(node, gast.Name):
            outside.add(node.id)
        else:
            pending.extend(gast.iter_child_nodes(node))
    return frozenset(inside - outside)


def _assigned(node: Any) -> set[str]:
    return {one.id for one in gast.walk(node) if isinstance(one, gast.Name) and isinstance(one.ctx, gast.Store)}


def _read(node: Any) -> set[str]:
    return {one.id for one in gast.walk(node) if isinstance(one, gast.Name) and isinstance(one.ctx, gast.Load)}


class AdjointOf:
    """Lowers one ``with`` statement."""

    def __init__(self, lower: Expressions, parsed: Parsed) -> None:
        self.lower, self.own, self.parsed = lower, lower.adjoints, parsed

    def statement(self, node: Any, span: Span) -> Evaluate:
        item = node.items[0]
        target, call = item.optional_vars, item.context_expr
        if len(node.items) > 1 or not isinstance(target, gast.Name):
            self.fail(node, "it is not of the form with backprose.adjoint_of(x) as x_bar", "write it so")
        variable = call.args[0] if len(call.args) == 1 and not call.keywords else None
        if not isinstance(variable, gast.Name) or variable.id not in {*self.lower.resolver.local} - self.own:
            self.fail(call, "what it is of is no variable of this function", "hold the value in a variable first")
        strangers = sorted(_assigned(node) - self.own)
        if strangers:
            self.fail(node, f"{strangers[0]} has a meaning outside its body too", "use a name of its own in the body")
        body = tuple(stmt for part in node.body for stmt in self.body(part))
        last = Return(Name(target.id))
        whole = (*body, last)
        read = {one.id for stmt in statements(whole) for expr in expressions(stmt) for one in names(expr)}
        given = sorted(read - _assigned(node))
        parameters = tuple(Parameter(name, "positional") for name in (target.id, *given))
        home = self.parsed.function
        spelling = f"{HOOK}{id(home.__code__)}:{span.line}:{span.column}"
        _bodies[spelling] = Function("adjoint_of", parameters, whole, home)
        operands = tuple(Name(name) for name in (variable.id, *given))
        return Evaluate(Apply("adjoint_of", operands, (), spelling, span), span)

    def body(self, node: Any) -> list[Stmt]:
        span = self.parsed.span_of(node)
        match node:
            case gast.Assign(targets=[gast.Name(id=name)], value=value):
                return [Assign(Name(name), self.expression(value), span)]
            case gast.AugAssign(target=gast.Name(id=name), op=op, value=value):
                return [Assign(Name(name), Apply(BINARY[type(op)], (Name(name), self.expression(value))), span)]
            case gast.If():
                test = self.expression(node.test)
                then = tuple(stmt for part in node.body for stmt in self.body(part))
                return [If(test, then, tuple(stmt for part in node.orelse for stmt in self.body(part)), span)]
            case gast.Expr(value=gast.Call() as call) if self.lower.resolver.path(call.func) is not None:
                return [Evaluate(self.expression(call), span)]
            case gast.Expr(value=gast.Constant()) | gast.Pass():
                return []
        return self.fail(node, "its body is made of assignments to names, if, and calls of functions", "write it so")

    def expression(self, node: Any) -> Expr:
        if any(needs_statements(part) for part in own_nodes(node)):
            self.fail(node, "this expression takes statements of its own", "write it in another way")
        return self.lower.tree(node)

    def fail(self, node: Any, why: str, instead: str) -> NoReturn:
        refuse(self.parsed, node, Refusal("this use of adjoint_of", why, instead, "adjoint_of"))
