"""Names of ours without a number that nothing else makes them need: ``x_bar`` for ``x_bar_1``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from backprose.ir.names import NameSupply
from backprose.ir.nodes import Apply, Each, Expr, Function, Global, Name, Verbatim
from backprose.ir.walk import all_names, expressions, map_block, rebuild, statements, subexpressions, targets, with_body
from backprose.rules.registry import short_name

DERIVED = re.compile(r"_(bar|dot)(_\d+)?$")
OURS = frozenset({"np", "math"})  # what emitted text imports


def renumber(functions: Sequence[Function], supply: NameSupply) -> list[Function]:
    """The sweeps of a derivative, in which each name that the supply numbered has the lowest number that is free.

    What had the name without a number may be gone by now. No name that the user's text mentions is taken.

    >>> from backprose.emit import emit
    >>> from backprose.ir.nodes import Assign, Const, Parameter, Program, Return
    >>> supply = NameSupply({"x", "x_bar"})
    >>> first, second, third = supply.fresh("x_bar"), supply.fresh("total"), supply.fresh("total")
    >>> body = (Assign(Name(first), Name("x")), Assign(Name(third), Name(first)), Return(Name(third)))
    >>> print(emit(Program(tuple(renumber([Function("f", (Parameter("x"),), body, None)], supply)))).text, end="")
    def f(x):
        x_bar_1 = x
        total = x_bar_1
        return total

    A name goes with those of its adjoint, its tangent and what is saved of it.

    >>> body = (*body[:2], Assign(Name(f"{third}_bar"), Name(first)), Return(Name(third)))
    >>> print(emit(Program(tuple(renumber([Function("f", (Parameter("x"),), body, None)], supply)))).text, end="")
    def f(x):
        x_bar_1 = x
        total_1 = x_bar_1
        total_1_bar = x_bar_1
        return total_1
    """
    there = {name for one in functions for name in all_names(one.body)}
    fixed = {parameter.name for one in functions for parameter in one.parameters}
    mentioned = set(OURS)
    for part in _parts(functions):
        match part:
            case Global(id=path):
                mentioned.add(path.partition(".")[0])
            case Apply(op=op):
                mentioned.add(short_name(op))
            case Each(names=own):
                fixed.update(name.id for name in own)
            case Verbatim(reads=read):
                fixed.update(read)
    taken = there | fixed | mentioned
    owners = {DERIVED.sub("", name.removeprefix("saved_")) for name in there if DERIVED.search(name)}
    saved = {name for name in there if name.startswith("saved_")}
    owners |= {name.removeprefix("saved_") for name in saved}
    owners |= {name for name in saved if name.removeprefix("saved_") in there}
    chosen: dict[str, str] = {}
    for name in sorted(there & supply.numbered.keys() - fixed - owners, key=lambda one: (len(one), one)):
        new = supply.lowest(supply.numbered[name], taken - {name})
        if new != name and new not in owners:  # x_1 stays beside x_1_bar and saved_x_1
            chosen[name] = new
            taken = (taken - {name}) | {new}
    if not chosen:
        return list(functions)

    def rename(expr: Expr) -> Expr:
        if isinstance(expr, Name):
            return Name(chosen[expr.id], expr.type) if expr.id in chosen else expr
        return rebuild(expr, rename)

    return [with_body(one, map_block(one.body, rename)) for one in functions]


def _parts(functions: Sequence[Function]) -> Iterator[Expr]:
    """Every expression of the functions, from the outside in."""
    for function in functions:
        for stmt in statements(function.body):
            for whole in (*expressions(stmt), *targets(stmt)):
                yield from subexpressions(whole)
