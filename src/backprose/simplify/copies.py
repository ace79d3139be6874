"""Second names of our own for what has a name, and temporaries that wait for their reader.

What ``fold`` cannot write out where it is read, because an operand changes before that, either is read under the name
that it has (``drop_copies``), or the statement that reads it moves up to it (``use_early``).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from backprose.analyse.liveness import has_effect
from backprose.ir.nodes import (
    Assign,
    Augment,
    Block,
    Break,
    Cut,
    Enter,
    Evaluate,
    Expr,
    For,
    Function,
    If,
    Leave,
    Mark,
    Name,
    Pop,
    Push,
    Return,
    Stmt,
    Try,
    While,
)
from backprose.ir.walk import (
    all_names,
    base,
    expressions,
    kept,
    map_block,
    map_blocks,
    map_statement,
    names,
    place_reads,
    reads,
    rebinds,
    size,
    statement_reads,
    statements,
    substitute,
    with_body,
    writes,
)
from backprose.simplify.fold import MOST_OPERATIONS, names_sharing


# ---------------------------------------------------------------- second names
def drop_copies(function: Function) -> Function:
    """Without our ``y = x`` where ``x`` is still what it was wherever ``y`` is read.

    >>> from backprose.emit import emit
    >>> from backprose.ir.nodes import Const, Program
    >>> x, y, z = Name("x"), Name("y"), Name("z")
    >>> body = (Assign(y, x, ours=True), If(x, (Assign(z, y),), (Assign(z, Const(0)),)), Return(z))
    >>> print(emit(Program((drop_copies(Function("f", (), body, None)),))).text, end="")
    def f():
        if x:
            z = x
        else:
            z = 0
        return z
    """
    written = {name for stmt in statements(function.body) for name in writes(stmt)}
    return with_body(function, _Copies(written, _read(function.body)).block(function.body))


def _read(block: Block) -> Counter[str]:
    """How often each name is read."""
    parts = (part for stmt in statements(block) for part in expressions(stmt))
    return Counter(name.id for part in parts for name in names(part))


class _Copies:
    def __init__(self, written: set[str], read: Counter[str]) -> None:
        self.written, self.read = written, read

    def block(self, block: Block) -> Block:
        result: list[Stmt] = list(block)
        position = 0
        while position < len(result):
            match result[position]:
                case Assign(target=Name() as target, value=Name() as value, ours=True, comments=None) if (
                    target.id != value.id and target.id not in self.written
                ):
                    rest = self.renamed(tuple(result[position + 1 :]), target.id, value)
                    if rest is not None:
                        result[position:] = rest
                        continue
            result[position] = map_blocks(result[position], self.block)
            position += 1
        return kept(block, result)

    def renamed(self, rest: Block, name: str, value: Name) -> Block | None:
        """What follows ``name = value`` with the value's own name, or None where that would say something else."""
        found = 0
        for position, stmt in enumerate(rest):
            inside = list(statements((stmt,)))
            bound = {one for inner in inside for one in rebinds(inner)}
            found += _read((stmt,))[name]
            if any(isinstance(inner, (Push, Pop, Cut)) and inner.stack.id == name for inner in inside):
                return None
            if name in bound:
                if not isinstance(stmt, (Assign, Pop)):
                    return None
                last = stmt
                if isinstance(stmt, Assign):
                    last = replace(stmt, value=substitute(stmt.value, {name: value}))
                    if value.id in bound and len(inside) > 1:
                        return None
                return (*self._with(rest[:position], name, value), last, *rest[position + 1 :])
            if any(isinstance(inner, Break) for inner in inside) and found < self.read[name]:
                return None
            if value.id in bound:
                if isinstance(stmt, (If, For, While)) and name in all_names((stmt,)):
                    return None
                later = all_names(rest[position + 1 :])
                if name in later:
                    return None
        if found < self.read[name]:
            return None  # it is read in a place that comes before, in the next turn, or outside this block
        return self._with(rest, name, value)

    def _with(self, block: Block, name: str, value: Name) -> Block:
        return map_block(block, lambda expr: substitute(expr, {name: value}))
