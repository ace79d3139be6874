"""Numbers that pass through a text: ``float(f"{x}")`` has no derivative that anybody could follow, and is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import gast

from backprose.analyse.activity import Activity
from backprose.analyse.dependence import is_text, through
from backprose.ir.nodes import (
    Apply,
    Assign,
    Augment,
    Call,
    Compare,
    Conditional,
    Const,
    Enter,
    Expr,
    For,
    Function,
    Name,
    Pop,
    Push,
    Return,
    Stmt,
    Subscript,
    Verbatim,
    children,
)
from backprose.ir.walk import root_of, statements, targets
from backprose.rules.registry import rule_of

WRITE_TEXT: tuple[object, ...] = (str, repr, format, ascii)


class Texts:
    """``names``: the variables that hold texts, or structures with texts, in which a varied value is written."""

    def __init__(
        self,
        function: Function,
        facts: Activity,
        given: frozenset[str],
        lookup: Callable[[Expr], object],
        returned: Callable[[Call, Callable[[Expr], bool], Callable[[Expr], bool]], bool],
    ) -> None:
        """``returned``: whether a function of the user's returns such a text, given what is varied and what is one."""
        self.facts, self.lookup, self.returned = facts, lookup, returned
        self.names = set(given)
        size = -1
        while len(self.names) > size:
            size = len(self.names)
            for stmt in statements(function.body):
                if any(self.told(value, stmt) for value in values_of(stmt)):
                    self.names |= {name.id for name in bound_names(stmt) if not name.type.is_number}

    def texts(self, expr: Expr, stmt: Stmt) -> Iterator[Expr]:
        """The texts that a value is made of, those left out that only choose something."""
        varied = self.facts.varied_before[id(stmt)]
        match expr:
            case Name(id=name):
                if name in self.names:
                    yield expr
            case Verbatim(tree=gast.JoinedStr(), reads=reads):
                if varied.union(self.names).intersection(reads):
                    yield expr
            case Apply() if not is_text(expr) and rule_of(expr.op).kind == "constant":
                return
            case Apply() if is_text(expr) and self.holds(expr.args, varied):
                yield expr
            case Call() if self.writes_text(expr) and self.holds(expr.arguments, varied):
                yield expr
            case Call() if self.returned(
                expr, lambda arg: self.holds((arg,), varied), lambda arg: self.told(arg, stmt)
            ):
                yield expr
            case Compare():
                return
            case Subscript(value=value):
                yield from self.texts(value, stmt)
            case Conditional(body=body, orelse=orelse):
                yield from self.texts(body, stmt)
                yield from self.texts(orelse, stmt)
            case _:
                for child in children(expr):
                    yield from self.texts(child, stmt)

    def told(self, expr: Expr, stmt: Stmt) -> bool:
        return any(self.texts(expr, stmt))

    def holds(self, parts: tuple[Expr, ...], varied: frozenset[str]) -> bool:
        return any(name.id in varied for part in parts for name in through(part))

    def writes_text(self, call: Call) -> bool:
        """``str(x)``, ``repr(x)``, ``"{}".format(x)``."""
        root = root_of(call.function)
        return (isinstance(root, Const) and type(root.value) is str) or self.lookup(call.function) in WRITE_TEXT

    def reads_back(self, stmt: Stmt) -> bool:
        """Whether a statement makes a number of such a text, or what may be one, that matters to the result."""
        useful = self.facts.useful_after[id(stmt)]
        if not any(name.id in useful and name.type.kind != "str" for name in bound_names(stmt)):
            return False
        return any(
            not is_text(value)
            and not isinstance(value, Name)
            and not (isinstance(value, Call) and self.writes_text(value))
            and self.told(value, stmt)
            for value in values_of(stmt)
        )


def values_of(stmt: Stmt) -> tuple[Expr, ...]:
    match stmt:
        case Assign(value=value) | Augment(value=value) | Push(value=value):
            return (value,)
        case For(iterable=value) | Enter(context=value) | Pop(stack=value):
            return (value,)
    return ()


def returns_text(function: Function, texts: Texts) -> bool:
    """Whether a function returns a text in which a varied value is written."""
    return any(
        isinstance(stmt, Return) and stmt.value is not None and texts.told(stmt.value, stmt)
        for stmt in statements(function.body)
    )


def bound_names(stmt: Stmt) -> Iterator[Name]:
    """The variables that a statement binds or changes."""
    if isinstance(stmt, Push):
        yield stmt.stack
    for target in targets(stmt):
        root = root_of(target)
        if isinstance(root, Name):
            yield root
        else:
            yield from (child for child in children(target) if isinstance(child, Name))
