"""Temporaries of statements that were written out more than once get names of their own, so that each is made once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from backprose.ir.names import NameSupply
from backprose.ir.nodes import Assign, Block, Expr, Function, Name, Stmt
from backprose.ir.walk import all_names, map_blocks, map_statement, rebinds, statements, substitute


def separate_temporaries(function: Function, supply: NameSupply) -> Function:
    """The flat function in which a temporary that a block makes again and again is another one each time.

    >>> from backprose.emit import emit
    >>> from backprose.ir.nodes import Apply, Const, Parameter, Program, Return
    >>> x, t = Name("x"), Name("_t1", temporary=True)
    >>> turn = (Assign(t, Apply("multiply", (x, Const(2.0)))), Assign(x, t))
    >>> function = Function("f", (Parameter("x"),), (*turn, *turn, Return(x)), None)
    >>> print(emit(Program((separate_temporaries(function, NameSupply(("_t1",))),))).text, end="")
    def f(x):
        _t1 = x * 2.0
        x = _t1
        _t2 = x * 2.0
        x = _t2
        return x
    """
    makers = Counter(name for stmt in statements(function.body) for name in rebinds(stmt))
    again = {name for name, count in makers.items() if count > 1 and name.startswith("_t")}
    return replace(function, body=_separated(function.body, again, makers, supply)) if again else function


def _separated(block: Block, again: set[str], makers: Counter[str], supply: NameSupply) -> Block:
    here = Counter(stmt.target.id for stmt in block if isinstance(stmt, Assign) and isinstance(stmt.target, Name))
    own = {name for name in again if here[name] == makers[name] and not _read_first(block, name)}
    values: dict[str, Name] = {}
    made: list[Stmt] = []
    for stmt in block:
        target = stmt.target if isinstance(stmt, Assign) and isinstance(stmt.target, Name) else None
        if target is not None and target.id in own:
            assert isinstance(stmt, Assign)
            value = substitute(stmt.value, values)
            values[target.id] = replace(target, id=target.id if target.id not in values else supply.temporary().id)
            made.append(replace(stmt, target=values[target.id], value=value))
        elif values:
            made.append(_substituted(stmt, values))
        else:
            made.append(stmt)
    return tuple(map_blocks(stmt, lambda inner: _separated(inner, again - own, makers, supply)) for stmt in made)


def _read_first(block: Block, name: str) -> bool:
    """Whether a block may read a name before it makes it, as a loop does that reads what its last turn made."""
    for stmt in block:
        if isinstance(stmt, Assign) and stmt.target == Name(name):
            return name in all_names((replace(stmt, target=Name("_")),))
        if name in all_names((stmt,)):
            return True
    return False


def _substituted(stmt: Stmt, values: Mapping[str, Expr]) -> Stmt:
    stmt = map_statement(stmt, lambda expr: substitute(expr, values))
    return map_blocks(stmt, lambda inner: tuple(_substituted(one, values) for one in inner))
