"""``lower``: the tree of a function as a flat program."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

import gast

from backprose.ir.names import NameSupply
from backprose.ir.nodes import Function, Pass, Return, Stmt
from backprose.lower.adjoints import bound_only_there
from backprose.lower.comments import CommentReader
from backprose.lower.deletions import check_deletions
from backprose.lower.exits import structure
from backprose.lower.expressions import Expressions
from backprose.lower.fence import Refusal, fence, nodes_of, refuse
from backprose.lower.resolve import Resolver
from backprose.lower.scope import locals_of, mentioned, parameters_of, stacks_of
from backprose.lower.statements import Statements
from backprose.parse import Parsed

TOO_DEEP = Refusal("an expression of hundreds of levels", "no pass could walk it", "use more names", "language")


def lower(parsed: Parsed, supply: NameSupply) -> Function:
    """The function in flat form: one operation a statement, exits structured, one ``Return``, last.

    >>> from backprose.parse import parse
    >>> def area(radius):
    ...     return 3 * radius ** 2
    >>> function = lower(parse(area), NameSupply(()))
    >>> [(stmt.target.id, stmt.value.op) for stmt in function.body[:-1]], function.body[-1].value.id
    ([('_t1', 'power'), ('_t2', 'multiply')], '_t2')
    """
    try:
        function = _lower(parsed, supply)
    except RecursionError:
        function = None
    if function is None:  # said here, so that the error does not drag the recursion along
        refuse(parsed, parsed.tree, TOO_DEEP)
    return function


def _lower(parsed: Parsed, supply: NameSupply) -> Function:
    fence(parsed)
    check_deletions(parsed)
    tree = parsed.tree
    resolver = Resolver(parsed, locals_of(tree))
    adjoints = bound_only_there(tree, resolver)
    supply.reserve(mentioned(tree) - adjoints)
    comments = CommentReader(parsed)
    header = comments.header(tree)
    expressions = Expressions(resolver, supply, stacks_of(tree))
    expressions.adjoints = adjoints
    expressions.shared = frozenset(
        name for node in nodes_of(tree) if isinstance(node, gast.Nonlocal) for name in node.names
    )
    expressions.captured = frozenset(_read_inside(tree))
    doc, nodes = _docstring(tree)
    draft: tuple[Stmt, ...] = Statements(expressions, comments).suite(nodes) if nodes else ()
    rest = comments.rest()
    if rest:
        draft = (*draft[:-1], *rest, draft[-1]) if draft and isinstance(draft[-1], Return) else (*draft, *rest)
    if len(draft) == 1 and type(draft[0]) is Pass:
        draft = ()
    return Function(tree.name, parameters_of(tree.args), structure(draft, supply), parsed.function, doc, header)


def _read_inside(tree: gast.FunctionDef) -> Iterator[str]:
    """The names that functions in a function mention."""
    for node in nodes_of(tree):
        if isinstance(node, gast.FunctionDef | gast.Lambda):
            yield from (part.id for part in gast.walk(node) if isinstance(part, gast.Name))


def _docstring(tree: gast.FunctionDef) -> tuple[str | None, list[Any]]:
    """The docstring, and the statements after it."""
    first = tree.body[0]
    if isinstance(first, gast.Expr) and isinstance(first.value, gast.Constant) and isinstance(first.value.value, str):
        return inspect.cleandoc(first.value.value), tree.body[1:]
    return None, tree.body
