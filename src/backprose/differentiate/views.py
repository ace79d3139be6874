"""Views become places: a view of an array that is written while the view is held is written as the part that it is.

Then one variable sees each array, and the adjoint of a write through a view is a write through the same view of the
adjoint. A view is followed where it is known to be one, of which array and through which indexes, on every way through
the program; what is left is for ``aliases`` to refuse.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from backprose.analyse.types import type_of
from backprose.differentiate.aliases import conflicts, groups_sharing
from backprose.differentiate.webs import split_webs
from backprose.ir.names import NameSupply
from backprose.ir.nodes import (
    Apply,
    Assign,
    Attribute,
    Augment,
    Block,
    Break,
    Call,
    Const,
    Evaluate,
    Expr,
    For,
    Function,
    Global,
    If,
    Name,
    Pop,
    Raise,
    Remark,
    Slice,
    Stmt,
    Subscript,
    Try,
    Tuple,
    Verbatim,
    While,
    children,
)
from backprose.ir.types import PYTHON_INT, Type
from backprose.ir.walk import (
    PLACES,
    VIEWS_IN_ORDER,
    bound,
    expressions,
    inplace_target,
    map_statement,
    reads,
    rebinds,
    rebuild,
    statements,
    substitute,
)

SAME = frozenset({"asarray", "atleast_1d"})  # of an array with axes: the array itself
MAKES_IN_ORDER = frozenset({"zeros", "ones", "full", "empty", "eye", "arange", "linspace"})
ROUNDS = 12  # views of views, each round one level


def resolve_views(function: Function, supply: NameSupply) -> Function:
    """The typed flat function without variables through which a write into another one would be seen.

    >>> from backprose.emit import emit
    >>> from backprose.ir.nodes import Parameter, Program, Return
    >>> A, row = Name("A", Type("array", "float64", (3, 2))), Name("row", Type("array", "float64", (2,)))
    >>> body = (Assign(row, Subscript(A, Const(1))), Assign(Subscript(row, Const(0)), Const(2.0)), Return(A))
    >>> done = resolve_views(Function("f", (Parameter("A", type=A.type),), body, None), NameSupply(("A", "row")))
    >>> print(emit(Program((done,))).text, end="")
    def f(A):
        A[1, 0] = 2.0
        return A
    """
    function = _resolved(function, supply)
    seen = {name.id for conflict in conflicts(function) for name in (conflict.written, conflict.other)}
    groups = groups_sharing(function.body) if seen else {}
    around = seen.union(function.outside, *(groups.get(name, ()) for name in seen))
    split = split_webs(function, around, supply)
    return function if split is function else _resolved(split, supply)


def _resolved(function: Function, supply: NameSupply) -> Function:
    refused: set[str] = set()
    held: set[tuple[str, str]] = set()
    for _ in range(ROUNDS + len(refused) + len(held)):
        seen = {name.id for conflict in conflicts(function) for name in (conflict.written, conflict.other)}
        chosen = _with_temporaries(seen, function.body) - refused
        if not chosen:
            break
        attempt = _Substitution(chosen, held, supply, _in_order(function))
        body = attempt.block(function.body)
        for name, reason in attempt.failed.items():
            if reason is not None and (name, reason) not in held:
                held.add((name, reason))  # an index that changes: its value is held under a name of its own
            else:
                refused.add(name)
        if not attempt.failed:
            function = replace(function, body=body)
    return function


def _with_temporaries(seen: set[str], body: Block) -> set[str]:
    """Those of the variables that are assigned a view or another variable, with the temporaries on the way to it."""
    sources: dict[str, set[str]] = {}
    for stmt in statements(body):
        if isinstance(stmt, Assign) and isinstance(stmt.target, Name) and (source := _source(stmt.value)) is not None:
            sources.setdefault(stmt.target.id, set()).update({source.id} if source.temporary else ())
        if isinstance(stmt, For) and isinstance(stmt.iterable, Name) and isinstance(stmt.target, Name):
            sources.setdefault(stmt.target.id, set())
        if isinstance(stmt, Assign) and isinstance(stmt.target, Tuple) and isinstance(stmt.value, Name):
            for name in bound(stmt.target):
                sources.setdefault(name, set())
    found: set[str] = set()
    pending = seen & sources.keys()
    while pending:
        found |= pending
        pending = set().union(*(sources[name] for name in pending)) & sources.keys() - found
    return found


def _in_order(function: Function) -> set[str]:
    """Variables whose arrays surely have their elements in C order."""
    made: dict[str, bool] = {parameter.name: False for parameter in function.parameters}
    for stmt in statements(function.body):
        for name in rebinds(stmt):
            fits = isinstance(stmt, Assign) and isinstance(stmt.value, Apply) and stmt.value.op in MAKES_IN_ORDER
            plain = fits and not any(key == "order" for key, _ in getattr(getattr(stmt, "value", None), "keywords", ()))
            made[name] = made.get(name, True) and (plain or (isinstance(stmt, Augment) and name in made))
    return {name for name, plain in made.items() if plain}


# ---------------------------------------------------------------- places
HOLE = "<array>"


@dataclass(frozen=True)
class _Place:
    """A view of ``base``; each step is an expression of ``HOLE``, the array before it, with the type of its value."""

    base: Name
    steps: tuple[tuple[Expr, Type], ...] = ()

    @property
    def reads(self) -> set[str]:
        found = {self.base.id}
        for form, _ in self.steps:
            found |= reads(form) - {HOLE}
        return found

    @property
    def type(self) -> Type:
        return self.steps[-1][1] if self.steps else self.base.type

    def expression(self) -> Expr:
        whole: Expr = self.base
        for form, _ in self.steps:
            whole = shortened(substitute(form, {HOLE: whole}))
        return whole


@dataclass(frozen=True)
class _Lost:
    """A view that cannot be followed any more. ``reason``: the index that was changed, where that was it."""

    reason: str | None


_Known = dict[str, "_Place | _Lost"]


def _source(value: Expr) -> Name | None:
    """The variable that a value is, or is a view of."""
    match value:
        case Name():
            return value
        case Subscript(value=Name() as array, index=index) if is_view_index(index):
            return array
        case Apply(op=op, args=(Name() as array, *rest)) if op in PLACES:
            parts = (*rest, *(part for _, part in value.keywords))
            return array if all(map(_is_steady, parts)) else None
        case Apply(op=op, args=(Name() as array,), keywords=()) if op in SAME and type_of(array).kind == "array":
            return array if type_of(array).rank else None
    return None


def is_view_index(index: Expr) -> bool:
    """Whether an index surely gives a view: integers, slices, ``None`` and ``...``."""
    if isinstance(index, Tuple):
        return all(map(is_view_index, index.items))
    if isinstance(index, Slice):
        return True
    if isinstance(index, Const):
        return index.value is None or index.value is ... or type(index.value) is int
    return is_integer(index) or type_of(index).kind == "none"


def is_integer(index: Expr) -> bool:
    if isinstance(index, Const):
        return type(index.value) is int
    found = type_of(index)
    whole = found.dtype is not None and found.dtype.startswith(("int", "uint"))
    return isinstance(index, Name | Apply) and whole and found.is_immutable_scalar


def _is_steady(part: Expr) -> bool:
    """An argument of a view that no write changes."""
    if isinstance(part, Tuple):
        return all(map(_is_steady, part.items))
    return isinstance(part, Const) or (isinstance(part, Name) and type_of(part).kind in ("python", "scalar", "tuple"))


def shortened(expr: Expr) -> Expr:
    """``A[i][j]`` as ``A[i, j]``, ``x[1:][2:]`` as ``x[3:]``, ``A[:, 0][j]`` as ``A[j, 0]``: where they are equal."""
    if not (isinstance(expr, Subscript) and isinstance(expr.value, Subscript) and is_view_index(expr.index)):
        return expr
    first, second = expr.value.index, expr.index
    entries = first.items if isinstance(first, Tuple) else (first,)
    rest = list(second.items if isinstance(second, Tuple) else (second,))
    parts: list[Expr] = []
    for entry in entries:
        if is_integer(entry):
            parts.append(entry)  # it leaves no axis
            continue
        moved = _within(entry, rest.pop(0)) if rest and isinstance(entry, Slice) else entry
        if moved is None or not isinstance(entry, Slice):
            return expr
        parts.append(moved)
    parts += rest
    return Subscript(expr.value.value, parts[0] if len(parts) == 1 else Tuple(tuple(parts)))


WHOLE = Slice(None, None, None)


def _within(outer: Slice, entry: Expr) -> Expr | None:
    """An entry of an index into ``x[outer]`` as one into ``x``."""
    if outer == WHOLE and (isinstance(entry, Slice) or is_integer(entry)):
        return entry
    if entry == WHOLE:
        return outer
    start = _start(outer) if outer.upper is None else None
    if start is None:
        return None
    if isinstance(entry, Const) and type(entry.value) is int and entry.value >= 0:
        return Const(entry.value + start)
    if not isinstance(entry, Slice) or (inner := _start(entry)) is None:
        return None
    lower = Const(start + inner) if start + inner else None
    match entry.upper:
        case None:
            return Slice(lower, None, None)
        case Const(value=upper) if type(upper) is int and upper >= 0:
            return Slice(lower, Const(start + upper), None)
    return None


def _start(part: Slice) -> int | None:
    if part.step is not None:
        return None
    lower = part.lower
    if lower is None:
        return 0
    return lower.value if isinstance(lower, Const) and type(lower.value) is int and lower.value >= 0 else None


# ---------------------------------------------------------------- the pass
class _Substitution:
    """Writes ``chosen`` variables as the places that they are; ``failed`` are those of which it is not known."""

    def __init__(self, chosen: set[str], held: set[tuple[str, str]], supply: NameSupply, in_order: set[str]) -> None:
        self.chosen, self.held, self.supply, self.in_order = chosen, held, supply, in_order
        self.failed: dict[str, str | None] = {}
        self.known: _Known = {}
        self.at_break: list[list[_Known]] = []
        self.out: list[Stmt] = []

    # ------------------------------------------------------------ the flow of the program
    def block(self, block: Block) -> Block:
        outer, self.out = self.out, []
        for stmt in block:
            self.statement(stmt)
        made, self.out = tuple(self.out), outer
        return made

    def statement(self, stmt: Stmt) -> None:
        match stmt:
            case If():
                self.branch(self.read(stmt))
            case For() | While():
                self.loop(stmt)
            case Break():
                self.at_break[-1].append(dict(self.known))
                self.out.append(stmt)
            case Assign(target=Name() as target) if target.id in self.chosen and self.define(stmt, target, stmt.value):
                pass
            case Assign(target=Tuple(items=items), value=Name() as value) if (
                self.chosen & set(bound(stmt.target)) and type_of(value).kind == "array"
            ):
                for position, item in enumerate(items):
                    self.statement(Assign(item, Subscript(value, Const(position)), stmt.span))  # type: ignore[arg-type]
            case _:
                done = self.read(stmt)
                self.forget(rebinds(stmt), stmt)
                self.out.append(done)

    def branch(self, stmt: Stmt) -> None:
        assert isinstance(stmt, If)
        before = dict(self.known)
        if isinstance(stmt, Try):  # what was tried may have come to any point
            self.lose({name for inner in statements(stmt.orelse) for name in rebound(inner)})
        body = self.block(stmt.body)
        after, self.known = self.known, before
        orelse = self.block(stmt.orelse)
        if _leaves(orelse):
            self.known = after
        elif not _leaves(body):
            self.known = _meet(after, self.known)
        self.out.append(replace(stmt, body=body, orelse=orelse))

    def lose(self, changed: set[str]) -> None:
        """Views that are bound again somewhere, or whose array or index is, are not known there."""
        for name, place in self.known.items():
            if name in changed:
                self.known[name] = _Lost(None)
            elif isinstance(place, _Place) and place.reads & changed:
                self.known[name] = _lost(place, place.reads & changed)

    def loop(self, stmt: For | While) -> None:
        if isinstance(stmt, For):
            stmt = self.read(stmt)  # type: ignore[assignment]
        changed = {name for inner in statements(stmt.body) for name in rebound(inner)}
        changed |= set(bound(stmt.target)) if isinstance(stmt, For) else set()
        before = dict(self.known)
        self.lose(changed)
        over = self.rows(stmt) if isinstance(stmt, For) else None
        if over is not None:
            stmt = over
        elif isinstance(stmt, While):
            stmt = replace(stmt, test=self.inline(stmt.test))
        self.at_break.append([])
        body = self.block(stmt.body)
        left = self.at_break.pop()
        if not _leaves(body):
            self.known = _meet(self.known, before)
        else:
            self.known = before
        orelse = self.block(stmt.orelse)
        for known in left:
            self.known = _meet(self.known, known)
        self.out.append(replace(stmt, body=body, orelse=orelse))

    def rows(self, stmt: For) -> For | None:
        """``for row in A`` over the indexes of ``A``, where ``row`` is a view that is written, or whose array is."""
        target, array = stmt.target, stmt.iterable
        if not (isinstance(target, Name) and target.id in self.chosen and isinstance(array, Name)):
            return None
        if type_of(array).kind != "array" or target.type.kind != "array":
            self.failed.setdefault(target.id, None)
            return None
        index = Name(self.supply.fresh("i"), PYTHON_INT)
        self.known[target.id] = _Place(array, ((Subscript(Name(HOLE), index), target.type),))
        return replace(stmt, target=index, iterable=Apply("range", (Apply("len", (array,)),)))

    def define(self, stmt: Assign, target: Name, value: Expr) -> bool:
        """Whether ``target = value`` makes a view that is followed from here on."""
        source = _source(value)
        if source is None or target.type.kind != "array" or source.id == target.id:
            return False
        before = self.known.get(source.id)
        if isinstance(before, _Lost) or (before is None and (source.temporary or type_of(source).kind != "array")):
            return False  # (a temporary is a value: it is never written)
        place = before or _Place(source)
        if target.id in place.reads | reads(value):
            return False
        if isinstance(value, Apply) and value.op in VIEWS_IN_ORDER:
            self.guard(stmt, target, place)
        if not isinstance(value, Name) and not (isinstance(value, Apply) and value.op in SAME):
            form: Expr = value
            for name in sorted(reads(value) - {source.id}):
                if (target.id, name) in self.held:
                    kept = Name(self.supply.fresh(f"{name}_of_{target.id}"), _type_in(value, name))
                    self.out.append(Assign(kept, Name(name, kept.type), stmt.span))
                    form = substitute(form, {name: kept})
            form = substitute(form, {source.id: Name(HOLE, source.type)})
            place = _Place(place.base, (*place.steps, (form, target.type)))
        self.forget((target.id,), stmt)
        self.known[target.id] = place
        if stmt.comments is not None:
            said = (*stmt.comments.before, *(() if stmt.comments.beside is None else (stmt.comments.beside,)))
            self.out.extend(Remark(line.lstrip("# ")) for line in said)
        return True

    def guard(self, stmt: Assign, target: Name, place: _Place) -> None:
        """A check that a reshaped array is a view: NumPy makes a copy where the elements do not lie in order."""
        if not place.steps and place.base.id in self.in_order:
            return
        array = place.expression()
        ordered = Attribute(Attribute(array, "flags"), "c_contiguous")
        message = (
            f"{target.id} is written as a view, and would be a copy here: the array it is made of is not in C order"
        )
        error = Call(Global("ValueError"), (Const(message),))
        self.out.append(If(Apply("not", (ordered,)), (Raise(error, span=stmt.span),), span=stmt.span))

    def forget(self, names: Iterable[str], stmt: Stmt) -> None:
        """These names are bound anew."""
        if isinstance(stmt, Augment) and type_of(stmt.target).kind == "array":
            return
        changed = set(names)
        for name in changed:
            self.known.pop(name, None)
        for name, place in self.known.items():
            if isinstance(place, _Place) and place.reads & changed:
                self.known[name] = _lost(place, place.reads & changed)

    # ------------------------------------------------------------ reading
    def read(self, stmt: Stmt) -> Stmt:
        """The statement with places instead of the variables that are views; what it reads of them stands before it."""
        found = {name for expr in expressions(stmt) for name in reads(expr)} & self.known.keys()
        for name in sorted(found):
            place = self.known[name]
            if isinstance(place, _Lost):
                self.failed.setdefault(name, place.reason)
                found.discard(name)
        if not found:
            return stmt
        for name in sorted({name for expr in expressions(stmt) for name in _verbatim(expr)} & found):
            place = self.place(name)  # Python that is not taken apart reads the variable itself
            self.out.append(Assign(Name(name, place.type), place.expression(), stmt.span))
        made: dict[str, Expr] = {}

        def operand(expr: Expr) -> Expr:
            return self.operand(expr, made, stmt)

        match stmt:
            case Assign(value=Call() as call) | Evaluate(value=Call() as call) if call.writes:
                places = [self.array(arg) if k in call.writes else operand(arg) for k, arg in enumerate(call.arguments)]
                keywords = zip(call.keywords, places[len(call.args) :], strict=True)
                passed = replace(
                    call, args=tuple(places[: len(call.args)]), keywords=tuple((key, arg) for (key, _), arg in keywords)
                )
                return replace(stmt, value=passed)
            case Assign(target=Name(), value=Subscript(value=Name() as array, index=index)) if (
                array.id in found and is_view_index(index)
            ):
                return replace(stmt, value=shortened(Subscript(self.array(array), operand(index))))
            case Assign() | Augment():
                bind = isinstance(stmt, Assign) and isinstance(stmt.target, Name)
                target = stmt.target if bind else self.target(stmt.target, operand)
                return replace(stmt, target=target, value=operand(stmt.value))  # type: ignore[arg-type]  # as it was
            case For():
                return replace(stmt, iterable=operand(stmt.iterable))
            case Evaluate(value=Apply(args=(changed, *rest)) as update) if inplace_target(update) is not None:
                args = (self.array(changed), *map(operand, rest))
                return replace(stmt, value=replace(update, args=args))
            case Pop(target=Subscript()):
                return replace(stmt, target=self.target(stmt.target, operand))
        return map_statement(stmt, operand)

    def place(self, name: str) -> _Place:
        found = self.known[name]
        assert isinstance(found, _Place)
        return found

    def operand(self, expr: Expr, made: dict[str, Expr], stmt: Stmt) -> Expr:
        """An expression in which each view is a temporary that is made just before the statement."""
        if isinstance(expr, Name) and isinstance(self.known.get(expr.id), _Place):
            if expr.id not in made:
                made[expr.id] = self.view(self.place(expr.id), stmt)
            return made[expr.id]
        return rebuild(expr, lambda part: self.operand(part, made, stmt))

    def view(self, place: _Place, stmt: Stmt) -> Expr:
        """The place as a variable, one operation a statement."""
        whole: Expr = place.base
        made: tuple[Expr, Type] | None = None
        for form, type in place.steps:
            value = shortened(substitute(form, {HOLE: whole if made is None else made[0]}))
            if made is not None and not (isinstance(value, Subscript) and isinstance(value.value, Name)):
                whole = self.hold(*made, stmt)
                value = substitute(form, {HOLE: whole})
            made = value, type
        return whole if made is None else self.hold(*made, stmt)

    def hold(self, value: Expr, type: Type, stmt: Stmt) -> Name:
        held = self.supply.temporary(type)
        self.out.append(Assign(held, value, span=stmt.span))
        return held

    def inline(self, expr: Expr) -> Expr:
        """A test that is evaluated again and again, with whole places in it."""
        lost = {name for name in reads(expr) if isinstance(self.known.get(name), _Lost)}
        for name in sorted(lost):
            known = self.known[name]
            assert isinstance(known, _Lost)
            self.failed.setdefault(name, known.reason)
        for name in _verbatim(expr):
            if name in self.known:
                self.failed.setdefault(name, None)
        return substitute(
            expr, {name: place.expression() for name, place in self.known.items() if isinstance(place, _Place)}
        )

    def target(self, target: Any, operand: Callable[[Expr], Expr]) -> Any:
        """What a statement binds or writes into, as a part of an array that no view is held of."""
        if isinstance(target, Subscript):
            return shortened(Subscript(self.array(target.value), operand(target.index)))
        if isinstance(target, Name) and isinstance(self.known.get(target.id), _Place):
            whole = self.place(target.id).expression()
            return Subscript(whole, Const(...)) if isinstance(whole, Apply) else whole
        return target

    def array(self, expr: Expr) -> Expr:
        if isinstance(expr, Name):
            return self.place(expr.id).expression() if isinstance(self.known.get(expr.id), _Place) else expr
        return rebuild(expr, self.array)


def _lost(place: _Place, changed: set[str]) -> _Lost:
    return _Lost(None if place.base.id in changed else min(changed))


def _leaves(block: Block) -> bool:
    return bool(block) and isinstance(block[-1], Break)


def rebound(stmt: Stmt) -> tuple[str, ...]:
    """The names that a statement binds to another value: not those whose array it changes in place."""
    return () if isinstance(stmt, Augment) and type_of(stmt.target).kind == "array" else rebinds(stmt)


def _meet(one: Mapping[str, _Place | _Lost], other: Mapping[str, _Place | _Lost]) -> _Known:
    """What is known where two ways meet."""
    return {
        name: one[name] if name in one and one.get(name) == other.get(name) else _Lost(None)
        for name in one.keys() | other.keys()
    }


def _verbatim(expr: Expr) -> Iterator[str]:
    if isinstance(expr, Verbatim):
        yield from expr.reads
    for child in children(expr):
        yield from _verbatim(child)


def _type_in(value: Expr, name: str) -> Type:
    if isinstance(value, Name) and value.id == name:
        return value.type
    for child in children(value):
        found = _type_in(child, name)
        if found != Type():
            return found
    return Type()
