"""Names of ours in the text: NumPy's alias, helpers, builtins that the user has hidden."""

from __future__ import annotations

import builtins
from collections.abc import Iterable
from typing import Any

import gast

from backprose.ir.nodes import Apply, Expr, Function, Global, Ours, Verbatim, children
from backprose.ir.walk import all_names, expressions, statements
from backprose.parse.cells import cells_of
from backprose.parse.imports import imports_of

_MISSING = object()


class OurNames:
    """Hands out the names under which the text of some functions reads objects of ours.

    >>> names = OurNames(())
    >>> names.name_of("np", builtins), names.name_of("len", len), sorted(names.used)
    ('np', 'len', ['np'])
    """

    def __init__(self, functions: Iterable[Function]) -> None:
        self.used: dict[str, Any] = {}
        self._locals: set[str] = set()
        self._read: set[str] = set()
        self._homes: list[Any] = []
        for function in functions:
            self._locals |= {function.name} | {parameter.name for parameter in function.parameters}
            self._locals |= all_names(function.body)
            self._read |= globals_read(function)
            if function.home is not None and not any(function.home is home for home in self._homes):
                self._homes.append(function.home)

    def name_of(self, wish: str, value: Any) -> str:
        """``wish``, or ``wish_1`` where that means something else in one of the functions."""
        name, number = wish, 0
        while not self._is_free(name, value):
            number += 1
            name = f"{wish}_{number}"
        if getattr(builtins, name, _MISSING) is not value:
            self.used[name] = value
        return name

    def _is_free(self, name: str, value: Any) -> bool:
        if name in self.used:
            return self.used[name] is value
        if name in self._locals:
            return False
        found = [lookup(home, name) for home in self._homes]
        if any(bound is not _MISSING and bound is not value for bound in found):
            return False
        return name not in self._read or any(bound is value for bound in found)


def lookup(home: Any, name: str) -> Any:
    """What a name that is not a local means in the Python function ``home``."""
    if name in imports_of(home):
        return imports_of(home)[name].value()
    cell = cells_of(home).get(name)
    if cell is not None:
        try:
            return cell.cell_contents
        except ValueError:  # not filled yet: anything may come
            return cell
    if name in home.__globals__:
        return home.__globals__[name]
    return getattr(builtins, name, _MISSING)


def globals_read(function: Function) -> set[str]:
    """The names that a function's text reads from outside."""
    found: set[str] = set()
    defaults = [parameter.default for parameter in function.parameters if parameter.default is not None]
    stack: list[Expr] = [*defaults, *(part for stmt in statements(function.body) for part in expressions(stmt))]
    while stack:
        expr = stack.pop()
        if isinstance(expr, Ours):
            continue
        if isinstance(expr, Global):
            found.add(expr.id)
        elif isinstance(expr, Apply):
            found |= {expr.spelling.removeprefix("function:").partition(".")[0]} & imports_of(function.home).keys()
            stack.extend(children(expr))
        elif isinstance(expr, Verbatim):
            found |= {node.id for node in gast.walk(expr.tree) if isinstance(node, gast.Name)} - set(expr.reads)
        else:
            stack.extend(children(expr))
    return found
