"""``map(f, xs)``, all of whose items are taken, as the generator expression ``(f(x) for x in xs)``, and the like."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Iterable
from typing import Any

import gast

from backprose.ir.names import NameSupply
from backprose.lower.fence import in_order
from backprose.lower.resolve import Resolver
from backprose.rules.registry import op_of


def mapped(node: Any, resolver: Resolver, supply: NameSupply, *, apart: bool = False) -> gast.GeneratorExp | None:
    """The generator expression for a call of ``map``; None for anything else.

    ``apart``: its names are new ones, since it does not become a scope of its own.
    """
    if isinstance(node, gast.Call) and resolver.is_builtin(node.func, "filter") and not node.keywords:
        return _filtered(node, supply, apart)
    if not (isinstance(node, gast.Call) and resolver.is_builtin(node.func, "map")) or node.keywords:
        return None
    if len(node.args) < 2 or any(isinstance(arg, gast.Starred) for arg in node.args):
        return None
    function, *sources = node.args
    zipped = gast.Name("zip", gast.Load(), None, None)
    if len(sources) > 1 and not resolver.is_builtin(zipped, "zip"):
        return None
    if isinstance(function, gast.Lambda):
        names = _plain_parameters(function)
        if names is None or len(names) != len(sources) or _has_scopes(function.body):
            return None
        fresh = {name: supply.fresh(name) for name in names} if apart else {name: name for name in names}
        item = copy.deepcopy(function.body)
        for part in in_order(item):
            if isinstance(part, gast.Name) and part.id in fresh:
                part.id = fresh[part.id]
        names = list(fresh.values())
    elif isinstance(function, gast.Name | gast.Attribute):
        names = [supply.fresh("item") for _ in sources]
        item = gast.Call(copy.deepcopy(function), [gast.Name(name, gast.Load(), None, None) for name in names], [])
    else:
        return None
    targets: list[Any] = [gast.Name(name, gast.Store(), None, None) for name in names]
    target = targets[0] if len(targets) == 1 else gast.Tuple(targets, gast.Store())
    source = sources[0] if len(sources) == 1 else gast.Call(zipped, sources, [])
    made = gast.GeneratorExp(item, [gast.comprehension(target, source, [], 0)])
    for part in in_order(made):
        if getattr(part, "lineno", None) is None:
            gast.copy_location(part, node)
    return gast.copy_location(made, node)


def _filtered(node: Any, supply: NameSupply, apart: bool) -> gast.GeneratorExp | None:
    """``(x for x in xs if test(x))`` for ``filter(test, xs)``."""
    if len(node.args) != 2 or any(isinstance(arg, gast.Starred) for arg in node.args):
        return None
    function, source = node.args
    if isinstance(function, gast.Lambda):
        names = _plain_parameters(function)
        if names is None or len(names) != 1 or _has_scopes(function.body):
            return None
        name = supply.fresh(names[0]) if apart else names[0]
        test = copy.deepcopy(function.body)
        for part in in_order(test):
            if isinstance(part, gast.Name) and part.id == names[0]:
                part.id = name
    elif isinstance(function, gast.Name | gast.Attribute):
        name = supply.fresh("item")
        test = gast.Call(copy.deepcopy(function), [gast.Name(name, gast.Load(), None, None)], [])
    else:
        return None
    target = gast.Name(name, gast.Store(), None, None)
    item = gast.Name(name, gast.Load(), None, None)
    made = gast.GeneratorExp(item, [gast.comprehension(target, source, [test], 0)])
    for part in in_order(made):
        if getattr(part, "lineno", None) is None:
            gast.copy_location(part, node)
    return gast.copy_location(made, node)


def with_own_names(node: gast.GeneratorExp, supply: NameSupply) -> gast.GeneratorExp | None:
    """A generator expression of one loop whose variables nothing else has; None where it has scopes in it."""
    source = node.generators[0]
    if any(map(_has_scopes, (source.target, node.elt, *source.ifs))):
        return None
    made = copy.deepcopy(node)
    source = made.generators[0]
    names = dict.fromkeys(part.id for part in in_order(source.target) if isinstance(part, gast.Name))
    fresh = {name: supply.fresh(name) for name in names}
    for part in in_order(source.target, made.elt, *source.ifs):
        if isinstance(part, gast.Name) and part.id in fresh:
            part.id = fresh[part.id]
    return made


def may_act(nodes: Iterable[gast.AST], resolver: Resolver) -> bool:
    """Whether what is evaluated calls a function that may have effects: one without a rule."""
    for part in in_order(*nodes):
        if isinstance(part, gast.Call):
            path = resolver.path(part.func)
            if path is None or op_of(resolver.object(path)) is None:
                return True
    return False


def paired(node: Any, resolver: Resolver, supply: NameSupply) -> gast.GeneratorExp | None:
    """``(pair for pair in zip(a, b))`` for ``zip(a, b)`` and ``enumerate(a)``, all of whose items are taken."""
    if not isinstance(node, gast.Call) or any(isinstance(arg, gast.Starred) for arg in node.args):
        return None
    known = any(resolver.is_builtin(node.func, name) for name in ("zip", "enumerate"))
    known = known or resolver.object(resolver.path(node.func)) is itertools.pairwise
    if not known or not node.args:
        return None
    name = supply.fresh("pair")
    item, target = gast.Name(name, gast.Load(), None, None), gast.Name(name, gast.Store(), None, None)
    made = gast.GeneratorExp(item, [gast.comprehension(target, node, [], 0)])
    for part in in_order(made):
        if getattr(part, "lineno", None) is None:
            gast.copy_location(part, node)
    return gast.copy_location(made, node)


def counted_values(node: Any, resolver: Resolver) -> gast.ListComp | None:
    """``[v for i, x in enumerate(xs)]`` for ``{i: v for i, x in enumerate(xs)}.values()``: no two keys are the same."""
    if not isinstance(node, gast.Call) or node.args or node.keywords:
        return None
    match node.func:
        case gast.Attribute(value=gast.DictComp(key=gast.Name(id=key), generators=[one]) as made, attr="values"):
            iterable, target = one.iter, one.target
            counts = isinstance(iterable, gast.Call) and resolver.is_builtin(iterable.func, "enumerate")
            first = target.elts[0] if isinstance(target, gast.Tuple) and target.elts else None
            if counts and isinstance(first, gast.Name) and first.id == key:
                return gast.copy_location(gast.ListComp(made.value, made.generators), node)
    return None


def _plain_parameters(function: gast.Lambda) -> list[str] | None:
    """The names of parameters that are given by position, each without a default."""
    args = function.args
    if args.vararg or args.kwarg or args.kwonlyargs or args.posonlyargs or args.defaults:
        return None
    return [one.id for one in args.args]


def _has_scopes(node: gast.AST) -> bool:
    scopes = gast.Lambda | gast.ListComp | gast.SetComp | gast.DictComp | gast.GeneratorExp | gast.NamedExpr
    return any(isinstance(part, scopes) for part in in_order(node))
