"""What a call gives goes into its variables at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from backprose.ir.nodes import Assign, Block, For, Function, If, Name, Stmt, Tuple, While
from backprose.ir.walk import bound, expressions, map_blocks, names, statements, targets


def bind_at_once(function: Function) -> Function:
    """``a, b = f(a)`` for ``t, b = f(a)`` and then ``a = t``.

    >>> from backprose.emit import emit
    >>> from backprose.ir.nodes import Call, Global, Program, Return
    >>> a, b, t = Name("a"), Name("b"), Name("t", temporary=True)
    >>> body = (Assign(Tuple((t, b)), Call(Global("divmod"), (a, b))), Assign(a, t), Return(a))
    >>> print(emit(Program((bind_at_once(Function("f", (), body, None)),))).text, end="")
    def f():
        a, b = divmod(a, b)
        return a
    """
    copied: Counter[str] = Counter()
    _bound_at_once(function.body, copied.update)
    if not copied:
        return function
    seen: Counter[str] = Counter()
    for stmt in statements(function.body):
        seen.update(name.id for expr in (*expressions(stmt), *targets(stmt)) for name in names(expr))
    only = {name for name, times in copied.items() if seen[name] == 2 * times}  # bound and copied, and nothing else
    return replace(function, body=_bound_at_once(function.body, lambda _names: None, only))


def _bound_at_once(block: Block, note: Callable[[Iterable[str]], None], only: Collection[str] | None = None) -> Block:
    """The block with names unpacked into the variables that they are copied to; ``only``: these names."""
    result: list[Stmt] = []
    position = 0
    while position < len(block):
        stmt = block[position]
        position += 1
        if isinstance(stmt, (If, For, While)):
            stmt = map_blocks(stmt, lambda inner: _bound_at_once(inner, note, only))
        if isinstance(stmt, Assign) and isinstance(stmt.target, Tuple) and _only_names(stmt.target):
            known = set(bound(stmt.target))
            taken: dict[str, Name] = {}
            while position < len(block) and (copy := _copy(block[position], known - taken.keys())) is not None:
                target, source = copy
                unfit = target.id in known or target in taken.values()
                if unfit or (only is not None and source.id not in only):
                    break
                taken[source.id] = target
                position += 1
            note(list(taken))
            stmt = replace(stmt, target=_renamed(stmt.target, taken))
        result.append(stmt)
    return tuple(result)


def _only_names(target: Any) -> bool:
    return isinstance(target, Name) or (isinstance(target, Tuple) and all(map(_only_names, target.items)))


def _copy(stmt: Stmt, known: set[str]) -> tuple[Name, Name] | None:
    """``x = t`` of one of the names that were unpacked."""
    match stmt:
        case Assign(target=Name() as target, value=Name() as source) if source.id in known and not stmt.comments:
            return target, source
    return None


def _renamed(target: Any, taken: Mapping[str, Name]) -> Any:
    if isinstance(target, Tuple):
        return Tuple(tuple(_renamed(item, taken) for item in target.items))
    return taken.get(target.id, target) if isinstance(target, Name) else target
