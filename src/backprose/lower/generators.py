"""Generator expressions that have a name: where the next statement takes the items, it is as if they stood there."""

from __future__ import annotations

import builtins
import copy
from collections.abc import Sequence
from typing import Any

import gast

from backprose.lower.comprehensions import CONSUMERS
from backprose.lower.fence import in_order
from backprose.lower.mapping import may_act
from backprose.lower.resolve import MISSING, Resolver
from backprose.rules.registry import op_of

PLAIN = gast.Constant | gast.Name | gast.Tuple | gast.List | gast.Dict | gast.UnaryOp | gast.USub | gast.expr_context
SCOPES = gast.Lambda | gast.ListComp | gast.SetComp | gast.DictComp | gast.GeneratorExp


def put_in(nodes: Sequence[Any], resolver: Resolver) -> list[Any]:
    """The statements of a block, ``g = (a * a for a in x)`` and the next one's ``sum(g)`` as ``sum(a * a for a in x)``.

    >>> import gast
    >>> from backprose.lower.scope import locals_of
    >>> from backprose.parse import parse
    >>> def f(x):
    ...     squares = (a * a for a in x)
    ...     total = sum(squares)
    ...     return total
    >>> parsed = parse(f)
    >>> first, _ = put_in(parsed.tree.body, Resolver(parsed, locals_of(parsed.tree)))
    >>> type(first.value.args[0]).__name__
    'GeneratorExp'
    """
    result: list[Any] = []
    waiting: dict[str, gast.GeneratorExp] = {}
    held: list[Any] = []  # the statements that gave them names
    for node in map(_taken_apart, nodes):
        made = _named(node, resolver)
        if made is not None:
            waiting[made] = node.value
            held.append(node)
            continue
        if waiting and _between(node, waiting):
            result.append(node)
            continue
        changed = _with(node, waiting, resolver) if waiting else node
        result += [changed] if changed is not None else [*held, node]
        waiting, held = {}, []
    return [*result, *held]


def _taken_apart(node: Any) -> Any:
    """``a, b = (f(v) for v in x)`` with a list, of which all items are taken as well."""
    if not isinstance(node, gast.Assign) or not isinstance(node.value, gast.GeneratorExp):
        return node
    if not all(isinstance(target, gast.Tuple | gast.List) for target in node.targets) or len(node.targets) > 1:
        return node
    whole = gast.copy_location(gast.ListComp(node.value.elt, node.value.generators), node.value)
    return gast.copy_location(gast.Assign(node.targets, whole, None), node)


def _named(node: Any, resolver: Resolver) -> str | None:
    """The name that a generator expression is given, which is read once."""
    if not isinstance(node, gast.Assign) or len(node.targets) != 1 or not isinstance(node.value, gast.GeneratorExp):
        return None
    target = node.targets[0]
    uses = [part for part in gast.walk(resolver.parsed.tree) if getattr(part, "id", None) == getattr(target, "id", "")]
    if len(uses) != 2 or may_act([node.value.generators[0].iter], resolver):
        return None
    return str(target.id)


def _between(node: Any, waiting: dict[str, gast.GeneratorExp]) -> bool:
    """Whether a statement only gives a name to a constant or the like, which no generator that waits reads."""
    if not isinstance(node, gast.Assign) or not all(isinstance(one, gast.Name) for one in node.targets):
        return False
    if not all(isinstance(part, PLAIN) for part in gast.walk(node.value)):
        return False
    read = {part.id for made in waiting.values() for part in in_order(made) if isinstance(part, gast.Name)}
    given = {part.id for part in gast.walk(node.value) if isinstance(part, gast.Name)}
    return read.isdisjoint(one.id for one in node.targets) and waiting.keys().isdisjoint(given)


def _with(node: Any, waiting: dict[str, gast.GeneratorExp], resolver: Resolver) -> Any:
    """A statement with the generators in the places of their names; None where it does not take the items of all."""
    field = {gast.For: "iter", gast.If: "test"}.get(type(node), "value")
    first = getattr(node, field, None)
    if isinstance(node, gast.While) or not isinstance(first, gast.AST):
        return None
    parts = list(in_order(first))
    calls = [part for part in parts if isinstance(part, gast.Call)]
    if any(_acts(call, resolver) for call in calls):
        return None
    if any(isinstance(part, SCOPES | gast.NamedExpr) for part in parts):
        return None
    if not {part.id for part in parts if isinstance(part, gast.Name)} >= waiting.keys():
        return None
    changed = copy.copy(node)
    setattr(changed, field, _Generators(waiting).visit(copy.deepcopy(first)))
    return changed


def _acts(call: gast.Call, resolver: Resolver) -> bool:
    """Whether a call may have effects, other than those of what makes the items that it takes."""
    found = resolver.object(resolver.path(call.func))
    known = (*CONSUMERS, builtins.zip, builtins.enumerate)
    return found is MISSING or not (any(found is one for one in known) or op_of(found) is not None)


class _Generators(gast.NodeTransformer):  # type: ignore[misc]  # gast ships no types
    def __init__(self, waiting: dict[str, gast.GeneratorExp]) -> None:
        self.waiting = waiting

    def visit_Name(self, node: gast.Name) -> gast.AST:  # noqa: N802  as the visitor calls it
        return self.waiting.get(node.id, node)
