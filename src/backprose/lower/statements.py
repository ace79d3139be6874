"""Statements: each of the user's becomes one or more flat ones, with its span; its comments go to the last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import gast

from backprose.ir.nodes import (
    Assert,
    Assign,
    Attribute,
    Block,
    Break,
    Call,
    Comments,
    Const,
    Evaluate,
    Expr,
    Function,
    If,
    Lambda,
    List,
    Name,
    Pass,
    Pop,
    Push,
    Raise,
    Remark,
    Return,
    Span,
    Stmt,
    Subscript,
    Tuple,
    While,
)
from backprose.lower.adjoints import AdjointOf, is_adjoint_of
from backprose.lower.assignments import Assignments
from backprose.lower.comments import CommentReader, as_remarks
from backprose.lower.comprehensions import Comprehensions
from backprose.lower.contexts import enter_context
from backprose.lower.exits import Attempt, Continue, Handler, Within, structure
from backprose.lower.expressions import Expressions, assigned_inside, needs_statements
from backprose.lower.fence import REFUSED, Refusal, in_order, nodes_of, refuse
from backprose.lower.forms import negated
from backprose.lower.generators import put_in
from backprose.lower.loops import Loops
from backprose.lower.matching import Matching
from backprose.lower.resolve import METHODS, Resolver
from backprose.lower.scope import literal, locals_of, own_nodes, parameters_of, stacks_of

EXITS = (Return, Break, Raise)
SUITES = ("body", "orelse", "finalbody", "handlers", "cases")
FARTHER = (gast.Continue, gast.Break, gast.Return)  # exits, those that lead farther last
DELETED = Refusal(
    "del of this", "only names and single items of lists and dicts are covered", "make a new list, or leave it out",
    "del",
)  # fmt: skip
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
        self.matching = Matching(expressions, self.suite, self._comments_at)

    def suite(self, nodes: Sequence[Any], limit: int | None = None) -> Block:
        """The statements of a block, and the comments at its end, which stand above the line ``limit``."""
        with self.expressions.inside() as block:
            for node in put_in(nodes, self.expressions.resolver):
                self.statement(node)
            remarks = self.comments.after(nodes[0].col_offset, nodes[-1].end_lineno, limit)
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
        renewed, self.expressions.renewed = self.expressions.renewed, renewed_by(node)
        acting = self.expressions.acting
        parts = (part for part in gast.iter_child_nodes(node) if isinstance(part, gast.expr))
        self.expressions.acting = any(map(self.expressions.acts, parts))
        self._lower(node, span)
        self.expressions.renewed, self.expressions.acting = renewed, acting
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
        declared = [part for part in own_nodes(*_body(node)) if isinstance(part, gast.Global)]
        outside = {name for part in declared for name in part.names}
        resolver = Resolver(self.parsed, (frozenset(outer.resolver.local) | own) - outside)
        inner = Expressions(resolver, outer.supply, stacks_of(node) if isinstance(node, gast.FunctionDef) else NONE)
        inner.shared, inner.captured = outer.shared, outer.captured
        statements = Statements(inner, self.comments)
        parameters = parameters_of(node.args, lambda one: None if one is None else outer.held(outer.value(one)))
        if isinstance(node, gast.Lambda):
            inner.span, inner.renewed = outer.span, assigned_inside(node.body)
            inner.acting = inner.acts(node.body)
            with inner.inside() as block:
                block.append(Return(statements._result(node.body), outer.span))
            draft, name = tuple(block), "function"
        else:
            draft, name = statements.suite(node.body), node.name
        body = structure(draft, outer.supply)
        return Lambda(Function(name, parameters, body, self.parsed.function), own)

    def _comments_at(self, first: int, last: int) -> Comments | None:
        return self.comments.at(first, last)

    def span_of(self, node: Any) -> Span:
        """Where a statement stands; of one with a block, its header."""
        match node:
            case gast.Try():
                return Span(node.lineno, node.col_offset, node.lineno, node.col_offset + 4)
            case gast.With():
                last = node.items[-1].optional_vars or node.items[-1].context_expr
                return replace(self.parsed.span_of(last), line=node.lineno, column=node.col_offset)
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
                self._while(node, span)
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
                block.append(Assert(lower.test(node.test), message, span))
            case gast.Raise():
                exception = None if node.exc is None else lower.tree(node.exc)
                block.append(Raise(exception, None if node.cause is None else lower.tree(node.cause), span))
            case gast.Expr():
                self._effect(node.value, span)
            case gast.FunctionDef():
                made: Expr = self.function(node)
                for decorator in reversed(node.decorator_list):  # a transform, as the fence has seen
                    made = Call(lower.held(lower.value(decorator)), (lower.held(made),))
                block.append(Assign(Name(node.name), made, span))
            case gast.Nonlocal() | gast.Global() | gast.Import() | gast.ImportFrom():
                pass  # the names are not among the function's own
            case gast.With() if is_adjoint_of(node, lower.resolver):
                self.comments.at(node.lineno, node.end_lineno)
                block.append(AdjointOf(lower, self.parsed).statement(node, span))
            case gast.With():
                block.append(self._with(node, span, node.items))
            case gast.Try():
                block.append(self._try(node, span))
            case gast.Delete():
                for target in node.targets:
                    self._delete(target, span)
            case gast.Match():
                block.extend(self.matching.lower(node))
            case _:
                other = Refusal("this statement", "it is not covered", "write it in another way", "language")
                refuse(self.parsed, node, REFUSED.get(type(node), other))

    def _while(self, node: gast.While, span: Span) -> None:
        """A loop; one whose test takes statements is ``while True`` with them as its first ones."""
        lower = self.expressions
        if not needs_statements(node.test) and not self._calls_local(node.test):
            lower.block.append(While(lower.tree(node.test), *self.suites(node), span))
            return
        with lower.inside() as turn:
            test = negated(lower.test(node.test))
        body, orelse = self.suites(node)
        leave: Block = (Break(span),)
        if not orelse or not _breaks(node.body):
            lower.block += [While(Const(True), (*turn, If(test, leave, (), span), *body), (), span), *orelse]
            return
        finished = Name(lower.supply.fresh("finished"))
        leave = (Assign(finished, Const(True), span), *leave)
        lower.block += [
            Assign(finished, Const(False), span),
            While(Const(True), (*turn, If(test, leave, (), span), *body), (), span),
            If(finished, orelse, (), span),
        ]

    def _calls_local(self, test: Any) -> bool:
        """Whether a function or object of the function's own is called, which may be carried out here."""
        for call in own_nodes(test):
            if isinstance(call, gast.Call) and self.expressions.resolver.path(call.func) is None:
                method = isinstance(call.func, gast.Attribute) and call.func.attr in METHODS  # of an array
                if not method:
                    return True
        return False

    def _with(self, node: gast.With, span: Span, items: Sequence[Any]) -> Within:
        """``with a as x, b as y:`` as one in the other."""
        lower = self.expressions
        first, *others = items
        enter = enter_context(lower, first)
        if others:
            with lower.inside() as block:
                block.append(self._with(node, span, others))
            return Within(enter=enter, body=tuple(block), span=span)
        return Within(enter=enter, body=self.suite(node.body), span=span)

    def _try(self, node: gast.Try, span: Span) -> Attempt:
        self._check_try(node)
        lower = self.expressions
        body = self.suite(node.body)
        handlers: list[Handler] = []
        for one in node.handlers:
            comments = self.comments.at(one.lineno, one.lineno if one.type is None else one.type.end_lineno)
            caught = None if one.type is None else lower.tree(one.type)
            name = None if one.name is None else Name(one.name.id)
            handlers.append(Handler(caught, name, (*as_remarks(comments, span), *self.suite(one.body))))
        orelse = self.suite(node.orelse) if node.orelse else ()
        final = self.suite(node.finalbody) if node.finalbody else ()
        return Attempt(body=body, handlers=tuple(handlers), orelse=orelse, final=final, span=span)

    def _check_try(self, node: gast.Try) -> None:
        """Refuse an exit in ``finally`` that calls off a farther one, and a name of an exception that is gone."""
        before = list(_exits([*node.body, *node.handlers, *node.orelse]))
        for part in _exits(node.finalbody):
            if any(FARTHER.index(type(part)) < FARTHER.index(type(other)) for other in before):
                why = "it calls off an exit that leads farther"
                refuse(self.parsed, part, Refusal("this exit in finally", why, "leave it after the try", "exceptions"))
        handlers = [part for part in nodes_of(self.parsed.tree) if isinstance(part, gast.ExceptHandler)]
        for name in {one.name.id for one in node.handlers if one.name is not None}:
            naming = [one for one in handlers if one.name is not None and one.name.id == name]
            inside = {id(part) for part in in_order(*naming)}
            for part in nodes_of(self.parsed.tree):
                if isinstance(part, gast.Name) and part.id == name and id(part) not in inside:
                    why = "Python deletes the name of an exception where its handler ends"
                    refuse(self.parsed, part, Refusal(f"another use of {name}", why, "use another name", "exceptions"))

    def _delete(self, target: Any, span: Span) -> None:
        """``del``: of a name it has no effect (``deletions`` has seen to it), of an item it is ``pop``."""
        lower = self.expressions
        match target:
            case gast.Name():
                pass
            case gast.Tuple() | gast.List():
                for item in target.elts:
                    self._delete(item, span)
            case gast.Subscript(value=gast.Name(id=name), slice=index) if name in lower.stacks and _is_last(index):
                lower.block.append(Pop(lower.supply.temporary(), Name(name), span))
            case gast.Subscript(slice=gast.Name() | gast.Constant() | gast.UnaryOp()):
                items = Attribute(lower.atom(target.value), "pop")
                lower.block.append(Evaluate(Call(items, (lower.atom(target.slice),), (), span), span))
            case gast.Subscript(slice=gast.Slice(step=None)):
                place = Subscript(lower.atom(target.value), lower.index(target.slice))
                lower.block.append(Assign(place, List(()), span))
            case _:
                refuse(self.parsed, target, DELETED)

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
            is_elif = is_elif and not needs_statements(following.test)
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


