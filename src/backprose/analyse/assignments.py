"""The effect of one simple statement: its expressions get types, variables change, lengths are proved equal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeVar, cast

import numpy as np

from backprose.analyse.expressions import Lookup, Typer, dotted
from backprose.analyse.extents import not_one, same
from backprose.analyse.indexing import subscript
from backprose.analyse.joining import join_all
from backprose.analyse.knowledge import Knowledge
from backprose.analyse.operands import Operand, Operation
from backprose.analyse.promotion import is_numeric
from backprose.analyse.stacks import Stacks, an_item
from backprose.analyse.transfer import transfer
from backprose.analyse.values import is_module
from backprose.analyse.variables import Variables
from backprose.ir.nodes import (
    AUGMENTED,
    Apply,
    Assert,
    Assign,
    Attribute,
    Augment,
    Call,
    Const,
    Each,
    Enter,
    Expr,
    Global,
    Name,
    Pop,
    Push,
    Slice,
    Stmt,
    Subscript,
    Target,
    Tuple,
)
from backprose.ir.types import PYTHON_INT, UNKNOWN, Type
from backprose.ir.walk import bottom_up, expressions, map_statement

RESHAPING = frozenset({"shape", "strides", "dtype", "data"})  # assigning to these changes an array's own form

E = TypeVar("E", bound=Expr)
T = TypeVar("T", bound=Target)


class Assignments:
    """The state of an abstract run, and what simple statements do to it."""

    def __init__(
        self,
        arguments: Mapping[str, Type],
        lookup: Lookup,
        results: Callable[[Call], Type],
        stacks: Stacks,
        texts: Mapping[str, Const],
    ) -> None:
        self.knowledge = Knowledge(arguments.values())
        self.variables = Variables()
        for name, type in arguments.items():
            self.variables[name] = type
        self.typer = Typer(self.knowledge, _remembered(lookup), results, texts)
        self.stacks = stacks
        self.globals_used: dict[str, Type] = {}

    # ------------------------------------------------------------ expressions
    def typed(self, expr: E) -> E:
        """The expression with the present types on its names."""
        return cast("E", bottom_up(expr, self._with_type))  # types change no node's class

    def _with_type(self, expr: Expr) -> Expr:
        if isinstance(expr, Name):
            # always a node of its own: what follows tells two places that read one variable apart
            return Name(expr.id, self.knowledge.scope.canonical(self.variable_type(expr.id)), expr.temporary)
        if isinstance(expr, Each):
            return self._each(expr)
        if isinstance(expr, Global):
            found = self.typer.global_type(expr)
            self._note(expr, found)
            return replace(expr, type=found)
        if isinstance(expr, Attribute):
            found = self.typer.global_type(expr)
            self._note(expr, found)
            return expr if found == expr.type else replace(expr, type=found)
        return expr

    def variable_type(self, name: str) -> Type:
        known = self.variables[name]
        return self.stacks.list_type(name) if name in self.stacks.names and known.kind == "list" else known

    def _each(self, expr: Each) -> Each:
        """A comprehension with types on its own names."""
        known = {
            name.id: self.element(self.typer.type_of(source))
            for name, source in zip(expr.names, expr.sources, strict=True)
        }

        def with_type(part: Expr) -> Expr:
            return replace(part, type=known[part.id]) if isinstance(part, Name) and part.id in known else part

        return replace(expr, item=bottom_up(expr.item, with_type))

    def _note(self, expr: Expr, type: Type) -> None:
        """Remember what was used of a global; constants of NumPy and ``math`` are not rebound."""
        of_subclass = type == UNKNOWN and isinstance(self.typer.object_of(expr), np.ndarray | float | int | complex)
        if (type == UNKNOWN and not of_subclass) or (type.kind == "other" and (type.dtype is None or is_module(type))):
            return
        if not (isinstance(expr, Attribute) and is_module(self.typer.type_of(expr.value))):
            self.globals_used[dotted(expr)] = type
            self.knowledge.introduce(type)

    def evaluated(self, expr: Expr) -> Type:
        """The type of an expression with types on its names, which runs now."""
        type = self.typer.type_of(expr)
        self.variables.after(expr)
        return type

    # ------------------------------------------------------------ statements
    def simple(self, stmt: Stmt) -> Stmt:
        """The statement with types."""
        match stmt:
            case Augment():
                return self._augmented(stmt)
            case Assign():
                value = self.typed(stmt.value)
                type = self.evaluated(value)
                target = self.bind(stmt.target, type)
                return Assign(target, value, stmt.span, stmt.comments, stmt.ours, stmt.spelling)
            case Pop():
                popped = self.bind(stmt.target, self.stacks.item(self.knowledge, stmt.stack.id))
                return replace(stmt, target=popped, stack=self.typed(stmt.stack))
            case Enter(target=Name() as named):
                done = self._other(stmt)
                return replace(done, target=self.bind(named, UNKNOWN)) if isinstance(done, Enter) else done
            case Assert():  # which -O leaves out
                with self.knowledge.perhaps():
                    return self._other(stmt)
        return self._other(stmt)

    def _other(self, stmt: Stmt) -> Stmt:
        done = map_statement(stmt, self.typed)
        types = [self.evaluated(expr) for expr in expressions(done)]
        if isinstance(stmt, Push):
            self.stacks.put(self.knowledge, stmt.stack.id, types[0], self.knowledge.fixed)
            self.variables.forget_lists()
        return done

    def bind(self, target: T, type: Type) -> T:
        """Assign a value of a type; the target with types."""
        return cast("T", self._bound(target, type))  # types change no node's class

    def _bound(self, target: Expr, type: Type) -> Expr:
        if isinstance(target, Name):
            type = self._put(target.id, type)
            self.variables[target.id] = type
            return Name(target.id, self.knowledge.scope.canonical(type), target.temporary)
        if isinstance(target, Tuple):
            parts = self._unpacked(type, len(target.items))
            return Tuple(tuple(self._bound(*pair) for pair in zip(target.items, parts, strict=True)))
        place = self.typed(target)
        if isinstance(place, Subscript):
            self._written(place, type)
        elif isinstance(place, Attribute):
            self._attribute_written(place.attr)
        return place

    def _put(self, name: str, type: Type) -> Type:
        """What a variable is that is assigned: a list that changes is known by its items."""
        if name not in self.stacks.names or type.kind == "none":
            return type
        if type.kind != "list":
            self.stacks.spoil(name)
            return type
        for item in () if type.item is not None else type.items or ((UNKNOWN,) if type.items is None else ()):
            self.stacks.put(self.knowledge, name, item, self.knowledge.fixed)
        if type.item is not None:
            self.stacks.put(self.knowledge, name, type.item, self.knowledge.fixed)
        return Type("list", item=UNKNOWN)

    def _unpacked(self, type: Type, count: int) -> tuple[Type, ...]:
        if type.kind in ("tuple", "list") and type.items is not None and len(type.items) == count:
            return type.items
        return (self.element(type),) * count

    def element(self, type: Type) -> Type:
        """What iterating over a value gives."""
        if type.kind == "other" and type.shape is not None:
            return PYTHON_INT
        if type.kind == "array" and type.shape:
            return Type("array" if type.rank != 1 else "scalar", type.dtype, type.shape[1:])
        if type.kind == "tuple" and type.dtype == "int64":
            return PYTHON_INT
        if type.kind == "list" and type.item is not None:
            return an_item(self.knowledge, type)
        if type.kind in ("tuple", "list") and type.items:
            return join_all(self.knowledge, type.items)
        return UNKNOWN

    # ------------------------------------------------------------ writes in place
    def _written(self, place: Subscript, value: Type) -> None:
        base = self.typer.type_of(place.value)
        if base.kind == "array":
            self._fits(subscript(self.knowledge, base, place.index, self.typer.type_of), value)
        else:
            if isinstance(place.value, Name) and not isinstance(place.index, Slice):
                self.stacks.put(self.knowledge, place.value.id, value, self.knowledge.fixed)
            elif isinstance(place.value, Name):
                inner = self.element(value) if value.kind == "list" else UNKNOWN
                self.stacks.put(self.knowledge, place.value.id, inner, self.knowledge.fixed)
            self.variables.forget_lists()

    def _attribute_written(self, attr: str) -> None:
        if attr in RESHAPING:
            self.variables.forget_shapes()
        self.variables.forget_lists()

    def _fits(self, place: Type, value: Type) -> None:
        """A value is stretched to the place that it is written to, and not the other way round."""
        if place.shape is None or value.shape is None or not is_numeric(value):
            return
        for wide, dim in zip(reversed(place.shape), reversed(value.shape), strict=False):
            if not same(wide, dim) and (not_one(dim) or wide == 1):
                self.knowledge.prove(wide, dim)

    def _augmented(self, stmt: Augment) -> Stmt:
        value = self.typed(stmt.value)
        given = self.evaluated(value)
        target = self.typed(stmt.target)
        if isinstance(target, Name):
            return self._augmented_name(stmt, target, value, given)
        if isinstance(target, Subscript) and stmt.op != "matmul":
            self._written(target, given)
        elif isinstance(target, Attribute):
            self._attribute_written(target.attr)
        return replace(stmt, target=target, value=value)

    def _augmented_name(self, stmt: Augment, target: Name, value: Expr, given: Type) -> Stmt:
        old = self.typer.type_of(target)
        if old.kind == "array":
            if stmt.op != "matmul":
                self._fits(old, given)
            return replace(stmt, target=self.bind(target, old), value=value)
        operands = (Operand(target, old), Operand(value, given))
        new = transfer(Operation(self.knowledge, stmt.op, operands, {}, "operator"))
        if old.is_immutable_scalar:  # nothing is changed in place
            whole = Apply(stmt.op, (target, value), spelling=AUGMENTED)
            return Assign(self.bind(target, new), whole, stmt.span, stmt.comments, stmt.ours)
        if not is_numeric(old):
            self.variables.forget_lists()  # perhaps ``items += [x]``
            new = UNKNOWN
        return replace(stmt, target=self.bind(target, join_all(self.knowledge, (new, old))), value=value)


def _remembered(lookup: Lookup) -> Lookup:
    known: dict[str, object] = {}

    def look_up(name: str) -> object:
        if name not in known:
            known[name] = lookup(name)
        return known[name]

    return look_up
