"""Small questions and constructions on expressions of the program form that the modules of this stage share."""

from __future__ import annotations

from collections.abc import Mapping

import gast

from backprose.ir.nodes import Apply, Attribute, Const, Expr, Global, Name, Tuple

BINARY: Mapping[type, str] = {
    gast.Add: "add",
    gast.Sub: "subtract",
    gast.Mult: "multiply",
    gast.Div: "divide",
    gast.FloorDiv: "floor_divide",
    gast.Mod: "mod",
    gast.Pow: "power",
    gast.MatMult: "matmul",
    gast.BitAnd: "bitwise_and",
    gast.BitOr: "bitwise_or",
    gast.BitXor: "bitwise_xor",
    gast.LShift: "left_shift",
    gast.RShift: "right_shift",
}
UNARY: Mapping[type, str] = {gast.USub: "negative", gast.UAdd: "positive", gast.Invert: "invert", gast.Not: "not"}
COMPARISONS: Mapping[type, str] = {
    gast.Eq: "==",
    gast.NotEq: "!=",
    gast.Lt: "<",
    gast.LtE: "<=",
    gast.Gt: ">",
    gast.GtE: ">=",
    gast.Is: "is",
    gast.IsNot: "is not",
    gast.In: "in",
    gast.NotIn: "not in",
}


def is_atom(expr: Expr) -> bool:
    """An operand of the flat form: a name, a literal, or a path that starts outside the function (``CONFIG.rate``).

    >>> is_atom(Attribute(Global("np"), "pi")), is_atom(Attribute(Name("x"), "shape"))
    (True, False)
    """
    while isinstance(expr, Attribute):
        expr = expr.value
        if isinstance(expr, Name):
            return False
    return isinstance(expr, (Name, Const, Global))


def is_returnable(expr: Expr) -> bool:
    """An atom, or a tuple of atoms."""
    return is_atom(expr) or (isinstance(expr, Tuple) and all(map(is_atom, expr.items)))


def negated(test: Expr) -> Expr:
    """``not test``, or what stands under its ``not``; comparisons are left as they are, because of nan.

    >>> negated(Const(1)).op, negated(negated(Const(1)))
    ('not', Const(value=1))
    """
    if isinstance(test, Apply) and test.op == "not":
        return test.args[0]
    return Apply("not", (test,), spelling="operator")
