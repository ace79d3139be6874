"""Comprehensions as the loops that they are, with names of their own.

``[f(x) for x in xs if x > 0]`` is a list that a loop appends to; a generator expression is one too where a call takes
all its items at once (``max``, ``list``, ``np.array``); ``sum`` is a loop that adds, ``any`` and ``all`` stop early.
"""

from __future__ import annotations

import builtins
import copy
from collections.abc import Callable
from typing import Any

import gast
import numpy as np

from backprose.ir.nodes import Assign, Const, Dict, Expr, List, Name
from backprose.lower.expressions import Expressions
from backprose.lower.fence import in_order
from backprose.lower.mapping import may_act
from backprose.lower.resolve import MISSING

# functions that take all items of a generator before they do anything else
CONSUMERS: tuple[Any, ...] = (
    builtins.sum, builtins.max, builtins.min, builtins.list, builtins.tuple, builtins.sorted, builtins.any,
    builtins.all, np.array, np.asarray, np.stack, np.concatenate, np.hstack, np.vstack,
)  # fmt: skip


class Comprehensions:
    """Lowers comprehensions: ``loop`` appends the flat form of a ``for`` statement."""

    def __init__(self, expressions: Expressions, loop: Callable[[gast.For], None]) -> None:
        self.expressions, self.loop = expressions, loop

    def lower(self, node: Any, name: str | None = None) -> Expr:
        """A list or dict comprehension, or a generator expression whose items are all taken at once.

        ``name``: the variable that it is assigned to, where it does not read that.
        """
        target = self.begin("items", Dict((), ()) if isinstance(node, gast.DictComp) else List(()), name)
        node = self.renamed(node)
        place = _name(target, node)
        if isinstance(node, gast.DictComp):
            cell = gast.Subscript(place, node.key, gast.Store())
            self.run(node, gast.Assign([cell], node.value, None))
        else:
            stacks, self.expressions.stacks = self.expressions.stacks, self.expressions.stacks | {target.id}
            call = gast.Call(gast.Attribute(place, "append", gast.Load()), [node.elt], [])
            self.run(node, gast.Expr(call))
            self.expressions.stacks = stacks
        return target

    def consumed(self, call: gast.Call) -> Expr | None:
        """``sum``, ``any`` or ``all`` of a comprehension, without a list; None for any other call."""
        found = self.expressions.resolver.object(self.expressions.resolver.path(call.func))
        node = call.args[0] if call.args else None
        if not isinstance(node, gast.GeneratorExp | gast.ListComp) or call.keywords or len(call.args) > 2:
            return None
        if found is builtins.sum:
            if (
                isinstance(node, gast.ListComp)
                and len(call.args) == 2
                and may_act([node, call.args[1]], self.expressions.resolver)
            ):
                return None  # the list comes first
            start = self.expressions.value(call.args[1]) if len(call.args) == 2 else Const(0)
            target = self.begin("total", start)
            node = self.renamed(node)
            added = gast.BinOp(_name(target, node, load=True), gast.Add(), node.elt)
            self.run(node, gast.Assign([_name(target, node)], added, None))
            return target
        if found is builtins.next and isinstance(node, gast.GeneratorExp) and self.is_one_loop(node, call.args[1:]):
            target = self.begin("first", self.expressions.value(call.args[1]) if call.args[1:] else Const(None))
            node = self.renamed(node)
            ends = [] if call.args[1:] else [gast.Raise(gast.Name("StopIteration", gast.Load(), None, None), None)]
            self.run(node, [gast.Assign([_name(target, node)], node.elt, None), gast.Break()], ends)
            return target
        if found in (builtins.any, builtins.all) and len(call.args) == 1 and isinstance(node, gast.GeneratorExp):
            target = self.begin("found", Const(found is builtins.all))
            node = self.renamed(node)
            settled = gast.Constant(found is builtins.any, None)
            test = node.elt if found is builtins.any else gast.UnaryOp(gast.Not(), node.elt)
            if len(node.generators) > 1:  # a break leaves one loop only
                body = gast.If(test, [gast.Assign([_name(target, node)], settled, None)], [])
            else:
                body = gast.If(test, [gast.Assign([_name(target, node)], settled, None), gast.Break()], [])
            self.run(node, body)
            return target
        return None

    def is_one_loop(self, node: gast.GeneratorExp, default: list[Any]) -> bool:
        """Whether ``next`` of a generator is a loop that a break leaves, and its default comes before it as well."""
        resolver = self.expressions.resolver
        apart = not default or not may_act([default[0], node.generators[0].iter], resolver)
        stops = resolver.is_builtin(gast.Name("StopIteration", gast.Load(), None, None), "StopIteration")
        return len(node.generators) == 1 and apart and stops

    def is_consumed(self, call: gast.Call) -> bool:
        resolver = self.expressions.resolver
        found = resolver.object(resolver.path(call.func))
        if any(keyword.arg == "key" for keyword in call.keywords) and may_act(call.args, resolver):
            return False  # the key of an item is asked for before the next item is made
        return found is not MISSING and any(found is one for one in CONSUMERS)

    # ------------------------------------------------------------ inside
    def begin(self, wish: str, value: Expr, name: str | None = None) -> Name:
        """The variable that the loop fills."""
        lower = self.expressions
        target = Name(lower.supply.fresh(wish) if name is None else name)
        lower.resolver.local = frozenset(lower.resolver.local) | {target.id}
        lower.block.append(Assign(target, value, lower.span))
        return target

    def renamed(self, node: Any) -> Any:
        """The comprehension with names that nothing else in the function has."""
        lower = self.expressions
        targets = {
            name.id
            for generator in node.generators
            for name in in_order(generator.target)
            if isinstance(name, gast.Name)
        }
        inside = [name for name in in_order(node) if isinstance(name, gast.Name)]
        everywhere = [name for name in in_order(lower.parsed.tree) if isinstance(name, gast.Name)]
        made = {}
        for name in sorted(targets):
            own = sum(one.id == name for one in inside)
            made[name] = name if own == sum(one.id == name for one in everywhere) else lower.supply.fresh(name)
        lower.resolver.local = frozenset(lower.resolver.local) | set(made.values())
        changed = copy.deepcopy(node)
        first = changed.generators[0].iter
        outside = {id(name) for name in in_order(first)}  # evaluated in the scope around
        for name in in_order(changed):
            if isinstance(name, gast.Name) and name.id in made and id(name) not in outside:
                name.id = made[name.id]
        return changed

    def run(self, node: Any, innermost: Any, orelse: list[Any] | None = None) -> None:
        body: Any = innermost if isinstance(innermost, list) else [innermost]
        for generator in reversed(node.generators):
            for test in reversed(generator.ifs):
                body = [gast.If(test, body, [])]
            body = [gast.For(generator.target, generator.iter, body, orelse or [], None)]
        (body,) = body
        for part in in_order(body):
            if getattr(part, "lineno", None) is None:
                gast.copy_location(part, node)
        self.loop(body)


def _name(target: Name, node: Any, load: bool = False) -> gast.Name:
    made = gast.Name(target.id, gast.Load() if load else gast.Store(), None, None)
    return gast.copy_location(made, node)
