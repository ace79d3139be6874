"""Small programs for the tests of this folder."""

from __future__ import annotations

from typing import Any

from backprose.emit import emit
from backprose.ir.nodes import Apply, Expr, Function, Name, Parameter, Program, Stmt
from backprose.ir.types import Type

x, y, z, i, n = map(Name, "xyzin")
array = Name("x", Type("array", "float64", (3,)))
number = Name("x", Type("python", "float64", ()))


def function(*body: Stmt, name: str = "f", parameters: str = "x y", home: Any = None, **facts: Any) -> Function:
    return Function(name, tuple(map(Parameter, parameters.split())), body, home, **facts)


def text_of(*body: Stmt, **facts: Any) -> str:
    """The text of a function's body, without its indentation."""
    text = emit(Program((function(*body, **facts),))).text
    return "\n".join(line.removeprefix("    ") for line in text.rstrip("\n").split("\n")[1:])


def apply(op: str, *args: Expr, spelling: str = "", **keywords: Expr) -> Apply:
    return Apply(op, args, tuple(keywords.items()), spelling)
