"""Reverse mode: assignments, operations by their rules, and writes in place."""

from __future__ import annotations

import inspect
from collections.abc import Mapping

from backprose.analyse.dependence import bind, through
from backprose.analyse.places import adds_axes, is_distinct, is_imaginary, is_whole
from backprose.analyse.precision import has_unseen
from backprose.analyse.several import results_of
from backprose.analyse.types import type_of
from backprose.differentiate.adjoints import as_value, is_integer, is_number
from backprose.differentiate.masks import Mask
from backprose.differentiate.paste import APART, FormError, parameters_of, python_operation
from backprose.differentiate.undo_calls import Calls
from backprose.differentiate.widen import widening
from backprose.ir.nodes import (
    Apply,
    Assign,
    Attribute,
    Augment,
    Call,
    Const,
    Evaluate,
    Expr,
    List,
    Name,
    Stmt,
    Subscript,
    Tuple,
)
from backprose.ir.types import Type
from backprose.ir.walk import (
    base,
)
from backprose.rules.registry import INDEX, Rule, rule_of


class Assignments(Calls):
    """Undoes assignments."""

    def undo(self, stmt: Stmt, target: Name, value: Expr) -> None:
        """The adjoint of ``target = value``: cotangents from the target's adjoint to the operands of ``value``."""
        bar = self.bar(target)
        match value:
            case Name():
                mask = self.masks.pop(target.id, None)
                unmasked = self.unmasked(value, mask)
                self.distribute(stmt, value, bar)
                if mask is not None and unmasked:
                    self.masks.setdefault(value.id, mask)
            case Apply():
                try:
                    self.undo_operation(stmt, value, target, bar)
                except FormError as reason:
                    self.refuse.form(stmt, value, str(reason))
            case Subscript() if (array := base(value)) is not None and not isinstance(value.value, Attribute):
                if self.wanted(stmt, array):
                    self.contribute_at(array, value, bar)
            case Call():
                self.undo_call(stmt, value, bar)
            case List():
                self.distribute(stmt, value, bar)
            case _:
                if any(self.wanted(stmt, name) for name in through(value)):
                    self.refuse.value(stmt, value)

    def undo_list(self, stmt: Stmt, value: Apply, bar: Name) -> bool:
        """The adjoint of what is made of a list, and of what makes one; False for other operations."""
        match value.op, value.args:
            case "list", (Name() as source,):
                if source.type.kind not in ("list", "array"):
                    self.refuse.value(stmt, value)
                cotangent: Expr = bar if source.type.kind == "list" else Apply("array", (bar,))
                if source.type.kind == "array" and source.type.rank != 1:  # there may be no row to show their length
                    cotangent = Apply("reshape", (cotangent, Apply("shape", (source,))))
                self.distribute(stmt, source, cotangent)
                return True
            case "multiply", (List(items=(Name() as item,)), _):
                if self.wanted(stmt, item):
                    self.contribute(item, Apply("sum_of", (bar, self.lists.zero(item))))
                return True
            case "sum_of", (Name() as source, *_) if source.type.kind == "list":
                if len(value.args) > 1 and isinstance(start := value.args[1], Name) and self.wanted(stmt, start):
                    self.contribute(start, Apply("unbroadcast", (bar, start)))
                if self.wanted(stmt, source):
                    self.contribute(source, self.lists.spread(bar, source))
                return True
            case _, (Name() as source, *_) if source.type.kind == "list" and self.wanted(stmt, source):
                parts = self.lists.parts(value, source, self.uncast(bar, bind(value, rule_of(value.op))))
                if parts is not None:
                    self.contribute(source, parts)
                    return True
        return False

    def undo_operation(self, stmt: Stmt, value: Apply, target: Name, bar: Name) -> None:
        rule = rule_of(value.op)
        if rule.kind == "constant" or self.undo_list(stmt, value, bar):
            return
        operands = bind(value, rule)
        if rule.kind == "not yet":
            if any(self.wanted(stmt, name) for operand in operands.values() for name in through(operand)):
                self.refuse.not_yet(stmt, value, rule)
            return
        asked = [
            parameter
            for parameter in rule.active
            if parameter in operands and any(self.wanted(stmt, name) for name in through(operands[parameter]))
        ]
        self.refuse.inactive_operands(stmt, value, rule, operands, self.wanted)
        if not asked or self.field.is_constant(value, rule):
            return
        if results_of(value) != 1:
            raise FormError(APART)
        if rule.adjoint is None:
            self.refuse.not_yet(stmt, value, rule)
        mask = self.masks.pop(target.id, None)
        if value.op == "where":
            self.mask_branches(stmt, operands, target, mask)
        if rule.kind == "elementwise" and any(has_unseen(one) for name, one in operands.items() if name not in asked):
            self.unseen = True
        cast = {name: self.field.cast(value.op, one, target) for name, one in operands.items()}
        known = {**parameters_of(rule), **(cast if rule.kind == "elementwise" else operands), "out": target}
        if mask is not None and rule.kind == "elementwise" and value.op != "where" and self.risk.of(value):
            known = {name: mask.safe(one, value.op) for name, one in known.items()}
        known["out_bar"] = (
            self.cast_back(bar, target, value.args[0]) if value.op == "astype" else self.uncast(bar, operands)
        )
        listed = any(isinstance(operands[name], Tuple | List) for name in rule.active if name in operands)
        if rule.by_item and (listed or _index_of(rule).default is inspect.Parameter.empty):
            self.undo_joining(stmt, rule, operands, known)
            return
        python = python_operation(value, target)
        wider = widening(rule, operands, asked, target.type)
        pasted, result = self.paster.paste(rule.adjoint, known, stmt.span, wider, python)
        for made in pasted:
            self.emit(self.recompute.statement(made))
        parts = parts_of_result(result, rule)
        ordered = [(parameter, part) for parameter, part in zip(rule.active, parts, strict=True) if parameter in asked]
        ordered.sort(key=lambda pair: isinstance(one := operands[pair[0]], Name) and one.id not in self.set)
        for parameter, part in ordered:
            part = self.recompute.expression(part)
            operand = operands[parameter]
            unmasked = self.unmasked(operand, mask)
            if rule.kind == "elementwise":
                part = Apply("multiply", (bar, part))
                others = [other for name, other in operands.items() if name != parameter]
                if isinstance(operand, Name) and not (target.id not in self.wide and all(map(is_number, others))):
                    part = self.narrowed(part, self.wide.get(target.id, target.type), operand)
            self.distribute(stmt, operand, part)
            if mask is not None and rule.kind == "elementwise" and isinstance(operand, Name) and unmasked:
                self.masks.setdefault(operand.id, mask)

    def undo_several(self, stmt: Stmt, value: Apply, items: tuple[Expr, ...], live: list[Name]) -> None:
        """The adjoint of an operation that gives several arrays, of those that are read."""
        rule = rule_of(value.op)
        operands = bind(value, rule)
        self.refuse.inactive_operands(stmt, value, rule, operands, self.wanted)
        given = [name for name in rule.active if name in operands]
        wanted = [name for name in given if any(self.wanted(stmt, part) for part in through(operands[name]))]
        if rule.adjoint is None or not wanted:
            return
        if rule.counted is None:
            bars: tuple[Expr, ...] = tuple(self.some_bar(item) if item in live else Const(None) for item in items)
        else:
            bars = tuple(self.bar_or_zero(item, live) for item in items)
        known = {**parameters_of(rule), **operands, "out": Tuple(items), "out_bar": Tuple(bars)}
        if rule.by_item:
            self.undo_joining(stmt, rule, operands, known)
            return
        pasted, result = self.paster.paste(rule.adjoint, known, stmt.span, None)
        dots = {f"{name}_dot": operands.get(name, Const(0)) for name in rule.active}
        self.check_read(rule, {**known, **dots}, live)
        for made in pasted:
            self.emit(self.recompute.statement(made))
        for name, part in zip(rule.active, parts_of_result(result, rule), strict=True):
            if name in wanted:
                self.distribute(stmt, operands[name], self.recompute.expression(part))

    def check_read(self, rule: Rule, known: Mapping[str, Expr], live: list[Name]) -> None:
        """Raises ``FormError`` where a result is read of which the rule's tangent says that it has no derivative."""
        if rule.tangent is None:
            return
        _, result = self.paster.paste(rule.tangent, known, None, None)
        parts = result.items if isinstance(result, Tuple) else ()
        tangents = [part for part in parts if isinstance(part, Tuple)] or [Tuple(parts)]
        results = known["out"]
        assert isinstance(results, Tuple)
        for position, item in enumerate(results.items):
            if item in live and any(
                Const(None) == one.items[position] for one in tangents if position < len(one.items)
            ):
                raise FormError("the rule has no derivative of what is read of its results")

    def mask_branches(self, stmt: Stmt, operands: dict[str, Expr], target: Name, outer: Mask | None) -> None:
        """Notes where the adjoint of a branch of ``where`` is 0, if a derivative on the way to it may not be finite."""
        condition, shape = operands["condition"], target.type.shape
        if shape is None or type_of(condition).shape != shape:
            return
        held: Name | None = None
        for parameter, taken in (("x", True), ("y", False)):
            branch = operands[parameter]
            if not (isinstance(branch, Name) and branch.type.shape == shape and self.wanted(stmt, branch)):
                continue
            if branch.id in self.set or not self.risk.of(branch):
                continue
            if held is None:
                held = self.temporary(condition, type_of(condition))
            self.fresh_masks[branch.id] = Mask(((held, taken),), shape).within(outer)

    def undo_joining(self, stmt: Stmt, rule: Rule, operands: Mapping[str, Expr], known: dict[str, Expr]) -> None:
        """An operation on a sequence: its rule gives the cotangent of the item at ``index``, which is None where that
        of an operand beside the sequence is asked for."""
        assert rule.adjoint is not None
        for place, parameter in enumerate(rule.active):
            operand = operands.get(parameter)
            listed = isinstance(operand, Tuple | List)
            if operand is None or not any(self.wanted(stmt, name) for name in through(operand)):
                continue
            if not listed and place == 0 and _index_of(rule).default is not None:
                self.refuse.value(stmt, operand)
            items = operand.items if isinstance(operand, Tuple | List) else (operand,)
            for position, item in enumerate(items):
                if any(self.wanted(stmt, name) for name in through(item)):
                    index = Const(position if listed else None)
                    pasted, result = self.paster.paste(rule.adjoint, {**known, INDEX: index}, stmt.span, None)
                    for made in pasted:
                        self.emit(self.recompute.statement(made))
                    part = parts_of_result(result, rule)[place]
                    self.distribute(stmt, item, self.recompute.expression(part))

    def unpack(self, stmt: Assign, items: tuple[Expr, ...], value: Expr) -> None:
        live = [item for item in items if isinstance(item, Name) and item.id in self.set]
        for item in live:
            self.set.discard(item.id)
        if not live:
            return
        match value:
            case Name() if self.wanted(stmt, value) and value.type.kind == "array":
                for position, part in enumerate(items):
                    if isinstance(part, Name) and part in live:
                        self.contribute_at(value, Subscript(value, Const(position)), self.bar(part))
            case Call():
                self.undo_call(stmt, value, Tuple(tuple(self.bar_or_zero(part, live) for part in items)))
            case Apply() if results_of(value) == len(items) > 1:
                try:
                    self.undo_several(stmt, value, items, live)
                except FormError as reason:
                    self.refuse.form(stmt, value, str(reason))
            case _:
                if any(self.wanted(stmt, name) for name in through(value)):
                    self.refuse.value(stmt, value)

    def undo_write(self, stmt: Assign, target: Subscript, value: Expr) -> bool:
        """The adjoint of ``target = value``; True where it reads the old content of the target."""
        self.refuse.unnamed(stmt, value, self.wanted)
        array = self.place(stmt, target)
        if array is None:
            return False
        if array.type.kind == "list":
            return self.undo_item(stmt, target, value, array)
        part: Name | Subscript = self.part(target, array)
        whole = is_whole(target) and array.id not in self.shadows
        if whole:  # nothing is left of what it was
            part = part if adds_axes(target.index) else self.bar(array)
            self.set.discard(array.id)
        if isinstance(value, Name) and self.wanted(stmt, value):
            if not whole:
                assert isinstance(part, Subscript)
                taken = self.temporary(self.taken(target, part))
                self.assign(part, Const(0.0))
                part = taken
            cotangent = Apply("negative", (part,)) if is_imaginary(target) else part
            self.contribute(value, self.fit(self.cast_back(cotangent, target, value), target, value))
        elif not whole:
            self.assign(part, Const(0.0))
        return False

    def undo_item(self, stmt: Assign, target: Subscript, value: Expr, items: Name) -> bool:
        """The adjoint of an item that takes the place of another one in a list."""
        self.refuse.unnamed(stmt, value, self.wanted)
        part = Subscript(self.bar(items), target.index)
        if not is_integer(target.index):
            self.refuse.write(stmt)
        if isinstance(value, Name) and self.wanted(stmt, value):
            self.contribute(value, part)
        self.assign(part, self.lists.zero_item(target, items))
        return True

    def undo_update(self, stmt: Evaluate, place: Subscript, update: Apply) -> None:
        """The adjoint of ``np.add.at(place, index, value)``, in which an element may be named twice."""
        array, value = self.place(stmt, place), update.args[2]
        self.refuse.unnamed(stmt, value, self.wanted)
        if array is None or not (isinstance(value, Name) and self.wanted(stmt, value)):
            return
        cotangent: Expr = self.part(place, array)
        if (update.op == "subtract.at") != is_imaginary(place):
            cotangent = Apply("negative", (cotangent,))
        self.contribute(value, self.fit(Apply("copy", (cotangent,)), place, value))

    @staticmethod
    def taken(target: Subscript, part: Subscript) -> Expr:
        """The adjoint of what is written to a place: of what an element is given twice, only the last stays."""
        if is_distinct(target.index):
            return Apply("copy", (part,))
        return Apply("where", (Apply("last_writes", (part.value, as_value(part.index))), part, Const(0.0)))

    def undo_augment(self, stmt: Augment, target: Name | Subscript, value: Expr) -> bool:
        """The adjoint of ``target op= value``; True where it reads the old content of the target."""
        self.refuse.unnamed(stmt, value, self.wanted)
        array = target if isinstance(target, Name) else self.place(stmt, target)
        if array is None or array.id not in self.set or array.id not in self.activity.useful_after[id(stmt)]:
            return False
        bar: Name | Subscript = self.bar(array)
        held: Expr = bar
        if isinstance(target, Subscript) and not (is_whole(target) and not adds_axes(target.index)):
            bar = self.part(target, array)
            held = self.taken(target, bar)
        operand = value if isinstance(value, Name) and self.wanted(stmt, value) else None
        match stmt.op:
            case "add" | "subtract":
                if operand is not None:
                    cotangent = held if (stmt.op == "add") != is_imaginary(target) else Apply("negative", (held,))
                    self.contribute(operand, self.fit(cotangent, target, operand))
                return isinstance(target, Name) and self.narrow(target)
            case "multiply" | "divide":
                cotangent_held: Name | None = None
                if operand is not None:  # before the target's own adjoint is scaled: the value may be the target
                    cotangent = Apply("multiply", (held, target))
                    if stmt.op == "divide":
                        square = Apply("power", (value, Const(2)))
                        cotangent = Apply("divide", (cotangent, square))
                    if (stmt.op == "divide") != is_imaginary(target):
                        cotangent = Apply("negative", (cotangent,))
                    fitted = self.fit(cotangent, target, operand)
                    cotangent_held = self.temporary(fitted, Type("unknown", None, operand.type.shape))
                if isinstance(bar, Name) and array.id not in self.shadows:
                    self.assign(bar, Apply(stmt.op, (bar, value)))
                else:
                    self.emit(Augment(bar, stmt.op, value, span=self.span, ours=True))
                if operand is not None and cotangent_held is not None:
                    self.contribute(operand, cotangent_held)
                narrowed = isinstance(target, Name) and self.narrow(target)
                return narrowed or operand is not None
        self.refuse.augmented(stmt)


def parts_of_result(result: Expr, rule: Rule) -> tuple[Expr, ...]:
    """What a rule gives for each of its active parameters."""
    if len(rule.active) == 1:
        return (result,)
    if isinstance(result, Tuple):
        return result.items
    return tuple(Subscript(result, Const(position)) for position in range(len(rule.active)))  # only the run can name it


def _index_of(rule: Rule) -> inspect.Parameter:
    """The parameter of a rule that says which item's cotangent is asked for."""
    assert rule.adjoint is not None
    return inspect.signature(rule.adjoint).parameters[INDEX]
