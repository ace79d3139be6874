"""From a program to a Python tree: every node becomes the syntax that a person would write."""

from __future__ import annotations

import ast
import builtins
import cmath
import inspect
import math
from collections.abc import Iterable
from typing import Any

import gast
import numpy as np

from backprose.emit import spelling
from backprose.emit.ours import OurNames
from backprose.emit.precedence import COMPARISONS
from backprose.emit.writer import BESIDE, COMMENT, REMARK
from backprose.errors import InternalError
from backprose.ir.nodes import (
    Apply,
    Assert,
    Assign,
    Attribute,
    Augment,
    Block,
    Break,
    Call,
    Compare,
    Conditional,
    Const,
    Evaluate,
    Expr,
    For,
    Function,
    Global,
    If,
    List,
    Logic,
    Name,
    Parameter,
    Pass,
    Pop,
    Push,
    Raise,
    Remark,
    Return,
    Slice,
    Stmt,
    Subscript,
    Target,
    Tuple,
    Verbatim,
    While,
)

LOAD, STORE = ast.Load(), ast.Store()
_COMPARISONS = {text: op for op, text in COMPARISONS.items()}


class TreeMaker:
    """Makes trees; ``names`` gives the names of what is ours and keeps those that were used."""

    def __init__(self, names: OurNames) -> None:
        self.names = names

    # ---------------------------------------------------------------- functions and blocks
    def function(self, function: Function) -> list[Any]:
        body = self.block(function.body)
        if function.doc is not None:
            body.insert(0, gast.Expr(gast.Constant(inspect.cleandoc(function.doc), None)))
        definition = gast.FunctionDef(function.name, self.parameters(function.parameters), body, [], None, None, [])
        return [*(_comment(line) for line in function.header), definition]

    def parameters(self, parameters: Iterable[Parameter]) -> Any:
        plain: list[Any] = []
        only_positional: list[Any] = []
        only_keyword: list[Any] = []
        defaults: list[Any] = []
        keyword_defaults: list[Any] = []
        starred = double_starred = None
        for parameter in parameters:
            name = gast.Name(parameter.name, gast.Param(), None, None)
            default = None if parameter.default is None else self.expression(parameter.default)
            match parameter.kind:
                case "positional-only" | "positional":
                    (only_positional if parameter.kind == "positional-only" else plain).append(name)
                    defaults += [] if default is None else [default]
                case "keyword-only":
                    only_keyword.append(name)
                    keyword_defaults.append(default)
                case "starred":
                    starred = name
                case "double-starred":
                    double_starred = name
        return gast.arguments(plain, only_positional, starred, only_keyword, keyword_defaults, double_starred, defaults)

    def block(self, block: Block, header: Stmt | None = None) -> list[Any]:
        """The statements of a block; a block of comments only gets a ``pass``."""
        comments = None if header is None else header.comments
        body = [] if comments is None or comments.beside is None else [_comment(comments.beside, BESIDE)]
        for stmt in block:
            body += self.statement(stmt)
        if all(isinstance(stmt, Remark) for stmt in block):
            body.append(gast.Pass())
        return body

    # ---------------------------------------------------------------- statements
    def statement(self, stmt: Stmt) -> list[Any]:
        """The statement between its comments."""
        above = () if stmt.comments is None else stmt.comments.before
        made = [_comment(line) for line in above]
        if isinstance(stmt, Remark):
            made += [_comment(f"# {line}" if line else "", REMARK) for line in stmt.text.split("\n")]
        else:
            made.append(self._statement(stmt))
        if stmt.comments is not None and stmt.comments.beside is not None and not isinstance(stmt, If | For | While):
            made.append(_comment(stmt.comments.beside, BESIDE))
        return made

    def _statement(self, stmt: Stmt) -> Any:
        match stmt:
            case Assign(target=target, value=value):
                return gast.Assign([self.target(target)], self.expression(value), None)
            case Augment(target=target, op=op, value=value):
                return gast.AugAssign(self.target(target), spelling.BINARY[op](), self.expression(value))
            case Evaluate(value=value):
                return gast.Expr(self.expression(value))
            case If(test=test, body=body, orelse=orelse):
                other = self.block(orelse) if orelse else []
                return gast.If(self.expression(test), self.block(body, stmt), other)
            case While(test=test, body=body, orelse=orelse):
                other = self.block(orelse) if orelse else []
                return gast.While(self.expression(test), self.block(body, stmt), other)
            case For(target=target, iterable=iterable, body=body, orelse=orelse):
                other = self.block(orelse) if orelse else []
                inner = self.block(body, stmt)
                return gast.For(self.target(target), self.expression(iterable), inner, other, None)
            case Break():
                return gast.Break()
            case Pass():
                return gast.Pass()
            case Return(value=value):
                return gast.Return(self._optional(value))
            case Raise(exception=exception, cause=cause):
                return gast.Raise(self._optional(exception), self._optional(cause))
            case Assert(test=test, message=message):
                return gast.Assert(self.expression(test), self._optional(message))
            case Push(stack=stack, value=value):
                append = gast.Attribute(self.expression(stack), "append", LOAD)
                return gast.Expr(gast.Call(append, [self.expression(value)], []))
            case Pop(target=target, stack=stack):
                pop = gast.Attribute(self.expression(stack), "pop", LOAD)
                return gast.Assign([self.target(target)], gast.Call(pop, [], []), None)
        raise InternalError(f"no text for the statement {stmt!r}")

    def target(self, target: Target) -> Any:
        tree = self.expression(target)
        _store(tree)
        return tree

    # ---------------------------------------------------------------- expressions
    def expression(self, expr: Expr) -> Any:
        match expr:
            case Name(id=name) | Global(id=name):
                return _name(name)
            case Const(value=value):
                return self._constant(value)
            case Apply():
                return self._apply(expr, self._spelling(expr))
            case Call(function=function, args=args, keywords=keywords):
                return self._call(self.expression(function), args, keywords)
            case Attribute(value=value, attr=attr):
                return gast.Attribute(self.expression(value), attr, LOAD)
            case Subscript(value=value, index=index):
                return gast.Subscript(self.expression(value), self.expression(index), LOAD)
            case Slice(lower=lower, upper=upper, step=step):
                return gast.Slice(self._optional(lower), self._optional(upper), self._optional(step))
            case Tuple(items=items):
                return gast.Tuple(self._all(items), LOAD)
            case List(items=items):
                return gast.List(self._all(items), LOAD)
            case Compare(operands=operands, ops=ops):
                first, *others = self._all(operands)
                return gast.Compare(first, [spelling.COMPARISONS[op]() for op in ops], others)
            case Logic(op=op, operands=operands):
                return gast.BoolOp(gast.And() if op == "and" else gast.Or(), self._all(operands))
            case Conditional(test=test, body=body, orelse=orelse):
                return gast.IfExp(self.expression(test), self.expression(body), self.expression(orelse))
            case Verbatim(tree=tree):
                return tree
        raise InternalError(f"no text for the expression {expr!r}")

    def _optional(self, expr: Expr | None) -> Any:
        return None if expr is None else self.expression(expr)

    def _all(self, exprs: Iterable[Expr]) -> list[Any]:
        return [self.expression(expr) for expr in exprs]

    def _call(self, function: Any, args: Iterable[Expr], keywords: Iterable[tuple[str, Expr]]) -> Any:
        named = [gast.keyword(None if key == "**" else key, self.expression(value)) for key, value in keywords]
        return gast.Call(function, self._all(args), named)

    def _spelling(self, expr: Apply) -> str:
        if expr.spelling == "numpy":
            return spelling.safe_spelling(expr)
        return expr.spelling or spelling.default_spelling(expr)

    def _apply(self, expr: Apply, how: str) -> Any:
        kind, _, text = how.partition(":")
        op, args, keywords = expr.op, expr.args, expr.keywords
        match kind:
            case "operator":
                return self._operator(expr)
            case "method" if args:
                receiver = gast.Attribute(self.expression(args[0]), text, LOAD)
                return self._call(receiver, args[1:], keywords)
            case "attribute" if len(args) == 1 and not keywords:
                return gast.Attribute(self.expression(args[0]), text, LOAD)
            case "function" if text:
                return self._call(gast.parse(text, mode="eval").body, args, keywords)
            case "getitem":
                return gast.Subscript(self.expression(args[0]), self.expression(args[1]), LOAD)
            case "builtin":
                name = spelling.python_name(op) or op
                return self._call(_name(self.names.name_of(name, getattr(builtins, name))), args, keywords)
            case "helper":
                function = spelling.helper(op)
                if function is None:
                    raise InternalError(f"the operation {op!r} is neither NumPy's nor a helper of backprose.support")
                return self._call(_name(self.names.name_of(op, function)), args, keywords)
            case "numpy":
                return self._call(self.numpy(op), args, keywords)
        raise InternalError(f"{how!r} is no spelling of {op!r} with {len(args)} operands")

    def _operator(self, expr: Apply) -> Any:
        op = expr.op
        match self._all(expr.args):
            case [left, right] if op in spelling.BINARY:
                return gast.BinOp(left, spelling.BINARY[op](), right)
            case [left, right] if op in spelling.COMPARE:
                return gast.Compare(left, [spelling.COMPARE[op]()], [right])
            case [operand] if op in spelling.UNARY:
                return gast.UnaryOp(spelling.UNARY[op](), operand)
        return self._apply(expr, spelling.default_spelling(expr))

    def numpy(self, path: str) -> Any:
        """``np.<path>`` under our alias."""
        tree = _name(self.names.name_of("np", np))
        for part in path.split("."):
            tree = gast.Attribute(tree, part, LOAD)
        return tree

    def _constant(self, value: Any) -> Any:
        """A literal as source has it: without sign, and with no nan or infinity in it."""
        if type(value) is int and value < 0:
            return gast.UnaryOp(gast.USub(), gast.Constant(-value, None))
        if type(value) is float:
            if math.isnan(value):
                return self.numpy("nan")
            if math.copysign(1.0, value) < 0:
                return gast.UnaryOp(gast.USub(), self._constant(-value))
            return self.numpy("inf") if math.isinf(value) else gast.Constant(value, None)
        if type(value) is complex:
            return self._complex(value)
        if type(value) is tuple:
            return gast.Tuple([self._constant(item) for item in value], LOAD)
        if value is None or value is Ellipsis or type(value) in (bool, int, str, bytes):
            return gast.Constant(value, None)
        raise InternalError(f"{value!r} is not a literal")

    def _complex(self, value: complex) -> Any:
        real, size = value.real, gast.Constant(complex(0.0, abs(value.imag)), None)
        if cmath.isfinite(value):
            if repr(value) == repr(size.value):
                return size
            if repr(value) == repr(-size.value):
                return gast.UnaryOp(gast.USub(), size)
            for sign, found in ((gast.Add, real + size.value), (gast.Sub, real - size.value)):
                if repr(value) == repr(found):
                    return gast.BinOp(self._constant(real), sign(), size)
        function = _name(self.names.name_of("complex", complex))
        return gast.Call(function, [self._constant(real), self._constant(value.imag)], [])


def _name(name: str) -> Any:
    return gast.Name(name, LOAD, None, None)


def _comment(text: str, kind: str = COMMENT) -> Any:
    return gast.Expr(gast.Constant(text, kind))


def _store(tree: Any) -> None:
    if isinstance(tree, gast.Tuple | gast.List | gast.Name | gast.Subscript | gast.Attribute):
        tree.ctx = STORE
    for item in getattr(tree, "elts", ()):
        _store(item)
