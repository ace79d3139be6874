"""``part = items[i]; part += e; items[i] = part`` as ``items[i] += e``."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from backprose.ir.nodes import Assign, Augment, Block, Function, Name, Push, Stmt, Subscript
from backprose.ir.walk import expressions, kept, map_blocks, names, rebinds, statements, with_body, writes

MOST_BETWEEN = 2  # statements
USES = 5  # of such a part: it is bound, changed (which binds, writes and reads it) and put back


def update_items(function: Function) -> Function:
    """An item that is taken, changed and put back is changed where it is, which is what Python makes of it.

    >>> from backprose.emit import emit
    >>> from backprose.ir.names import NameSupply
    >>> from backprose.ir.nodes import Program
    >>> from backprose.lower import lower
    >>> from backprose.parse import parse
    >>> def f(items, i, x):
    ...     part = items[i]
    ...     part += x
    ...     items[i] = part
    ...     return items
    >>> print(emit(Program((update_items(lower(parse(f), NameSupply(()))),))).text, end="")
    def f(items, i, x):
        items[i] += x
        return items
    """
    uses: Counter[str] = Counter()
    for stmt in statements(function.body):
        uses.update(name.id for part in expressions(stmt) for name in names(part))
        uses.update(rebinds(stmt))
        uses.update(writes(stmt))
    return with_body(function, _update_items(function.body, uses))


def _update_items(block: Block, uses: Counter[str]) -> Block:
    result: list[Stmt] = []
    for stmt in block:
        stmt = map_blocks(stmt, lambda inner: _update_items(inner, uses))
        made = _updated(result, stmt, uses)
        if made is None:
            result.append(stmt)
        else:
            del result[-made[0] :]
            result += made[1]
    return kept(block, result)


def _updated(before: list[Stmt], stmt: Stmt, uses: Counter[str]) -> tuple[int, list[Stmt]] | None:
    """How many statements an update takes the place of, and it; what is saved of the item, or is done with it as it was
    before, comes first."""
    match stmt:
        case Assign(target=Subscript(value=Name()) as place, value=Name(id=name) as part) if len(before) >= 2:
            pass
        case _:
            return None
    for between in range(min(MOST_BETWEEN, len(before) - 2) + 1 if part.type.is_immutable_scalar else 1):
        start = len(before) - between - 2
        match before[start], before[start + 1]:
            case Assign(target=Name(id=taken), value=value) as first, Augment(
                target=Name(id=changed), value=by
            ) as update:
                read = {one.id for one in names(by)}
                alone = uses[name] == USES and name not in read
                others = before[start + 2 :]
                if (
                    taken == changed == name
                    and value == place
                    and alone
                    and all(_is_apart(one, place, read) for one in others)
                ):
                    made = replace(update, target=place, comments=update.comments or first.comments)
                    return between + 2, [*others, made]
    return None


def _is_apart(stmt: Stmt, place: Subscript, read: set[str]) -> bool:
    """Whether a statement changes neither an item nor what it is changed by: it saves, or moves a tangent."""
    match stmt:
        case Push(value=value):
            return value == place
        case Assign(target=Subscript(value=Name(id=other))):
            return Name(other) != place.value and other not in read
    return False