def _body(node: Any) -> list[Any]:
    return [node.body] if isinstance(node, gast.Lambda) else list(node.body)


def renewed_by(node: Any) -> list[str]:
    """The names that a statement itself assigns in the middle of expressions."""
    if isinstance(node, gast.FunctionDef):
        return []
    suites = {id(part) for name in SUITES for part in getattr(node, name, ())}
    parts = [part for part in gast.iter_child_nodes(node) if id(part) not in suites]
    return assigned_inside(*parts)


def _breaks(nodes: Sequence[Any]) -> bool:
    """Whether a ``break`` of the loop around stands among statements, cases or handlers."""
    for node in nodes:
        if isinstance(node, gast.Break):
            return True
        suites = ("orelse",) if isinstance(node, gast.For | gast.While) else SUITES
        if not isinstance(node, gast.FunctionDef) and any(_breaks(getattr(node, name, ())) for name in suites):
            return True
    return False


def _exits(nodes: Sequence[Any], in_loop: bool = False) -> Iterator[Any]:
    """Every ``return`` among statements, and every ``break`` and ``continue`` of the loop around."""
    for node in nodes:
        if isinstance(node, gast.Return) or (isinstance(node, gast.Break | gast.Continue) and not in_loop):
            yield node
        if not isinstance(node, gast.FunctionDef):
            for name in SUITES:
                of_loop = isinstance(node, gast.For | gast.While) and name == "body"
                yield from _exits(getattr(node, name, ()), in_loop or of_loop)


def _is_last(index: Any) -> bool:
    return literal(index) == Const(-1)
