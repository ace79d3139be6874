"""What ``parse`` gives: the tree of a function, its comments, and what its free names mean."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from types import FunctionType
from typing import Any, Literal, TypeAlias

import gast

from backprose.errors import Location
from backprose.ir.nodes import Span
from backprose.parse.cells import cells_of
from backprose.parse.imports import imports_of

Scope: TypeAlias = Literal["closure", "global", "builtin", "missing"]


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment of the user's; ``alone``: on a line of its own. ``column`` is that of its ``#``, in characters."""

    text: str
    alone: bool
    column: int = 0


@dataclass(frozen=True, slots=True)
class Binding:
    """What a free name means now: ``value`` is None where the scope is ``missing``."""

    scope: Scope
    value: object = None


@dataclass(frozen=True, eq=False)
class Parsed:
    """A function and its source.

    ``tree`` has no decorators, and private names as Python mangles them (``__x`` in ``class A`` is ``_A__x``). Lines
    of its positions count from 1, columns count characters (not bytes, as in ``ast``) from 0. ``lines`` are all lines
    of the file; ``comments`` those of the function, the ones directly above it and at its end included, by line.
    """

    function: FunctionType
    tree: gast.FunctionDef
    file: str
    lines: tuple[str, ...]
    comments: Mapping[int, Comment]

    def span_of(self, node: gast.AST) -> Span:
        """Where a node of the tree stands; one without a place (``arguments``) stands where the function does."""
        place: Any = node if getattr(node, "lineno", None) is not None else self.tree
        return Span(place.lineno, place.col_offset, place.end_lineno, place.end_col_offset)

    def locate(self, place: gast.AST | Span) -> Location:
        """The place for an error: an expression of several lines shows its first, marked to the end."""
        span = place if isinstance(place, Span) else self.span_of(place)
        line = min(max(span.line, 1), max(len(self.lines), 1))
        text = self.lines[line - 1] if self.lines else ""
        end = span.end_column
        if span.end_line != line:
            comment = self.comments.get(line)
            end = len((text if comment is None else text[: comment.column]).rstrip())
        column = min(span.column, len(text))
        return Location(self.file, line, text, column, max(min(end, len(text)), column + 1))

    def text_of(self, span: Span) -> str:
        """The user's own text of a span."""
        chosen = list(self.lines[span.line - 1 : span.end_line])
        if not chosen:
            return ""
        if span.end_line - span.line + 1 == len(chosen):
            chosen[-1] = chosen[-1][: span.end_column]
        chosen[0] = chosen[0][span.column :]
        return "\n".join(chosen)

    def lookup(self, name: str) -> Binding:
        """What a free name of the function means at this moment, found as Python finds it: cell, global, builtin."""
        function = self.function
        imported = imports_of(function).get(name)
        if imported is not None:
            try:
                return Binding("global", imported.value())
            except ImportError:
                return Binding("missing")
        cell = cells_of(function).get(name)
        if cell is not None:
            try:
                return Binding("closure", cell.cell_contents)
            except ValueError:  # not assigned yet, or deleted: Python would raise NameError
                return Binding("missing")
        if name in function.__globals__:
            return Binding("global", function.__globals__[name])
        builtins: Mapping[str, object] = function.__builtins__
        if name in builtins:
            return Binding("builtin", builtins[name])
        return Binding("missing")


def is_private(name: str) -> bool:
    """Whether Python mangles this name inside a class."""
    return name.startswith("__") and not name.endswith("__") and "." not in name


def mangle(name: str, owner: str | None) -> str:
    """The name that Python gives ``name`` inside the class ``owner``.

    >>> mangle("__x", "_Model"), mangle("__x__", "Model"), mangle("x", "Model"), mangle("__x", None)
    ('_Model__x', '__x__', 'x', '__x')
    """
    stripped = (owner or "").lstrip("_")
    return f"_{stripped}{name}" if stripped and is_private(name) else name


# what Python's own parser calls a function
Definition: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
