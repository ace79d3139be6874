"""From a Python tree to text: ``astunparse`` with minimal parentheses, bare tuples, comments and wrapped lines.

A comment travels as a statement, a string constant of one of the kinds below, which ``gast_to_ast`` keeps.
"""
# ruff: noqa: N802 (astunparse names its methods after the nodes)

from __future__ import annotations

import ast
import io
import sys
from collections.abc import Iterable

import astunparse

from backprose.emit.fstrings import fstring
from backprose.emit.layout import SOFT, SPACE, WIDTH, Broken, Doc, Fill, Group, Indent, bracketed, render, separated
from backprose.emit.literals import docstring, string
from backprose.emit.precedence import (
    ATOM,
    BINARY,
    BIT_OR,
    COMPARISONS,
    FACTOR,
    OR,
    POWER,
    TEST,
    UNARY,
    precedence,
)

COMMENT, BESIDE, REMARK = "#", "# beside", "# remark"  # a line, the end of a line, a line of ours (cut to the width)
MANY = 6  # names in a tuple, from which on they do not get a line each


def _plain_names(node: ast.Tuple) -> tuple[str, ...]:
    """The names in a tuple of nothing but names, if they are many."""
    words = tuple(item.id for item in node.elts if isinstance(item, ast.Name))
    return words if len(words) == len(node.elts) >= MANY else ()


def marker_kind(stmt: ast.AST) -> str | None:
    """The kind of comment that a statement stands for, None for any other statement."""
    match stmt:
        case ast.Expr(value=ast.Constant(kind=kind)) if kind in (COMMENT, BESIDE, REMARK):
            return kind
    return None


