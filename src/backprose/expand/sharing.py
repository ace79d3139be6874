"""Which functions hand out what they change: their calls are carried out in place, where every name is followed."""

from __future__ import annotations

from backprose.ir.nodes import Apply, Assign, Attribute, Augment, Expr, Function, Name, Return, Subscript
from backprose.ir.walk import PLACES, rebinds, statements, writes


def hands_out(function: Function) -> bool:
    """Whether a function may return a part of an argument that it writes into, or binds the name of one anew.

    One that returns such an argument whole, on every way, does not need it: its result is the argument.

    >>> from backprose.ir.names import NameSupply
    >>> from backprose.lower import lower
    >>> from backprose.parse import parse
    >>> def f(x, y):
    ...     x[0] = y
    ...     return x[1:] if y > 0 else x * y
    >>> def g(x, y):
    ...     x[0] = y
    ...     return x
    >>> [hands_out(lower(parse(one), NameSupply(()))) for one in (f, g)]
    [True, False]
    """
    parts: dict[str, set[str]] = {parameter.name: {parameter.name} for parameter in function.parameters}
    again = True
    while again:
        again = False
        for stmt in statements(function.body):
            if isinstance(stmt, Assign) and isinstance(stmt.target, Name):
                source = _source(stmt.value)
                found = parts.get(source, set()) if source is not None else set()
                before = parts.setdefault(stmt.target.id, set())
                again = again or not found <= before
                before |= found
    written = set().union(*(parts.get(name, set()) for stmt in statements(function.body) for name in writes(stmt)))
    anew = {name for stmt in statements(function.body) if not isinstance(stmt, Augment) for name in rebinds(stmt)}
    given = {parameter.name for parameter in function.parameters}
    if written & anew & given:
        return True
    last = function.body[-1] if function.body else None
    value = last.value if isinstance(last, Return) else None
    source = None if value is None else _source(value)
    whole = isinstance(value, Name) and value.id in given
    return source is not None and not whole and bool(parts.get(source, set()) & written)


def _source(value: Expr) -> str | None:
    """The variable that a value may be, or be a part of."""
    while True:
        match value:
            case Name(id=name):
                return name
            case Subscript(value=inner) | Attribute(value=inner):
                value = inner
            case Apply(op=op, args=(first, *_)) if op in PLACES:
                value = first
            case _:
                return None
