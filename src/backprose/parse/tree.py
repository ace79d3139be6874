"""From Python's own tree to the gast tree of ``Parsed``: character columns, mangled names, a lambda as a function."""

from __future__ import annotations

import ast
import sys
from typing import Any

import gast

from backprose.parse.parsed import mangle
from backprose.parse.source import Candidate, Source

# the fields that hold names which Python mangles inside a class (not those of keywords)
NAME_FIELDS = {
    gast.Name: "id",
    gast.Attribute: "attr",
    gast.FunctionDef: "name",
    gast.AsyncFunctionDef: "name",
    gast.ClassDef: "name",
}


def convert(candidate: Candidate, source: Source) -> gast.FunctionDef:
    """The gast tree of a definition, without its decorators."""
    converted = gast.ast_to_gast(candidate.node)
    _count_characters(converted, source.lines)
    if isinstance(candidate.node, ast.Lambda):
        tree = _as_function(converted, candidate.name)
    else:
        converted.decorator_list = []
        tree = converted
    if candidate.owner is not None:
        own_name = tree.name  # of the class's scope, not of the function's
        _mangle_names(tree, candidate.owner)
        tree.name = own_name
    return tree


def _as_function(node: gast.Lambda, name: str) -> gast.FunctionDef:
    result = gast.copy_location(gast.Return(value=node.body), node.body)
    function = gast.FunctionDef(
        name=name, args=node.args, body=[result], decorator_list=[], returns=None, type_comment=None, type_params=[]
    )
    return gast.copy_location(function, node)


def _count_characters(tree: gast.AST, lines: tuple[str, ...]) -> None:
    """Turn the columns of a tree from bytes of UTF-8 into characters.

    Before 3.12 the parts of an f-string have no true places: they get that of the whole string.
    """
    pending: list[tuple[Any, Any]] = [(tree, None)]
    while pending:
        node, string = pending.pop()
        if hasattr(node, "lineno"):
            if string is not None:
                gast.copy_location(node, string)
            else:
                node.col_offset = _characters(lines, node.lineno, node.col_offset)
                node.end_col_offset = _characters(lines, node.end_lineno, node.end_col_offset)
            if string is None and isinstance(node, gast.JoinedStr) and sys.version_info < (3, 12):
                string = node
        pending.extend((child, string) for child in gast.iter_child_nodes(node))


def _characters(lines: tuple[str, ...], line: int, column: int) -> int:
    text = lines[line - 1] if 0 < line <= len(lines) else ""
    return column if text.isascii() else len(text.encode("utf-8", "surrogatepass")[:column].decode("utf-8", "ignore"))


def _mangle_names(tree: gast.AST, owner: str) -> None:
    """Give private names the form that Python gives them, so that they mean the same outside their class."""
    pending: list[tuple[Any, str]] = [(tree, owner)]
    while pending:
        node, inside = pending.pop()
        field = NAME_FIELDS.get(type(node))
        if field is not None and getattr(node, field) is not None:
            setattr(node, field, mangle(getattr(node, field), inside))
        elif isinstance(node, gast.Global | gast.Nonlocal):
            node.names = [mangle(name, inside) for name in node.names]
        elif isinstance(node, gast.alias):
            if node.asname is not None:
                node.asname = mangle(node.asname, inside)
            elif mangle(node.name, inside) != node.name:
                node.asname = mangle(node.name, inside)
        body = node.body if isinstance(node, gast.ClassDef) else []
        pending.extend(
            (child, node.name if any(child is part for part in body) else inside)
            for child in gast.iter_child_nodes(node)
        )
