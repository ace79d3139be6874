"""Values that get a name of their own: what is asked of objects that their methods change, and what is taken apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace

from backprose.analyse.several import results_of
from backprose.analyse.types import type_of
from backprose.ir.names import NameSupply
from backprose.ir.nodes import (
    Apply,
    Assign,
    Attribute,
    Block,
    Compare,
    Const,
    Expr,
    Function,
    Global,
    If,
    Logic,
    Name,
    Slice,
    Stmt,
    Subscript,
    Try,
    Tuple,
    Verbatim,
    While,
    children,
)
from backprose.ir.types import PYTHON_BOOL, UNKNOWN
from backprose.ir.walk import (
    bottom_up,
    expressions,
    kept,
    map_blocks,
    map_statement,
    names,
    reads,
    rebinds,
    rebuild,
    statements,
    touches,
    with_body,
)


def hold_tests(function: Function, supply: NameSupply) -> Function:
    """``if k not in seen`` as ``_t1 = k not in seen; if _t1``, where ``seen`` changes: ``_t1`` is what is kept.

    >>> from backprose.emit import emit
    >>> from backprose.ir.nodes import Program
    >>> from backprose.lower import lower
    >>> from backprose.parse import parse
    >>> def f(x, k):
    ...     seen = set()
    ...     seen.add(3)
    ...     if k not in seen:
    ...         x = 2 * x
    ...     return x
    >>> supply = NameSupply(())
    >>> print(emit(Program((hold_tests(lower(parse(f), supply), supply),))).text, end="")
    def f(x, k):
        seen = set()
        seen.add(3)
        _t2 = k not in seen
        if _t2:
            _t1 = 2 * x
            x = _t1
        return x
    """
    changed = {name for stmt in statements(function.body) for name in touches(stmt)}
    return with_body(function, _hold(function.body, changed, supply))


def hold_unpacked(function: Function, supply: NameSupply) -> Function:
    """``c, s = x / 2`` as ``_t1 = x / 2; c, s = _t1``: an array has an adjoint under its name.

    >>> from backprose.emit import emit
    >>> from backprose.ir.nodes import Program
    >>> from backprose.lower import lower
    >>> from backprose.parse import parse
    >>> from backprose.analyse.types import infer
    >>> from backprose.ir.types import Type
    >>> supply = NameSupply(())
    >>> def f(x):
    ...     u, v = x + x
    ...     return u * v
    >>> typed = infer(lower(parse(f), supply), {"x": Type("array", "float64", (2,))}).function
    >>> print(emit(Program((hold_unpacked(typed, supply),))).text, end="")
    def f(x):
        _t2 = x + x
        u, v = _t2
        _t1 = u * v
        return _t1
    """
    return with_body(function, _unpacked(function.body, supply))


def _unpacked(block: Block, supply: NameSupply) -> Block:
    result: list[Stmt] = []
    for stmt in block:
        stmt = map_blocks(stmt, lambda inner: _unpacked(inner, supply))
        if isinstance(stmt, Assign) and isinstance(stmt.target, Tuple) and isinstance(stmt.value, Apply | Subscript):
            known = type_of(stmt.value)
            if known.kind == "array" and known.may_be_differentiable:
                held = supply.temporary(known)
                result.append(Assign(held, stmt.value, span=stmt.span, ours=stmt.ours))
                stmt = replace(stmt, value=held)
        result.append(stmt)
    return kept(block, result)


def name_results(function: Function, supply: NameSupply) -> Function:
    """``s = svd(a); s[1]`` as ``s_0, s_1, s_2 = svd(a)`` and ``s_1``: each result has an adjoint of its own.

    >>> from backprose.emit import emit
    >>> from backprose.ir.nodes import Const, Program, Return
    >>> a, both = Name("a"), Name("both")
    >>> body = (Assign(both, Apply("linalg.slogdet", (a,))), Return(Subscript(both, Const(1))))
    >>> print(emit(Program((name_results(Function("f", (), body, None), NameSupply(())),))).text, end="")
    def f():
        both_0, both_1 = np.linalg.slogdet(a)
        return both_1
    """
    makers: dict[str, list[Assign]] = {}
    bound = Counter(name for stmt in statements(function.body) for name in rebinds(stmt))
    for stmt in statements(function.body):
        match stmt:
            case Assign(target=Name(id=name), value=Apply() as value) if results_of(value) > 1 and bound[name] == 1:
                makers.setdefault(name, []).append(stmt)
    read = Counter(name.id for stmt in statements(function.body) for part in expressions(stmt) for name in names(part))
    values: dict[Expr, Expr] = {}
    made: dict[int, Tuple] = {}
    for name, (stmt,) in makers.items():
        count = results_of(stmt.value) if isinstance(stmt.value, Apply) else 0
        known = type_of(stmt.value).items or (UNKNOWN,) * count
        parts = [Subscript(Name(name), Const(position)) for position in (*range(count), *range(-count, 0))]
        whole: dict[Expr, int] = dict(zip(parts, (*range(count), *range(count)), strict=True))
        found = [whole.get(part) for one in statements(function.body) for part in _subscripts_of(one, name)]
        if len(found) != read[name] or None in found or len(known) != count:
            continue
        items = tuple(
            supply.temporary(type) if name.startswith("_t") else Name(supply.fresh(f"{name}_{position}"), type)
            for position, type in enumerate(known)
        )
        made[id(stmt)] = Tuple(items)
        values.update({part: items[position] for part, position in whole.items()})
    return with_body(function, _with_results(function.body, made, values)) if made else function


def _subscripts_of(stmt: Stmt, name: str) -> Iterator[Expr]:
    """Every subscript of a name that a statement reads."""
    waiting = list(expressions(stmt))
    while waiting:
        expr = waiting.pop()
        if isinstance(expr, Subscript) and isinstance(expr.value, Name) and expr.value.id == name:
            yield expr
        waiting += children(expr)


def _with_results(block: Block, made: Mapping[int, Tuple], values: Mapping[Expr, Expr]) -> Block:
    result: list[Stmt] = []
    for stmt in block:
        if id(stmt) in made and isinstance(stmt, Assign):
            result.append(replace(stmt, target=made[id(stmt)]))
            continue
        stmt = map_statement(stmt, lambda expr: bottom_up(expr, lambda part: values.get(part, part)))
        result.append(map_blocks(stmt, lambda inner: _with_results(inner, made, values)))
    return kept(block, result)


def _hold(block: Block, changed: set[str], supply: NameSupply) -> Block:
    result: list[Stmt] = []
    for stmt in block:
        stmt = map_blocks(stmt, lambda inner: _hold(inner, changed, supply))
        stmt = _with_indexes(stmt, changed, supply, result)
        late = isinstance(stmt, If) and (reads(stmt.test) & changed or asks_identity(stmt.test))
        if late and isinstance(stmt, If) and not isinstance(stmt, Try):
            plain = isinstance(stmt.test, Compare | Logic) or (isinstance(stmt.test, Apply) and stmt.test.op == "not")
            held = supply.temporary(PYTHON_BOOL if plain and type_of(stmt.test) == PYTHON_BOOL else UNKNOWN)
            result.append(Assign(held, stmt.test, span=stmt.span))
            stmt = replace(stmt, test=held)
        result.append(stmt)
    return kept(block, result)


def asks_identity(test: Expr) -> bool:
    """Whether a test asks if two objects are one: what is kept of them may be copies."""
    known = isinstance(test, Compare) and any(isinstance(one, Const | Global) for one in test.operands)
    asks = isinstance(test, Compare) and not {"is", "is not"}.isdisjoint(test.ops)
    return (asks and not known) or any(map(asks_identity, children(test)))


def _with_indexes(stmt: Stmt, changed: set[str], supply: NameSupply, result: list[Stmt]) -> Stmt:
    """``x[len(seen)]`` as ``_t1 = len(seen); x[_t1]``."""

    def hold(index: Expr) -> Expr:
        if not reads(index) & changed or isinstance(index, Name):
            return index
        if isinstance(index, Tuple | Slice):
            return rebuild(index, hold)
        return atom(index)

    def atom(expr: Expr) -> Expr:
        if isinstance(expr, Name | Const | Global | Attribute | Verbatim):
            return expr
        held = supply.temporary(type_of(expr))
        value = rebuild(expr, atom)  # one operation a statement
        result.append(Assign(held, value, span=stmt.span))
        return held

    def change(expr: Expr) -> Expr:
        if isinstance(expr, Subscript):
            return Subscript(change(expr.value), hold(expr.index))
        return rebuild(expr, change)

    return stmt if isinstance(stmt, While) else map_statement(stmt, change)
