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
    Const,
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
from backprose.simplify.polish import is_fresh


# ---------------------------------------------------------------- second names
def drop_copies(function: Function) -> Function:
    """Without our ``y = x`` where ``x`` is still what it was wherever ``y`` is read.

    >>> from backprose.emit import emit
    >>> from backprose.ir.nodes import Const, Program, Return
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


def drop_constants(function: Function) -> Function:
    """Without our ``y_bar = 1.0`` where ``y_bar`` is never anything else.

    >>> from backprose.emit import emit
    >>> from backprose.ir.nodes import Const, Program, Return
    >>> x_bar, y_bar = Name("x_bar"), Name("y_bar")
    >>> body = (Assign(y_bar, Const(1.0), ours=True), Assign(x_bar, y_bar, ours=True), Return(x_bar))
    >>> print(emit(Program((drop_constants(Function("f", (), body, None)),))).text, end="")
    def f():
        return 1.0
    """
    bound = Counter(name for stmt in statements(function.body) for name in (*rebinds(stmt), *writes(stmt)))
    constants: dict[str, Expr] = {}
    rest: list[Stmt] = []
    for stmt in function.body:
        match stmt:
            case Assign(target=Name(id=name), value=value, ours=True, comments=None) if bound[name] == 1:
                value = substitute(value, constants)
                if isinstance(value, Const) and isinstance(value.value, float):
                    constants[name] = value
                    continue
        rest.append(stmt)
    if not constants:
        return function
    return with_body(function, map_block(tuple(rest), lambda expr: substitute(expr, constants)))


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
                case Assign(target=Name() as target, value=Name() as value, ours=True, comments=None) as stmt if (
                    target.id != value.id and target.id not in self.written and value.temporary <= target.temporary
                ):
                    if stmt.span is not None and _beside_primal(stmt, result[position + 1 :]):
                        position += 1
                        continue
                    rest = self.renamed(tuple(result[position + 1 :]), target.id, value)
                    if rest is not None:
                        result[position:] = rest
                        continue
            result[position] = map_blocks(result[position], self.block)
            position += 1
        return kept(block, result)

    def renamed(self, rest: Block, name: str, value: Name) -> Block | None:
        """What follows ``name = value`` with the value's own name, or None where that would say something else."""
        found, stale = 0, False
        for position, stmt in enumerate(rest):
            inside = list(statements((stmt,)))
            bound = {one for inner in inside for one in rebinds(inner)}
            here = _read((stmt,))[name]
            if stale and here:
                return None
            found += here
            if name in bound:
                if not isinstance(stmt, (Assign, Pop)):
                    return None
                value_now = (
                    replace(stmt, value=substitute(stmt.value, {name: value})) if isinstance(stmt, Assign) else stmt
                )
                return _only(name, (*self._with(rest[:position], name, value), value_now), rest[position + 1 :])
            if any(isinstance(inner, Break) for inner in inside) and found < self.read[name]:
                return None
            if value.id in bound and here and isinstance(stmt, (If, For, While)):
                return None
            stale = stale or value.id in bound
        if found < self.read[name]:
            return None  # it is read in a place that comes before, in the next turn, or outside this block
        return _only(name, self._with(rest, name, value), ())

    def _with(self, block: Block, name: str, value: Name) -> Block:
        return map_block(block, lambda expr: substitute(expr, {name: value}))


def _beside_primal(stmt: Stmt, rest: list[Stmt]) -> bool:
    """Whether it is a tangent beside a copy of the primal's: ``y_dot = x_dot`` and ``y = x``."""
    return bool(rest) and not rest[0].ours and rest[0].span == stmt.span


def _only(name: str, made: Block, rest: Block) -> Block | None:
    return None if _read(made)[name] else (*made, *rest)


# ---------------------------------------------------------------- readers that come late
def use_early(function: Function) -> Function:
    """The statement that reads a temporary, in its place, where it may as well run there.

    >>> from backprose.emit import emit
    >>> from backprose.ir.nodes import Apply, Program, Return
    >>> x, y, t = Name("x"), Name("y"), Name("t", temporary=True)
    >>> made = Assign(t, Apply("sin", (x,)), ours=True)
    >>> late = Assign(y, Apply("negative", (t,)), ours=True)
    >>> body = (made, Augment(x, "multiply", y, ours=True), late, Return(y))
    >>> print(emit(Program((use_early(Function("f", (), body, None)),))).text, end="")
    def f():
        t = np.sin(x)
        x *= y
        y = -t
        return y
    >>> body = (made, Augment(x, "multiply", x, ours=True), late, Return(y))
    >>> print(emit(Program((use_early(Function("f", (), body, None)),))).text, end="")
    def f():
        y = -np.sin(x)
        x *= x
        return y
    """
    read = _read(function.body)
    bound = Counter(name for stmt in statements(function.body) for name in rebinds(stmt))
    once = {name for name, times in read.items() if times == bound[name] == 1}
    sharing = names_sharing(function.body)
    return with_body(function, _early(function.body, once, sharing))


def _early(block: Block, once: set[str], sharing: dict[str, set[str]]) -> Block:
    result = [map_blocks(stmt, lambda inner: _early(inner, once, sharing)) for stmt in block]
    for position, stmt in enumerate(result):
        match stmt:
            case Assign(target=Name() as target, value=value, ours=True, comments=None) if (
                target.temporary and target.id in once and not has_effect(value)
            ):
                late = _reader(result, position, target.id, value, sharing)
                if late is not None and size(value) + sum(map(size, expressions(result[late]))) <= MOST_OPERATIONS:
                    reader = map_statement(result[late], lambda expr: substitute(expr, {target.id: value}))
                    result[position] = replace(reader, comments=None)
                    result[late] = Evaluate(Const(None))
    return kept(block, [stmt for stmt in result if not _is_gone(stmt)])


def _is_gone(stmt: Stmt) -> bool:
    return isinstance(stmt, Evaluate) and stmt.value == Const(None) and not stmt.ours


def _reader(block: list[Stmt], position: int, name: str, value: Expr, sharing: dict[str, set[str]]) -> int | None:
    """Where the one statement that reads a temporary stands, if it may move up to where that is made."""
    changed: set[str] = set()
    written: set[str] = set()
    touched: set[str] = set()
    for late in range(position + 1, len(block)):
        stmt = block[late]
        if isinstance(stmt, (Enter, Leave, Mark, Try, Break)):
            return None
        if name in all_names((stmt,)):
            if not isinstance(stmt, (Assign, Augment)) or not stmt.ours or stmt.comments:
                return None
            if isinstance(stmt, Assign) and not isinstance(stmt.target, Name):
                return None
            if stmt.span != block[position].span or any(map(has_effect, expressions(stmt))):
                return None
            if not is_fresh(value) and reads(value) & written:
                return None  # it may be a view, which shows what was written since
            place = base(stmt.target) if isinstance(stmt, Augment) else None
            result = {*rebinds(stmt), *(() if place is None else sharing.get(place.id, {place.id}))}
            needed = statement_reads(stmt) - {name}
            return None if result & touched or needed & changed else late
        for inner in statements((stmt,)):
            if any(map(has_effect, expressions(inner))):
                return None
            touched |= all_names((inner,))
            for one in writes(inner):
                written |= sharing.get(one, {one})
            changed.update(rebinds(inner))
        changed |= written
    return None
