"""Temporaries that are only another name of a variable are read under that name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field

from backprose.ir.nodes import Assign, Block, Expr, For, Function, If, Name, Stmt, Verbatim, While, children
from backprose.ir.walk import (
    expressions,
    kept,
    map_blocks,
    map_statement,
    names,
    rebinds,
    substitute,
    with_body,
)


def without_second_names(function: Function, slots: Collection[str] = ()) -> Function:
    """The flat function without ``_t1 = x`` where ``x`` is bound to the same thing wherever ``_t1`` is read.

    So it is with ``pair_0 = x`` for the ``slots``, variables of ours that hold parts of structures.

    What is written into the one is seen in the other in any case: only a binding ends the second name.

    >>> from backprose.emit import emit
    >>> from backprose.ir.nodes import Apply, Const, Parameter, Program, Return, Subscript
    >>> x, y, t, u = Name("x"), Name("y"), Name("_t1", temporary=True), Name("_t2", temporary=True)
    >>> body = (
    ...     Assign(t, x),
    ...     Assign(Subscript(t, Const(0)), Const(1.0)),
    ...     Assign(u, x),
    ...     Assign(x, y),
    ...     Return(Apply("add", (u, x))),
    ... )
    >>> print(emit(Program((without_second_names(Function("f", (Parameter("x"),), body, None)),))).text, end="")
    def f(x):
        x[0] = 1.0
        _t2 = x
        x = y
        return _t2 + x
    >>> body = (Assign(y, x), Return(y))
    >>> print(emit(Program((without_second_names(Function("f", (), body, None), {"y"}),))).text, end="")
    def f():
        return x
    """
    seen = _SecondNames(slots)
    seen.count(function.body)
    seen.block(function.body, {})
    values = {name: value for name, value in seen.values.items() if seen.found[name] == seen.read[name]}
    return with_body(function, _renamed(function.body, values)) if values else function


@dataclass
class _SecondNames:
    slots: Collection[str]
    makers: Counter[str] = field(default_factory=Counter)
    read: Counter[str] = field(default_factory=Counter)
    values: dict[str, Name] = field(default_factory=dict)  # what each candidate is another name of
    found: Counter[str] = field(default_factory=Counter)  # reads of it where it still is
    inside: dict[int, set[str]] = field(default_factory=dict)  # what a statement binds, the blocks in it included

    def count(self, block: Block) -> set[str]:
        every: set[str] = set()
        for stmt in block:
            own = set(rebinds(stmt))
            self.makers.update(rebinds(stmt))
            self.read.update(name for expr in expressions(stmt) for name in _named(expr))
            if isinstance(stmt, (If, For, While)):
                own |= self.count(stmt.body) | self.count(stmt.orelse)
            self.inside[id(stmt)] = own
            every |= own
        return every

    def block(self, block: Block, now: dict[str, Name]) -> None:
        """``now``: the second names and what they stand for; what this block adds is gone at its end."""
        for stmt in block:
            if isinstance(stmt, (For, While)):
                _end(now, self.inside[id(stmt)])  # a later turn sees what an earlier one bound
            anew = rebinds(stmt) if isinstance(stmt, Assign) else ()  # the value is made before: it stays another name
            for expr in expressions(stmt):
                for name in names(expr):
                    if name.id in now and now[name.id].id not in anew:
                        self.found[name.id] += 1
            if isinstance(stmt, (If, For, While)):
                self.block(stmt.body, dict(now))
                self.block(stmt.orelse, dict(now))
            _end(now, self.inside[id(stmt)])
            match stmt:
                case Assign(target=Name() as target, value=Name() as value, comments=None) if (
                    (target.temporary or (target.id in self.slots and not now.get(value.id, value).temporary))
                    and self.makers[target.id] == 1
                    and target.id != value.id
                ):
                    now[target.id] = self.values[target.id] = now.get(value.id, value)
            for one in [one for one in now if self.found[one] == self.read[one]]:
                del now[one]


def _named(expr: Expr) -> list[str]:
    """Each occurrence of a name; those in Python that is passed through are found here and by no ``names``."""
    if isinstance(expr, Verbatim):
        return list(expr.reads)
    return [expr.id] if isinstance(expr, Name) else [name for part in children(expr) for name in _named(part)]


def _end(now: dict[str, Name], bound: set[str]) -> None:
    for name in [name for name, value in now.items() if value.id in bound]:
        del now[name]


def _renamed(block: Block, values: dict[str, Name]) -> Block:
    result: list[Stmt] = []
    for stmt in block:
        if isinstance(stmt, Assign) and isinstance(stmt.target, Name) and stmt.target.id in values:
            continue
        stmt = map_statement(stmt, lambda expr: substitute(expr, values))
        result.append(map_blocks(stmt, lambda inner: _renamed(inner, values)))
    return kept(block, result)
