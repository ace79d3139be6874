"""The names of a function: which are its own, and which hold lists used as stacks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import gast

from backprose.ir.nodes import Const, Expr, Parameter, Verbatim
from backprose.lower.fence import in_order, nodes_of, parts


def parameter_nodes(tree: Any) -> list[Any]:
    """The parameters of a ``def`` or a ``lambda``."""
    arguments = tree.args
    stars = [one for one in (arguments.vararg, arguments.kwarg) if one is not None]
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *stars]


def assigned(nodes: Iterable[gast.AST]) -> set[str]:
    """The names that statements assign.

    >>> sorted(assigned([gast.parse("a, b[i] = c = 1")]))
    ['a', 'c']
    """
    return _bound_by(own_nodes(*nodes))


def _bound_by(nodes: Iterable[gast.AST]) -> set[str]:
    found: set[str] = set()
    for node in nodes:
        match node:
            case gast.Name(id=name, ctx=gast.Store()) | gast.FunctionDef(name=name):
                found.add(name)
            case gast.MatchAs(name=str(name)) | gast.MatchStar(name=str(name)) | gast.MatchMapping(rest=str(name)):
                found.add(name)
    return found


def own_nodes(*nodes: gast.AST) -> Iterator[gast.AST]:
    """The nodes of a scope: a function in it is one node, its default values count."""
    pending = list(reversed(nodes))
    while pending:
        node = pending.pop()
        yield node
        if isinstance(node, gast.FunctionDef | gast.Lambda):
            pending.extend(one for one in (*node.args.defaults, *node.args.kw_defaults) if one is not None)
        else:
            pending.extend(reversed(parts(node)))


def own_nodes_of(tree: Any) -> list[gast.AST]:
    """The nodes of a function's scope; looked for once, and kept in the tree."""
    found: list[gast.AST] | None = getattr(tree, "own_nodes", None)
    if found is None:
        found = tree.own_nodes = [*own_nodes(*tree.body)]
    return found


def read(*nodes: gast.AST) -> set[str]:
    """The names that expressions read."""
    return {node.id for node in in_order(*nodes) if isinstance(node, gast.Name)}


def locals_of(tree: Any) -> frozenset[str]:
    """The names of a function's own: its parameters and what it assigns, but for ``nonlocal`` and ``global`` names."""
    if isinstance(tree, gast.Lambda):
        return frozenset(node.id for node in parameter_nodes(tree)) | assigned([tree.body])
    own = own_nodes_of(tree)
    declared = [node for node in own if isinstance(node, gast.Nonlocal | gast.Global)]
    outer = {name for node in declared for name in node.names}
    return frozenset(({node.id for node in parameter_nodes(tree)} | _bound_by(own)) - outer)


def mentioned(tree: Any) -> frozenset[str]:
    """Every name in the function, so that none of ours is the same; looked for once, and kept in the tree."""
    found: frozenset[str] | None = getattr(tree, "mentioned", None)
    if found is None:
        names = {node.id for node in in_order(tree) if isinstance(node, gast.Name)}
        found = tree.mentioned = frozenset(names | {tree.name} | _bound_by(own_nodes_of(tree)))
    return found


def stacks_of(tree: gast.FunctionDef) -> frozenset[str]:
    """Names that are only ever assigned a list display, each of its own: ``append`` and ``pop`` are those of lists.

    >>> sorted(stacks_of(gast.parse('''def f(c):
    ...     a = []
    ...     b = [1]
    ...     b = 2''').body[0]))
    ['a']
    """
    candidates: set[str] = set()
    for node in own_nodes_of(tree):
        match node:
            case gast.Assign(targets=[gast.Name(id=name)], value=gast.List()):
                candidates.add(name)
    others = {node.id for node in parameter_nodes(tree)}
    for node in nodes_of(tree):
        if isinstance(node, gast.Assign):
            whole = len(node.targets) == 1 and isinstance(node.value, gast.List)
            for target in node.targets:
                if not (whole and isinstance(target, gast.Name)):
                    others |= assigned([target])
        elif isinstance(node, gast.AugAssign | gast.AnnAssign | gast.For):
            others |= assigned([node.target])
    return frozenset(candidates - others)


def parameters_of(arguments: Any, default_of: Callable[[Any], Expr | None] | None = None) -> tuple[Parameter, ...]:
    """The parameters with their kinds and defaults; ``default_of``: how a default is made, where that is not now."""
    _default = default_of or _own_default
    positional = [*arguments.posonlyargs, *arguments.args]
    defaults: list[Any] = [None] * (len(positional) - len(arguments.defaults)) + list(arguments.defaults)
    found = [
        Parameter(node.id, "positional-only" if i < len(arguments.posonlyargs) else "positional", _default(default))
        for i, (node, default) in enumerate(zip(positional, defaults, strict=True))
    ]
    if arguments.vararg is not None:
        found.append(Parameter(arguments.vararg.id, "starred"))
    for node, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        found.append(Parameter(node.id, "keyword-only", _default(default)))
    if arguments.kwarg is not None:
        found.append(Parameter(arguments.kwarg.id, "double-starred"))
    return tuple(found)


def _own_default(node: Any) -> Expr | None:
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
