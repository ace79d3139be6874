"""From a program to a Python tree: every node becomes the syntax that a person would write."""

from __future__ import annotations

import ast
import builtins
import cmath
import inspect
import math
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import gast
import numpy as np

from backprose.analyse.types import type_of
from backprose.emit import spelling
from backprose.emit.ours import OurNames, globals_read
from backprose.emit.precedence import COMPARISONS
from backprose.emit.writer import BESIDE, COMMENT, REMARK, marker_kind
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
    Cut,
    Dict,
    Each,
    Enter,
    Evaluate,
    Expr,
    For,
    Function,
    Global,
    If,
    Leave,
    List,
    Logic,
    Mark,
    Name,
    Ours,
    Parameter,
    Pass,
    Pop,
    Push,
    Raise,
    Remark,
    Return,
    Slice,
    Starred,
    Stmt,
    Subscript,
    Target,
    Try,
    Tuple,
    Verbatim,
    While,
)
from backprose.ir.walk import statement_reads, statements, targets
from backprose.parse.imports import Imported, imports_of

LOAD, STORE = ast.Load(), ast.Store()
_COMPARISONS = {text: op for op, text in COMPARISONS.items()}


class TreeMaker:
    """Makes trees; ``names`` gives the names of what is ours and keeps those that were used.

    >>> from backprose.emit.ours import OurNames
    >>> ast.unparse(TreeMaker(OurNames(())).expression(Apply("exp", (Const(float("inf")),))))
    'np.exp(np.inf)'
    """

    def __init__(self, names: OurNames) -> None:
        self.names = names
        self.read: set[str] = set()  # what the function reads

    # ---------------------------------------------------------------- functions and blocks
    def function(self, function: Function) -> list[ast.stmt]:
        self.read = set().union(*map(statement_reads, statements(function.body)))
        *before, last = function.body
        ends = isinstance(last, Return) and last.ours and last.value is None
        body = self.block(tuple(before) if ends and before else function.body)
        body[:0] = _declarations(function)
        if function.doc is not None:
            body.insert(0, ast.Expr(ast.Constant(inspect.cleandoc(function.doc))))
        definition = ast.FunctionDef(function.name, self.parameters(function.parameters), body, [])
        return [*(_comment(line) for line in function.header), definition]

    def parameters(self, parameters: Iterable[Parameter]) -> ast.arguments:
        made = ast.arguments([], [], None, [], [], None, [])
        for parameter in parameters:
            name = ast.arg(parameter.name)
            default = self._optional(parameter.default)
            match parameter.kind:
                case "positional-only" | "positional":
                    (made.posonlyargs if parameter.kind == "positional-only" else made.args).append(name)
                    made.defaults += [] if default is None else [default]
                case "keyword-only":
                    made.kwonlyargs.append(name)
                    made.kw_defaults.append(default)
                case "starred":
                    made.vararg = name
                case "double-starred":
                    made.kwarg = name
        return made

    def block(self, block: Block, header: Stmt | None = None) -> list[ast.stmt]:
        """The statements of a block; a block of comments only gets a ``pass``."""
        comments = None if header is None else header.comments
        body = [] if comments is None or comments.beside is None else [_comment(comments.beside, BESIDE)]
        outer: list[list[ast.stmt]] = []
        for stmt in block:
            if isinstance(stmt, Enter):
                outer.append(body)
                body += _above(stmt)
                beside = None if stmt.comments is None else stmt.comments.beside
                item = ast.withitem(self.expression(stmt.context), self._optional_target(stmt.target))
                inside = [] if beside is None else [_comment(beside, BESIDE)]
                body.append(ast.With([item], inside))
                body = inside
            elif isinstance(stmt, Leave):
                body = outer.pop()
                _merge(body[-1])
            elif isinstance(stmt, Mark) and stmt.kind == "try":
                outer.append(body)
                tried = ast.Try([], [], [], [])
                body += [*_above(stmt), tried]
                body = tried.body
            elif isinstance(stmt, Mark) and stmt.kind == "finally":
                tried = _last_try(outer[-1])
                body = tried.finalbody
            elif isinstance(stmt, Mark):
                body = outer.pop()
                body[-1:] = _settled(_last_try(body))
            else:
                body += self.statement(stmt)
        if all(isinstance(stmt, Remark) for stmt in block):
            body.append(ast.Pass())
        return body

    # ---------------------------------------------------------------- statements
    def statement(self, stmt: Stmt) -> list[ast.stmt]:
        """The statement between its comments."""
        made = _above(stmt)
        if isinstance(stmt, Remark):
            made += [_comment(f"# {line}" if line else "", REMARK) for line in stmt.text.split("\n")]
        elif isinstance(stmt, Try):
            made.append(self._try(stmt))
        elif isinstance(stmt, If):
            made.append(self._if(stmt))
        elif isinstance(stmt, While):
            made.append(ast.While(self.expression(stmt.test), self.block(stmt.body, stmt), self._else(stmt.orelse)))
        elif isinstance(stmt, For):
            iterable, body = self.expression(stmt.iterable), self.block(stmt.body, stmt)
            made.append(ast.For(self.target(stmt.target), iterable, body, self._else(stmt.orelse)))
        else:
            made.append(self._simple(stmt))
            if stmt.comments is not None and stmt.comments.beside is not None:
                made.append(_comment(stmt.comments.beside, BESIDE))
        return made

    def _else(self, block: Block) -> list[ast.stmt]:
        return self.block(block) if block else []

    def _if(self, stmt: If) -> ast.If:
        """A chain of ``elif`` may be long: no recursion there. A test that is kept is ``elif taken := test``."""
        first = last = ast.If(self.expression(stmt.test), self.block(stmt.body, stmt), [])
        while (following := _next_link(stmt)) is not None:
            flag, stmt = following
            test = self.expression(stmt.test if flag is None else flag.value)
            if flag is not None:
                test = ast.NamedExpr(self.target(flag.target), test)
            link = ast.If(test, self.block(stmt.body, stmt), [])
            last.orelse = [*_above(stmt), link]
            last = link
        last.orelse = self._else(stmt.orelse)
        return first

    def _try(self, stmt: Try) -> ast.Try:
        handlers: list[ast.ExceptHandler] = []
        first = stmt
        while True:
            name = None if stmt.name is None else stmt.name.id
            handlers.append(ast.ExceptHandler(self._optional(stmt.caught), name, self.block(stmt.body)))
            match stmt.orelse:
                case (Try(continued=True) as other,):
                    stmt = other
                case _:
                    break
        at = next((i for i, inner in enumerate(stmt.orelse) if isinstance(inner, Mark) and inner.kind == "else"), None)
        tried, orelse = (stmt.orelse, ()) if at is None else (stmt.orelse[:at], stmt.orelse[at + 1 :])
        return ast.Try(self.block(tried, first), handlers, self._else(orelse), [])

    def _simple(self, stmt: Stmt) -> ast.stmt:
        match stmt:
            case Assign(target=Subscript() as target, value=value, spelling=how) if how:
                return self._write(target, value, how)
            case Assign(target=target, value=value):
                return ast.Assign([self.target(target)], self.expression(value))
            case Augment(target=target, op=op, value=value):
                return ast.AugAssign(self.target(target), spelling.BINARY[op](), self.expression(value))
            case Evaluate(value=value):
                return ast.Expr(self.expression(value))
            case Break():
                return ast.Break()
            case Pass():
                return ast.Pass()
            case Return(value=value):
                return ast.Return(self._optional(value))
            case Raise(exception=exception, cause=cause):
                return ast.Raise(self._optional(exception), self._optional(cause))
            case Assert(test=test, message=message):
                return ast.Assert(self.expression(test), self._optional(message))
            case Push(stack=stack, value=value):
                append = ast.Attribute(_name(stack.id), "append", LOAD)
                return ast.Expr(ast.Call(append, [self.expression(value)], []))
            case Cut(stack=stack, length=length):
                rest = ast.Slice(self.expression(length), None, None)
                return ast.Delete([ast.Subscript(_name(stack.id), rest, ast.Del())])
            case Pop(target=target, stack=stack):
                pop = ast.Attribute(_name(stack.id), "pop", LOAD)
                unread = isinstance(target, Name) and target.id not in self.read
                if unread and isinstance(target, Name) and not target.id.strip("_0123456789"):
                    return ast.Expr(ast.Call(pop, [], []))
                return ast.Assign([self.target(target)], ast.Call(pop, [], []))
        raise InternalError(f"no text for the statement {stmt!r}")

    def _optional_target(self, target: Target | None) -> Any:
        return None if target is None else self.target(target)

    def _write(self, target: Subscript, value: Expr, how: str) -> ast.stmt:
        """A write in the way that the user wrote it, where the value is still the operation that it was."""
        whole = target.index == Const(...) and isinstance(target.value, Name | Subscript | Attribute)
        place: Any = target.value if whole else target
        match how, value:
            case "augmented", Apply(op=op, args=(old, operand)) if old in (place, target) and op in spelling.BINARY:
                return ast.AugAssign(self.target(place), spelling.BINARY[op](), self.expression(operand))
            case "out", Apply(spelling=written) if written.startswith(("function:", "method:")):
                call = replace(value, keywords=(*value.keywords, ("out", place)))
                return ast.Expr(self.expression(call))
            case "sort", Apply(op="sort", args=(old, *rest), keywords=keywords) if old == place:
                return ast.Expr(self._call(ast.Attribute(self.expression(place), "sort", LOAD), rest, keywords))
            case "fill", _:
                return ast.Expr(self._call(ast.Attribute(self.expression(place), "fill", LOAD), (value,), ()))
            case (("put" | "place"), _):
                return self._writing(how, (target.value, target.index, _not_repeated(value)))
            case "fill_diagonal", _:
                return self._writing(how, (target.value, _not_repeated(value)))
            case "putmask", Apply(op="where", args=(test, chosen, old)) if old in (place, target):
                return self._writing(how, (place, test, _not_repeated(chosen)))
            case (("copyto" | "out"), Apply(op="where", args=(test, chosen, old))) if old in (place, target):
                return self._writing("copyto", (place, chosen), (("where", test),))
            case (("copyto" | "out"), _) if how == "copyto" or not _same_dtype(target, value):
                return self._writing("copyto", (place, value))
        return ast.Assign([self.target(target)], self.expression(value))

    def _writing(self, function: str, args: tuple[Any, ...], keywords: tuple[tuple[str, Expr], ...] = ()) -> ast.stmt:
        return ast.Expr(self._call(self.numpy(function), args, keywords))

    def target(self, target: Target) -> Any:
        tree = self.expression(target)
        _store(tree)
        return tree

    # ---------------------------------------------------------------- expressions
    def expression(self, expr: Expr) -> ast.expr:
        match expr:
            case Ours(id=name):
                return _name(self.names.name_of(name, expr.meaning))
            case Name(id=name) | Global(id=name):
                return _name(name)
            case Const(value=value):
                return self._constant(value)
            case Apply():
                return self._apply(expr, self._spelling(expr))
            case Call(function=function, args=args, keywords=keywords):
                return self._call(self.expression(function), args, keywords)
            case Attribute(value=value, attr=attr):
                return ast.Attribute(self.expression(value), attr, LOAD)
            case Subscript(value=Apply(op="real" | "imag", spelling=how) as part, index=Const(value=value)) if (
                value is ... and how.startswith("attribute:")
            ):
                return self.expression(part)  # all of it, in the array that it is a part of
            case Subscript(value=value, index=index):
                return ast.Subscript(self.expression(value), self.expression(index), LOAD)
            case Slice(lower=lower, upper=upper, step=step):
                return ast.Slice(self._optional(lower), self._optional(upper), self._optional(step))
            case Tuple(items=items):
                return ast.Tuple(self._all(items), LOAD)
            case List(items=items):
                return ast.List(self._all(items), LOAD)
            case Dict(keys=keys, items=items):
                return ast.Dict([self._optional(key) for key in keys], self._all(items))
            case Starred(value=value):
                return ast.Starred(self.expression(value), LOAD)
            case Compare(operands=operands, ops=ops):
                first, *others = self._all(operands)
                return ast.Compare(first, [_COMPARISONS[op]() for op in ops], others)
            case Logic(op=op, operands=operands):
                return ast.BoolOp(ast.And() if op == "and" else ast.Or(), self._all(operands))
            case Conditional(test=test, body=body, orelse=orelse):
                return ast.IfExp(self.expression(test), self.expression(body), self.expression(orelse))
            case Each(item=item, names=names, sources=sources):
                return self._each(item, names, sources)
            case Verbatim(tree=tree):
                converted: ast.expr = gast.gast_to_ast(tree)
                return converted
        raise InternalError(f"no text for the expression {expr!r}")

    def _each(self, item: Expr, names: tuple[Name, ...], sources: tuple[Expr, ...]) -> ast.expr:
        """A comprehension over one sequence, or over several side by side."""
        target: ast.expr = _name(names[0].id)
        iterable = self.expression(sources[0])
        if len(names) > 1:
            target = ast.Tuple([_name(name.id) for name in names], LOAD)
            iterable = ast.Call(_name(self.names.name_of("zip", zip)), self._all(sources), [])
        _store(target)
        return ast.ListComp(self.expression(item), [ast.comprehension(target, iterable, [], 0)])

    def _optional(self, expr: Expr | None) -> ast.expr | None:
        return None if expr is None else self.expression(expr)

    def _all(self, exprs: Iterable[Expr]) -> list[ast.expr]:
        return [self.expression(expr) for expr in exprs]

    def _call(self, function: ast.expr, args: Iterable[Expr], keywords: Iterable[tuple[str, Expr]]) -> ast.Call:
        named = [ast.keyword(None if key == "**" else key, self.expression(value)) for key, value in keywords]
        return ast.Call(function, self._all(args), named)

    def _spelling(self, expr: Apply) -> str:
        if expr.spelling == "numpy":
            return spelling.safe_spelling(expr)
        if expr.spelling == "attribute:flat":  # an iterator, of which arithmetic is no array
            return "method:ravel"
        return expr.spelling or spelling.default_spelling(expr)

    def _apply(self, expr: Apply, how: str) -> ast.expr:
        kind, _, text = how.partition(":")
        op, args, keywords = expr.op, expr.args, expr.keywords
        match kind:
            case "operator":
                return self._operator(expr)
            case "method" if args:
                receiver = ast.Attribute(self.expression(args[0]), text, LOAD)
                return self._call(receiver, args[1:], keywords)
            case "attribute" if len(args) == 1 and not keywords:
                return ast.Attribute(self.expression(args[0]), text, LOAD)
            case "function" if text:
                return self._call(_dotted(text), args, keywords)
            case "getitem":
                return ast.Subscript(self.expression(args[0]), self.expression(args[1]), LOAD)
            case "builtin":
                name = spelling.python_name(op) or op
                return self._call(_name(self.names.name_of(name, getattr(builtins, name))), args, keywords)
            case "helper" | "hook":
                function = spelling.helper(op)
                if function is None:
                    raise InternalError(f"the operation {op!r} is neither NumPy's nor a helper of backprose.support")
                return self._call(_name(self.names.name_of(function.__name__, function)), args, keywords)
            case "numpy":
                return self._call(self.numpy(op), args, keywords)
            case "called":
                return self._call(self.expression(args[0]), args[1:], keywords)
            case "scipy":
                return self._call(self.scipy(op), args, keywords)
        raise InternalError(f"{how!r} is no spelling of {op!r} with {len(args)} operands")

    def _operator(self, expr: Apply) -> ast.expr:
        """A chain such as ``a + b + c`` leans to the left and may be long: no recursion there."""
        chain: list[tuple[type[ast.operator], Expr]] = []
        node: Expr = expr
        while isinstance(node, Apply) and self._is_binary(node):
            chain.append((spelling.BINARY[node.op], node.args[1]))
            node = node.args[0]
        if chain:
            tree = self.expression(node)
            for op, right in reversed(chain):
                tree = ast.BinOp(tree, op(), self.expression(right))
            return tree
        match self._all(expr.args):
            case [first, second] if expr.op in spelling.COMPARE:
                return ast.Compare(first, [spelling.COMPARE[expr.op]()], [second])
            case [operand] if expr.op in spelling.UNARY:
                return ast.UnaryOp(spelling.UNARY[expr.op](), operand)
        return self._apply(expr, spelling.default_spelling(expr))

    def _is_binary(self, expr: Apply) -> bool:
        written = expr.op in spelling.BINARY and len(expr.args) == 2 and not expr.keywords
        return written and self._spelling(expr).startswith("operator")

    def numpy(self, path: str) -> ast.expr:
        """``np.<path>`` under our alias."""
        tree: ast.expr = _name(self.names.name_of("np", np))
        for part in path.split("."):
            tree = ast.Attribute(tree, part, LOAD)
        return tree

    def scipy(self, op: str) -> ast.expr:
        """``special.erf``, with the module under the last part of its name."""
        module, path = spelling.scipy_path(op)
        tree: ast.expr = _name(self.names.name_of(module.__name__.rpartition(".")[2], module))
        for part in path:
            tree = ast.Attribute(tree, part, LOAD)
        return tree

    def _constant(self, value: Any) -> ast.expr:
        """A literal as source has it: without sign, and with no nan or infinity in it."""
        if type(value) is int and value < 0:
            return ast.UnaryOp(ast.USub(), ast.Constant(-value, None))
        if type(value) is float:
            if math.isnan(value):
                return self.numpy("nan")
            if math.copysign(1.0, value) < 0:
                return ast.UnaryOp(ast.USub(), self._constant(-value))
            return self.numpy("inf") if math.isinf(value) else ast.Constant(value)
        if type(value) is complex:
            return self._complex(value)
        if type(value) is tuple:
            return ast.Tuple([self._constant(item) for item in value], LOAD)
        if value is None or value is Ellipsis or type(value) in (bool, int, str, bytes):
            return ast.Constant(value)
        raise InternalError(f"{value!r} is not a literal")

    def _complex(self, value: complex) -> ast.expr:
        size = complex(0.0, abs(value.imag))
        literal = ast.Constant(size)
        if cmath.isfinite(value):
            if repr(value) == repr(size):
                return literal
            if repr(value) == repr(-size):
                return ast.UnaryOp(ast.USub(), literal)
            if repr(value) == repr(value.real + size):
                return ast.BinOp(self._constant(value.real), ast.Add(), literal)
            if repr(value) == repr(value.real - size):
                return ast.BinOp(self._constant(value.real), ast.Sub(), literal)
        function = _name(self.names.name_of("complex", complex))
        return ast.Call(function, [self._constant(value.real), self._constant(value.imag)], [])


