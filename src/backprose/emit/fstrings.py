"""F-strings as every Python from 3.10 on can read them, and as all of them print them."""

from __future__ import annotations

import ast
from collections.abc import Callable

from backprose.emit.literals import escaped
from backprose.emit.precedence import TEST, precedence

_QUOTES = ('"', "'", '"""', "'''")


def fstring(node: ast.JoinedStr, show: Callable[[ast.AST, str], str]) -> str:
    """The text of an f-string; ``show`` writes an expression with its strings in the quotes given.

    Before Python 3.12, an expression in it may hold neither the quotes around it nor a backslash.

    >>> tree = ast.parse('''f"{d['a']!r:>{width}} {{}}"''', mode="eval").body
    >>> print(fstring(tree, lambda inner, quote: ast.unparse(inner)))
    f"{d['a']!r:>{width}} {{}}"
    """
    for quote in _QUOTES:
        inner = '"' if "'" in quote else "'"
        pieces = [_piece(value, quote, inner, show) for value in node.values]
        if not any(quote in code or "\\" in code for _, codes in pieces for code in codes):
            return f"f{quote}{''.join(text for text, _ in pieces)}{quote}"
    return ast.unparse(node)  # such an f-string comes from Python 3.12 or later


def _piece(node: ast.AST, quote: str, inner: str, show: Callable[[ast.AST, str], str]) -> tuple[str, list[str]]:
    """The text of one part, and the pieces of code in it."""
    match node:
        case ast.Constant(value=str(text)):
            return escaped(text, quote).replace("{", "{{").replace("}", "}}"), []
        case ast.FormattedValue(value=value, conversion=conversion, format_spec=form):
            code = show(value, inner)
            if "lambda" in code and precedence(value) == TEST:
                code = f"({code})"  # its colon would begin the format
            codes = [code]
            text = ("{ " if code.startswith("{") else "{") + code
            if conversion != -1:
                text += f"!{chr(conversion)}"
            if isinstance(form, ast.JoinedStr):
                parts = [_piece(part, quote, inner, show) for part in form.values]
                text += ":" + "".join(part for part, _ in parts)
                codes += [code for _, more in parts for code in more]
            return text + "}", codes
    return show(node, inner), []
