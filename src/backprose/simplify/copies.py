"""Second names of our own for what has a name, and temporaries that wait for their reader.

What ``fold`` cannot write out where it is read, because an operand changes before that, either is read under the name
that it has (``drop_copies``), or the statement that reads it moves up to it (``use_early``).
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import Counter
from collections.abc import Iterator
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
        line = _Line(block)
        for position, stmt in enumerate(line.stmts):  # those that follow change on the way
            match stmt:
                case Assign(target=Name() as target, value=Name() as value, ours=True, comments=None) if (
                    target.id != value.id and target.id not in self.written and value.temporary <= target.temporary
                ):
                    if stmt.span is not None and _beside_primal(stmt, block[position + 1 : position + 2]):
                        continue
                    renamed = self.renamed(line, position, target.id, value)
                    if renamed is not None:
                        line.drop(position, renamed, value.id)
                case _:
                    line.stmts[position] = map_blocks(stmt, self.block)
        return kept(block, line.left())

    def renamed(self, line: _Line, start: int, name: str, value: Name) -> dict[int, Stmt] | None:
        """What follows ``name = value`` and reads ``name``, with the value's own name; None where that would say
        something else."""
        again, changed = line.bound_after(start, name), line.bound_after(start, value.id)
        if again is not None and not isinstance(line.stmts[again], (Assign, Pop)):
            return None
        leaving = line.exit_after(start)
        if again is not None and leaving is not None and leaving > again:
            leaving = None
        found = before_leaving = 0
        result: dict[int, Stmt] = {}
        for place in line.read_after(start, name):
            if again is not None and place > again:
                break
            stmt = line.stmts[place]
            here = _read((stmt,))[name]
            late = changed is not None and (
                place > changed or (place == changed and isinstance(stmt, (If, For, While)))
            )
            if here and late:
                return None
            found += here
            if leaving is not None and place <= leaving:
                before_leaving = found
            result[place] = _with(stmt, name, value, target=place != again)
            if _read((result[place],))[name]:
                return None
        if leaving is not None and before_leaving < self.read[name]:
            return None
        if again is None and found < self.read[name]:
            return None  # it is read in a place that comes before, in the next turn, or outside this block
        return result


class _Line:
    """A block whose copies go one after the other, and where in it each name is read and bound."""

    def __init__(self, block: Block) -> None:
        self.stmts = list(block)
        self.dropped: set[int] = set()
        self.read: dict[str, list[int]] = {}  # in ascending order, as the others
        self.bound: dict[str, list[int]] = {}
        self.exits: list[int] = []
        for place, stmt in enumerate(block):
            for inner in statements((stmt,)):
                for name in statement_reads(inner):
                    _note(self.read, name, place)
                for name in rebinds(inner):
                    _note(self.bound, name, place)
                if isinstance(inner, Break):
                    self.exits.append(place)

    def left(self) -> list[Stmt]:
        return [stmt for place, stmt in enumerate(self.stmts) if place not in self.dropped]

    def drop(self, place: int, renamed: dict[int, Stmt], name: str) -> None:
        """Without a copy; what is ``renamed`` reads ``name`` now."""
        self.dropped.add(place)
        places = self.read.setdefault(name, [])
        for reader, stmt in renamed.items():
            self.stmts[reader] = stmt
            if _first_after(places, reader - 1) != reader:
                insort(places, reader)

    def read_after(self, start: int, name: str) -> Iterator[int]:
        """The places of the statements that may read a name."""
        places = self.read.get(name, [])
        return (places[at] for at in range(bisect_right(places, start), len(places)))

    def bound_after(self, start: int, name: str) -> int | None:
        return _first_after(self.bound.get(name, []), start)

    def exit_after(self, start: int) -> int | None:
        return _first_after(self.exits, start)


def _note(table: dict[str, list[int]], name: str, place: int) -> None:
    places = table.setdefault(name, [])
    if not places or places[-1] != place:
        places.append(place)


def _first_after(places: list[int], start: int) -> int | None:
    at = bisect_right(places, start)
    return places[at] if at < len(places) else None


def _with(stmt: Stmt, name: str, value: Name, *, target: bool) -> Stmt:
    """A statement that reads ``value`` where it read ``name``; ``target``: its target too, which does not bind it."""

    def change(expr: Expr) -> Expr:
        return substitute(expr, {name: value})

    if not target:
        return replace(stmt, value=change(stmt.value)) if isinstance(stmt, Assign) else stmt
    return map_block((stmt,), change)[0]


def _beside_primal(stmt: Stmt, rest: Block) -> bool:
    """Whether it is a tangent beside a copy of the primal's: ``y_dot = x_dot`` and ``y = x``."""
    return bool(rest) and not rest[0].ours and rest[0].span == stmt.span


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
