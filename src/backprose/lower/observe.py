"""``gradients(f, of=, wrt=)``: the program that returns one of its variables, with marks where another has its value.

A mark says: this may be the last value of the variable. The backward sweep meets the marks in the opposite order, so
that the first one that it meets is the one that counts.
"""

from __future__ import annotations

from dataclasses import replace

from backprose.ir.nodes import Apply, Block, Evaluate, For, Function, If, Name, Return, Stmt, While
from backprose.ir.walk import bound, map_blocks, rebinds, statements, writes

OBSERVED = "observed"  # the operation that a mark is
MARKS = "<marks>"  # what is differentiated with respect to: no name that a variable can have
COMPOUND = (If, For, While)


def observe(function: Function, of: str, wrt: str) -> Function:
    """The flat program that returns the variable ``of``, with marks where ``wrt`` may have its last value.

    >>> from backprose.emit import emit
    >>> from backprose.ir.names import NameSupply
    >>> from backprose.ir.nodes import Program
    >>> from backprose.lower import lower
    >>> from backprose.parse import parse
    >>> def f(x, n):
    ...     for i in range(n):
    ...         x = x * 2
    ...     y = x + 1
    ...     return y * y
    >>> print(emit(Program((observe(lower(parse(f), NameSupply(())), "y", "x"),))).text, end="")
    def f(x, n):
        observed(x)
        for i in range(n):
            _t1 = x * 2
            x = _t1
            observed(x)
        y = x + 1
        _t2 = y * y
        return y
    """
    *body, last = function.body
    span = last.span if isinstance(last, Return) else None
    return replace(function, body=(*_marked(tuple(body), wrt, _is_parameter(function, wrt)), Return(Name(of), span)))


def _is_parameter(function: Function, name: str) -> bool:
    return any(parameter.name == name for parameter in function.parameters)


def _marked(body: Block, name: str, at_entry: bool) -> Block:
    positions = [k for k, stmt in enumerate(body) if any(_changes(inner, name) for inner in statements((stmt,)))]
    mark = Evaluate(Apply(OBSERVED, (Name(name),)))
    if not positions:
        return (mark, *body) if at_entry else body
    last = positions[-1]
    if not isinstance(body[last], COMPOUND):
        return (*body[: last + 1], replace(mark, span=body[last].span), *body[last + 1 :])
    marked = _everywhere(body, name, mark)
    return (mark, *marked) if at_entry else marked


def _changes(stmt: Stmt, name: str) -> bool:
    return name in rebinds(stmt) or name in writes(stmt)


def _everywhere(block: Block, name: str, mark: Evaluate) -> Block:
    made: list[Stmt] = []
    for stmt in block:
        here = replace(mark, span=stmt.span)
        inside = map_blocks(stmt, lambda inner: _everywhere(inner, name, mark))
        if isinstance(stmt, For) and isinstance(inside, For) and name in bound(stmt.target):
            inside = replace(inside, body=(here, *inside.body))
        made.append(inside)
        if not isinstance(stmt, COMPOUND) and _changes(stmt, name):
            made.append(here)
    return tuple(made)


# ---------------------------------------------------------------- what became of the marks
def mark_of(stmt: Stmt) -> Name | None:
    """The variable that a mark is of."""
    match stmt:
        case Evaluate(value=Apply(op="observed", args=(Name() as variable,))):
            return variable
    return None


def marks_in(function: Function) -> list[Name]:
    return [variable for stmt in statements(function.body) if (variable := mark_of(stmt)) is not None]


def unmarked_change(function: Function) -> Stmt | None:
    """A statement that changes the variable without a mark behind it, in another way than under its name."""
    names = {variable.id for variable in marks_in(function)}

    def first(block: Block) -> Stmt | None:
        for k, stmt in enumerate(block):
            after = stmt.body[0] if isinstance(stmt, For) else block[k + 1] if k + 1 < len(block) else None
            if {*rebinds(stmt), *writes(stmt)} & names and (after is None or mark_of(after) is None):
                return stmt
            for part in (stmt.body, stmt.orelse) if isinstance(stmt, COMPOUND) else ():
                found = first(part)
                if found is not None:
                    return found
        return None

    top = [k for k, stmt in enumerate(function.body) if mark_of(stmt) is not None]
    alone = len(top) == 1 == len(marks_in(function))
    return first(function.body[top[0] + 1 :] if alone else function.body)


def is_alone(function: Function) -> bool:
    """Whether there is one mark only, which every call meets once."""
    return len(marks_in(function)) == 1 and any(mark_of(stmt) is not None for stmt in function.body)
