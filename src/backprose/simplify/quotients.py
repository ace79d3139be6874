"""A quotient that has a name is used again: ``q * b`` for ``a * b / c`` where ``q`` is ``a / c``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from backprose.analyse.liveness import has_effect
from backprose.ir.nodes import (
    Apply,
    Assign,
    Block,
    Const,
    Expr,
    For,
    Function,
    If,
    Name,
    Slice,
    Stmt,
    Subscript,
    Tuple,
    While,
)
from backprose.ir.walk import (
    bottom_up,
    calls,
    expressions,
    kept,
    map_blocks,
    map_statement,
    reads,
    rebinds,
    statements,
    with_body,
    writes,
)
from backprose.simplify.fold import names_sharing

Known = dict[tuple[Expr, Expr], Name]  # what is divided, by what: the name of the quotient


def reuse_quotients(function: Function) -> Function:
    """The function with quotients of ours used again, in our statements.

    >>> from backprose.emit import emit
    >>> from backprose.ir.nodes import Program, Return
    >>> a, b, c, q, r = (Name(name) for name in "abcqr")
    >>> first = Assign(q, Apply("divide", (a, c)), ours=True)
    >>> second = Assign(r, Apply("divide", (Apply("multiply", (a, b)), c)), ours=True)
    >>> made = reuse_quotients(Function("f", (), (first, second, Return(r)), None))
    >>> print(emit(Program((made,))).text, end="")
    def f():
        q = a / c
        r = q * b
        return r
    """
    return with_body(function, _Quotients(names_sharing(function.body)).block(function.body))


@dataclass(frozen=True)
class _Quotients:
    sharing: dict[str, set[str]]  # the names that may share memory with a name

    def block(self, block: Block) -> Block:
        known: Known = {}
        result: list[Stmt] = []
        for stmt in block:
            if isinstance(stmt, If | For | While):
                stmt = map_blocks(stmt, self.block)
            elif stmt.ours and known:
                stmt = map_statement(stmt, partial(_with_quotients, known=known))
            result.append(stmt)
            if any(map(calls, expressions(stmt))):
                known = {}
            changed = self.changed_by(stmt)
            for (a, c), name in [*known.items()]:
                if not changed.isdisjoint({name.id} | reads(a) | reads(c)):
                    del known[a, c]
            match stmt:
                case Assign(target=Name() as name, value=Apply(op="divide", args=(a, c), spelling=""), ours=True):
                    if _is_simple(a) and not has_effect(c) and name.id not in reads(a) | reads(c):
                        known[a, c] = name
        return kept(block, result)

    def changed_by(self, stmt: Stmt) -> set[str]:
        """The names that a statement binds anew, or whose content it changes."""
        inside = [*statements((stmt,))]
        written = {name for one in inside for name in writes(one)}
        return {name for one in inside for name in rebinds(one)}.union(
            written, *(self.sharing.get(name, ()) for name in written)
        )


def _with_quotients(expr: Expr, known: Known) -> Expr:
    return bottom_up(expr, partial(_reused, known=known))


def _is_simple(expr: Expr) -> bool:
    """A variable, or a part of one: what is read twice without computing anything."""
    match expr:
        case Name():
            return True
        case Subscript(value=Name(), index=index):
            items = index.items if isinstance(index, Tuple) else (index,)
            return all(isinstance(item, Name | Const | Slice) or _is_shifted(item) for item in items)
    return False


def _is_shifted(index: Expr) -> bool:
    return isinstance(index, Apply) and index.op in ("add", "subtract") and isinstance(index.args[0], Name)


def _reused(expr: Expr, known: Known) -> Expr:
    """``a * b / c`` with the quotient ``a / c`` in it."""
    if not (isinstance(expr, Apply) and expr.op == "divide" and not expr.spelling):
        return expr
    product, divisor = expr.args
    factors: list[Expr] = []
    while isinstance(product, Apply) and product.op == "multiply" and not product.spelling:
        product, last = product.args
        factors.append(last)
    sign = isinstance(product, Apply) and product.op == "negative"
    first = product.args[0] if isinstance(product, Apply) and sign else product
    quotient = known.get((first, divisor))
    if quotient is None or not factors:
        return expr
    made: Expr = Apply("negative", (quotient,)) if sign else quotient
    for factor in reversed(factors):
        made = Apply("multiply", (made, factor))
    return made
