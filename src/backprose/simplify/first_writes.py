"""What is first added to a part of an adjoint that is zero is written there."""

from __future__ import annotations

from backprose.analyse.places import is_distinct
from backprose.ir.nodes import Apply, Assign, Augment, Block, Function, Name, Stmt, Subscript
from backprose.ir.walk import all_names, kept, map_blocks, reads, with_body
from backprose.simplify.algebra import algebra

ZEROS = frozenset({"zeros_like", "zeros"})


def write_first(function: Function) -> Function:
    """The function with ``x_bar[1:] = e`` for ``x_bar[1:] += e``, where ``x_bar`` has just been set to zero.

    >>> from backprose.emit import emit
    >>> from backprose.ir.nodes import Const, Program, Return
    >>> x_bar, e, f = (Name(name) for name in ("x_bar", "e", "f"))
    >>> start = Assign(x_bar, Apply("zeros_like", (Name("x"),)), ours=True)
    >>> one = Augment(Subscript(x_bar, Const(0)), "subtract", e, ours=True)
    >>> other = Augment(Subscript(x_bar, Const(1)), "add", f, ours=True)
    >>> print(emit(Program((write_first(Function("g", (), (start, one, other, Return(x_bar)), None)),))).text, end="")
    def g():
        x_bar = np.zeros_like(x)
        x_bar[0] = -e
        x_bar[1] += f
        return x_bar
    """
    return with_body(function, _block(function.body))


def _block(block: Block) -> Block:
    zero: set[str] = set()
    result: list[Stmt] = []
    for stmt in block:
        stmt = map_blocks(stmt, _block)
        match stmt:
            case Augment(target=Subscript(value=Name(id=name), index=index) as place, op="add" | "subtract", ours=True):
                if name in zero and is_distinct(index) and name not in reads(stmt.value) | reads(index):
                    negated = stmt.op == "subtract"
                    value = algebra(Apply("negative", (stmt.value,))) if negated else stmt.value
                    stmt = Assign(place, value, stmt.span, stmt.comments, ours=True)
        zero -= all_names((stmt,))
        match stmt:
            case Assign(target=Name(id=name), value=Apply(op=op), ours=True) if op in ZEROS:
                zero.add(name)
        result.append(stmt)
    return kept(block, result)
