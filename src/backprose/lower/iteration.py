"""What a ``for`` loop over several things at once is: ``enumerate``, ``zip`` and ``reversed`` as items by index."""

from __future__ import annotations

import builtins
import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gast

from backprose.ir.nodes import Apply, Call, Compare, Const, Expr, If, Name, Ours, Raise, Span, Stmt, Subscript, Tuple
from backprose.lower.expressions import Expressions
from backprose.rules.registry import op_of

ITERATORS: tuple[Any, ...] = (itertools.count, itertools.repeat, itertools.pairwise)
Bind = Callable[[Any, Expr, Span], None]


@dataclass(frozen=True)
class Items:
    """A sequence: how many items it has (None: as many as you like), and what is at a place."""

    length: Expr | None
    at: Callable[[Name], Expr | tuple[Any, ...]]


class Iteration:
    def __init__(self, expressions: Expressions, bind: Bind, sequence: Callable[[Any], Expr]) -> None:
        self.expressions, self.bind, self.sequence = expressions, bind, sequence
        self.after: list[Stmt] = []  # what is asked when the last items have been taken

    def named(self, node: Any) -> str | None:
        """The builtin that is called, of those that this module knows."""
        if not isinstance(node, gast.Call) or any(isinstance(arg, gast.Starred) for arg in node.args):
            return None
        resolver = self.expressions.resolver
        names = ("enumerate", "zip", "reversed")
        found = next((name for name in names if resolver.is_builtin(node.func, name)), None)
        meant = resolver.object(resolver.path(node.func))
        return found or next((one.__name__ for one in ITERATORS if meant is one), None)

    def items(self, node: Any) -> Items | None:
        """The items of an iterable; None where it is called in a way that is not known."""
        lower = self.expressions
        match self.named(node):
            case "enumerate" if 1 <= len(node.args) + len(node.keywords) <= 2 and node.args:
                inner = self.items(node.args[0])
                named = {keyword.arg: keyword.value for keyword in node.keywords}
                start = node.args[1] if len(node.args) == 2 else named.get("start")
                if inner is None or set(named) - {"start"}:
                    return None
                first = None if start is None else lower.atom(start)
                return Items(inner.length, lambda place: (self.plus(first, place), inner.at(place)))
            case "zip" if node.args and [keyword.arg for keyword in node.keywords] in ([], ["strict"]):
                found = [self.items(arg) for arg in node.args]
                parts = [one for one in found if one is not None]
                if len(parts) < len(found):
                    return None
                if node.keywords and not self.check_strict(node.keywords[0].value, parts):
                    return None
                return Items(self.shortest(parts), lambda place: tuple(part.at(place) for part in parts))
            case "reversed" if len(node.args) == 1 and not node.keywords and self.named(node.args[0]) is None:
                backward = self.items(node.args[0])
                if backward is None or backward.length is None:
                    return None
                length = backward.length
                return Items(length, lambda place: backward.at(self.opposite(length, place)))
            case "count" if len(node.args) <= 1 and not node.keywords:
                start = lower.atom(node.args[0]) if node.args else None
                return Items(None, lambda place: self.plus(start, place))
            case "repeat" if len(node.args) == 1 and not node.keywords:
                item = lower.atom(node.args[0])
                return Items(None, lambda _place: item)
            case "pairwise" if len(node.args) == 1 and not node.keywords:
                whole = self.items(node.args[0])
                if whole is None or whole.length is None:
                    return None
                length = lower.temporary(Apply("subtract", (whole.length, Const(1)), (), "operator"))
                return Items(length, lambda place: (whole.at(place), whole.at(self.next(place))))
            case None:
                return self.plain(node)
        return None

    def plain(self, node: Any) -> Items | None:
        """An array, list or tuple, or a range that starts at 0."""
        lower = self.expressions
        if isinstance(node, gast.Call) and lower.resolver.is_builtin(node.func, "range"):
            if len(node.args) != 1 or node.keywords:
                return None
            return Items(lower.atom(node.args[0]), lambda place: place)
        sequence = self.sequence(node)
        return Items(lower.temporary(Apply("len", (sequence,))), lambda place: Subscript(sequence, place, True))

    # ------------------------------------------------------------ numbers
    def plus(self, first: Expr | None, place: Name) -> Expr:
        if first is None or first == Const(0):
            return place
        return Apply("add", (first, place), (), "operator")

    def next(self, place: Name) -> Name:
        return self.expressions.temporary(Apply("add", (place, Const(1)), (), "operator"))

    def opposite(self, length: Expr, place: Name) -> Name:
        last = self.expressions.temporary(Apply("subtract", (length, Const(1)), (), "operator"))
        return self.expressions.temporary(Apply("subtract", (last, place), (), "operator"))

    def shortest(self, parts: list[Items]) -> Expr | None:
        lengths = [part.length for part in parts if part.length is not None]
        shortest = lengths[0] if lengths else None
        for length in lengths[1:]:
            if shortest is not None and length != shortest:
                least = Apply(op_of(builtins.min) or "", (shortest, length), (), "function:min")
                shortest = self.expressions.temporary(least)
        return shortest

    def check_strict(self, value: Any, parts: list[Items]) -> bool:
        """``zip(..., strict=True)``, which raises after the last pair where one has more items."""
        lower = self.expressions
        lengths = [part.length for part in parts]
        if not isinstance(value, gast.Constant) or None in lengths:
            return False
        others = [one for one in lengths[1:] if one is not None and one != lengths[0]] if value.value else []
        for other in others:
            message = Const("zip() arguments have different lengths")
            error = Raise(Call(Ours("ValueError"), (message,)), span=lower.span)
            test = Compare((lower.held(lengths[0] or Const(0)), other), ("!=",))
            self.after.append(If(test, (error,), span=lower.span))
        return True

    # ------------------------------------------------------------ targets
    def assign(self, target: Any, item: Any, span: Span) -> None:
        """The target of the loop, item by item where it is a display of names."""
        if isinstance(target, gast.Name) and item == Name(target.id):
            return  # the counter of the loop itself
        if not isinstance(item, tuple):
            self.bind(target, item, span)
        elif isinstance(target, gast.Tuple | gast.List) and len(target.elts) == len(item):
            for one, part in zip(target.elts, item, strict=True):
                self.assign(one, part, span)
        else:
            self.bind(target, self.display(item), span)

    def display(self, item: Any) -> Expr:
        if not isinstance(item, tuple):
            return self.expressions.held(item)
        return Tuple(tuple(map(self.display, item)))