def _merge(stmt: ast.stmt) -> None:
    """``with a:`` around nothing but ``with b:`` as ``with a, b:``; a body of nothing gets its ``pass``."""
    assert isinstance(stmt, ast.With)
    match stmt.body:
        case [ast.With(items=items, body=body)]:
            stmt.items, stmt.body = [*stmt.items, *items], body
    if all(marker_kind(inner) for inner in stmt.body):
        stmt.body.append(ast.Pass())


def _last_try(body: list[ast.stmt]) -> ast.Try:
    assert isinstance(body[-1], ast.Try)
    return body[-1]


def _settled(tried: ast.Try) -> list[ast.stmt]:
    """``try: try: a except: b finally: c`` as one statement, what cannot raise before it; ``pass`` for no statement."""
    before: list[ast.stmt] = []
    match tried.body:
        case [*first, ast.Try(finalbody=[]) as inner] if all(map(_cannot_raise, first)):
            before = first
            tried.body, tried.handlers, tried.orelse = inner.body, inner.handlers, inner.orelse
    for block in (tried.body, tried.finalbody):
        if all(marker_kind(one) for one in block):
            block.append(ast.Pass())
    return [*before, tried]


def _cannot_raise(stmt: ast.stmt) -> bool:
    """Whether a statement sets a flag, or keeps a value or a length."""
    match stmt:
        case ast.Assign(targets=[ast.Name()], value=ast.Constant() | ast.Name()):
            return True
        case ast.Assign(targets=[ast.Name()], value=ast.Call(func=ast.Name(id="len"), args=[ast.Name()])):
            return True
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(), attr="append"), args=[ast.Name()])):
            return True
    return False


