"""Single-use temporaries folded back into whole expressions; copies and views written where they are read.

A value moves from where it was made to where it is read only if nothing that it reads is rebound, written in place or
called for effect in between. Only our temporaries move (and plain copies between our adjoints), no user's variable.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from backprose.analyse.expressions import dotted
from backprose.analyse.liveness import has_effect
from backprose.analyse.sharing import may_be_view
from backprose.analyse.types import type_of
from backprose.ir.nodes import (
    Apply,
    Assign,
    Attribute,
    Augment,
    Block,
    Call,
    Const,
    Each,
    Enter,
    Evaluate,
    Expr,
    For,
    Function,
    Global,
    If,
    Leave,
    Mark,
    Name,
    Return,
    Slice,
    Stmt,
    Subscript,
    Try,
    Tuple,
    While,
    children,
)
from backprose.ir.walk import (
    base,
    bound,
    call_writes,
    expressions,
    inplace_target,
    join,
    kept,
    map_blocks,
    map_statement,
    reads,
    rebinds,
    rebuild,
    root_of,
    size,
    statement_reads,
    statements,
    targets,
    touches,
    with_blocks,
    with_body,
    writes,
)
from backprose.rules.registry import may_share_any

EFFECT, OUTSIDE = "<effect>", "<outside>"  # what is called for effect, what is read outside the function
MOST_OPERATIONS = 9  # in one adjoint expression


@dataclass
class _Value:
    value: Expr
    position: int
    made_from: list[tuple[str, int]]  # what it reads, with the place where each was read
    uses: int
    free: bool  # costs nothing: may be written out wherever it is read
    ours: bool


@dataclass
class Fold:
    """Counts over a whole function, shared by its blocks."""

    uses: dict[str, int] = field(default_factory=dict)
    makers: dict[str, int] = field(default_factory=dict)

    def count(self, body: Block) -> None:
        for stmt in statements(body):
            for expr in expressions(stmt):
                self._count(expr)
            for name in rebinds(stmt):
                self.makers[name] = self.makers.get(name, 0) + 1

    def _count(self, expr: Expr) -> None:
        if isinstance(expr, Name):
            self.uses[expr.id] = self.uses.get(expr.id, 0) + 1
        if isinstance(expr, Each):
            self._count(expr.item)  # it is evaluated many times: only what costs nothing is written into it
        for child in children(expr):
            self._count(child)

    # ------------------------------------------------------------ one block
    def block(self, block: Block, tried: bool = False) -> Block:
        pending: dict[str, _Value] = {}
        last_change: dict[str, int] = {}
        sums: dict[str, tuple[int, frozenset[str]]] = {}  # adjoints assigned here, not read since: what they read
        result: list[Stmt | None] = []
        for stmt in block:
            position = len(result)
            whole = isinstance(stmt, While)  # its test runs more than once
            stmt = stmt if whole else self.fold_into(stmt, pending, last_change, result)
            if isinstance(stmt, Assign) and stmt.ours and stmt.target == stmt.value:
                if not (isinstance(stmt.target, Name) and stmt.target.id in self.given):
                    continue
                stmt = replace(stmt, value=Apply("own", (stmt.target,)))  # what follows would write into the caller's
            if isinstance(stmt, Mark):  # what may raise on one side of it stays there
                pending.clear()
                sums.clear()
                tried = tried and stmt.kind != "else"
            if isinstance(stmt, Enter | Leave):  # what is computed on one side of it stays there
                pending = {name: value for name, value in pending.items() if value.free}
                sums.clear()
            if tried and stmt.ours:  # where the primal raises, it does so before we have changed anything
                pending = {name: value for name, value in pending.items() if value.ours}
            elif tried:  # and what we have changed before it is read where it is handled
                sums.clear()
            stmt = self.merge_sums(stmt, sums, last_change, result)
            if isinstance(stmt, (If, For, While)):
                trying = tried or isinstance(stmt, Try)
                stmt = with_blocks(stmt, self.block(stmt.body, tried), self.block(stmt.orelse, trying))
            result.append(stmt)
            for inner in statements((stmt,)):
                for name in (*rebinds(inner), *touches(inner)):
                    last_change[name] = position
                for name in writes(inner):  # what may be a view of it changes too
                    for other in self.sharing.get(name, (name,)):
                        last_change[other] = position
                if any(map(has_effect, expressions(inner))):
                    last_change[EFFECT] = last_change[OUTSIDE] = position
                if changes_outside(inner) or not self.outside.isdisjoint(writes(inner)):
                    last_change[OUTSIDE] = position
            if isinstance(stmt, Assign) and isinstance(stmt.target, Name) and self.movable(stmt):
                name = stmt.target.id
                made_from = [(read, position) for read in reads(stmt.value)]
                if has_effect(stmt.value):
                    made_from.append((EFFECT, position))
                if has_effect(stmt.value) or reads_outside(stmt.value):
                    made_from.append((OUTSIDE, position))
                free = is_free(stmt.value, stmt.target.temporary)
                pending[name] = _Value(stmt.value, position, made_from, self.uses.get(name, 0), free, stmt.ours)
        return kept(block, [stmt for stmt in result if stmt is not None])

    def movable(self, stmt: Assign) -> bool:
        target = stmt.target
        assert isinstance(target, Name)
        if self.makers.get(target.id, 0) != 1:
            return False
        if stmt.ours and isinstance(stmt.value, Name) and target.id in self.written:
            return False  # an adjoint that starts as another one: what is added to it is not added to that one
        if target.id in self.written and type_of(stmt.value).kind == "list":
            return False
        if target.id in self.written and self.uses.get(target.id, 0) > 1:
            return False  # a view that is written and read: both under one name, or the write says nothing to the read
        if target.temporary:
            return self.uses.get(target.id, 0) == 1 or is_free(stmt.value, True)
        return stmt.ours and isinstance(stmt.value, Name) and target.id not in self.written

    written: set[str] = field(default_factory=set)
    given: set[str] = field(default_factory=set)  # parameters that are written in place
    sharing: dict[str, set[str]] = field(default_factory=dict)  # names that may share memory with a name
    outside: set[str] = field(default_factory=set)  # names of parts of what is outside

    def merge_sums(
        self,
        stmt: Stmt,
        sums: dict[str, tuple[int, frozenset[str]]],
        last_change: dict[str, int],
        result: list[Stmt | None],
    ) -> Stmt:
        """``x_bar = a`` and then ``x_bar = x_bar + b``, with no reader between, as ``x_bar = a + b``."""
        target = stmt.target.id if isinstance(stmt, Assign) and isinstance(stmt.target, Name) and stmt.ours else None
        if target in sums and isinstance(stmt, Assign):
            position, read = sums[target]
            first = result[position]
            assert isinstance(first, Assign)
            steady = not any(last_change.get(source, -1) > position for source in read)
            small = size(first.value) + size(stmt.value) <= MOST_OPERATIONS
            if steady and small and _occurrences(stmt.value).count(target) == 1:
                stmt = replace(stmt, value=_fill(stmt.value, {target: first.value}))
                result[position] = None
        for inner in statements((stmt,)) if sums else ():
            for name in (*statement_reads(inner), *rebinds(inner), *writes(inner)):
                sums.pop(name, None)
        if target is not None and isinstance(stmt, Assign) and not has_effect(stmt.value):
            sums[target] = len(result), reads(stmt.value)
        return stmt

    def is_number_of_broadcast(self, stmt: Stmt, name: str) -> bool:
        """Whether a statement broadcasts that variable for several readers, of which each may do so by itself."""
        match stmt:
            case Assign(target=Name(id=wide, temporary=True), value=Apply(op="broadcast_to", args=(Name(id=held), _))):
                return held == name and self.uses.get(wide, 0) > 1
        return False

    def changed_by(self, value: Expr) -> set[str]:
        """The variables whose content calls in a value change, under every name."""
        places = (base(place) for place in call_writes(Evaluate(value)))
        return {other for place in places if place is not None for other in self.sharing.get(place.id, {place.id})}

    def fold_into(
        self, stmt: Stmt, pending: dict[str, _Value], last_change: dict[str, int], result: list[Stmt | None]
    ) -> Stmt:
        read = statement_reads(stmt) & pending.keys()
        if not read:
            return stmt
        chosen: dict[str, Expr] = {}
        budget = MOST_OPERATIONS - sum(map(size, expressions(stmt)))
        for name in sorted(read, key=lambda key: pending[key].position):
            made = pending[name]
            if any(last_change.get(source, -1) > since for source, since in made.made_from):
                continue
            if isinstance(stmt, Return) and isinstance(made.value, Apply) and made.value.op == "len":
                continue  # a pullback is handed the number
            if self.is_number_of_broadcast(stmt, name):
                continue
            own = result[made.position]
            original = not getattr(stmt, "ours", False) and own is not None and own.span == stmt.span
            if not made.free:
                if has_effect(made.value) and last_change.get(EFFECT, -1) > made.position:
                    continue
                changed = self.changed_by(made.value)
                if changed & (_read_beside(stmt) - {name}):
                    continue  # x_bar[0] += f(x_bar) reads x_bar[0] before f changes it
                between = (one for one in result[made.position + 1 :] if one is not None)
                if changed and any(changed & statement_reads(one) for one in statements(between)):
                    continue
                if not original and size(made.value) > budget:
                    continue
                budget -= size(made.value)
            chosen[name] = made.value
        if not chosen:
            return stmt
        for name in chosen:
            made = pending[name]
            here = sum(1 for expr in expressions(stmt) for found in _occurrences(expr) if found == name)
            made.uses -= here
            if made.uses <= 0:
                dropped = result[made.position]
                if dropped is not None and dropped.comments is not None and stmt.comments is None:
                    stmt = replace(stmt, comments=dropped.comments)
                result[made.position] = None
        return map_statement(stmt, lambda expr: _fill(expr, chosen))


def _read_beside(stmt: Stmt) -> frozenset[str]:
    """What a statement reads, the target of ``+=`` included."""
    target = base(stmt.target) if isinstance(stmt, Augment) else None
    return statement_reads(stmt) | ({target.id} if target is not None else set())


def _fill(expr: Expr, values: dict[str, Expr]) -> Expr:
    if isinstance(expr, Name):
        return values.get(expr.id, expr)
    return rebuild(expr, lambda part: _fill(part, values))


def _occurrences(expr: Expr) -> list[str]:
    if isinstance(expr, Name):
        return [expr.id]
    return [name for child in children(expr) for name in _occurrences(child)]


def is_free(value: Expr, temporary: bool) -> bool:
    """Whether writing a value out again costs nothing and changes nothing."""
    match value:
        case Name() | Const() | Global():
            return True
        case Subscript(value=Name(), index=index):
            return temporary and _is_fixed(index)
        case Apply(op="copy", args=(Subscript(value=Name(), index=index),)):
            return temporary and _is_fixed(index)  # arithmetic drops the copy
        case Apply(op="broadcast_to", args=(inner, _)):
            return temporary and is_free(inner, True)
        case Apply(op="negative", args=(Name() as operand,)):
            return temporary and operand.type.is_immutable_scalar
        case Attribute(value=Name(), attr="shape" | "ndim" | "size"):
            return temporary
        case Apply(op="transpose" | "len", args=(Name(),)):
            return temporary
    return False


def _is_fixed(index: Expr) -> bool:
    match index:
        case Tuple(items=items):
            return all(map(_is_fixed, items))
        case Slice(lower=lower, upper=upper, step=step):
            return all(part is None or isinstance(part, (Const, Name)) for part in (lower, upper, step))
    return isinstance(index, (Const, Name))


def globals_in_place(function: Function, is_variable: Callable[[Expr], bool]) -> Function:
    """Without temporaries for variables outside (as ``is_variable`` tells), where nothing changes these before they are
    read. They are made where a call in the same expression might.
    """
    found = (name for stmt in statements(function.body) for expr in expressions(stmt) for name in _occurrences(expr))
    read = Counter(found)
    return with_body(function, _globals_in_place(function.body, read, is_variable))


def _globals_in_place(block: Block, read: Counter[str], is_variable: Callable[[Expr], bool]) -> Block:
    pending: dict[str, Expr] = {}
    filled: set[str] = set()
    result: list[Stmt] = []
    for stmt in block:
        if not isinstance(stmt, While) and (here := pending.keys() & statement_reads(stmt)):
            stmt = map_statement(stmt, lambda expr: _fill(expr, pending))
            filled |= here
        if isinstance(stmt, If | For | While):
            stmt = map_blocks(stmt, lambda inner: _globals_in_place(inner, read, is_variable))
        match stmt:
            case Assign(target=Name(id=name, temporary=True), value=value) if read[name] == 1 and is_variable(value):
                pending[name] = value
                result.append(stmt)
                continue
        if any(changes_outside(one) or any(map(has_effect, expressions(one))) for one in statements((stmt,))):
            pending.clear()
        result.append(stmt)
    return kept(block, [stmt for stmt in result if filled.isdisjoint(rebinds(stmt))])


def reads_outside(expr: Expr) -> bool:
    """Whether an expression reads variables outside the function, or parts of these; what it calls does not count."""
    if isinstance(expr, Global):
        return True
    skipped = expr.function if isinstance(expr, Call) and dotted(expr.function) != "?" else None
    return any(reads_outside(part) for part in children(expr) if part is not skipped)


def changes_outside(stmt: Stmt) -> bool:
    """Whether a statement assigns a variable outside the function, or a part of one."""
    for target in targets(stmt):
        for item in target.items if isinstance(target, Tuple) else (target,):
            if isinstance(root_of(item), Global):
                return True
    updated = (inplace_target(expr) for expr in expressions(stmt))
    return any(isinstance(root_of(place), Global) for place in updated if place is not None)


def names_outside(body: Block) -> set[str]:
    """The names that are ever bound to a part of what is outside, no number, or to a view of one."""
    found: set[str] = set()
    for stmt in statements(body):
        if isinstance(stmt, Assign) and not (isinstance(stmt.target, Name) and stmt.target.type.is_immutable_scalar):
            root = root_of(stmt.value)
            if isinstance(root, Global) or (isinstance(root, Name) and root.id in found):
                found.update(bound(stmt.target))
    if not found:
        return found
    sharing = names_sharing(body)
    return found.union(*(sharing.get(name, ()) for name in found))


def names_sharing(body: Block) -> dict[str, set[str]]:
    """For each name those that are ever bound to it, or to a view of it, or of which it is a view."""
    group: dict[str, set[str]] = {}
    for stmt in statements(body):
        if not isinstance(stmt, Assign) or not isinstance(stmt.target, Name):
            continue
        if stmt.target.type.is_immutable_scalar:
            continue
        for source in _shared_names(stmt.value):
            if source != stmt.target.id:
                join(group, source, stmt.target.id)
    return group


def _shared_names(value: Expr) -> Iterator[str]:
    """The names whose memory a value may be, or be a view of."""
    match value:
        case Name(id=name):
            yield name
        case Subscript(value=inner) | Attribute(value=inner):
            yield from _shared_names(inner)
        case Apply(op=op, args=args, keywords=keywords) if args and may_be_view(value):
            whole = (*args, *(part for _, part in keywords))
            for part in whole if may_share_any(op) else args[:1]:
                yield from _shared_names(part)


def fold(function: Function) -> Function:
    """The function with its temporaries folded back into the statements that read them.

    A temporary that is read twice keeps its statement, unless writing it out again costs nothing.

    >>> from backprose.emit import emit
    >>> from backprose.ir.names import NameSupply
    >>> from backprose.ir.nodes import Program
    >>> from backprose.lower import lower
    >>> from backprose.parse import parse
    >>> def f(x):
    ...     y = x * 2.0 + 1.0
    ...     return y / x
    >>> print(emit(Program((fold(lower(parse(f), NameSupply(()))),))).text, end="")
    def f(x):
        y = x * 2.0 + 1.0
        return y / x
    """
    folder = Fold()
    folder.count(function.body)
    folder.sharing = names_sharing(function.body)
    folder.written = {name for stmt in statements(function.body) for name in writes(stmt)}
    folder.outside = names_outside(function.body)
    folder.given = {parameter.name for parameter in function.parameters} & folder.written
    return with_body(function, folder.block(function.body))
