"""The stage itself: a program in, the text of a module of functions out."""

from __future__ import annotations

import ast
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from backprose.emit.guard import check_text
from backprose.emit.ours import OurNames
from backprose.emit.tree import TreeMaker
from backprose.emit.writer import Writer
from backprose.ir.nodes import Expr, Program, Stmt


@dataclass(frozen=True)
class Emission:
    """``ours`` maps the names of ours in the text (``np``, helpers) to the objects that they mean."""

    text: str
    ours: Mapping[str, Any] = field(default_factory=dict)


def emit(program: Program) -> Emission:
    """The text of a program's functions, two blank lines apart, checked against the tree that it was printed from."""
    names = OurNames(program.functions)
    maker = TreeMaker(names)
    modules = [ast.Module(maker.function(function), []) for function in program.functions]
    text = "\n\n\n".join(Writer(module).text for module in modules) + "\n"
    check_text(text, [stmt for module in modules for stmt in module.body])
    return Emission(text, names.used)


def print_statement(stmt: Stmt) -> str:
    """The text of one statement, for messages and documentation.

    >>> from backprose.ir.nodes import Apply, Augment, Const, Name
    >>> print(print_statement(Augment(Name("x"), "multiply", Apply("sin", (Const(-2),)))))
    x *= np.sin(-2)
    """
    return Writer(ast.Module(TreeMaker(OurNames(())).statement(stmt), [])).text


def print_expression(expr: Expr) -> str:
    """The text of one expression, on one line.

    >>> from backprose.ir.nodes import Apply, Const, Name
    >>> print(print_expression(Apply("power", (Apply("negative", (Name("x"),)), Const(2)))))
    (-x) ** 2
    """
    return Writer(TreeMaker(OurNames(())).expression(expr), width=sys.maxsize).text
