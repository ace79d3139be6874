"""What is first added to a part of an adjoint that is zero is written there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from backprose.analyse.places import is_distinct
from backprose.ir.nodes import (
    Apply,
    Assign,
    Augment,
    Block,
    Const,
    Evaluate,
    Expr,
    For,
    Function,
    If,
    Name,
    Stmt,
    Subscript,
    While,
    children,
)
from backprose.ir.walk import (
    all_names,
    expressions,
    kept,
    map_blocks,
    reads,
    rebinds,
    statements,
    targets,
    with_blocks,
    with_body,
)
from backprose.simplify.algebra import algebra
from backprose.simplify.fold import names_sharing

ZEROS = frozenset({"zeros_like", "zeros"})
Lowest = Mapping[str, int]  # of loop variables: no index is less


def write_first(function: Function) -> Function:
    """The function with ``x_bar[1:] = e`` for ``x_bar[1:] += e``, where that part of ``x_bar`` has been set to zero.

    >>> from backprose.emit import emit
    >>> from backprose.ir.nodes import Program, Return
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
    sharing = names_sharing(function.body)
    return with_body(function, _block(function.body, {}, frozenset(sharing)))


def _block(block: Block, lowest: Lowest, shared: frozenset[str]) -> Block:
    """``shared``: names that may share memory with another one."""
    zero: set[str] = set()
    result: list[Stmt] = []
    for stmt in block:
        if isinstance(stmt, For):
            inside = {**lowest, **_lowest(stmt)}
            stmt = with_blocks(stmt, _block(stmt.body, inside, shared), _block(stmt.orelse, lowest, shared))
        else:
            stmt = map_blocks(stmt, lambda inner: _block(inner, lowest, shared))
        match stmt:
            case Augment(target=Subscript(value=Name(id=name), index=index) as place, op="add" | "subtract", ours=True):
                emptied = None if name in shared else _emptied([*result, Evaluate(stmt.value)], place, lowest)
                first = name in zero and is_distinct(index) and name not in reads(stmt.value)
                if (first or emptied is not None) and name not in reads(index):
                    value = algebra(Apply("negative", (stmt.value,))) if stmt.op == "subtract" else stmt.value
                    stmt = Assign(place, value, stmt.span, stmt.comments, ours=True)
                    if emptied is not None and not first:
                        del result[emptied]
        zero -= all_names((stmt,))
        match stmt:
            case Assign(target=Name(id=name), value=Apply(op=op), ours=True) if op in ZEROS:
                zero.add(name)
        result.append(stmt)
    return kept(block, result)


def _lowest(loop: For) -> Lowest:
    """The least index of a loop over a range, of which nothing else binds the variable."""
    iterable = loop.iterable
    if isinstance(iterable, Apply) and iterable.op == "reversed" and len(iterable.args) == 1:
        iterable = iterable.args[0]
    if not isinstance(loop.target, Name):
        return {}
    if any(loop.target.id in rebinds(one) for one in statements(loop.body)):
        return {}
    match iterable:
        case Apply(op="range", args=(_,)):
            return {loop.target.id: 0}
        case Apply(op="range", args=(Const(value=int(start)), _)):
            return {loop.target.id: start}
        case Apply(op="range", args=(_, Const(value=int(stop)), Const(value=int(step)))) if step < 0:
            return {loop.target.id: stop + 1}
    return {}


def _emptied(before: Sequence[Stmt], place: Subscript, lowest: Lowest) -> int | None:
    """Where a place was set to zero, if nothing has touched it since: of its array only other elements."""
    offset = _offset(place.index, lowest)
    array = place.value
    if offset is None or not isinstance(array, Name):
        return None
    for position in range(len(before) - 1, -1, -1):
        stmt = before[position]
        match stmt:
            case Assign(target=target, value=Const(value=0.0), ours=True) if target == place:
                return position
        if isinstance(stmt, If | For | While) or offset[0] in rebinds(stmt):
            return None
        if array.id in all_names((stmt,)) and not all(
            _is_apart(index, offset, lowest) for index in _indices(stmt, array.id)
        ):
            return None
    return None


def _offset(index: Expr, lowest: Lowest) -> tuple[str, int] | None:
    """``("i", -1)`` of ``i - 1``, where that is no index from the end."""
    match index:
        case Name(id=name):
            found = name, 0
        case Apply(op="add" | "subtract" as op, args=(Name(id=name), Const(value=int(distance)))):
            found = name, distance if op == "add" else -distance
        case _:
            return None
    return found if found[0] in lowest and lowest[found[0]] + found[1] >= 0 else None


def _is_apart(index: Expr | None, offset: tuple[str, int], lowest: Lowest) -> bool:
    other = None if index is None else _offset(index, lowest)
    return other is not None and other[0] == offset[0] and other[1] != offset[1]


def _indices(stmt: Stmt, array: str) -> Iterator[Expr | None]:
    """With which indices a statement reads or writes an array; None: in another way."""
    pending = [*expressions(stmt), *(target for target in targets(stmt))]
    while pending:
        match pending.pop():
            case Subscript(value=Name(id=name), index=index) if name == array:
                yield index
                pending.append(index)
            case Name(id=name):
                if name == array:
                    yield None
            case expr:
                if not children(expr) and array in reads(expr):
                    yield None
                pending.extend(children(expr))
