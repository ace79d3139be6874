"""How tightly Python's expressions bind, and how its operators are written."""

from __future__ import annotations

import ast

# From loose to tight; an expression needs parentheses where a tighter one is asked for.
TEST, OR, AND, NOT, COMPARE = range(5)
BIT_OR, BIT_XOR, BIT_AND, SHIFT, SUM, PRODUCT, FACTOR, POWER, AWAIT, ATOM = range(COMPARE + 1, COMPARE + 11)

BINARY: dict[type[ast.operator], tuple[str, int]] = {
    ast.BitOr: ("|", BIT_OR),
    ast.BitXor: ("^", BIT_XOR),
    ast.BitAnd: ("&", BIT_AND),
    ast.LShift: ("<<", SHIFT),
    ast.RShift: (">>", SHIFT),
    ast.Add: ("+", SUM),
    ast.Sub: ("-", SUM),
    ast.Mult: ("*", PRODUCT),
    ast.Div: ("/", PRODUCT),
    ast.FloorDiv: ("//", PRODUCT),
    ast.Mod: ("%", PRODUCT),
    ast.MatMult: ("@", PRODUCT),
    ast.Pow: ("**", POWER),
}
UNARY: dict[type[ast.unaryop], tuple[str, int]] = {
    ast.Not: ("not ", NOT),
    ast.USub: ("-", FACTOR),
    ast.UAdd: ("+", FACTOR),
    ast.Invert: ("~", FACTOR),
}
COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Is: "is",
    ast.IsNot: "is not",
    ast.In: "in",
    ast.NotIn: "not in",
}


def precedence(node: ast.AST) -> int:
    """How tightly the outermost operation of an expression binds.

    >>> precedence(ast.parse("-x ** 2", mode="eval").body) == FACTOR
    True
    """
    match node:
        case ast.BinOp(op=op):
            return BINARY[type(op)][1]
        case ast.UnaryOp(op=op):
            return UNARY[type(op)][1]
        case ast.BoolOp(op=op):
            return AND if isinstance(op, ast.And) else OR
        case ast.Compare():
            return COMPARE
        case ast.IfExp() | ast.Lambda():
            return TEST
        case ast.Await():
            return AWAIT
    return ATOM  # tuples, generators, assignment expressions and yield bring parentheses of their own
