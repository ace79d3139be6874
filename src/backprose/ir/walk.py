"""Walking and rebuilding programs: the few traversals that every pass shares."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from operator import is_
from typing import Any, TypeVar

import gast
import numpy as np

from backprose.ir.nodes import (
    LEAVES,
    Apply,
    Assert,
    Assign,
    Attribute,
    Augment,
    Block,
    Break,
    Call,
    Compare,
    Conditional,
    Const,
    Cut,
    Dict,
    Each,
    Enter,
    Evaluate,
    Expr,
    For,
    Function,
    Global,
    If,
    List,
    Logic,
    Name,
    Pop,
    Push,
    Raise,
    Return,
    Slice,
    Starred,
    Stmt,
    Subscript,
    Target,
    Try,
    Tuple,
    Verbatim,
    While,
    children,
    once,
)

E = TypeVar("E", bound="Expr | None")
B = TypeVar("B", bound=If | For | While)
NOTHING: frozenset[str] = frozenset()


# ---------------------------------------------------------------- expressions
def names(expr: Expr | None) -> Iterator[Name]:
    """Every ``Name`` node in an expression, in the order of evaluation."""
    pending = [] if expr is None else [expr]
    while pending:
        part = pending.pop()
        if isinstance(part, Name):
            yield part
        elif isinstance(part, Each):
            yield from (name for child in children(part) for name in names(child) if name not in part.names)
        else:
            pending.extend(reversed(children(part)))


@once("_reads")
def reads(expr: Expr) -> frozenset[str]:
    """The local variables that an expression reads."""
    if isinstance(expr, Name):
        return frozenset((expr.id,))
    if isinstance(expr, Verbatim):
        return frozenset(expr.reads)
    if isinstance(expr, Each):
        return (reads(expr.item) - {name.id for name in expr.names}).union(*map(reads, expr.sources))
    return NOTHING.union(*map(reads, children(expr)))


@once("_calls")
def calls(expr: Expr) -> tuple[Call, ...]:
    """Every ``Call`` in an expression, from the outside in and from the last part to the first."""
    found: list[Call] = []
    pending = [expr]  # not by recursion: sums may be long
    while pending:
        part = pending.pop()
        if isinstance(part, Call):
            found.append(part)
        pending.extend(children(part))
    return tuple(found)


def subexpressions(expr: Expr) -> Iterator[Expr]:
    """An expression and every expression in it, from the outside in."""
    pending = [expr]  # not by recursion: sums may be long
    while pending:
        part = pending.pop()
        yield part
        pending.extend(reversed(children(part)))


def operations(expr: Expr) -> Iterator[Apply]:
    """Every operation in an expression."""
    return (part for part in subexpressions(expr) if isinstance(part, Apply))


def size(expr: Expr) -> int:
    """The number of operations in an expression."""
    own = 0 if isinstance(expr, (Slice, Tuple, Attribute)) else 1
    return sum(map(size, parts)) + own if (parts := children(expr)) else 0


def rebuild(expr: Expr, change: Callable[[Expr], Expr]) -> Expr:
    """The expression with ``change`` applied to each of its direct parts; itself, where that changes none of them."""
    old: tuple[object, ...]
    new: tuple[Any, ...]
    if type(expr) in LEAVES:
        return expr
    match expr:
        case Apply(args=args, keywords=keywords):
            made = _each(args, change)
            named = _named(keywords, change) if keywords else keywords
            return (
                expr if made is args and named is keywords else Apply(expr.op, made, named, expr.spelling, expr.place)
            )
        case Subscript(value=value, index=index):
            old, new = (value, index, expr.in_turn), (change(value), change(index), expr.in_turn)
        case Attribute(value=value, attr=attr):
            old, new = (value, attr), (change(value), attr)
        case Call(function=function, args=args, keywords=keywords):
            new = (change(function), _each(args, change), _named(keywords, change))
            return (
                expr
                if _same((function, args, keywords), new)
                else replace(expr, function=new[0], args=new[1], keywords=new[2])
            )
        case Tuple(items=items) | List(items=items):
            old, new = (items,), (_each(items, change),)
        case Slice(lower=lower, upper=upper, step=step):
            old, new = (lower, upper, step), tuple(_optional(part, change) for part in (lower, upper, step))
        case Compare(operands=operands, ops=ops):
            old, new = (operands, ops), (_each(operands, change), ops)
        case Logic(op=op, operands=operands):
            old, new = (op, operands), (op, _each(operands, change))
        case Conditional(test=test, body=body, orelse=orelse):
            old, new = (test, body, orelse), (change(test), change(body), change(orelse))
        case Dict(keys=keys, items=items):
            given = tuple(_optional(key, change) for key in keys)
            old, new = (keys, items), (keys if _same(keys, given) else given, _each(items, change))
        case Starred(value=value):
            old, new = (value,), (change(value),)
        case Each(item=item, names=own, sources=sources):
            old, new = (item, own, sources), (change(item), own, _each(sources, change))
        case _:
            raise TypeError(f"{expr!r} is no expression")
    return expr if _same(old, new) else type(expr)(*new)


def _same(old: tuple[object, ...], new: tuple[object, ...]) -> bool:
    """Whether nothing changed: each part is the very same object."""
    return all(map(is_, old, new))


def _each(parts: tuple[Expr, ...], change: Callable[[Expr], Expr]) -> tuple[Expr, ...]:
    made = tuple(map(change, parts))
    return parts if all(map(is_, parts, made)) else made


def _named(parts: tuple[tuple[str, Expr], ...], change: Callable[[Expr], Expr]) -> tuple[tuple[str, Expr], ...]:
    if not parts:
        return parts
    made = tuple((key, change(value)) for key, value in parts)
    same = all(one is other for (_, one), (_, other) in zip(parts, made, strict=True))
    return parts if same else made


def _optional(part: Expr | None, change: Callable[[Expr], Expr]) -> Expr | None:
    return None if part is None else change(part)


def bottom_up(expr: Expr, change: Callable[[Expr], Expr]) -> Expr:
    """The expression with ``change`` applied to every node, parts first; the item of an ``Each`` is left as it is."""
    return _BottomUp(change).changed(expr)


class _BottomUp:  # a function that calls itself would be a cycle, for the collector to free
    __slots__ = ("change",)

    def __init__(self, change: Callable[[Expr], Expr]) -> None:
        self.change = change

    def changed(self, expr: Expr) -> Expr:
        if type(expr) in LEAVES:
            return self.change(expr)
        if isinstance(expr, Each):
            return self.change(Each(expr.item, expr.names, _each(expr.sources, self.changed)))
        return self.change(rebuild(expr, self.changed))


def substitute(expr: Expr, values: Mapping[str, Expr]) -> Expr:
    """The expression with names replaced; a ``Verbatim`` is left as it is."""
    if isinstance(expr, Name):
        return values.get(expr.id, expr)
    return rebuild(expr, lambda part: substitute(part, values))


# ---------------------------------------------------------------- places
ALWAYS_VIEWS = frozenset(
    {
        "transpose", "expand_dims", "squeeze", "swapaxes", "moveaxis", "flip", "diagonal", "broadcast_to", "real",
        "imag", "flipud", "fliplr", "atleast_2d", "matrix_transpose",
    }
)  # fmt: skip
VIEWS_IN_ORDER = frozenset({"reshape", "ravel"})  # views where the elements of the array lie in C order
PLACES = ALWAYS_VIEWS | VIEWS_IN_ORDER  # what a place may go through: ``x.T[0]``


def base(target: Expr) -> Name | None:
    """The variable whose content a write to ``target`` changes: ``x`` of ``x[i]``, ``x.T[i]``, ``x.part``."""
    while (inner := whole_of(target)) is not None:
        target = inner
    return target if isinstance(target, Name) else None


def root_of(expr: Expr) -> Expr:
    """What an expression is a part of: ``a`` of ``a.b[i]``."""
    while isinstance(expr, (Subscript, Attribute)):
        expr = expr.value
    return expr


def is_path(expr: Expr) -> bool:
    """Whether an expression is a dotted name of a global: ``config.model.rate``."""
    while isinstance(expr, Attribute):
        expr = expr.value
    return isinstance(expr, Global)


def is_outside(place: Expr) -> bool:
    """Whether a place is an attribute or item, by a constant, of a global or of a part of one."""
    while isinstance(place, Attribute) or (isinstance(place, Subscript) and isinstance(place.index, Const)):
        place = place.value
    return isinstance(place, Global)


def whole_of(place: Expr) -> Expr | None:
    """What a place is a part of, one step: ``x.T`` of ``x.T[0]``; None where it is no part."""
    match place:
        case Subscript(value=value) | Attribute(value=value):
            return value
        case Apply(op=op, args=(first, *_)) if op in PLACES:
            return first
    return None


def rebased(target: E, array: Expr) -> E:
    """The place with another array in place of the one that it is a part of: ``y.T[i]`` for ``x.T[i]``."""
    match target:
        case Subscript(value=value):
            return replace(target, value=rebased(value, array))
        case Apply(args=(first, *rest)):
            return replace(target, args=(rebased(first, array), *rest))
    return array  # type: ignore[return-value]  # the innermost part is any expression


def place_reads(target: Expr) -> frozenset[str]:
    """What a place reads besides the array that it is a part of: its indexes."""
    found = NOTHING
    while (inner := whole_of(target)) is not None:
        found = found.union(*(reads(part) for part in children(target) if part is not inner))
        target = inner
    return found


# ---------------------------------------------------------------- statements
def bound(target: Expr) -> tuple[str, ...]:
    """The names that assigning to ``target`` binds."""
    match target:
        case Name(id=name):
            return (name,)
        case Tuple(items=items):
            return tuple(name for item in items for name in bound(item))
        case Starred(value=value):
            return bound(value)
    return ()


def targets(stmt: Stmt) -> tuple[Target, ...]:
    match stmt:
        case Assign(target=target) | Augment(target=target) | For(target=target) | Pop(target=target):
            return (target,)
        case Enter(target=target) | Try(name=target) if target is not None:
            return (target,)
    return ()


@once("_rebinds")
def rebinds(stmt: Stmt) -> tuple[str, ...]:
    """The names that the statement itself (not the blocks in it) binds anew."""
    if isinstance(stmt, Augment) and not isinstance(stmt.target, Name):
        return ()
    return tuple(name for target in targets(stmt) for name in bound(target))


UPDATES = frozenset(["add.at", "subtract.at"])  # operations with an effect: on their first operand


def inplace_target(expr: Expr) -> Expr | None:
    """What an operation with an effect writes into: the first operand of ``np.add.at``."""
    return expr.args[0] if isinstance(expr, Apply) and expr.op in UPDATES else None


def written_place(stmt: Stmt) -> Subscript | None:
    """The part of an array that a statement writes: ``x[i]`` of ``x[i] = v`` and of ``np.add.at(x, i, v)``."""
    match stmt:
        case Assign(target=Subscript() as target) | Augment(target=Subscript() as target):
            return target
        case Evaluate(value=Apply(op=op, args=(array, index, _))) if op in UPDATES:
            return Subscript(array, index)
    return None


@once("_writes")
def writes(stmt: Stmt) -> tuple[str, ...]:
    """The names whose *content* the statement changes in place (``Augment`` of a name counts)."""
    if isinstance(stmt, Augment) and isinstance(stmt.target, Name):
        return (stmt.target.id,)
    if isinstance(stmt, (Push, Pop, Cut)):
        stack = (stmt.stack.id,)
        place = base(stmt.target) if isinstance(stmt, Pop) and not isinstance(stmt.target, Name) else None
        return stack if place is None else (*stack, place.id)
    found = []
    for target in targets(stmt):
        for item in target.items if isinstance(target, Tuple) else (target,):
            place = base(item)
            if not isinstance(item, Name) and place is not None:
                found.append(place.id)
    if isinstance(stmt, Evaluate):
        effect = inplace_target(stmt.value)
        place = None if effect is None else base(effect)
        if place is not None:
            found.append(place.id)
    for written in call_writes(stmt):
        place = base(written)
        if place is not None:
            found.append(place.id)
    return tuple(found)


@once("_touches")
def touches(stmt: Stmt) -> frozenset[str]:
    """Objects that are no numbers or arrays, which a method or ``seen |= {k}`` changes."""
    found: set[str] = set()
    if isinstance(stmt, Augment) and isinstance(stmt.target, Name):
        operands = (stmt.target, stmt.value)
        if any(isinstance(one, Verbatim) or (isinstance(one, Name) and one.type.kind == "other") for one in operands):
            found.add(stmt.target.id)
    for expr in expressions(stmt):
        for call in calls(expr):
            owner = base(call.function)
            if (
                owner is not None
                and owner.type.kind in ("unknown", "other", "object")
                and not _only_reads(call.function)
            ):
                found.add(owner.id)
    return frozenset(found)


def _only_reads(method: Expr) -> bool:
    """Whether a method has the name of one of arrays that changes nothing."""
    return isinstance(method, Attribute) and hasattr(np.ndarray, method.attr) and method.attr not in CHANGING_METHODS


def looks_only(name: str) -> bool:
    """Whether methods of this name change none of their arguments: those of arrays, of strings, of loggers, of
    generators of random numbers (but ``shuffle``), and of what takes an item in."""
    drawing = hasattr(np.random.Generator, name) and name != "shuffle"
    return drawing or hasattr(np.ndarray, name) or hasattr(logging.Logger, name) or hasattr(str, name) or name in TAKING


TAKING = frozenset("append appendleft extend add update write writerow get submit put".split())
CHANGING_METHODS = frozenset("fill itemset partition put resize setfield setflags sort byteswap".split())


def call_writes(stmt: Stmt) -> tuple[Expr, ...]:
    """The places that the calls in a statement change."""
    return tuple(place for expr in reversed(expressions(stmt)) for call in calls(expr) for place in call.written)


@once("_evaluated")
def expressions(stmt: Stmt) -> tuple[Expr, ...]:
    """What the statement itself evaluates, in order; of a target, only what it reads (``x`` and ``i`` of ``x[i]``)."""
    match stmt:
        case Assign(target=target, value=value):
            return (value, *target_reads(target))
        case Augment(target=target, value=value):
            return (target, value)
        case Evaluate(value=value):
            return (value,)
        case Enter(context=context):
            return (context,)
        case Try(test=test, caught=caught) if caught is not None:
            return (test, caught)
        case If(test=test) | While(test=test):
            return (test,)
        case For(target=target, iterable=iterable):
            return (iterable, *target_reads(target))
        case Return(value=value):
            return () if value is None else (value,)
        case Raise(exception=exception, cause=cause):
            return tuple(part for part in (exception, cause) if part is not None)
        case Assert(test=test, message=message):
            return (test,) if message is None else (test, message)
        case Push(stack=stack, value=value):
            return (value, stack)
        case Pop(target=target, stack=stack):
            return (stack, *target_reads(target))
        case Cut(stack=stack, length=length):
            return (stack, length)
    return ()


def target_reads(target: Expr) -> tuple[Expr, ...]:
    match target:
        case Name():
            return ()
        case Tuple(items=items):
            return tuple(part for item in items for part in target_reads(item))
        case Subscript(value=value, index=index):
            return (value, index)
        case Attribute(value=value):
            return (value,)
    return ()


@once("_statement_reads")
def statement_reads(stmt: Stmt) -> frozenset[str]:
    """The names that the statement itself (not the blocks in it) reads."""
    return NOTHING.union(*map(reads, expressions(stmt)))


def blocks(stmt: Stmt) -> tuple[Block, ...]:
    if isinstance(stmt, (If, For, While)):
        return (stmt.body, stmt.orelse)
    return ()


def kept(block: Block, made: Sequence[Stmt]) -> Block:
    """What a pass made of a block: the block itself where it left every statement as it was."""
    return block if len(made) == len(block) and all(map(is_, block, made)) else tuple(made)


def with_body(function: Function, body: Block) -> Function:
    """The function with a body; itself where it has that one already."""
    return function if body is function.body else replace(function, body=body)


def with_blocks(stmt: B, body: Block, orelse: Block) -> B:
    """The statement with these blocks; itself where it has them already."""
    return stmt if body is stmt.body and orelse is stmt.orelse else replace(stmt, body=body, orelse=orelse)


def map_blocks(stmt: Stmt, change: Callable[[Block], Block]) -> Stmt:
    """The statement with ``change`` applied to the blocks in it; itself, where they stay as they are."""
    return with_blocks(stmt, change(stmt.body), change(stmt.orelse)) if isinstance(stmt, (If, For, While)) else stmt


def statements(block: Iterable[Stmt]) -> Iterator[Stmt]:
    """Every statement of a block, those of nested blocks after their header."""
    pending = [*block][::-1]
    while pending:
        stmt = pending.pop()
        yield stmt
        if isinstance(stmt, (If, For, While)):
            pending.extend(reversed(stmt.orelse))
            pending.extend(reversed(stmt.body))


def map_statement(stmt: Stmt, change: Callable[[Expr], Expr]) -> Stmt:
    """The statement with ``change`` applied to what it evaluates and to its targets; blocks are left alone.

    It is the same statement where nothing changes.
    """
    changed: dict[str, Any] = {}
    for name in _PARTS.get(type(stmt), ()):
        part = getattr(stmt, name)
        if part is not None and (made := change(part)) is not part:
            changed[name] = made
    return replace(stmt, **changed) if changed else stmt


_PARTS: Mapping[type, tuple[str, ...]] = {
    Assign: ("target", "value"),
    Augment: ("target", "value"),
    Evaluate: ("value",),
    Enter: ("context", "target"),
    Try: ("test", "caught", "name"),
    If: ("test",),
    While: ("test",),
    For: ("target", "iterable"),
    Return: ("value",),
    Raise: ("exception", "cause"),
    Assert: ("test", "message"),
    Push: ("stack", "value"),
    Pop: ("target", "stack"),
    Cut: ("stack", "length"),
}


def map_block(block: Block, change: Callable[[Expr], Expr], ours: bool = False) -> Block:
    """Every statement of a block, nested ones included, through ``map_statement``; ``ours``: only those of ours."""
    result: list[Stmt] = []
    for stmt in block:
        if stmt.ours or not ours:
            stmt = map_statement(stmt, change)
        result.append(map_blocks(stmt, lambda inner: map_block(inner, change, ours)))
    return kept(block, result)


def all_names(block: Iterable[Stmt]) -> set[str]:
    """Every local name that a block reads or binds."""
    found: set[str] = set()
    for stmt in statements(block):
        found |= statement_reads(stmt)
        found.update(rebinds(stmt))
        found.update(writes(stmt))
    return found


def parts_of(block: Iterable[Stmt]) -> Iterator[Expr]:
    """Every expression in the statements of a block, inner blocks included, and every expression in these."""
    return (part for stmt in statements(block) for whole in expressions(stmt) for part in subexpressions(whole))


def globals_in(block: Iterable[Stmt]) -> set[str]:
    """The names that statements read from outside."""
    found: set[str] = set()
    for expr in parts_of(block):
        if isinstance(expr, Global):
            found.add(expr.id)
        if isinstance(expr, Verbatim):
            found |= {node.id for node in gast.walk(expr.tree) if isinstance(node, gast.Name)}
        if isinstance(expr, Apply) and expr.spelling.startswith("function:"):
            found.add(expr.spelling.removeprefix("function:").partition(".")[0])
    return found


def join(groups: dict[str, set[str]], one: str, other: str) -> None:
    """Puts two names into one group; the names of a group have the same set."""
    larger, smaller = groups.setdefault(one, {one}), groups.setdefault(other, {other})
    if larger is smaller:
        return
    if len(larger) < len(smaller):
        larger, smaller = smaller, larger
    larger |= smaller
    for name in smaller:
        groups[name] = larger


def certain_names(block: tuple[Stmt, ...]) -> set[str]:
    """Names that a block certainly binds."""
    found: set[str] = set()
    for stmt in block:
        if isinstance(stmt, If):
            sides = [certain_names(side) for side in (stmt.body, stmt.orelse)]
            exits = [bool(side) and isinstance(side[-1], Break) for side in (stmt.body, stmt.orelse)]
            if exits[0]:
                found |= sides[1]
            elif exits[1]:
                found |= sides[0]
            else:
                found |= sides[0] & sides[1]
        elif not isinstance(stmt, (For, While)):
            found.update(rebinds(stmt))
    return found
