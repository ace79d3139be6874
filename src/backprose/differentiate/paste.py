"""Rules pasted into the program: a rule's own text with the operands in the place of its parameters."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from backprose.analyse.evaluate import evaluate
from backprose.analyse.field import Field
from backprose.analyse.operands import Operand, dtype_named
from backprose.analyse.types import type_of
from backprose.differentiate.widen import Widening
from backprose.expand.verbatim import Renamed
from backprose.ir.names import NameSupply
from backprose.ir.nodes import (
    Apply,
    Assign,
    Attribute,
    Block,
    Call,
    Compare,
    Const,
    Expr,
    Function,
    If,
    Name,
    Ours,
    Raise,
    Return,
    Span,
    Stmt,
    Tuple,
    Verbatim,
)
from backprose.ir.walk import bottom_up, substitute
from backprose.lower.rule_body import rule_body
from backprose.rules.registry import Rule

APART = "it gives several arrays, and how many is not known here: say it with constants, and take them apart by index"


class FormError(Exception):
    """Raised where a rule says that it does not hold: ``raise NotImplementedError("why")``."""


@dataclass
class Paster:
    """Pastes rule bodies: static ``if``s are decided here, locals become temporaries, and what is certainly real is
    its own conjugate."""

    supply: NameSupply
    field: Field
    widening: Widening | None = None  # of the rule that is pasted

    def paste(
        self,
        body: Callable[..., Any],
        operands: Mapping[str, Expr],
        span: Span | None,
        widening: Widening | None,
        primal: Apply | None = None,
    ) -> tuple[list[Stmt], Expr]:
        """Statements and the expression that the rule returns; ``primal``: the operation, where it is one of Python's
        own numbers, and has raised where the rule would."""
        self.widening = widening
        function = rule_body(body)
        values = dict(operands)
        for parameter in function.parameters:
            if parameter.name not in values and parameter.default is not None:
                values[parameter.name] = parameter.default
        made: list[Stmt] = []
        result = self._block(function, function.body, values, span, made)
        if primal is not None and result is not None:
            result = bottom_up(result, partial(_of_python, primal=primal))
        return made, Const(None) if result is None else result

    def check(self, body: Callable[..., Any], operands: Mapping[str, Expr]) -> None:
        """Raises ``FormError`` where the rule of a linear operation may not hold; a tangent needs no more of it."""
        self._check(rule_body(body).body, dict(operands))

    def _check(self, block: Block, values: dict[str, Expr]) -> None:
        for stmt in block:
            match stmt:
                case Assign(target=Name(id=name), value=value):
                    values[name] = evaluate(substitute(value, values))
                case If(test=test):
                    known = self._evaluate(substitute(test, values))
                    taken = known.value if isinstance(known, Const) else None
                    if isinstance(known, Compare) and known.ops == ("is",) and type_of(known.operands[0]).dtype:
                        taken = False  # a range is not None
                    if taken is None or taken:
                        self._check(stmt.body, dict(values))
                    if not taken:
                        self._check(stmt.orelse, dict(values))
                case Raise(exception=Call(args=(Const(value=why),))):
                    raise FormError(why)

    def _block(
        self,
        function: Function,
        block: tuple[Stmt, ...],
        values: dict[str, Expr],
        span: Span | None,
        into: list[Stmt],
    ) -> Expr | None:
        result: Expr | None = None
        for stmt in block:
            match stmt:
                case Assign(target=Name(id=name), value=value):
                    self._assign(name, self._evaluate(substitute(value, values)), values, span, into)
                case Return(value=value):
                    result = None if value is None else self._evaluate(substitute(value, values))
                case If(test=test):
                    test = self._evaluate(substitute(test, values))
                    if isinstance(test, Const):
                        self._block(function, stmt.body if test.value else stmt.orelse, values, span, into)
                    else:
                        self._open_if(function, replace(stmt, test=test), values, span, into)
                case Raise(exception=Call(args=(Const(value=why),))):
                    raise FormError(why)
        return result

    def _evaluate(self, expr: Expr) -> Expr:
        made = evaluate(bottom_up(expr, self._in_field))
        return made if self.widening is None else self.widening.widened(made)

    def _in_field(self, expr: Expr) -> Expr:
        match expr:
            case Apply(op="iscomplexobj", args=(operand,)):
                return Const(self.field.may_be_complex(operand))
            case Apply(op="conj", args=(operand,)) if not self.field.may_be_complex(operand):
                return operand
            case Apply(op="issubdtype", args=(dtype, Attribute(attr="inexact"))) if meant := dtype_of(dtype):
                return Const(meant.startswith(("float", "complex")))
            case Compare(operands=(Name(id=name), Const(value=0)), ops=("!=",)) if name in self.field.constants:
                return Const(int(self.field.constants[name] != 0))
            case Apply(op="negative", args=(Const(value=complex() as value),)):
                return Const(-value)
        return expr

    def _assign(self, name: str, value: Expr, values: dict[str, Expr], span: Span | None, into: list[Stmt]) -> None:
        if isinstance(value, (Const, Name, Tuple)):
            values[name] = value
            return
        target = self._temporary(value)
        if self.widening is not None:
            self.widening.note(target, value)
        into.append(Assign(target, value, span=span, ours=True))
        values[name] = target

    def _temporary(self, *values: Expr) -> Name:
        target = self.supply.temporary()
        self.field.note(target.id, may_be_complex=any(map(self.field.may_be_complex, values)))
        return target

    def _open_if(
        self, function: Function, stmt: If, values: dict[str, Expr], span: Span | None, into: list[Stmt]
    ) -> None:
        """A test that only the run can decide: both branches are pasted, and assign the same temporaries."""
        sides: list[tuple[dict[str, Expr], list[Stmt]]] = []
        for block in (stmt.body, stmt.orelse):
            inner = dict(values)
            statements: list[Stmt] = []
            self._block(function, block, inner, span, statements)
            sides.append((inner, statements))
        changed = sorted({key for inner, _ in sides for key in inner if inner[key] is not values.get(key)})
        for key in changed:
            ends = [inner.get(key) for inner, _ in sides]
            if None in ends:
                continue  # a local of one branch
            lengths = {len(end.items) if isinstance(end, Tuple) else -1 for end in ends}
            if len(lengths) == 1 and -1 not in lengths:  # the cotangents of several operands
                columns = zip(*(end.items for end in ends if isinstance(end, Tuple)), strict=True)
                targets = tuple(self._temporary(*column) for column in columns)
                for (_, statements), end in zip(sides, ends, strict=True):
                    assert isinstance(end, Tuple)
                    for one, item in zip(targets, end.items, strict=True):
                        statements.append(Assign(one, item, span=span, ours=True))
                values[key] = Tuple(targets)
                continue
            target = self._temporary(*(end for end in ends if end is not None))
            for (_, statements), end in zip(sides, ends, strict=True):
                assert end is not None
                statements.append(Assign(target, end, span=span, ours=True))
            values[key] = target
        into.append(If(stmt.test, tuple(sides[0][1]), tuple(sides[1][1]), span=span, ours=True))


def with_names(value: Expr, values: Mapping[str, Expr]) -> Expr:
    """An expression with names replaced by names and constants, those in its texts too."""
    named = {name: one.id for name, one in values.items() if isinstance(one, Name)}
    constants = {name: one for name, one in values.items() if isinstance(one, Const)}

    def renamed(expr: Expr) -> Expr:
        if not isinstance(expr, Verbatim):
            return expr
        tree = Renamed(named, constants).visit(copy.deepcopy(expr.tree))
        return Verbatim(tree, tuple(named[name] for name in expr.reads if name in named))

    return bottom_up(substitute(value, values), renamed)


def dtype_of(expr: Expr) -> str | None:
    """The dtype that an argument names, where it is known."""
    return dtype_named(Operand(expr, type_of(expr)))


def uncast(move: Expr, dtype: Expr | None) -> Expr:
    """A tangent or cotangent of what is made with a ``dtype``: 0 of integers, where only the run can tell."""
    if dtype is None or dtype == Const(None) or dtype_of(dtype) is not None:
        return move
    return Apply("multiply", (move, Apply("issubdtype", (dtype, Attribute(Ours("np"), "inexact")))))


RAISE_AT_ZERO = frozenset({"divide", "log", "log2", "log10", "log1p"})  # where their derivatives divide by zero
PAIRED = frozenset({"sin", "cos", "sinh", "cosh"})  # the derivative of one is defined where it is, and is another


def python_operation(value: Apply, target: Name) -> Apply | None:
    """An operation of Python's own numbers (``/``, ``math.cos``), which raises where its derivative would."""
    return value if target.type.kind == "python" and value.op in RAISE_AT_ZERO | PAIRED else None


def _of_python(expr: Expr, primal: Apply) -> Expr:
    """A part of a rule with Python's division, or ``math.sin`` beside the primal's ``math.cos``: NumPy's numbers would
    slow down all that is computed from them."""
    if not isinstance(expr, Apply):
        return expr
    if expr.op == "divide" and primal.op in RAISE_AT_ZERO:
        return Apply("divide", expr.args)
    module, dot, _ = primal.spelling.rpartition(".")
    if dot and primal.spelling.startswith("function:") and {expr.op, primal.op} <= PAIRED and not expr.keywords:
        return Apply(expr.op, expr.args, (), f"{module}.{expr.op}")
    return expr


def parameters_of(rule: Rule) -> dict[str, Expr]:
    """The defaults of the operation's own parameters."""
    return {
        parameter.name: _constant(parameter.default)
        for parameter in rule.parameters
        if parameter.default is not parameter.empty
    }


def _constant(value: object) -> Expr:
    return Tuple(tuple(map(_constant, value))) if isinstance(value, tuple) else Const(value)
