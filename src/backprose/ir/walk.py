"""Walking and rebuilding programs: the few traversals that every pass shares."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from backprose.ir.nodes import (
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
    Cut,
    Dict,
    Each,
    Enter,
    Evaluate,
    Expr,
    For,
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
)

E = TypeVar("E", bound="Expr | None")


# ---------------------------------------------------------------- expressions
def names(expr: Expr | None) -> Iterator[Name]:
    """Every ``Name`` node in an expression, in the order of evaluation."""
    if isinstance(expr, Name):
        yield expr
    elif expr is not None:
        own = expr.names if isinstance(expr, Each) else ()
        for child in children(expr):
            yield from (name for name in names(child) if name not in own)


def reads(expr: Expr | None) -> set[str]:
    """The local variables that an expression reads."""
    found: set[str] = set()
    stack: list[Expr] = [] if expr is None else [expr]
    while stack:
        node = stack.pop()
        if isinstance(node, Name):
            found.add(node.id)
        elif isinstance(node, Verbatim):
            found.update(node.reads)
        elif isinstance(node, Each):
            found |= reads(node.item) - {name.id for name in node.names}
            stack.extend(node.sources)
        else:
            stack.extend(children(node))
    return found


def size(expr: Expr) -> int:
    """The number of operations in an expression."""
    own = 0 if isinstance(expr, (Slice, Tuple, Attribute)) else 1
    return sum(map(size, children(expr))) + (own if any(True for _ in children(expr)) else 0)


def rebuild(expr: Expr, change: Callable[[Expr], Expr]) -> Expr:
    """The expression with ``change`` applied to each of its direct parts."""
    match expr:
        case Apply(args=args, keywords=keywords):
            return replace(
                expr, args=tuple(map(change, args)), keywords=tuple((key, change(value)) for key, value in keywords)
            )
        case Call(function=function, args=args, keywords=keywords):
            return replace(
                expr,
                function=change(function),
                args=tuple(map(change, args)),
                keywords=tuple((key, change(value)) for key, value in keywords),
            )
        case Attribute(value=value, attr=attr):
            return Attribute(change(value), attr)
        case Subscript(value=value, index=index):
            return Subscript(change(value), change(index))
        case Slice(lower=lower, upper=upper, step=step):
            return Slice(*(None if part is None else change(part) for part in (lower, upper, step)))
        case Tuple(items=items):
            return Tuple(tuple(map(change, items)))
        case List(items=items):
            return List(tuple(map(change, items)))
        case Dict(keys=keys, items=items):
            return Dict(tuple(None if key is None else change(key) for key in keys), tuple(map(change, items)))
        case Starred(value=value):
            return Starred(change(value))
        case Compare(operands=operands, ops=ops):
            return Compare(tuple(map(change, operands)), ops)
        case Logic(op=op, operands=operands):
            return Logic(op, tuple(map(change, operands)))
        case Conditional(test=test, body=body, orelse=orelse):
            return Conditional(change(test), change(body), change(orelse))
        case Each(item=item, names=own, sources=sources):
            return Each(change(item), own, tuple(map(change, sources)))
    return expr


def bottom_up(expr: Expr, change: Callable[[Expr], Expr]) -> Expr:
    """The expression with ``change`` applied to every node, parts first; the item of an ``Each`` is left as it is."""
    if isinstance(expr, Each):
        return change(replace(expr, sources=tuple(bottom_up(source, change) for source in expr.sources)))
    return change(rebuild(expr, lambda part: bottom_up(part, change)))


def substitute(expr: Expr, values: Mapping[str, Expr]) -> Expr:
    """The expression with names replaced; a ``Verbatim`` is left as it is."""
    if isinstance(expr, Name):
        return values.get(expr.id, expr)
    return rebuild(expr, lambda part: substitute(part, values))


# ---------------------------------------------------------------- places
ALWAYS_VIEWS = frozenset(
    {"transpose", "expand_dims", "squeeze", "swapaxes", "moveaxis", "flip", "diagonal", "broadcast_to"}
)
VIEWS_IN_ORDER = frozenset({"reshape", "ravel"})  # views where the elements of the array lie in C order
PLACES = ALWAYS_VIEWS | VIEWS_IN_ORDER  # what a place may go through: ``x.T[0]``


def base(target: Expr) -> Name | None:
    """The variable whose content a write to ``target`` changes: ``x`` of ``x[i]``, ``x.T[i]``, ``x.part``."""
    while (inner := whole_of(target)) is not None:
        target = inner
    return target if isinstance(target, Name) else None


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


def place_reads(target: Expr) -> set[str]:
    """What a place reads besides the array that it is a part of: its indexes."""
    found: set[str] = set()
    while (inner := whole_of(target)) is not None:
        found |= set().union(*(reads(part) for part in children(target) if part is not inner))
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


def call_writes(stmt: Stmt) -> tuple[Expr, ...]:
    """The places that the calls in a statement change."""
    found: list[Expr] = []
    stack: list[Expr] = list(expressions(stmt))
    while stack:
        expr = stack.pop()
        if isinstance(expr, Call):
            found.extend(expr.written)
        stack.extend(children(expr))
    return tuple(found)


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


def statement_reads(stmt: Stmt) -> set[str]:
    """The names that the statement itself (not the blocks in it) reads."""
    return set().union(*map(reads, expressions(stmt)))


def blocks(stmt: Stmt) -> tuple[Block, ...]:
    if isinstance(stmt, (If, For, While)):
        return (stmt.body, stmt.orelse)
    return ()


def map_blocks(stmt: Stmt, change: Callable[[Block], Block]) -> Stmt:
    """The statement with ``change`` applied to the blocks in it."""
    if isinstance(stmt, (If, For, While)):
        return replace(stmt, body=change(stmt.body), orelse=change(stmt.orelse))
    return stmt


def statements(block: Iterable[Stmt]) -> Iterator[Stmt]:
    """Every statement of a block, those of nested blocks after their header."""
    for stmt in block:
        yield stmt
        for inner in blocks(stmt):
            yield from statements(inner)


def map_statement(stmt: Stmt, change: Callable[[Expr], Expr]) -> Stmt:
    """The statement with ``change`` applied to what it evaluates and to its targets; blocks are left alone."""

    def target(old: Target) -> Any:  # a change makes a target of a target
        return change(old)

    def optional(old: Expr | None) -> Expr | None:
        return None if old is None else change(old)

    match stmt:
        case Assign() | Augment():
            return replace(stmt, target=target(stmt.target), value=change(stmt.value))
        case Evaluate():
            return replace(stmt, value=change(stmt.value))
        case Enter(target=bound_to):
            return replace(stmt, context=change(stmt.context), target=None if bound_to is None else target(bound_to))
        case Try(name=named):
            name = None if named is None else target(named)
            return replace(stmt, test=change(stmt.test), caught=optional(stmt.caught), name=name)
        case If() | While():
            return replace(stmt, test=change(stmt.test))
        case For():
            return replace(stmt, target=target(stmt.target), iterable=change(stmt.iterable))
        case Return():
            return replace(stmt, value=optional(stmt.value))
        case Raise():
            return replace(stmt, exception=optional(stmt.exception), cause=optional(stmt.cause))
        case Assert():
            return replace(stmt, test=change(stmt.test), message=optional(stmt.message))
        case Push():
            return replace(stmt, stack=target(stmt.stack), value=change(stmt.value))
        case Pop():
            return replace(stmt, target=target(stmt.target), stack=target(stmt.stack))
        case Cut():
            return replace(stmt, stack=target(stmt.stack), length=target(stmt.length))
    return stmt


def map_block(block: Block, change: Callable[[Expr], Expr], ours: bool = False) -> Block:
    """Every statement of a block, nested ones included, through ``map_statement``; ``ours``: only those of ours."""
    result: list[Stmt] = []
    for stmt in block:
        if stmt.ours or not ours:
            stmt = map_statement(stmt, change)
        if isinstance(stmt, (If, For, While)):
            stmt = replace(stmt, body=map_block(stmt.body, change, ours), orelse=map_block(stmt.orelse, change, ours))
        result.append(stmt)
    return tuple(result)


def all_names(block: Iterable[Stmt]) -> set[str]:
    """Every local name that a block reads or binds."""
    found: set[str] = set()
    for stmt in statements(block):
        found |= statement_reads(stmt)
        found.update(rebinds(stmt))
        found.update(writes(stmt))
    return found


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