class Writer(astunparse.Unparser):  # type: ignore[misc]  # astunparse ships no types
    """The text of a module, a statement or an expression (``ast`` nodes).

    >>> print(Writer(ast.parse("x[(1), :] = (-a) ** (2 * (b + c))")).text)
    x[1, :] = (-a) ** (2 * (b + c))
    """

    def __init__(self, tree: ast.AST, *, quote: str = '"', width: int = WIDTH) -> None:
        self._width = width
        self._lines: list[str] = []
        self._parts: list[Doc] = []
        self._margin = 0  # the indentation of the statement in ``_parts``
        self._quote = quote
        super().__init__(tree, io.StringIO())
        self._finish_statement()
        self.text = "\n".join(self._lines)

    # ---------------------------------------------------------------- lines
    def _finish_statement(self) -> None:
        if self._parts:
            text = render(tuple(self._parts), self._margin, self._width)
            self._lines += (" " * self._margin + text).split("\n")
            self._parts = []

    def fill(self, text: str = "") -> None:
        self._finish_statement()
        self._margin = 4 * self._indent
        self._parts.append(text)

    def write(self, text: str) -> None:
        self._parts.append(text)

    # ---------------------------------------------------------------- documents of expressions
    def _doc(self, node: ast.AST, level: int = TEST) -> tuple[Doc, ...]:
        """The document of an expression, in parentheses where it binds less tightly than ``level``."""
        outer, self._parts = self._parts, []
        self.dispatch(node)
        parts, self._parts = tuple(self._parts), outer
        return bracketed("(", parts, ")") if precedence(node) < level else parts

    def _at(self, node: ast.AST, level: int = TEST) -> None:
        self._parts += self._doc(node, level)

    def _target(self, node: ast.AST) -> tuple[Doc, ...]:
        """The document of a loop's target, where a tuple needs no parentheses."""
        if not isinstance(node, ast.Tuple) or len(node.elts) < 2:
            return self._doc(node)
        first, *others = (self._doc(item) for item in node.elts)
        return (*first, *(part for item in others for part in (", ", *item)))

    def _roomy(self, node: ast.AST, *, bare: bool = False) -> None:
        """An expression that gets parentheses where it has to be broken; ``bare``: so does a tuple."""
        if bare and isinstance(node, ast.Tuple) and len(node.elts) > 1:
            parts, whole = self._listed(node), False
        else:
            # what ends in brackets of its own can be broken there, also behind a minus
            parts, whole = self._doc(node), precedence(node) == ATOM
            if isinstance(node, ast.UnaryOp):
                whole = precedence(node.operand) == ATOM or precedence(node.operand) < precedence(node)
        optional = (Broken("("), Indent((SOFT, Group(parts))), SOFT, Broken(")"))
        self._parts += parts if whole else (Group(optional),)

    def _listed(self, node: ast.Tuple) -> tuple[Doc, ...]:
        """The items of a tuple; names, of which there may be many, as many on a line as fit."""
        words = _plain_names(node)
        return (Fill(words),) if words else separated([self._doc(item) for item in node.elts])

    def _brackets(self, opening: str, items: Iterable[tuple[Doc, ...]], closing: str, *, comma: bool = True) -> None:
        listed = list(items)
        if listed:
            self._parts += bracketed(opening, separated(listed, comma=comma), closing)
        else:
            self.write(opening + closing)

    # ---------------------------------------------------------------- statements
    def _Expr(self, tree: ast.Expr) -> None:
        kind = marker_kind(tree)
        if kind is None:
            self.fill()
            self._roomy(tree.value)
            return
        text = str(ast.literal_eval(tree.value))
        self._finish_statement()
        margin = " " * (4 * self._indent)
        if kind == BESIDE:
            self._lines[-1] += f"  {text}"
        else:
            room = max(self._width - len(margin), 24)  # deep inside, a few words all the same
            if kind == REMARK and len(text) > room:
                text = f"{text[: room - 4].removesuffix(' ...').rpartition(' ')[0]} ..."
            self._lines.append(margin + text if text else "")

    def _Assign(self, t: ast.Assign) -> None:
        self.fill()
        for target in t.targets:
            self._roomy(target, bare=True)
            self.write(" = ")
        self._roomy(t.value, bare=isinstance(t.targets[-1], ast.Tuple))

    def _AugAssign(self, t: ast.AugAssign) -> None:
        self.fill()
        self._at(t.target)
        self.write(f" {BINARY[type(t.op)][0]}= ")
        self._roomy(t.value)

    def _Return(self, t: ast.Return) -> None:
        self.fill("return")
        if t.value is not None:
            self.write(" ")
            self._roomy(t.value, bare=True)

    def _Raise(self, t: ast.Raise) -> None:
        self.fill("raise")
        if t.exc is not None:
            self.write(" ")
            self._at(t.exc)
        if t.cause is not None:
            self.write(" from ")
            self._at(t.cause)

    def _Assert(self, t: ast.Assert) -> None:
        self.fill("assert ")
        self._roomy(t.test)
        if t.msg is not None:
            self.write(", ")
            self._roomy(t.msg)

    def _If(self, t: ast.If) -> None:
        self._header("if ", t.test, t.body)
        while t.orelse:
            last = t.orelse[-1]
            if not isinstance(last, ast.If) or not all(
                marker_kind(stmt) in (COMMENT, REMARK) for stmt in t.orelse[:-1]
            ):
                self._body("else", t.orelse)
                return
            for stmt in t.orelse[:-1]:
                self.dispatch(stmt)
            t = last
            self._header("elif ", t.test, t.body)

    def _While(self, t: ast.While) -> None:
        self._header("while ", t.test, t.body)
        if t.orelse:
            self._body("else", t.orelse)

    def _For(self, t: ast.For) -> None:
        self.fill("for ")
        self._parts += self._target(t.target)
        self.write(" in ")
        self._roomy(t.iter)
        self._body(None, t.body)
        if t.orelse:
            self._body("else", t.orelse)

    def _With(self, t: ast.With) -> None:
        self.fill("with ")
        items = [
            (*self._doc(item.context_expr), *((" as ", *self._doc(item.optional_vars)) if item.optional_vars else ()))
            for item in t.items
        ]
        for number, item in enumerate(items):  # Python 3.10 has no parentheses around them
            self._parts += [", ", *item] if number else item
        self._body(None, t.body)

    def _Try(self, t: ast.Try) -> None:
        self._body("try", t.body)
        for handler in t.handlers:
            self.fill("except")
            if handler.type is not None:
                self.write(" ")
                self._at(handler.type)
            if handler.name is not None:
                self.write(f" as {handler.name}")
            self._body(None, handler.body)
        if t.orelse:
            self._body("else", t.orelse)
        if t.finalbody:
            self._body("finally", t.finalbody)

    def _header(self, keyword: str, test: ast.expr, body: list[ast.stmt]) -> None:
        self.fill(keyword)
        if isinstance(test, ast.NamedExpr):
            self._parts += (*self._doc(test.target), " := ")
            test = test.value
        self._roomy(test)
        self._body(None, body)

    def _body(self, keyword: str | None, body: list[ast.stmt]) -> None:
        if keyword is not None:
            self.fill(keyword)
        self.enter()
        for stmt in body:
            self.dispatch(stmt)
        self._finish_statement()
        self.leave()

    def _FunctionDef(self, t: ast.FunctionDef) -> None:
        self.fill(f"def {t.name}")
        self._brackets("(", self._parameters(t.args), ")")
        self.enter()
        body = t.body
        match body[0]:
            case ast.Expr(value=ast.Constant(value=str(text), kind=None)):
                self._finish_statement()
                self._lines += docstring(text, 4 * self._indent).split("\n")
                body = body[1:]
        for stmt in body:
            self.dispatch(stmt)
        self._finish_statement()
        self.leave()

    # ---------------------------------------------------------------- expressions
    def _Constant(self, t: ast.Constant) -> None:
        match t.value:
            case str():
                self.write(string(t.value, self._quote))
            case bytes():
                text = repr(t.value)
                self.write(text if '"' in text else f'b"{text[2:-1]}"')
            case float() | complex():
                self.write(repr(t.value).replace("inf", f"1e{sys.float_info.max_10_exp + 1}"))
            case _:
                self.write("..." if t.value is Ellipsis else repr(t.value))

    def _JoinedStr(self, t: ast.JoinedStr) -> None:
        self.write(fstring(t, lambda node, quote: Writer(node, quote=quote, width=sys.maxsize).text))

    def _NamedExpr(self, t: ast.NamedExpr) -> None:
        self._parts += bracketed("(", (*self._doc(t.target), " := ", *self._doc(t.value)), ")")

    def _Attribute(self, t: ast.Attribute) -> None:
        number = isinstance(t.value, ast.Constant) and isinstance(t.value.value, int | float | complex)
        self._parts += bracketed("(", self._doc(t.value), ")") if number else self._doc(t.value, ATOM)
        self.write(f".{t.attr}")

    def _Subscript(self, t: ast.Subscript) -> None:
        self._at(t.value, ATOM)
        items = t.slice.elts if isinstance(t.slice, ast.Tuple) else []
        starred = any(isinstance(item, ast.Starred) for item in items)
        sliced = any(isinstance(item, ast.Slice) for item in items)
        if sliced or (len(items) > 1 and not starred):  # Python 3.10 has no x[*a]
            alone = (",",) if len(items) == 1 else ()
            self._brackets("[", [(*self._doc(item), *alone) for item in items], "]")
        else:
            self._brackets("[", [self._doc(t.slice)], "]")

    def _Slice(self, t: ast.Slice) -> None:
        if t.lower is not None:
            self._at(t.lower)
        self.write(":")
        if t.upper is not None:
            self._at(t.upper)
        if t.step is not None:
            self.write(":")
            self._at(t.step)

    def _Tuple(self, t: ast.Tuple) -> None:
        if _plain_names(t):
            self._parts += bracketed("(", self._listed(t), ")")
        else:
            alone = (",",) if len(t.elts) == 1 else ()
            self._brackets("(", [(*self._doc(item), *alone) for item in t.elts], ")")

    def _List(self, t: ast.List) -> None:
        self._brackets("[", map(self._doc, t.elts), "]")

    def _Set(self, t: ast.Set) -> None:
        self._brackets("{", map(self._doc, t.elts), "}")

    def _Dict(self, t: ast.Dict) -> None:
        self._brackets("{", map(self._dict_item, t.keys, t.values), "}")

    def _dict_item(self, key: ast.expr | None, value: ast.expr) -> tuple[Doc, ...]:
        return ("**", *self._doc(value, BIT_OR)) if key is None else (*self._doc(key), ": ", *self._doc(value))

    def _Starred(self, t: ast.Starred) -> None:
        self.write("*")
        self._at(t.value, BIT_OR)

    def _Call(self, t: ast.Call) -> None:
        self._at(t.func, ATOM)
        match t.args, t.keywords:
            case [ast.GeneratorExp() as generator], []:
                self._parts += self._doc(generator)
            case [ast.Tuple() as saved], [] if _plain_names(saved):
                self._parts += ("(", *self._doc(saved), ")")
            case args, keywords:
                items = [self._doc(arg) for arg in args]
                self._brackets("(", items + [self._doc(keyword) for keyword in keywords], ")")

    def _keyword(self, t: ast.keyword) -> None:
        self.write("**" if t.arg is None else f"{t.arg}=")
        self._at(t.value)

    def _UnaryOp(self, t: ast.UnaryOp) -> None:
        text, level = UNARY[type(t.op)]
        self.write(text)
        self._at(t.operand, level)

    def _BinOp(self, t: ast.BinOp) -> None:
        """A chain such as ``a - b + c`` is one group: it is broken before every operator or before none."""
        level = BINARY[type(t.op)][1]
        if level == POWER:
            self._at(t.left, POWER + 1)
            self.write(" ** ")
            self._at(t.right, FACTOR)
            return
        links: list[tuple[str, ast.expr]] = []
        node: ast.expr = t
        while isinstance(node, ast.BinOp) and precedence(node) == level:
            links.append((BINARY[type(node.op)][0], node.right))
            node = node.left
        parts = list(self._doc(node, level))
        for text, operand in reversed(links):
            parts += [SPACE, f"{text} ", *self._doc(operand, level + 1)]
        self._parts.append(Group(tuple(parts)))

    def _BoolOp(self, t: ast.BoolOp) -> None:
        word = "and" if isinstance(t.op, ast.And) else "or"
        self._chain(t, t.values, [word] * (len(t.values) - 1))

    def _Compare(self, t: ast.Compare) -> None:
        self._chain(t, [t.left, *t.comparators], [COMPARISONS[type(op)] for op in t.ops])

    def _chain(self, node: ast.expr, operands: list[ast.expr], words: list[str]) -> None:
        level = precedence(node) + 1
        parts = list(self._doc(operands[0], level))
        for word, operand in zip(words, operands[1:], strict=True):
            parts += [SPACE, f"{word} ", *self._doc(operand, level)]
        self._parts.append(Group(tuple(parts)))

    def _IfExp(self, t: ast.IfExp) -> None:
        test, orelse = self._doc(t.test, OR), self._doc(t.orelse)
        self._parts.append(Group((*self._doc(t.body, OR), SPACE, "if ", *test, SPACE, "else ", *orelse)))

    def _Lambda(self, t: ast.Lambda) -> None:
        self.write("lambda")
        for number, parameter in enumerate(self._parameters(t.args)):
            self._parts += [", " if number else " ", *parameter]
        self.write(": ")
        self._at(t.body)

    def _Await(self, t: ast.Await) -> None:
        self.write("await ")
        self._at(t.value, ATOM)

    def _ListComp(self, t: ast.ListComp) -> None:
        self._comprehension_in("[", self._doc(t.elt), t.generators, "]")

    def _SetComp(self, t: ast.SetComp) -> None:
        self._comprehension_in("{", self._doc(t.elt), t.generators, "}")

    def _GeneratorExp(self, t: ast.GeneratorExp) -> None:
        self._comprehension_in("(", self._doc(t.elt), t.generators, ")")

    def _DictComp(self, t: ast.DictComp) -> None:
        self._comprehension_in("{", self._dict_item(t.key, t.value), t.generators, "}")

    def _comprehension_in(
        self, opening: str, item: tuple[Doc, ...], generators: list[ast.comprehension], closing: str
    ) -> None:
        parts = list(item)
        for generator in generators:
            parts += [SPACE, "async for " if generator.is_async else "for ", *self._target(generator.target), " in "]
            parts += self._doc(generator.iter, OR)
            for test in generator.ifs:
                parts += [SPACE, "if ", *self._doc(test, OR)]
        self._parts += bracketed(opening, tuple(parts), closing)

    # ---------------------------------------------------------------- parameters
    def _parameters(self, t: ast.arguments) -> list[tuple[Doc, ...]]:
        """The parameters with the ``/`` and ``*`` between them."""
        plain = [*t.posonlyargs, *t.args]
        defaults: list[ast.expr | None] = [*[None] * (len(plain) - len(t.defaults)), *t.defaults]
        items = [self._parameter(arg, default) for arg, default in zip(plain, defaults, strict=True)]
        if t.posonlyargs:
            items.insert(len(t.posonlyargs), ("/",))
        if t.vararg is not None:
            items.append((f"*{t.vararg.arg}",))
        elif t.kwonlyargs:
            items.append(("*",))
        items += [self._parameter(arg, default) for arg, default in zip(t.kwonlyargs, t.kw_defaults, strict=True)]
        if t.kwarg is not None:
            items.append((f"**{t.kwarg.arg}",))
        return items

    def _parameter(self, arg: ast.arg, default: ast.expr | None) -> tuple[Doc, ...]:
        note = ast.unparse(arg.annotation) if arg.annotation is not None else None
        name = arg.arg if note is None else f"{arg.arg}: {note}"
        if default is None:
            return (name,)
        return (name, "=" if note is None else " = ", *self._doc(default))
