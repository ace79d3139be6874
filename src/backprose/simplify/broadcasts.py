"""A number that is broadcast gets a name of its own where the broadcast is read more than once: what reads it may make
the broadcast by itself.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from backprose.analyse.types import type_of
from backprose.ir.names import NameSupply
from backprose.ir.nodes import Apply, Assign, Block, Const, Function, Name, Stmt
from backprose.ir.walk import expressions, kept, map_blocks, names, statements, with_body


def name_numbers(function: Function, supply: NameSupply) -> Function:
    """The function with ``s = a / n; t = np.broadcast_to(s, x.shape)`` for ``t = np.broadcast_to(a / n, x.shape)``.

    >>> from backprose.emit import emit
    >>> from backprose.ir.nodes import Program, Return
    >>> from backprose.ir.types import PYTHON_FLOAT
    >>> a, n, x, t = Name("a", PYTHON_FLOAT), Name("n", PYTHON_FLOAT), Name("x"), Name("t", temporary=True)
    >>> wide = Apply("broadcast_to", (Apply("divide", (a, n)), Apply("shape", (x,))))
    >>> body = (Assign(t, wide, ours=True), Return(Apply("multiply", (t, t))))
    >>> print(emit(Program((name_numbers(Function("f", (), body, None), NameSupply(())),))).text, end="")
    def f():
        _t1 = a / n
        t = np.broadcast_to(_t1, np.shape(x))
        return t * t
    """
    read = Counter(name.id for stmt in statements(function.body) for part in expressions(stmt) for name in names(part))
    return with_body(function, _block(function.body, read, supply))


def _block(block: Block, read: Counter[str], supply: NameSupply) -> Block:
    result: list[Stmt] = []
    for stmt in block:
        stmt = map_blocks(stmt, lambda inner: _block(inner, read, supply))
        match stmt:
            case Assign(
                target=Name(id=name, temporary=True), value=Apply(op="broadcast_to", args=(number, shape)), ours=True
            ) if read[name] > 1 and type_of(number).rank == 0 and not isinstance(number, Name | Const):
                held = supply.temporary(type_of(number))
                result.append(Assign(held, number, stmt.span, ours=True))
                stmt = replace(stmt, value=Apply("broadcast_to", (held, shape)))
        result.append(stmt)
    return kept(block, result)
