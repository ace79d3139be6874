"""What a function puts outside that may be of another kind than what is there now: no type is known of that."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import FunctionType
from typing import Any, Protocol

import numpy as np

from backprose.analyse.expressions import called_by_rule
from backprose.analyse.types import type_of
from backprose.differentiate.changes import bound_in_spaces, changes_its_first, has_data, only_reads, spaces_of
from backprose.differentiate.unseen import changed_unseen, of_library
from backprose.ir.nodes import (
    Apply,
    Assign,
    Attribute,
    Augment,
    Call,
    Enter,
    Expr,
    Function,
    Global,
    Name,
    Raise,
    Stmt,
    Subscript,
    Tuple,
    children,
    once,
)
from backprose.ir.shared import is_data, is_derivative, meet
from backprose.ir.walk import bound, expressions, is_path, statements, targets
from backprose.parse import Parsed
from backprose.rules.registry import op_of


class Program(Protocol):
    """What is known of the functions of one derivative."""

    def object_of(self, parsed: Parsed, expr: Expr) -> Any: ...

    def parsed(self, function: FunctionType) -> Parsed: ...

    def lowered(self, function: FunctionType) -> Function | None: ...


@dataclass
class Anew:
    """``names`` of globals, and of attributes of modules, classes and functions, that are bound anew; ``objects`` into
    which something is put."""

    names: set[str] = field(default_factory=set)
    objects: list[object] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.names or self.objects)

    def add(self, more: Anew) -> bool:
        """Takes in what else is known to be put; whether any of that is new."""
        there = set(map(id, self.objects))
        objects = [one for one in more.objects if id(one) not in there]
        is_new = bool(objects) or not more.names <= self.names
        self.names |= more.names
        self.objects += objects
        return is_new

    def covers(self, path: str, value: Callable[[str], object]) -> bool:
        """Whether a dotted name may mean something of another kind by the time that it is read."""
        first, *rest = path.split(".")
        if first in self.names:
            return True
        owner = value(first)
        for attr in rest:
            path = first
            own = vars(owner) if hasattr(owner, "__dict__") and not has_data(owner) else ()
            if (attr in self.names and attr not in own) or self.fills(owner):
                return True
            first = f"{path}.{attr}"
            owner = value(first)
        return self.fills(owner)

    def fills(self, found: object) -> bool:
        return is_data(found) and not isinstance(found, np.ndarray) and meet(found, self.objects)


@dataclass
class Own:
    """What the statements of one function put anew, the functions that it calls, and the data that it hands these."""

    anew: Anew = field(default_factory=Anew)
    called: dict[FunctionType, None] = field(default_factory=dict)
    handed: list[object] = field(default_factory=list)
    into_arguments: bool = False


def put_anew(function: Function, parsed: Parsed, program: Program, known: dict[FunctionType, Own]) -> Anew:
    """What a function puts anew, and whatever it calls; ``known``: what is known of the functions called by now."""
    found, handed, into_arguments = Anew(), list[object](), False
    pending = [_own(function, parsed, program)]
    seen = {parsed.function}
    while pending:
        own = pending.pop()
        found.names |= own.anew.names
        found.objects += own.anew.objects
        handed += own.handed
        for callee in own.called.keys() - seen:
            seen.add(callee)
            lowered = program.lowered(callee)
            if lowered is None:
                _unseen(callee, found)
                continue
            if callee not in known:
                known[callee] = _own(lowered, program.parsed(callee), program)
            into_arguments = into_arguments or known[callee].into_arguments
            pending.append(known[callee])
    if into_arguments:
        found.objects += handed
    return found


@once("_acts")
def acts(stmt: Stmt) -> bool:
    """Whether a statement may put anything outside, by what it is: most only bind variables and write into arrays."""
    for target in targets(stmt):
        for item in target.items if isinstance(target, Tuple) else (target,):
            into_array = isinstance(item, Subscript) and type_of(item.value).kind == "array"
            if not (into_array or isinstance(item, Name)):
                return True
    return isinstance(stmt, Enter | Raise) or next(calls_in(stmt), None) is not None


def _own(function: Function, parsed: Parsed, program: Program) -> Own:
    found = Own()
    if not any(map(acts, statements(function.body))):
        return found
    parameters = {parameter.name for parameter in function.parameters}
    values: dict[str, list[Expr]] = {}
    for stmt in statements(function.body):
        if isinstance(stmt, Assign) and not isinstance(stmt.value, Apply):
            for name in bound(stmt.target):
                values.setdefault(name, []).append(stmt.value)

    def put_into(place: Expr) -> None:
        """Something is put into what an expression stands for."""
        pending, seen = [place], set[str]()
        while pending:
            here = pending.pop()
            whole = program.object_of(parsed, here) if is_path(here) else None
            if is_data(whole):
                found.anew.objects.append(_whole_array(whole))
            elif isinstance(here, Attribute | Subscript):
                pending.append(here.value)
            elif isinstance(here, Name) and here.id not in seen:
                seen.add(here.id)
                found.into_arguments = found.into_arguments or here.id in parameters
                pending += values.get(here.id, ())
            elif isinstance(here, Call):  # vars(CONFIG)
                pending += (*here.arguments, *((here.function.value,) if isinstance(here.function, Attribute) else ()))

    def lookup(expr: Expr) -> object:
        return program.object_of(parsed, expr) if is_path(expr) else None

    spaces = spaces_of(function, lookup)
    for stmt in statements(function.body):
        found.anew.names |= bound_in_spaces(stmt, spaces, lookup)
        for target in targets(stmt):
            for item in target.items if isinstance(target, Tuple) else (target,):
                if isinstance(item, Global):
                    found.anew.names.add(item.id)
                elif isinstance(item, Attribute) and has_data(program.object_of(parsed, item.value)):
                    found.anew.names.add(item.attr)
                elif isinstance(item, Attribute | Subscript) and _alters(stmt, item):
                    put_into(item.value)
        if isinstance(stmt, Enter):
            _unseen(program.object_of(parsed, stmt.context), found.anew)
        if isinstance(stmt, Raise) and stmt.exception is not None:
            _unseen(program.object_of(parsed, stmt.exception), found.anew)
        for call in calls_in(stmt):
            called = program.object_of(parsed, call.function)
            while is_derivative(called):
                called = called.primal
            for arg in call.arguments:
                data = program.object_of(parsed, arg) if is_path(arg) else None
                if is_data(data) and not isinstance(data, np.ndarray):
                    found.handed.append(data)
            if isinstance(called, FunctionType) and op_of(called) is None and not of_library(called):
                found.called[called] = None
                continue
            _unseen(called, found.anew)
            if isinstance(call.function, Attribute):
                owner = call.function.value
                known = program.object_of(parsed, owner) if is_path(owner) else None
                array = isinstance(known, np.ndarray) or type_of(owner).kind == "array"
                if not array and not only_reads(known, call.function.attr):
                    put_into(owner)
            if changes_its_first(called) and call.args:
                put_into(call.args[0])
    return found


def _whole_array(found: object) -> object:
    """The array that a view is one of, which is the same whenever it is asked for."""
    while isinstance(found, np.ndarray) and isinstance(found.base, np.ndarray):
        found = found.base
    return found


def _unseen(called: object, found: Anew) -> None:
    unseen = changed_unseen(called)
    found.names |= unseen.names
    found.objects += unseen.objects


def _alters(stmt: Stmt, place: Attribute | Subscript) -> bool:
    """Whether an assignment to a part of an object may put something of another kind there."""
    if type_of(place.value).kind == "array":
        return False
    if not isinstance(stmt, Assign | Augment) or stmt.target is not place:
        return True
    there, value = type_of(place), type_of(stmt.value)
    same = (there.kind, there.dtype, there.shape) == (value.kind, value.dtype, value.shape)
    return not (same and value.is_immutable_scalar)


def calls_in(stmt: Stmt) -> Iterator[Call]:
    """The calls in a statement, those of functions with a rule of a user's among them."""
    stack = list(expressions(stmt))
    while stack:
        expr = stack.pop()
        if isinstance(expr, Call):
            yield expr
        elif isinstance(expr, Apply) and (call := called_by_rule(expr)) is not None:
            yield call
        stack.extend(children(expr))
