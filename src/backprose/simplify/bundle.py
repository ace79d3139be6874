"""What a turn of a loop saves, on one list.

First a value that every way out of a turn saves is saved before the ways part; then values that are always saved
together, and read back together, go on one list as tuples.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from backprose.analyse.types import type_of
from backprose.ir.names import NameSupply
from backprose.ir.nodes import (
    Apply,
    Assign,
    Block,
    Break,
    Cut,
    Expr,
    For,
    Function,
    If,
    List,
    Name,
    Pop,
    Push,
    Return,
    Stmt,
    Try,
    Tuple,
    While,
)
from backprose.ir.walk import (
    expressions,
    kept,
    map_blocks,
    names,
    rebinds,
    rebuild,
    statements,
    targets,
    with_blocks,
    with_body,
)

Saves: TypeAlias = "dict[str, int | None]"  # how often on each list; None: that depends


# ---------------------------------------------------------------- once for all ways out
def save_once(function: Function) -> Function:
    """What every way out of a turn saves is saved before the ways part.

    >>> from backprose.emit import emit
    >>> from backprose.ir.nodes import Break, Program
    >>> x, s, t = Name("x"), Name("saved_x"), Name("t")
    >>> push = Push(s, x, ours=True)
    >>> body = (Assign(t, Apply("sin", (x,))), If(t, (push, Break()), (Assign(t, x), push)))
    >>> function = Function("f", (), (While(x, body),), None)
    >>> print(emit(Program((save_once(function),))).text, end="")
    def f():
        while x:
            t = np.sin(x)
            saved_x.append(x)
            if t:
                break
            else:
                t = x
    """
    return with_body(function, _saved_once(function.body))


def _saved_once(block: Block) -> Block:
    fall, leave = _saves(block)
    ways = _either(fall, leave)
    often = Counter(inner.stack.id for inner in statements(block) if isinstance(inner, Push))
    once = {stack for stack, times in ways.items() if times == 1 and often[stack] > 1} if ways else set()
    early: dict[str, Push] = {}
    result: list[Stmt] = []
    for position, stmt in enumerate(block):
        new = {
            inner.stack.id: inner
            for inner in statements((stmt,))
            if isinstance(inner, Push) and inner.stack.id in once - early.keys()
        }
        steady = [push for push in new.values() if not _changes(block[position:], push)]
        result += steady
        early.update((push.stack.id, push) for push in steady)
        once -= new.keys() - early.keys()
        result += _without(stmt, early)
    return kept(block, [stmt if isinstance(stmt, Try) else map_blocks(stmt, _saved_once) for stmt in result])


def _changes(block: Block, push: Push) -> bool:
    """Whether it matters where in a block the value is saved: it is bound anew, or other than what a variable holds."""
    inside = list(statements(block))
    same = all(one.value == push.value for one in inside if isinstance(one, Push) and one.stack == push.stack)
    name = push.value.id if isinstance(push.value, Name) else None
    return not same or name is None or any(name in rebinds(one) for one in inside)


def _without(stmt: Stmt, early: Mapping[str, Push]) -> Block:
    if isinstance(stmt, Push) and stmt.stack.id in early:
        return ()
    if isinstance(stmt, If):
        sides = (tuple(one for inner in side for one in _without(inner, early)) for side in (stmt.body, stmt.orelse))
        return (with_blocks(stmt, kept(stmt.body, next(sides)), kept(stmt.orelse, next(sides))),)
    return (stmt,)


def _saves(block: Block) -> tuple[Saves | None, Saves | None]:
    """How often a block saves on each list where its end is reached, and where it leaves the loop."""
    fall: Saves | None = {}
    leave: Saves | None = None
    for stmt in block:
        assert fall is not None
        match stmt:
            case Break():
                leave, fall = _either(leave, fall), None
            case Push(stack=stack):
                fall = {**fall, stack.id: _sum(fall.get(stack.id, 0), 1 if _is_save(stmt) else None)}
            case Try() | For() | While():  # what was saved before an exception is forgotten: it stays where it is
                fall = fall | {one.stack.id: None for one in statements((stmt,)) if isinstance(one, (Push, Pop, Cut))}
            case If(body=body, orelse=orelse):
                ends = [_saves(body), _saves(orelse)]
                for _end, out in ends:
                    leave = _either(leave, None if out is None else _both(fall, out))
                through = _either(ends[0][0], ends[1][0])
                fall = None if through is None else _both(fall, through)
            case Pop(stack=stack) | Cut(stack=stack):
                fall = {**fall, stack.id: None}
        if fall is None:
            break
    return fall, leave


def _sum(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else one + other


def _both(one: Saves, other: Saves) -> Saves:
    """After one way and then another."""
    return {stack: _sum(one.get(stack, 0), other.get(stack, 0)) for stack in one.keys() | other.keys()}


def _either(one: Saves | None, other: Saves | None) -> Saves | None:
    """After one way or another; None for a way that does not exist."""
    if one is None or other is None:
        return other if one is None else one
    stacks = one.keys() | other.keys()
    return {stack: one.get(stack, 0) if one.get(stack, 0) == other.get(stack, 0) else None for stack in stacks}


# ---------------------------------------------------------------- together
Lists: TypeAlias = "Mapping[str, tuple[Name, int, int]]"  # the list instead of each, its place on it, and of how many


@dataclass
class _Uses:
    """Where a list is added to and taken from, by the runs of such statements, and how often anything else is done."""

    value: str = ""  # the variable that is saved
    pushed: list[int] = field(default_factory=list)
    popped: list[int] = field(default_factory=list)
    others: int = 0


def bundle(functions: Sequence[Function], supply: NameSupply) -> list[Function]:
    """``saved.append((a, b))`` for ``saved_a.append(a)`` and ``saved_b.append(b)``, and ``a, b = saved.pop()``.

    >>> from backprose.emit import emit
    >>> from backprose.ir.nodes import Program
    >>> from backprose.ir.types import PYTHON_FLOAT
    >>> from backprose.pipeline import Request, stages
    >>> def f(x, n):
    ...     for i in range(n):
    ...         y = np.sin(x)
    ...         z = np.sin(y)
    ...         x = z * z * y
    ...     return x
    >>> import numpy as np
    >>> request = Request(f, "reverse", ("x",), signature={"x": PYTHON_FLOAT})
    >>> print(dict(stages(request))["emit"].partition("result = ")[0], end="")
    def f_grad(x, n, *, result_bar=1.0):
        # forward
        saved_x = []
        saved = []
        for i in range(n):
            y = np.sin(x)
            z = np.sin(y)
            saved_x.append(x)
            x = z * z * y
            saved.append((y, z))
    <BLANKLINE>
        # return x
        x_bar = result_bar
        for i in reversed(range(n)):
            y, z = saved.pop()
            ...
    """
    uses: dict[str, _Uses] = {}
    run = 0
    for block in (block for function in functions for block in _blocks(function.body)):
        before: Stmt | None = None
        for stmt in block:
            run += 0 if before is not None and _goes_on(before, stmt) else 1
            _note(stmt, run, uses)
            before = stmt
    together: dict[tuple[tuple[int, ...], tuple[int, ...]], list[str]] = {}
    for name, use in uses.items():
        once = len(set(use.pushed)) == len(use.pushed) and len(set(use.popped)) == len(use.popped)
        if use.pushed and use.popped and once and not use.others:
            together.setdefault((tuple(use.pushed), tuple(use.popped)), []).append(name)
    made: dict[str, int] = {}
    for number, stmt in enumerate(one for function in functions[-1:] for one in statements(function.body)):
        for target in rebinds(stmt):
            made.setdefault(target, number)
    lists: dict[str, tuple[Name, int, int]] = {}
    wish = "saved" if len(functions) == 1 else "saved_values"  # a pullback is handed what is called ``saved``
    for group in together.values():
        if len(group) > 1:
            one = Name(supply.fresh(wish))
            group.sort(key=lambda name: made.get(uses[name].value, 0))
            lists.update({name: (one, place, len(group)) for place, name in enumerate(group)})
    if not lists:
        return list(functions)
    new = {one.id for one, _, _ in lists.values()}
    return [with_body(function, _begun_first(_bundled(function.body, lists), new)) for function in functions]


def _note(stmt: Stmt, run: int, uses: dict[str, _Uses]) -> None:
    match stmt:
        case Push(stack=stack, value=value) if _is_save(stmt):
            others = [name.id for name in names(value)]
            use = uses.setdefault(stack.id, _Uses())
            use.pushed.append(run)
            use.value = others[0] if others else ""
            use.others += type_of(value).kind == "list"  # it stays on a stack of its own
        case Pop(stack=stack, target=Name() as target) if _is_save(stmt):
            uses.setdefault(stack.id, _Uses()).popped.append(run)
            others = [target.id]
        case Assign(target=Name(), value=List(items=())) | Return():
            others = []
        case Assign(target=Name(id=target), value=Apply(op="list", args=(Name(id=source),))) if target == source:
            others = []  # of what a pullback is handed
        case Assign(target=Tuple(items=items), value=Name(id=source)) if all(isinstance(one, Name) for one in items):
            others = [source]
        case _:
            alone = replace(stmt, body=(), orelse=()) if isinstance(stmt, (If, For, While)) else stmt
            others = [name.id for part in (*expressions(alone), *targets(alone)) for name in names(part)]
    for name in others:
        uses.setdefault(name, _Uses()).others += 1


def _is_save(stmt: Stmt) -> bool:
    return stmt.ours and not stmt.comments


def _goes_on(before: Stmt, stmt: Stmt) -> bool:
    """Whether a statement goes on saving, or reading back, where the one before it does so."""
    if isinstance(stmt, Push):
        return isinstance(before, Push) and _is_save(before) and _is_save(stmt)
    return (isinstance(before, Pop) or _is_own(before)) and (isinstance(stmt, Pop) or _is_own(stmt)) and _is_save(stmt)


def _is_own(stmt: Stmt) -> bool:
    """``x = x.copy()`` of what was read back, to be written to."""
    match stmt:
        case Assign(target=Name(id=target), value=Apply(op="copy" | "own" | "list", args=(Name(id=source),))):
            return target == source and _is_save(stmt)
    return False


def _bundled(block: Block, lists: Lists) -> Block:
    result: list[Stmt] = []
    parts: dict[str, dict[int, Expr]] = {}  # of each list: what the present run saves or reads back
    starts: dict[str, int] = {}
    before: Stmt | None = None
    for stmt in block:
        if before is not None and not _goes_on(before, stmt):
            parts = {}
        before = stmt
        stmt = map_blocks(stmt, lambda inner: _bundled(inner, lists))
        match stmt:
            case Push(stack=Name(id=name)) | Pop(stack=Name(id=name)) if name in lists:
                one, place, length = lists[name]
                here = parts.setdefault(one.id, {})
                starts[one.id] = starts[one.id] if here else len(result)
                here[place] = stmt.value if isinstance(stmt, Push) else stmt.target
                if len(here) == length:
                    together = Tuple(tuple(here[place] for place in range(length)))
                    result.insert(starts[one.id], _on_one_list(stmt, one, together))
            case Assign(target=Name(id=name)) if name in lists:
                stmt = replace(stmt, target=lists[name][0], value=_handed(stmt.value, lists))
                if not any(isinstance(one, Assign) and one.target == stmt.target for one in result):
                    result.append(stmt)
            case Assign(target=Tuple() as target, ours=True):
                result.append(replace(stmt, target=_handed(target, lists)))
            case Return(value=value) if value is not None:
                result.append(replace(stmt, value=_handed(value, lists)))
            case _:
                result.append(stmt)
    return kept(block, result)


def _on_one_list(stmt: Push | Pop, one: Name, together: Tuple) -> Stmt:
    if isinstance(stmt, Push):
        return replace(stmt, stack=one, value=together)
    return replace(stmt, stack=one, target=together)


def _handed(expr: Any, lists: Lists) -> Any:
    """An expression with each list's new name, once."""
    if isinstance(expr, Tuple):
        items: list[Any] = []
        for item in expr.items:
            new = _handed(item, lists)
            if new == item or new not in items:
                items.append(new)
        return Tuple(tuple(items))
    if isinstance(expr, Name):
        return lists[expr.id][0] if expr.id in lists else expr
    return rebuild(expr, lambda part: _handed(part, lists))


def _begun_first(block: Block, lists: set[str]) -> Block:
    """A function's body with each list begun before the branch in which it is begun: it may be read in another one."""
    result: list[Stmt] = []
    for stmt in block:
        inside = list(statements((stmt,)))[1:]
        early = [one for one in inside if _begins(one, lists)]
        result += early
        result.append(_without_statements(stmt, {id(one) for one in early}) if early else stmt)
    return tuple(result)


def _begins(stmt: Stmt, lists: set[str]) -> bool:
    match stmt:
        case Assign(target=Name(id=name), value=List(items=())):
            return name in lists
    return False


def _without_statements(stmt: Stmt, gone: set[int]) -> Stmt:
    def left(block: Block) -> Block:
        return kept(block, [_without_statements(one, gone) for one in block if id(one) not in gone])

    return map_blocks(stmt, left)


def _blocks(block: Block) -> Iterable[Block]:
    yield block
    for stmt in block:
        if isinstance(stmt, (If, For, While)):
            yield from _blocks(stmt.body)
            yield from _blocks(stmt.orelse)
