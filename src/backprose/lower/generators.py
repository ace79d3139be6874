"""Generator expressions, and ``zip`` and the like, that have a name: where the next statement takes the items, it is as
if they stood there."""

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
ITERATORS = ("zip", "enumerate", "map", "filter", "reversed")
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
    waiting: dict[str, gast.AST] = {}
    held: list[Any] = []  # the statements that gave them names
    for node in (_taken_apart(one, resolver) for one in nodes):
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


def _taken_apart(node: Any, resolver: Resolver) -> Any:
    """``a, b = (f(v) for v in x)`` and ``a, b = map(f, x)`` with a list, of which all items are taken as well."""
    if not isinstance(node, gast.Assign) or len(node.targets) > 1:
        return node
    value, listed = node.value, gast.Name("list", gast.Load(), None, None)
    if not isinstance(node.targets[0], gast.Tuple | gast.List):
        return node
    if isinstance(value, gast.GeneratorExp):
        whole: Any = gast.ListComp(value.elt, value.generators)
    elif _is_iterator(value, resolver) and resolver.is_builtin(listed, "list"):
        whole = gast.Call(gast.copy_location(listed, value), [value], [])
    else:
        return node
    return gast.copy_location(gast.Assign(node.targets, gast.copy_location(whole, value), None), node)


def _is_iterator(node: Any, resolver: Resolver) -> bool:
    if not isinstance(node, gast.Call) or any(isinstance(arg, gast.Starred) for arg in node.args):
        return False
    return any(resolver.is_builtin(node.func, name) for name in ITERATORS)


def _named(node: Any, resolver: Resolver) -> str | None:
    """The name that a generator expression or the like is given, which is read once."""
    if not isinstance(node, gast.Assign) or len(node.targets) != 1:
        return None
    made, target = node.value, node.targets[0]
    if isinstance(made, gast.GeneratorExp):
        at_once = [made.generators[0].iter]
    elif _is_iterator(made, resolver):
        at_once = [*made.args, *(keyword.value for keyword in made.keywords)]
    else:
        return None
    uses = [part for part in gast.walk(resolver.parsed.tree) if getattr(part, "id", None) == getattr(target, "id", "")]
    return None if len(uses) != 2 or may_act(at_once, resolver) else str(target.id)


def _between(node: Any, waiting: dict[str, gast.AST]) -> bool:
    """Whether a statement only gives a name to a constant or the like, which no generator that waits reads."""
    if not isinstance(node, gast.Assign) or not all(isinstance(one, gast.Name) for one in node.targets):
        return False
    if not all(isinstance(part, PLAIN) for part in gast.walk(node.value)):
        return False
    read = {part.id for made in waiting.values() for part in in_order(made) if isinstance(part, gast.Name)}
    given = {part.id for part in gast.walk(node.value) if isinstance(part, gast.Name)}
    return read.isdisjoint(one.id for one in node.targets) and waiting.keys().isdisjoint(given)


def _with(node: Any, waiting: dict[str, gast.AST], resolver: Resolver) -> Any:
    """A statement with the generators in the places of their names; None where it does not take the items of all."""
    field = {gast.For: "iter", gast.If: "test"}.get(type(node), "value")
    first = getattr(node, field, None)
    if isinstance(node, gast.While) or not isinstance(first, gast.AST):
        return None
    parts = list(in_order(first))
    calls = [part for part in parts if isinstance(part, gast.Call)]
    if any(_acts(call, resolver) for call in calls):
        return None
    inner = [part for part in parts if isinstance(part, SCOPES) and not _runs_over(part, waiting)]
    if inner or any(isinstance(part, gast.NamedExpr) for part in parts):
        return None
    if not {part.id for part in parts if isinstance(part, gast.Name)} >= waiting.keys():
        return None
    changed = copy.copy(node)
    setattr(changed, field, _Generators(waiting).visit(copy.deepcopy(first)))
    return changed


def _runs_over(node: Any, waiting: dict[str, gast.AST]) -> bool:
    """Whether a comprehension of one loop takes its items from a name that waits."""
    generators: Any = getattr(node, "generators", ())
    return len(generators) == 1 and getattr(generators[0].iter, "id", None) in waiting


def _acts(call: gast.Call, resolver: Resolver) -> bool:
    """Whether a call may have effects, other than those of what makes the items that it takes."""
    found = resolver.object(resolver.path(call.func))
    known = (*CONSUMERS, builtins.zip, builtins.enumerate)
    return found is MISSING or not (any(found is one for one in known) or op_of(found) is not None)


class _Generators(gast.NodeTransformer):  # type: ignore[misc]  # gast ships no types
    def __init__(self, waiting: dict[str, gast.AST]) -> None:
        self.waiting = waiting

    def visit_Name(self, node: gast.Name) -> gast.AST:  # noqa: N802  as the visitor calls it
        return self.waiting.get(node.id, node)
