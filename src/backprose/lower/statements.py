"""Statements: each of the user's becomes one or more flat ones, with its span; its comments go to the last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import gast

from backprose.ir.nodes import (
    Assert,
    Assign,
    Block,
    Break,
    Comments,
    Evaluate,
    Expr,
    Function,
    If,
    Lambda,
    Name,
    Pass,
    Pop,
    Push,
    Raise,
    Remark,
    Return,
    Span,
    Stmt,
    Tuple,
    While,
)
from backprose.lower.assignments import Assignments
from backprose.lower.comments import CommentReader, as_remarks
from backprose.lower.comprehensions import Comprehensions
from backprose.lower.exits import Continue, structure
from backprose.lower.expressions import Expressions
from backprose.lower.fence import REFUSED, Refusal, refuse
from backprose.lower.loops import Loops
from backprose.lower.resolve import Resolver
from backprose.lower.scope import locals_of, parameters_of, stacks_of

EXITS = (Return, Break, Raise)
NONE: frozenset[str] = frozenset()


class Statements:
    """Lowers the statements of one function; exits are still where the user wrote them (see ``exits``)."""

    def __init__(self, expressions: Expressions, comments: CommentReader) -> None:
        self.expressions = expressions
        self.parsed = expressions.parsed
        self.comments = comments
        self.assignments = Assignments(expressions)
        self.loops = Loops(expressions, self.suites, self.assignments.bind)
        expressions.function = self.function
        comprehensions = Comprehensions(expressions, self._quiet_loop)
        expressions.comprehension, expressions.consumed = comprehensions.lower, comprehensions.consumed
        expressions.consumes = comprehensions.is_consumed

    def suite(self, nodes: Sequence[Any], limit: int | None = None) -> Block:
        """The statements of a block, and the comments at its end, which stand above the line ``limit``."""
        with self.expressions.inside() as block:
            for node in nodes:
                self.statement(node)
            remarks = self.comments.after(nodes[0].col_offset, limit)
            if block and isinstance(block[-1], EXITS):
                block[-1:-1] = remarks  # nothing can stand after an exit
            else:
                block.extend(remarks)
        if all(isinstance(stmt, Remark) for stmt in block):
            block.append(Pass(self.span_of(nodes[0])))
        return tuple(block)

    def suites(self, node: Any) -> tuple[Block, Block]:
        """The body and the ``else`` of a loop."""
        if not node.orelse:
            return self.suite(node.body), ()
        limit = self.comments.else_line(node.body[-1].end_lineno, node.orelse[0].lineno)
        return self.suite(node.body, limit), self.suite(node.orelse)

    def statement(self, node: Any) -> None:
        """Append the flat statements of one of the user's."""
        span = self.span_of(node)
        comments = self.comments.at(span.line, span.end_line)
        self.expressions.span = span
        block = self.expressions.block
        start = len(block)
        self._lower(node, span)
        if comments is None:
            return
        if len(block) == start or isinstance(block[-1], Remark):
            block.extend(as_remarks(comments, span))
        else:
            block[-1] = replace(block[-1], comments=comments)

    def _quiet_loop(self, node: gast.For) -> None:
        """A loop that is written as an expression: the comments are those of the statement around it."""
        outer, span = self.comments, self.expressions.span
        self.comments = CommentReader.none()
        self.loops.lower(node, self.span_of(node) if span is None else span)
        self.comments, self.expressions.span = outer, span

    def function(self, node: Any) -> Expr:
        """A ``def`` or ``lambda`` in the function: lowered by itself, the names around it are variables."""
        outer = self.expressions
        own = locals_of(node)
        resolver = Resolver(self.parsed, frozenset(outer.resolver.local) | own)
        inner = Expressions(resolver, outer.supply, stacks_of(node) if isinstance(node, gast.FunctionDef) else NONE)
        statements = Statements(inner, self.comments)
        parameters = parameters_of(node.args, lambda one: None if one is None else outer.held(outer.value(one)))
        if isinstance(node, gast.Lambda):
            inner.span = outer.span
            with inner.inside() as block:
                block.append(Return(statements._result(node.body), outer.span))
            draft, name = tuple(block), "function"
        else:
            draft, name = statements.suite(node.body), node.name
        body = structure(draft, outer.supply)
        return Lambda(Function(name, parameters, body, self.parsed.function), own)

    def span_of(self, node: Any) -> Span:
        """Where a statement stands; of one with a block, its header."""
        match node:
            case gast.If() | gast.While():
                return replace(self.parsed.span_of(node.test), line=node.lineno, column=node.col_offset)
            case gast.For():
                return replace(self.parsed.span_of(node.iter), line=node.lineno, column=node.col_offset)
        return self.parsed.span_of(node)

    def _lower(self, node: Any, span: Span) -> None:
        lower, block = self.expressions, self.expressions.block
        match node:
            case gast.Assign() | gast.AugAssign() | gast.AnnAssign():
                self.assignments.lower(node, span)
            case gast.If():
                block.append(self._if(node))
            case gast.For():
                self.loops.lower(node, span)
            case gast.While():
                test = lower.tree(node.test)
                block.append(While(test, *self.suites(node), span))
            case gast.Return():
                block.append(Return(None if node.value is None else self._result(node.value), span))
            case gast.Break():
                block.append(Break(span))
            case gast.Continue():
                block.append(Continue(span))
            case gast.Pass():
                block.append(Pass(span))
            case gast.Assert():
                message = None if node.msg is None else lower.tree(node.msg)
                block.append(Assert(lower.tree(node.test), message, span))
            case gast.Raise():
                exception = None if node.exc is None else lower.tree(node.exc)
                block.append(Raise(exception, None if node.cause is None else lower.tree(node.cause), span))
            case gast.Expr():
                self._effect(node.value, span)
            case gast.FunctionDef():
                block.append(Assign(Name(node.name), self.function(node), span))
            case gast.Nonlocal():
                pass  # the names are not among the function's own
            case _:
                other = Refusal("this statement", "it is not covered", "write it in another way", "language")
                refuse(self.parsed, node, REFUSED.get(type(node), other))

    def _result(self, node: Any) -> Expr:
        if isinstance(node, gast.Tuple):
            return Tuple(tuple(map(self.expressions.atom, node.elts)))
        return self.expressions.value(node)

    def _effect(self, node: Any, span: Span) -> None:
        """An expression as a statement: a call for its effect; a bare literal (a docstring) is dropped."""
        lower, block = self.expressions, self.expressions.block
        if isinstance(node, gast.Constant):
            return
        popped = lower.popped(node)
        if popped is not None:
            block.append(Pop(lower.supply.temporary(), Name(popped), span))
        elif self._is_push(node):
            value = lower.atom(node.args[0])
            block.append(Push(Name(node.func.value.id), value, span))
        else:
            block.append(Evaluate(lower.value(node), span))

    def _is_push(self, node: Any) -> bool:
        """``items.append(value)`` of a list of the function's own."""
        if not (isinstance(node, gast.Call) and isinstance(node.func, gast.Attribute) and node.func.attr == "append"):
            return False
        owner = node.func.value
        return (
            isinstance(owner, gast.Name)
            and owner.id in self.expressions.stacks
            and len(node.args) == 1
            and not node.keywords
        )

    def _if(self, node: gast.If) -> Stmt:
        """A whole chain of ``elif`` at once: chains may be long."""
        links: list[tuple[Expr, Block, Span, Comments | None]] = []
        comments: Comments | None = None
        orelse: Block = ()
        while True:
            one = self.expressions.tree if links else self.expressions.test  # later ones are not always reached
            test, span = one(node.test), self.span_of(node)
            if not node.orelse:
                links.append((test, self.suite(node.body), span, comments))
                break
            following = node.orelse[0]
            limit = self.comments.else_line(node.body[-1].end_lineno, following.lineno)
            links.append((test, self.suite(node.body, limit), span, comments))
            is_elif = len(node.orelse) == 1 and isinstance(following, gast.If) and self._is_elif(following)
            if not is_elif:
                orelse = self.suite(node.orelse)
                break
            node = following
            comments = self.comments.at(node.lineno, node.test.end_lineno)
        for test, body, span, comments in reversed(links):
            orelse = (If(test, body, orelse, span, comments),)
        return orelse[0]

    def _is_elif(self, node: gast.If) -> bool:
        line: str = self.parsed.lines[node.lineno - 1]
        return line.startswith("elif", node.col_offset)
