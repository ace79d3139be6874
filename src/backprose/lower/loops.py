"""``for`` loops: over ranges and over a few constants as they are, over anything else with an index."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any, NoReturn, TypeAlias

import gast

from backprose.ir.iterated import iterates_otherwise
from backprose.ir.nodes import (
    Apply,
    Attribute,
    Block,
    Call,
    Compare,
    Const,
    Expr,
    For,
    If,
    List,
    Name,
    Ours,
    Raise,
    Span,
    Subscript,
    Tuple,
)
from backprose.lower.expressions import Expressions
from backprose.lower.fence import Refusal, in_order, refuse
from backprose.lower.forms import is_atom
from backprose.lower.grids import Grids
from backprose.lower.iteration import Iteration
from backprose.lower.mapping import mapped, may_act, with_own_names
from backprose.lower.resolve import MISSING, Resolver
from backprose.lower.scope import assigned, literal

GROWING = frozenset(["append", "extend", "insert", "pop", "remove", "clear"])
ITERATORS = ("zip", "enumerate", "reversed", "map", "filter", "iter")
VIEWS = frozenset(["items", "values", "keys"])
COMBINATIONS = (
    itertools.product, itertools.combinations, itertools.permutations, itertools.combinations_with_replacement,
)  # fmt: skip
WITH_INDEX = "loop over range(len(...)) and take the items by index"

Suites: TypeAlias = Callable[[Any], tuple[Block, Block]]  # the body of a loop, and its else
Bind: TypeAlias = Callable[[Any, Expr, Span], None]  # assign a value to a target


class Loops:
    def __init__(self, expressions: Expressions, suites: Suites, bind: Bind) -> None:
        self.expressions = expressions
        self.suites = suites
        self.bind = bind
        self.node: gast.For | None = None  # the loop being lowered
        self.iteration = Iteration(expressions, bind, self._sequence)
        self.grids = Grids(expressions, bind)

    def lower(self, node: gast.For, span: Span) -> None:
        """Append the flat form of a ``for`` loop."""
        node = self._unmapped(node)
        node = self.grids.plain(node, span) or node
        ranged = self._range(node)
        if ranged is not None:
            if not isinstance(node.target, gast.Name):
                self._refuse(node.target, "this target of a loop", "a range gives integers", "use a name")
            self._append(node, ranged, span)
        elif _is_constant(node.iter):
            self._append(node, Tuple(tuple(self.expressions.tree(item) for item in node.iter.elts)), span)
        else:
            self._indexed(node, span)

    def _unmapped(self, node: gast.For) -> gast.For:
        """A loop over ``map(f, xs)`` or a generator expression as one over ``xs``, alone or in ``zip`` or
        ``enumerate``: its items are computed turn by turn."""
        found = self._generator(node.iter)
        if found is not None:
            return self._unmapped(self._taken(node, found))
        target, iterable, first = self._turns(node.target, node.iter)
        if not first:
            return node
        loop = gast.For(target, iterable, [*first, *node.body], node.orelse, None)
        return gast.copy_location(loop, node)

    def _turns(self, target: Any, node: Any) -> tuple[Any, Any, list[Any]]:
        """A target and what it runs over without generators, and the statements that make the items."""
        found = self._generator(node) if isinstance(node, gast.Call | gast.GeneratorExp) else None
        if found is not None and not found.generators[0].ifs:
            source = found.generators[0]
            inner = self._turns(source.target, source.iter)
            return inner[0], inner[1], [*inner[2], gast.copy_location(gast.Assign([target], found.elt, None), node)]
        resolver = self.expressions.resolver
        if not isinstance(node, gast.Call) or not isinstance(target, gast.Tuple):
            return target, node, []
        if any(isinstance(arg, gast.Starred) for arg in node.args):
            return target, node, []
        places = {}  # the items of the target by argument
        if resolver.is_builtin(node.func, "zip") and len(target.elts) == len(node.args):
            places = dict(enumerate(range(len(node.args))))
        elif resolver.is_builtin(node.func, "enumerate") and len(target.elts) == 2 and node.args:
            places = {0: 1}
        targets, sources, first = list(target.elts), list(node.args), []
        for at, item in places.items():
            turns = self._turns(targets[item], sources[at])
            early = at < len(node.args) - 1 and len(places) > 1 and may_act(turns[2], resolver)
            if early and not self._no_shorter(turns[1], sources[at + 1 :]):
                continue  # zip takes an item of it before it finds that a later one has no more
            targets[item], sources[at], made = turns
            first += made
        if not first:
            return target, node, []
        iterable = gast.copy_location(gast.Call(node.func, sources, node.keywords), node)
        return gast.copy_location(gast.Tuple(targets, gast.Store()), target), iterable, first

    def _no_shorter(self, node: Any, others: list[Any]) -> bool:
        """Whether the text can ask that none of the others has fewer items, which zip would find out too late."""
        lower = self.expressions
        wholes = [self._turns(gast.Name("item", gast.Store(), None, None), other)[1] for other in others]
        if not all(isinstance(one, gast.Name) and lower.resolver.path(one) is None for one in (node, *wholes)):
            return False
        for name in dict.fromkeys(one.id for one in wholes if one.id != node.id):
            own, other = (lower.temporary(Apply("len", (Name(one),))) for one in (node.id, name))
            said = f"this derivative was made for a {name} that has no fewer items than {node.id} here"
            error = Raise(Call(Ours("ValueError"), (Const(said),)), span=lower.span, ours=True)
            lower.block.append(If(Compare((other, own), ("<",)), (error,), span=lower.span, ours=True))
        return True

    def _generator(self, node: Any) -> gast.GeneratorExp | None:
        """``map``, ``filter`` or a generator expression of one loop, with names of its own; None for anything else."""
        lower = self.expressions
        found = mapped(node, lower.resolver, lower.supply, apart=True)
        if found is None and isinstance(node, gast.GeneratorExp) and len(node.generators) == 1:
            found = with_own_names(node, lower.supply)
        if found is not None:
            targets = in_order(found.generators[0].target)
            names = {part.id for part in targets if isinstance(part, gast.Name)}
            lower.resolver.local = frozenset(lower.resolver.local) | names
        return found

    @staticmethod
    def _taken(node: gast.For, found: gast.GeneratorExp) -> gast.For:
        source = found.generators[0]
        first = gast.copy_location(gast.Assign([node.target], found.elt, None), node.iter)
        body = [first, *node.body]
        for test in source.ifs:
            body = [gast.copy_location(gast.If(test, body, []), node.iter)]
        loop = gast.For(source.target, source.iter, body, node.orelse, None)
        return gast.copy_location(loop, node)

    def _range(self, node: gast.For) -> Expr | None:
        """``range(...)`` or ``reversed(range(...))`` of atoms that the body leaves alone."""
        call, resolver = node.iter, self.expressions.resolver
        if not isinstance(call, gast.Call) or call.keywords:
            return None
        if resolver.is_builtin(call.func, "reversed") and len(call.args) == 1 and isinstance(call.args[0], gast.Call):
            inner = self._range_call(call.args[0], node)
            spelling = f"function:{resolver.path(call.func)}"
            return None if inner is None else Apply("reversed", (inner,), spelling=spelling)
        return self._range_call(call, node)

    def _range_call(self, call: gast.Call, node: gast.For) -> Expr | None:
        lower = self.expressions
        if not lower.resolver.is_builtin(call.func, "range") or call.keywords:
            return None
        if any(isinstance(arg, gast.Starred) for arg in call.args):
            return None
        rebound = assigned([node.target, *node.body])
        args = []
        for arg in call.args:
            atom = lower.atom(arg)
            if isinstance(atom, Name) and atom.id in rebound:
                atom = lower.temporary(atom)
            args.append(atom)
        return Apply("range", tuple(args), spelling=f"function:{lower.resolver.path(call.func)}")

    def _append(self, node: gast.For, iterable: Expr, span: Span) -> None:
        """A loop whose variable the body does not assign; where it does, that is a variable of its own."""
        lower = self.expressions
        start = []
        if isinstance(node.target, gast.Name) and node.target.id not in assigned(node.body):
            target = Name(node.target.id)
        else:
            wish = node.target.id if isinstance(node.target, gast.Name) else "item"
            target = Name(lower.supply.fresh(wish))
            with lower.inside() as start:
                self.bind(node.target, target, span)
        body, orelse = self.suites(node)
        lower.block.append(For(target, iterable, (*start, *body), orelse, span))

    def _indexed(self, node: gast.For, span: Span) -> None:
        """``for row in A`` as ``for k in range(len(A)): row = A[k]``."""
        lower = self.expressions
        if self.iteration.named(node.iter) is not None:
            self._several(node, span)
            return
        self._check_sequence(node)
        sequence = lower.value(self._listed(node.iter))
        taken = isinstance(sequence, Call) and getattr(sequence.function, "attr", None) in VIEWS
        taken = taken or (isinstance(sequence, Call) and lower.resolver.is_builtin(node.iter.func, "sorted"))
        taken = taken or (isinstance(sequence, Attribute) and lower.resolver.path(node.iter) is None)  # of a local
        if not taken and not isinstance(sequence, (Name, Subscript, Apply, Tuple, List)) and not is_atom(sequence):
            self._refuse(node.iter, "a loop over this", "it may not be a sequence", "give it a name, and " + WITH_INDEX)
        if not is_atom(sequence) or (isinstance(sequence, Name) and sequence.id in assigned([node.target, *node.body])):
            sequence = lower.temporary(sequence)
        wish = f"{node.target.id}_index" if isinstance(node.target, gast.Name) else "index"
        counter = Name(lower.supply.fresh(wish))
        with lower.inside() as start:
            self.bind(node.target, Subscript(sequence, counter, True), span)
        length = lower.temporary(Apply("len", (sequence,)))
        body, orelse = self.suites(node)
        lower.block.append(For(counter, Apply("range", (length,)), (*start, *body), orelse, span))

    def _listed(self, node: Any) -> Any:
        """``list(itertools.product(...))`` for an iterator of combinations, which are few and of integers mostly,
        that of ``zip(*rows)``, and the list of the keys of a dict outside."""
        resolver = self.expressions.resolver
        combined = isinstance(node, gast.Call) and resolver.object(resolver.path(node.func)) in COMBINATIONS
        combined = combined or _takes_apart(node, resolver)
        if not combined and not self._is_dict(node):
            return node
        builtin = gast.Name("list", gast.Load(), None, None)
        if not resolver.is_builtin(builtin, "list"):
            return node
        return gast.copy_location(gast.Call(gast.copy_location(builtin, node), [node], []), node)

    def _is_dict(self, node: Any) -> bool:
        return type(self.expressions.resolver.object(self.expressions.resolver.path(node))) is dict

    def _several(self, node: gast.For, span: Span) -> None:
        """``for i, (a, b) in enumerate(zip(x, y))`` by a common index."""
        lower = self.expressions
        self.node, self.iteration.after = node, []
        items = self.iteration.items(node.iter)
        after = tuple(self.iteration.after)
        if items is None or items.length is None:
            name = self.iteration.named(node.iter)
            self._refuse(node.iter, f"this form of {name}(...)", "it is not covered yet", WITH_INDEX)
        first: Any = node.target.elts[0] if isinstance(node.target, gast.Tuple) and node.target.elts else None
        plain_count = lower.resolver.is_builtin(node.iter.func, "enumerate") and len(node.iter.args) == 1
        counts = plain_count and not node.iter.keywords and isinstance(first, gast.Name)
        if counts and first.id not in assigned(node.body):
            counter = Name(first.id)
        else:
            counter = Name(lower.supply.fresh("index"))
        with lower.inside() as start:
            self.iteration.assign(node.target, items.at(counter), span)
        body, orelse = self.suites(node)
        orelse = (*after, *orelse)
        lower.block.append(For(counter, Apply("range", (items.length,)), (*start, *body), orelse, span))

    def _sequence(self, node: Any) -> Expr:
        """One of the sequences of a loop, evaluated once."""
        lower, loop = self.expressions, self.node
        assert loop is not None
        self._check_sequence(gast.For(loop.target, node, loop.body, [], None))
        sequence = lower.value(self._listed(node))
        if not is_atom(sequence) or (isinstance(sequence, Name) and sequence.id in assigned([loop.target, *loop.body])):
            sequence = lower.temporary(sequence)
        return sequence

    def _check_sequence(self, node: gast.For) -> None:
        """Refuse what has no length and no items by index, as far as the text and the globals show it."""
        resolver, iterable = self.expressions.resolver, node.iter
        if isinstance(iterable, gast.Call) and not _takes_apart(iterable, resolver):
            for name in ITERATORS:
                if resolver.is_builtin(iterable.func, name):
                    self._refuse(iterable, f"a loop over {name}(...)", "iterators are not covered yet", WITH_INDEX)
            found = resolver.object(resolver.path(iterable.func))
            if getattr(found, "__module__", "") == "itertools" and found not in COMBINATIONS:
                what = f"a loop over {found.__name__}(...)"
                self._refuse(iterable, what, "it is an iterator, which has no items by index", WITH_INDEX)
        path = resolver.path(iterable)
        value = resolver.object(path)
        if value is not MISSING and type(value) is not dict and not _is_sequence(value):
            why = f"it is a {type(value).__name__}, not a sequence"
            self._refuse(iterable, f"a loop over {path}", why, "use a list, a tuple or an array")
        if isinstance(iterable, gast.Name):
            for part in in_order(*node.body):
                if isinstance(part, gast.Attribute) and part.attr in GROWING and _is_name(part.value, iterable.id):
                    why = "the loop would go on over the new items"
                    self._refuse(part, f"{iterable.id}.{part.attr} in a loop over it", why, "use another list")

    def _refuse(self, node: gast.AST, what: str, why: str, instead: str) -> NoReturn:
        refuse(self.expressions.parsed, node, Refusal(what, why, instead, "iteration"))


def _takes_apart(node: Any, resolver: Resolver) -> bool:
    """``zip(*rows)``."""
    starred = isinstance(node, gast.Call) and len(node.args) == 1 and isinstance(node.args[0], gast.Starred)
    return starred and not node.keywords and resolver.is_builtin(node.func, "zip")


def _is_constant(node: Any) -> bool:
    """A display of literals, or of displays of literals."""
    if not isinstance(node, gast.Tuple | gast.List):
        return False
    return all(literal(item) is not None or _is_constant(item) for item in node.elts)


def _is_sequence(value: object) -> bool:
    kind: Any = type(value)
    if isinstance(value, type):  # an enum class is iterable, and has items by name
        return False
    return hasattr(kind, "__len__") and hasattr(kind, "__getitem__") and not iterates_otherwise(kind)


def _is_name(node: gast.AST, name: str) -> bool:
    return isinstance(node, gast.Name) and node.id == name
