"""The last check of every emission: the text, read again, is the tree that it was printed from."""

from __future__ import annotations

import ast
from typing import Any

from backprose.emit.writer import marker_kind
from backprose.errors import InternalError

_NOT_IN_TEXT = frozenset(["ctx", "kind", "type_comment", "type_params", "type_ignores"])


def check_text(text: str, body: list[ast.stmt]) -> None:
    """Raises where ``text`` does not read as the statements ``body``, comments aside.

    >>> check_text("x = 1  # one", ast.parse("x = (1)").body)
    >>> check_text("x = 1", ast.parse("x = 1.0").body)
    Traceback (most recent call last):
    ...
    backprose.errors.InternalError: the emitted text is not the program it was made from: 1 for 1.0
    """
    try:
        found = ast.parse(text).body
    except SyntaxError as error:
        raise InternalError(f"the emitted text cannot be read: {error}\n{text}") from error
    pairs: list[tuple[Any, Any]] = [(found, body)]
    while pairs:
        left, right = pairs.pop()
        same = type(left) is type(right)
        if same and isinstance(right, list):
            right = [item for item in right if not (isinstance(item, ast.Expr) and marker_kind(item))]
            same = len(left) == len(right)
            pairs += zip(left, right, strict=False)
        elif same and isinstance(right, ast.AST):
            pairs += [(_part(left, field), _part(right, field)) for field in right._fields if field not in _NOT_IN_TEXT]
        else:
            same = same and repr(left) == repr(right)  # tells 0.0 from -0.0
        if not same:
            difference = f"{_show(left)} for {_show(right)}"
            raise InternalError(f"the emitted text is not the program it was made from: {difference}")


def _part(node: ast.AST, field: str) -> Any:
    """A field of a node; an empty list is the same as none, and a docstring is cleaned of its indentation."""
    value = getattr(node, field, None)
    if field == "body" and isinstance(node, ast.FunctionDef):
        marked = bool(node.body) and isinstance(node.body[0], ast.Expr) and bool(marker_kind(node.body[0]))
        doc = None if marked else ast.get_docstring(node)
        return [doc, *(node.body if doc is None else node.body[1:])]
    return None if isinstance(value, list) and not value else value


def _show(part: Any) -> str:
    return ast.dump(part) if isinstance(part, ast.AST) else repr(part)
