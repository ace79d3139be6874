"""The names of a function: which are its own, and which hold lists used as stacks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import gast

from backprose.ir.nodes import Const, Expr, Parameter, Verbatim
from backprose.lower.fence import in_order
from backprose.parse import Parsed


def parameter_nodes(tree: gast.FunctionDef) -> list[Any]:
    arguments = tree.args
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]


def assigned(nodes: Iterable[gast.AST]) -> set[str]:
    """The names that statements assign.

    >>> sorted(assigned([gast.parse("a, b[i] = c = 1")]))
    ['a', 'c']
    """
    return {node.id for node in in_order(*nodes) if isinstance(node, gast.Name) and isinstance(node.ctx, gast.Store)}


def read(*nodes: gast.AST) -> set[str]:
    """The names that expressions read."""
    return {node.id for node in in_order(*nodes) if isinstance(node, gast.Name)}


def locals_of(tree: gast.FunctionDef) -> frozenset[str]:
    return frozenset({node.id for node in parameter_nodes(tree)} | assigned(tree.body))


def mentioned(tree: gast.FunctionDef) -> set[str]:
    """Every name in the function, so that none of ours is the same."""
    return {node.id for node in in_order(tree) if isinstance(node, gast.Name)} | {tree.name}


def stacks_of(tree: gast.FunctionDef) -> frozenset[str]:
    """Names that are only ever assigned a list display, each of its own: ``append`` and ``pop`` are those of lists.

    >>> sorted(stacks_of(gast.parse('''def f(c):
    ...     a = []
    ...     b = [1]
    ...     b = 2''').body[0]))
    ['a']
    """
    candidates: set[str] = set()
    for node in in_order(*tree.body):
        match node:
            case gast.Assign(targets=[gast.Name(id=name)], value=gast.List()):
                candidates.add(name)
    others = {node.id for node in parameter_nodes(tree)}
    for node in in_order(*tree.body):
        if isinstance(node, gast.Assign):
            whole = len(node.targets) == 1 and isinstance(node.value, gast.List)
            for target in node.targets:
                if not (whole and isinstance(target, gast.Name)):
                    others |= assigned([target])
        elif isinstance(node, gast.AugAssign | gast.AnnAssign | gast.For):
            others |= assigned([node.target])
    return frozenset(candidates - others)


def parameters_of(parsed: Parsed) -> tuple[Parameter, ...]:
    """The parameters with their kinds and defaults."""
    arguments = parsed.tree.args
    positional = [*arguments.posonlyargs, *arguments.args]
    defaults: list[Any] = [None] * (len(positional) - len(arguments.defaults)) + list(arguments.defaults)
    found = [
        Parameter(node.id, "positional-only" if i < len(arguments.posonlyargs) else "positional", _default(default))
        for i, (node, default) in enumerate(zip(positional, defaults, strict=True))
    ]
    for node, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        found.append(Parameter(node.id, "keyword-only", _default(default)))
    return tuple(found)


def _default(node: Any) -> Expr | None:
    if node is None:
        return None
    return literal(node) or Verbatim(node, ())


def literal(node: gast.AST) -> Const | None:
    """A literal, or a literal number with a minus sign.

    >>> literal(gast.parse("-1", mode="eval").body), literal(gast.parse("x", mode="eval").body)
    (Const(value=-1), None)
    """
    if isinstance(node, gast.Constant):
        return Const(node.value)
    if isinstance(node, gast.UnaryOp) and isinstance(node.op, gast.USub) and isinstance(node.operand, gast.Constant):
        value = node.operand.value
        if type(value) in (int, float):  # not bool (-True is -1) and not complex (-2j is -0.0-2j, but 0.0-2j is not)
            return Const(-value)
    return None
