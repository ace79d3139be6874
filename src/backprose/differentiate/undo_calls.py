"""Reverse mode: calls of the user's functions, which have pairs of their own."""

from __future__ import annotations

from dataclasses import replace

from backprose.analyse.places import is_distinct, is_imaginary
from backprose.differentiate.adjoints import Adjoints
from backprose.differentiate.layout import in_order, needs_order
from backprose.differentiate.shape import as_array
from backprose.differentiate.steps import BACKWARD, FORWARD, Pair, Wanted, named
from backprose.ir.nodes import (
    Apply,
    Assign,
    Call,
    Evaluate,
    Expr,
    Global,
    Name,
    Stmt,
    Subscript,
    Target,
    Tuple,
)
from backprose.ir.walk import (
    base,
    rebased,
)


class Calls(Adjoints):
    """Undoes calls."""

    def undo_call(self, stmt: Stmt, call: Call, bar: Expr) -> None:
        given = call.arguments
        active = tuple(k for k, arg in enumerate(given) if self.wanted(stmt, arg))
        if not active:
            self.refuse.hidden_operands(stmt, call, self.wanted)
            return
        pair = self.pair(call, Wanted(active))
        if pair is None:
            self.refuse.call(stmt, call)
        forward, backward = pair.names(False)
        self.call_pair(stmt, call, pair, active, (), bar)
        self.replacement = named(self.replacement, forward, backward)
        self.out = [named(made, forward, backward) for made in self.out]

    def undo_procedure(self, stmt: Assign | Evaluate, call: Call) -> None:
        """A call that writes into its arguments, and may give a result."""
        bar = self.result_bar(stmt)
        given = call.arguments
        shadowed = tuple(k for k in call.writes if self.has_shadow(stmt, given[k]))
        active = tuple(k for k, arg in enumerate(given) if k not in call.writes and self.wanted(stmt, arg))
        if not shadowed and bar is None:
            return
        again = self.called[call.function] > 1
        wanted = Wanted(active, shadowed, bar is not None, isinstance(stmt, Evaluate), again)
        pair = self.pair(call, wanted)
        if pair is None:
            self.refuse.call(stmt, call)
        self.pending = pair
        self.call_pair(stmt, call, pair, active, shadowed, bar)

    def result_bar(self, stmt: Assign | Evaluate) -> Expr | None:
        """The adjoint of what a call gives, where it is not zero."""
        if isinstance(stmt, Evaluate):
            return None
        items = stmt.target.items if isinstance(stmt.target, Tuple) else (stmt.target,)
        live = [item for item in items if isinstance(item, Name) and item.id in self.set]
        if any(not isinstance(item, Name) for item in items):
            self.refuse.target(stmt)
        self.set.difference_update(item.id for item in live)
        if not live:
            return None
        bars = [self.bar_or_zero(item, live) for item in items]
        return Tuple(tuple(bars)) if isinstance(stmt.target, Tuple) else bars[0]

    def has_shadow(self, stmt: Stmt, place: Expr) -> bool:
        """Whether what is written into has an adjoint, before the call or after it."""
        array = base(place)
        if array is None:
            self.refuse.target(stmt)
        if not array.type.may_be_differentiable:
            return False
        if array.id in self.set and array.id in self.activity.useful_after[id(stmt)]:
            return True
        return array.id in self.activity.active_before(stmt)

    def call_pair(
        self,
        stmt: Stmt,
        call: Call,
        pair: Pair,
        active: tuple[int, ...],
        shadowed: tuple[int, ...],
        bar: Expr | None,
    ) -> None:
        given = call.arguments
        saved = Name(self.supply.fresh(f"saved_{pair.function}"))
        self.made.add(saved.id)
        own = [arg if k in call.writes else self.lasting(arg) for k, arg in enumerate(given)]
        passed = replace(
            call,
            function=Global(FORWARD),
            args=tuple(own[: len(call.args)]),
            keywords=tuple((key, arg) for (key, _), arg in zip(call.keywords, own[len(call.args) :], strict=True)),
        )
        target = Tuple((self.held(stmt.target, call), saved)) if isinstance(stmt, Assign) else saved
        target = saved if pair.nothing else target
        self.replacement = Assign(target, passed, stmt.span, stmt.comments)
        places = [given[k] for k in call.writes]
        shadows = [self.shadow(stmt, given[k]) for k in shadowed]
        operands = [given[k] for k in active]
        seeds = () if bar is None else (bar,)
        written = tuple(range(1, 1 + len(places) + len(shadows)))
        undone = Call(Global(BACKWARD), (saved, *places, *shadows, *seeds), writes=written, shares=())
        if not operands:
            self.emit(Evaluate(undone, span=self.span, ours=True))
            return
        parts = [self.supply.temporary(self.bar(operand).type) for operand in operands if isinstance(operand, Name)]
        self.emit(Assign(parts[0] if len(parts) == 1 else Tuple(tuple(parts)), undone, span=self.span, ours=True))
        for operand, part, parameter in zip(operands, parts, pair.parameters, strict=True):
            known = operand.id if isinstance(operand, Name) and not operand.temporary else parameter
            self.items[part.id] = f"{known}_bar"
            self.field.note(part.id, may_be_complex=self.field.may_be_complex(operand))
            self.distribute(stmt, operand, part)

    def held(self, target: Target, call: Call) -> Target:
        """The target of a call; what is written into later is copied, because the pair may have saved it."""
        if isinstance(target, Tuple):
            return Tuple(tuple(self.held(item, call) if isinstance(item, Name) else item for item in target.items))
        if not isinstance(target, Name) or not self.may_change(target):
            return target
        if call.shares != ():
            return target  # the caller's own array
        given = self.supply.temporary(target.type)
        self.made.add(given.id)
        self.after.append(Assign(target, Apply("own", (given,)), span=self.span, ours=True))
        return given

    def shadow(self, stmt: Stmt, place: Expr) -> Expr:
        """The adjoint of a place that a call writes into: an array of its own, or a part of one."""
        array = base(place)
        assert array is not None
        self.receives(array)
        if array.id not in self.set:
            self.assign(self.bar(array), Apply("zeros_like", (array,)))
            self.set.add(array.id)
            self.variables.setdefault(array.id, array)
        elif array.id not in self.shadows:
            for made in as_array(array, self.bar(array), self.span):
                self.emit(made)
        if is_imaginary(place):  # the adjoint would have the other sign
            self.refuse.write(stmt)
        if isinstance(place, Subscript):
            if not is_distinct(place.index):
                self.refuse.write(stmt)
            return self.part(place, array)
        if place == array:
            return self.bar(array)
        part = rebased(place, self.bar(array))
        if needs_order(place):
            for made in in_order(self.bar(array), part, array.id in self.shadows, self.span):
                self.emit(made)
        return part

    def lasting(self, argument: Expr) -> Expr:
        """An argument whose content the callee's derivative may read later, after it has changed."""
        if isinstance(argument, Name) and self.may_change(argument):
            return Apply("own", (argument,))
        return argument

    def may_change(self, variable: Name) -> bool:
        """Whether what a variable holds may be written into later, under its name or another."""
        return not variable.type.is_immutable_scalar and variable.id in self.changing | self.rebound
