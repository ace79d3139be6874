"""Loops over the places of an array: ``np.ndindex`` and ``np.ndenumerate`` as loops over ranges."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Any

import gast
import numpy as np

from backprose.ir.nodes import Assign, Expr, Name, Span
from backprose.lower.expressions import Expressions
from backprose.lower.fence import in_order
from backprose.lower.scope import assigned

Bind = Callable[[Any, Expr, Span], None]


class Grids:
    """Writes such loops as plain ones; what is evaluated before them is appended to the block."""

    def __init__(self, expressions: Expressions, bind: Bind) -> None:
        self.expressions, self.bind = expressions, bind

    def plain(self, node: gast.For, span: Span) -> gast.For | None:
        """``for i, j in np.ndindex(n, m)`` as ``for i in range(n): for j in range(m)``; None for another loop.

        Where ``break`` may leave it, or its counters are seen elsewhere, it is one loop over ``range(n * m)``.
        """
        call, resolver = node.iter, self.expressions.resolver
        found = resolver.object(resolver.path(call.func)) if isinstance(call, gast.Call) else None
        if found not in (np.ndindex, np.ndenumerate) or call.keywords or not call.args:
            return None
        if not resolver.is_builtin(_load("range"), "range"):
            return None
        if found is np.ndindex:
            return self.over(node, node.target, call.args, [], span)
        if len(call.args) != 1 or not isinstance(node.target, gast.Tuple) or len(node.target.elts) != 2:
            return None
        places, item = node.target.elts
        array = self.held(call.args[0], "array", node)
        shape = gast.Starred(gast.Attribute(_load(array), "shape", gast.Load()), gast.Load())
        return self.over(node, places, [shape], [f"{_text(item)} = {array}[{_text(places)}]"], span)

    def over(self, node: gast.For, target: Any, bounds: Sequence[Any], first: list[str], span: Span) -> gast.For | None:
        """The loops over these bounds, or over those in a shape, with these statements before the body."""
        counters = [_text(one) for one in target.elts] if isinstance(target, gast.Tuple) else []
        if not all(counter.isidentifier() for counter in counters) or not isinstance(target, gast.Tuple | gast.Name):
            return None
        star = isinstance(bounds[0], gast.Starred)
        shape = bounds[0].value if star else bounds[0]
        whole = star or getattr(shape, "attr", None) == "shape" or len(counters) != 1
        if isinstance(shape, gast.Tuple) and len(bounds) == 1:
            bounds = shape.elts
        elif len(bounds) == 1 and not isinstance(shape, gast.Constant) and not whole:
            return None  # a number or a tuple of one
        elif len(bounds) == 1 and not isinstance(shape, gast.Constant):
            if not counters:
                return self.unraveled(node, target.id, self.held(shape, "shape", node), first)
            lengths = [self.fresh(f"{counter}_count") for counter in counters]
            names: list[Any] = [gast.Name(name, gast.Store(), None, None) for name in lengths]
            self.bind(gast.copy_location(gast.Tuple(names, gast.Store()), shape), self.expressions.value(shape), span)
            return self.loops(node, counters, lengths, first)
        if any(isinstance(one, gast.Starred) for one in bounds) or (counters and len(counters) != len(bounds)):
            return None
        lengths = [_text(one) if isinstance(one, gast.Constant) else self.held(one, "count", node) for one in bounds]
        if not counters:
            return self.flat(node, _text(target), lengths, first)
        return self.loops(node, counters, lengths, first)

    def loops(self, node: gast.For, counters: list[str], lengths: list[str], first: list[str]) -> gast.For:
        """A loop in a loop, or one where that would show."""
        inside, everywhere = (
            sum(getattr(part, "id", None) in counters for part in in_order(*nodes))
            for nodes in ([node], self.expressions.parsed.tree.body)
        )
        if _may_be_left(node.body) or inside < everywhere or assigned(node.body) & set(counters):
            return self.flat(node, f"({', '.join(counters)},)", lengths, first)
        loop = _loop(node, counters[-1], f"range({lengths[-1]})", first, node.body)
        for counter, length in zip(counters[-2::-1], lengths[-2::-1], strict=True):
            loop = _loop(node, counter, f"range({length})", [], [loop])
        loop.orelse = node.orelse
        return loop

    def flat(self, node: gast.For, target: str, lengths: list[str], first: list[str]) -> gast.For:
        """One loop over all places; the counters follow from how many there were before."""
        place = self.fresh("place")
        counts = [place]
        for length in reversed(lengths[1:]):
            counts[:1] = [f"({counts[0]}) // {length}", f"({counts[0]}) % {length}"]
        taken = f"{target} = ({', '.join(counts)},)"
        loop = _loop(node, place, f"range({' * '.join(lengths)})", [taken, *first], node.body)
        loop.orelse = node.orelse
        return loop

    def unraveled(self, node: gast.For, target: str, shape: str, first: list[str]) -> gast.For | None:
        """As ``flat``, of an array of any number of axes."""
        module = (self.expressions.resolver.path(node.iter.func) or "").rpartition(".")[0]
        if not module or not self.expressions.resolver.is_builtin(_load("int"), "int"):
            return None
        place = self.fresh("place")
        taken = f"{target} = {module}.unravel_index({place}, {shape})"
        loop = _loop(node, place, f"range(int({module}.prod({shape})))", [taken, *first], node.body)
        loop.orelse = node.orelse
        return loop

    # ------------------------------------------------------------ names
    def held(self, value: Any, wish: str, node: gast.For) -> str:
        """The name of a value that is evaluated once, before the loop."""
        if isinstance(value, gast.Name) and value.id not in assigned([node.target, *node.body]):
            return str(value.id)
        name = self.fresh(wish)
        self.expressions.block.append(Assign(Name(name), self.expressions.value(value), self.expressions.span))
        return name

    def fresh(self, wish: str) -> str:
        resolver = self.expressions.resolver
        name = self.expressions.supply.fresh(wish)
        resolver.local = frozenset(resolver.local) | {name}
        return name


def _load(name: str) -> gast.Name:
    return gast.Name(name, gast.Load(), None, None)


def _text(node: gast.AST) -> str:
    return ast.unparse(gast.gast_to_ast(node))


def _may_be_left(body: Sequence[Any]) -> bool:
    """Whether a ``break`` in these statements leaves the loop around them."""
    for stmt in body:
        if isinstance(stmt, gast.Break):
            return True
        suites = [getattr(stmt, "orelse", [])]
        if not isinstance(stmt, gast.For | gast.While | gast.FunctionDef):
            suites += [getattr(stmt, "body", []), getattr(stmt, "finalbody", [])]
            suites += [part.body for name in ("handlers", "cases") for part in getattr(stmt, name, [])]
        if any(isinstance(suite, list) and _may_be_left(suite) for suite in suites):
            return True
    return False


def _loop(node: gast.For, target: str, iterable: str, first: list[str], body: list[Any]) -> gast.For:
    """A loop with these statements before its body, at the place of another."""
    text = f"for {target} in {iterable}:\n" + "".join(f"    {line}\n" for line in [*first, "pass"])
    made = gast.parse(text).body[0]
    for part in gast.walk(made):
        gast.copy_location(part, node.iter)
    made.body[-1:] = body
    return gast.copy_location(made, node)
