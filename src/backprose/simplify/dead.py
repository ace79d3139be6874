"""Dead code: statements without effect whose result is not read.

A stack of which no popped value is read goes with all its pushes. Of the primal only effect-free statements go.
"""

from __future__ import annotations

from backprose.analyse.liveness import Liveness
from backprose.ir.nodes import Assign, Block, Function, Name, Pop, Push
from backprose.ir.walk import bound, reads, statement_reads, statements, with_body
from backprose.simplify.fold import names_outside


def remove_dead(function: Function) -> Function:
    """The function without statements that nobody reads.

    >>> from backprose.emit import emit
    >>> from backprose.ir.names import NameSupply
    >>> from backprose.ir.nodes import Program
    >>> from backprose.lower import lower
    >>> from backprose.parse import parse
    >>> def f(x):
    ...     y = x * 2.0
    ...     z = x * 3.0
    ...     return z
    >>> print(emit(Program((remove_dead(lower(parse(f), NameSupply(()))),))).text, end="")
    def f(x):
        z = x * 3.0
        return z
    """
    shared = names_outside(function.body)
    while True:
        pops: dict[str, bool] = {}
        body, _ = Liveness(pops, frozenset(), function.outside, shared).block(function.body, set(), None)
        unread = {stack for stack, used in pops.items() if not used}
        dead_stacks = unread and unread - read_otherwise(function.body)
        if not dead_stacks:
            return with_body(function, body)
        body, _ = Liveness({}, frozenset(dead_stacks), function.outside, shared).block(function.body, set(), None)
        function = with_body(function, body)


def read_otherwise(body: Block) -> set[str]:
    """Lists of which more is read than what comes off the end."""
    found: set[str] = set()
    for stmt in statements(body):
        read = statement_reads(stmt)
        if isinstance(stmt, Push):
            read = reads(stmt.value)
        elif isinstance(stmt, Pop):
            read = statement_reads(stmt) - {stmt.stack.id}
        elif isinstance(stmt, Assign) and isinstance(stmt.target, Name):
            read = read - set(bound(stmt.target))  # a copy at entry
        found |= read
    return found