def _not_repeated(value: Expr) -> Expr:
    """The values as they are given to a function that repeats them itself."""
    return value.args[0] if isinstance(value, Apply) and value.op == "resize" else value


def _same_dtype(target: Subscript, value: Expr) -> bool:
    """Whether nothing is cast, so that an assignment raises no less than ``np.copyto``."""
    return type_of(target).dtype is not None and type_of(target).dtype == type_of(value).dtype


def _name(name: str) -> ast.Name:
    return ast.Name(name, LOAD)


def _dotted(path: str) -> ast.expr:
    first, *attributes = path.split(".")
    found: ast.expr = _name(first)
    for attribute in attributes:
        found = ast.Attribute(found, attribute, LOAD)
    return found


def _declarations(function: Function) -> list[ast.stmt]:
    """Imports that the function reads, ``global`` and ``nonlocal`` for the names outside that it binds."""
    bound = {target.id for stmt in statements(function.body) for target in targets(stmt) if isinstance(target, Global)}
    cells = () if function.home is None else function.home.__code__.co_freevars
    imports = [one for name, one in imports_of(function.home).items() if name in globals_read(function)]
    made: list[ast.stmt] = [_import(one) for one in imports]
    made += [
        kind(names)
        for kind, names in (
            (ast.Global, sorted(bound - set(cells))),
            (ast.Nonlocal, sorted(bound & set(cells))),
        )
        if names
    ]
    return made


def _import(one: Imported) -> ast.stmt:
    if one.attribute is None:
        return ast.Import([ast.alias(one.module, None if one.name == one.module.split(".")[0] else one.name)])
    return ast.ImportFrom(one.module, [ast.alias(one.attribute, None if one.name == one.attribute else one.name)], 0)


def _comment(text: str, kind: str = COMMENT) -> ast.stmt:
    return ast.Expr(ast.Constant(text, kind))


def _next_link(stmt: If) -> tuple[Assign | None, If] | None:
    """The branch that is the whole ``else`` of one, with the statement that keeps its test before it."""
    *before, last = stmt.orelse or (None,)
    if not isinstance(last, If) or isinstance(last, Try):
        return None
    match before:
        case []:
            return None, last
        case [Assign(target=Name() as flag, spelling="test") as kept] if last.test == flag:
            return kept, last
    return None


def _above(stmt: Stmt) -> list[ast.stmt]:
    return [] if stmt.comments is None else [_comment(line) for line in stmt.comments.before]


def _store(tree: ast.expr) -> None:
    if isinstance(tree, ast.Tuple | ast.List | ast.Name | ast.Subscript | ast.Attribute):
        tree.ctx = STORE
    for item in getattr(tree, "elts", ()):
        _store(item)
