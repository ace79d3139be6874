"""Statements: each is carried out on the structures that are known, and emitted for the numbers and arrays."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable
from dataclasses import replace
from types import FunctionType
from typing import Any

import numpy as np

from backprose.expand.calls import plain_stacks
from backprose.expand.frames import Frame, State
from backprose.expand.loops import Loops
from backprose.expand.values import (
    Closure,
    Known,
    Lost,
    NotKnown,
    Place,
    Rows,
    Sequence,
    Struct,
    Value,
    form_of,
    is_leaf,
    structs,
)
from backprose.ir.names import NameSupply
from backprose.ir.nodes import (
    Apply,
    Assert,
    Assign,
    Attribute,
    Augment,
    Block,
    Call,
    Compare,
    Const,
    Dict,
    Enter,
    Evaluate,
    Expr,
    For,
    Function,
    Global,
    If,
    Lambda,
    List,
    Name,
    Ours,
    Pop,
    Push,
    Raise,
    Remark,
    Return,
    Slice,
    Starred,
    Stmt,
    Subscript,
    Try,
    Tuple,
    While,
    children,
)
from backprose.ir.shared import SIMPLE
from backprose.ir.walk import base, expressions, rebinds, statements, targets, writes


class Blocks(Loops):
    """Carries out the statements of one function, callees that are inlined included."""

    def __init__(
        self, supply: NameSupply, state: State, lowered: Callable[[FunctionType, NameSupply], Function]
    ) -> None:
        super().__init__(supply, state, lowered)

    @staticmethod
    def needed(function: Function) -> bool:
        """Whether a function makes or takes apart anything but numbers and arrays."""
        for stmt in statements(function.body):
            if any(isinstance(target, Attribute) for target in targets(stmt)):
                return True
            made = stmt.value if isinstance(stmt, Assign) and isinstance(stmt.target, Name) else None
            if isinstance(stmt, Assign) and isinstance(stmt.target, Subscript) and isinstance(stmt.value, List):
                return True  # perhaps items of a list
            if isinstance(made, Tuple | Lambda) or (isinstance(made, List) and made.items):
                return True
            if any(map(_has_structure, (*expressions(stmt), *targets(stmt)))):
                return True
        pushed = {stmt.stack.id for stmt in statements(function.body) if isinstance(stmt, Push | Pop)}
        return bool(pushed - plain_stacks(function.body)) or any(
            p.kind in ("starred", "double-starred") for p in function.parameters
        )

    def run(self, block: Block, frame: Frame) -> tuple[Stmt, ...]:
        """The statements that are left of a block."""
        outer, self.out = self.out, []
        for stmt in block:
            self.statement(stmt, frame)
        made, self.out = tuple(self.out), outer
        return made

    def take(self) -> tuple[Stmt, ...]:
        made, self.out = tuple(self.out), []
        return made

    # ------------------------------------------------------------ statements
    def statement(self, stmt: Stmt, frame: Frame) -> None:
        self.now, self.frame = stmt, frame
        outer, self.goal = self.goal, None
        if isinstance(stmt, Assign) and isinstance(stmt.target, Name) and not stmt.target.temporary:
            self.goal = self.renamed(stmt.target.id, frame)
        if frame.at is None or stmt.span != frame.at:
            frame.line, frame.at = (self.out, len(self.out)), stmt.span
        self.carry_out(stmt, frame)
        self.goal = outer
        if isinstance(stmt, Augment) or (isinstance(stmt, Assign) and not getattr(stmt.target, "temporary", False)):
            frame.at = None  # the next one begins a line, which may be this one again

    def carry_out(self, stmt: Stmt, frame: Frame) -> None:
        match stmt:
            case Assign(target=Name(id=name), value=List(items=())) if self.is_stack(name, frame):
                self.emit(replace(stmt, target=self.renamed(name, frame)), frame)
            case Assign(target=target, value=value):
                wish = target.id if isinstance(target, Name) and not target.temporary else frame.wish
                self.assign(target, self.function_value(self.value(value, frame, stmt, wish), frame), frame, stmt)
                if isinstance(value, Name) and value.temporary and frame.read_once(value.id):
                    self.state.bindings.pop(self.renamed(value.id, frame).id, None)
            case Augment(target=target, value=value):
                self.augment(stmt, target, self.value(value, frame, stmt), frame)
            case Push(stack=stack, value=value):
                self.push(stmt, stack, self.value(value, frame, stmt), frame)
            case Pop(target=target, stack=stack):
                self.pop(stmt, target, stack, frame)
            case Try():
                self.attempt(stmt, frame)
            case If():
                self.branch(stmt, frame)
            case For():
                self.loop_over(stmt, frame)
            case While():
                self.loop_while(stmt, frame)
            case Evaluate(value=value):
                done = self.value(value, frame, stmt)
                if is_leaf(done) and not isinstance(done, (Name, Const)):
                    self.emit(replace(stmt, value=done), frame)
            case Enter():
                self.emit(self.context(stmt, frame), frame)
            case Raise(exception=exception, cause=cause):
                parts = [None if one is None else self.tree(one, frame, stmt) for one in (exception, cause)]
                self.emit(replace(stmt, exception=parts[0], cause=parts[1]), frame)
            case Assert(test=test, message=message):
                said = None if message is None else self.maybe(message, frame, stmt)
                self.emit(replace(stmt, test=self.tree(test, frame, stmt), message=said), frame)
            case Return():
                self.fail(stmt, "a return at this place", "it is not covered", "return at the end", "language")
            case Remark() if not frame.outermost:
                pass
            case _:
                self.emit(replace(stmt), frame)  # it may be carried out several times

    def context(self, stmt: Enter, frame: Frame) -> Enter:
        """The context manager is made where the user makes it, of numbers and arrays."""
        target = None if stmt.target is None else self.target(stmt.target, frame)
        made = stmt.context
        if isinstance(made, Call):
            args = self.items(made.args, frame, stmt)
            keywords = {key: self.value(one, frame, stmt) for key, one in made.keywords}
            self.check_handed(made, made.function, [*args, *keywords.values()], frame, stmt)
            named = tuple((key, self.argument(value, stmt)) for key, value in keywords.items())
            made = replace(made, args=tuple(self.argument(one, stmt) for one in args), keywords=named)
        root = made.function if isinstance(made, Call) else made
        while isinstance(root, Attribute):
            root = root.value
        if isinstance(root, Global):
            self.check_global(root, frame, stmt)
        return replace(stmt, context=made, target=target)

    # ------------------------------------------------------------ assignments
    def assign(self, target: Expr, value: Value, frame: Frame, stmt: Stmt) -> None:
        match target:
            case Name(id=name):
                self.bind(name, value, frame, stmt)
            case Global():
                self.check_global(target, frame, stmt)
                self.emit(Assign(target, self.leaf(value, stmt), stmt.span, stmt.comments), frame)
            case Tuple(items=items):
                self.unpack(items, value, frame, stmt)
            case Subscript(value=owner, index=index):
                into = self.value(owner, frame, stmt)
                if isinstance(into, Struct) and into.kind == "object":
                    self.method(into, "__setitem__", [self.index_value(index, frame, stmt), value], stmt)
                elif isinstance(into, Struct) and isinstance(index, Slice):
                    self.store_items(into, index, value, frame, stmt)
                elif isinstance(into, Struct):
                    self.store(into, self.key(into, index, frame, stmt), value, stmt)
                elif isinstance(into, Sequence):
                    self.write_row(into, self.tree(index, frame, stmt), value, stmt)
                else:
                    place = Subscript(self.leaf(into, stmt), self.place(index, frame, stmt))
                    self.emit(Assign(place, self.argument(value, stmt), stmt.span, stmt.comments), frame)
            case Attribute(value=owner, attr=attr):
                into = self.value(owner, frame, stmt)
                part = self.part_of_numbers(into, attr, stmt)
                if part is not None:
                    self.emit(Assign(part, self.argument(value, stmt), stmt.span, stmt.comments), frame)
                    return
                outside = self.attribute_written(into, attr, stmt)
                if outside is not None:
                    given = self.leaf(value, stmt)
                    given = self.held(self.flat(given, stmt), stmt) if isinstance(given, Tuple | List) else given
                    self.emit(Assign(outside, given, stmt.span, stmt.comments), frame)
                    return
                if not isinstance(into, Struct) or into.kind != "object":
                    self.fail(
                        stmt, "an assignment to an attribute", "the object is not known here",
                        "pass the object as an argument", "objects",
                    )  # fmt: skip
                self.set_attribute(into, attr, value, stmt)

    def part_of_numbers(self, owner: Value, attr: str, stmt: Stmt) -> Subscript | None:
        """The place ``z.real[...]`` that an assignment to ``z.real`` writes, where ``z`` is no structure."""
        if attr not in ("real", "imag") or isinstance(owner, Struct | Sequence | Closure | Known):
            return None
        return Subscript(Apply(attr, (self.leaf(owner, stmt),), spelling=f"attribute:{attr}"), Const(...))

    def store_items(self, into: Struct, which: Slice, value: Value, frame: Frame, stmt: Stmt) -> None:
        """``items[a:b] = [...]`` of a list whose items are known."""
        self.check_frozen(into, stmt)
        bounds: list[Any] = [
            None if part is None else self.constant(part, frame, stmt, into)
            for part in (which.lower, which.upper, which.step)
        ]
        if into.kind != "list" or not isinstance(value, Struct):
            self.go_on_as_list(into)
            self.fail(
                stmt, "an assignment to several items", "how many there are is not known", "assign them one by one",
                "containers",
            )  # fmt: skip
        self.touched[id(into)] = into
        self.check_whole(into, stmt)
        items = list(self.settled(into, into.wish, stmt).slots.values())  # type: ignore[union-attr]
        items[slice(*bounds)] = [self.inserted(one, into.wish, stmt) for one in self.several(value, stmt)]
        into.slots = dict(enumerate(items))

    def unpack(self, items: tuple[Expr, ...], value: Value, frame: Frame, stmt: Stmt) -> None:
        stars = [position for position, item in enumerate(items) if isinstance(item, Starred)]
        if stars and not isinstance(value, Struct):
            self.unpack_rest(items, stars[0], value, frame, stmt)
            return
        if isinstance(value, Struct) and self.renamed_results(items, value, frame, stmt):
            return
        if isinstance(value, Struct):
            values = self.several(value, stmt)
            if stars and len(values) >= len(items) - 1:
                start, taken = stars[0], len(values) - len(items) + 1
                rest = Struct("list", dict(enumerate(values[start : start + taken])), None, "rest")
                values = [*values[:start], rest, *values[start + taken :]]
                items = tuple(item.value if isinstance(item, Starred) else item for item in items)
            if len(values) != len(items):
                self.fail(
                    stmt, f"{len(values)} values unpacked into {len(items)} names", "Python raises ValueError",
                    "unpack as many as there are", "unpacking",
                )  # fmt: skip
            held = [self.settled(one, "part", stmt) for one in values]
            kept = [self.kept_apart(one, items[:position], frame, stmt) for position, one in enumerate(held)]
            for item, one in zip(items, kept, strict=True):
                self.assign(item, one, frame, stmt)
            return
        if isinstance(value, Sequence):
            self.unpack_list(items, value, frame, stmt)
            return
        names = tuple(self.target(item, frame) for item in items)
        self.emit(Assign(Tuple(names), self.leaf(value, stmt), stmt.span, stmt.comments), frame)

    def renamed_results(self, items: tuple[Expr, ...], value: Struct, frame: Frame, stmt: Stmt) -> bool:
        """Whether the results of an operation, which was the last statement, get the names of the targets there."""
        made = self.out[-1] if self.out else None
        names = {item.id for item in items if isinstance(item, Name)}
        leaves = tuple(one for one in value.slots.values() if isinstance(one, Name))
        if not isinstance(made, Assign) or made.target != Tuple(leaves) or len(leaves) != len(value.slots):
            return False
        if not len(names) == len(items) == len(leaves):
            return False
        self.out[-1] = replace(
            made, target=Tuple(tuple(self.target(item, frame) for item in items)), comments=stmt.comments
        )
        return True

    def unpack_list(self, items: tuple[Expr, ...], value: Sequence, frame: Frame, stmt: Stmt) -> None:
        """``a, b = items``: Python raises where there are more or fewer."""
        count = self.length_of(value, stmt)
        error = Call(Ours("ValueError"), (Const(f"there are not {len(items)} values to unpack"),))
        wrong = Compare((count, Const(len(items))), ("!=",))
        self.put(If(wrong, (Raise(error, span=stmt.span),), span=stmt.span))
        rows = [self.row(value, Const(position), stmt) for position in range(len(items))]
        held = [self.held(row, stmt) if is_leaf(row) else row for row in rows]
        for item, row in zip(items, held, strict=True):
            self.assign(item, row, frame, stmt)

    def unpack_rest(self, items: tuple[Expr, ...], star: int, value: Value, frame: Frame, stmt: Stmt) -> None:
        """``a, *rest, b = x`` of an array, or of a list whose length is not known."""
        source = self.like_a_list(value, stmt)
        count, after = self.length_of(source, stmt), len(items) - 1 - star
        error = Call(Ours("ValueError"), (Const(f"there are not {len(items) - 1} values to unpack"),))
        wrong = Compare((count, Const(len(items) - 1)), ("<",))
        self.put(If(wrong, (Raise(error, span=stmt.span),), span=stmt.span))
        values: list[Value] = []
        for position, item in enumerate(items):
            if isinstance(item, Starred):
                part = Slice(Const(star) if star else None, Const(-after) if after else None, None)
                whole = isinstance(value, Sequence)
                values.append(
                    self.row(source, part, stmt)
                    if whole
                    else self.listed(self.held(Subscript(source.columns[0], part), stmt), stmt)
                )
            else:
                row = self.row(source, Const(position if position < star else position - len(items)), stmt)
                values.append(self.held(row, stmt) if is_leaf(row) else row)
        for item, one in zip(items, values, strict=True):
            self.assign(item.value if isinstance(item, Starred) else item, one, frame, stmt)

    def kept_apart(self, value: Value, earlier: tuple[Expr, ...], frame: Frame, stmt: Stmt) -> Value:
        """A value that an earlier target of the same statement rebinds, in a temporary."""
        names = {self.renamed(item.id, frame).id for item in earlier if isinstance(item, Name)}
        if isinstance(value, Name) and value.id in names:
            held = self.supply.temporary()
            self.emit(Assign(held, value, stmt.span), frame)
            return held
        return value

    def target(self, item: Expr, frame: Frame) -> Name:
        assert isinstance(item, Name)
        name = self.renamed(item.id, frame)
        self.note_number(name.id, self.now)
        self.state.bindings.pop(name.id, None)
        self.state.forget(name.id)
        return name

    def augment(self, stmt: Augment, target: Expr, value: Value, frame: Frame) -> None:
        called = self.line_so_far(frame)
        match target:
            case Name(id=name):
                old = self.value(target, frame, stmt)
                if not is_leaf(old):
                    self.bind(name, self.binary(stmt.op, old, value, stmt, in_place=True), frame, stmt)
                    return
                place: Any = self.renamed(name, frame)
                self.state.forget(place.id)
                if isinstance(self.state.bindings.get(place.id), Const):
                    self.state.bindings.pop(place.id)
                    self.emit(Assign(place, old, stmt.span), frame)
            case Global():
                self.check_global(target, frame, stmt)
                place = target
            case Subscript(value=owner, index=index):
                into = self.value(owner, frame, stmt)
                if isinstance(into, Sequence):
                    self.augment_row(stmt, into, self.tree(index, frame, stmt), value)
                    return
                if isinstance(into, Struct) and into.kind == "object":
                    which = self.index_value(index, frame, stmt)
                    changed = self.changed(self.method(into, "__getitem__", [which], stmt), value, stmt)
                    self.method(into, "__setitem__", [which, changed], stmt)
                    return
                if isinstance(into, Struct):
                    key = self.key(into, index, frame, stmt)
                    if into.home is not None:
                        self.check_item(into, key, called, stmt)
                        self.store(into, key, self.changed(self.read(into, key, stmt), value, stmt), stmt)
                        return
                    if not is_leaf(self.entry(into, key, stmt)):
                        self.store(into, key, self.changed(self.read(into, key, stmt), value, stmt), stmt)
                        return
                    place = self.slot_place(into, key, stmt)
                else:
                    place = Subscript(self.leaf(into, stmt), self.place(index, frame, stmt))
            case Attribute(value=owner, attr=attr):
                into = self.value(owner, frame, stmt)
                part = self.part_of_numbers(into, attr, stmt)
                if part is not None:
                    self.emit(replace(stmt, target=part, value=self.leaf(value, stmt)), frame)
                    return
                outside = self.attribute_written(into, attr, stmt)
                if outside is not None:
                    if isinstance(self.outside(outside), (*SIMPLE, np.generic)):
                        operands = (self.held(outside, stmt), self.leaf(value, stmt))
                        now: Value = self.held(Apply(stmt.op, operands, (), "operator"), stmt)
                    else:  # it changes itself, under every name
                        now = self.changed(outside, value, stmt)
                    self.emit(Assign(outside, self.leaf(now, stmt), stmt.span, stmt.comments), frame)
                    return
                if not isinstance(into, Struct):
                    self.fail(
                        stmt, "an assignment to an attribute", "the object is not known here",
                        "pass the object as an argument", "objects",
                    )  # fmt: skip
                if into.home is not None:
                    self.check_item(into, attr, called, stmt)
                if into.home is not None or attr not in into.slots or not is_leaf(self.read(into, attr, stmt)):
                    self.set_attribute(into, attr, self.changed(self.attribute(into, attr, stmt), value, stmt), stmt)
                    return
                place = self.slot_place(into, attr, stmt)
        parts = {variable.id for (owner, _), variable in self.stable.items() if owner.startswith("_t")}
        if _changes(called, place, parts):
            self.fail(
                stmt, "this augmented assignment", "what it calls changes its target, whose old value Python reads",
                "call on the line before", "targets",
            )  # fmt: skip
        self.emit(replace(stmt, target=place, value=self.leaf(value, stmt)), frame)

    def check_item(self, into: Struct, key: Hashable, called: Block, stmt: Stmt) -> None:
        """An augmented assignment to a part of an item of a list, whose value did not change that part."""
        place = into.slots.get(key)
        if isinstance(place, Place) and _changes(called, Subscript(place.column, place.index), ()):
            self.fail(
                stmt, "this augmented assignment", "what it calls changes its target, whose old value Python reads",
                "call on the line before", "targets",
            )  # fmt: skip

    def line_so_far(self, frame: Frame) -> Block:
        """The statements that the line of the program which a frame is in has come to."""
        block, start = frame.line
        return tuple(self.out[start if block is self.out else 0 :])

    def changed(self, old: Value, value: Value, stmt: Augment) -> Value:
        """What ``old op= value`` gives, to be stored where ``old`` came from."""
        if not is_leaf(old):
            return self.binary(stmt.op, old, value, stmt, in_place=True)
        taken = self.held(old, stmt)
        self.put(Augment(taken, stmt.op, self.atom(self.leaf(value, stmt), stmt), stmt.span))
        return taken

    def augment_row(self, stmt: Augment, into: Sequence, index: Expr, value: Value) -> None:
        """``items[i] += v``: the item is taken, changed and put back."""
        taken = self.held(self.leaf(self.row(into, index, stmt), stmt), stmt)
        self.put(Augment(taken, stmt.op, self.atom(self.leaf(value, stmt), stmt), stmt.span))
        self.write_row(into, index, taken, stmt)

    def slot_place(self, into: Struct, key: Any, stmt: Stmt) -> Name:
        """The variable of a slot that is changed in place."""
        self.check_frozen(into, stmt)
        held = self.read(into, key, stmt)
        if into.is_immutable or not isinstance(held, Name) or not self.is_slot(into, key):
            self.fail(
                stmt, "this augmented assignment", "it changes a part of a structure that is no variable",
                "assign to a name first", "containers",
            )  # fmt: skip
        return held

    # ------------------------------------------------------------ lists as stacks
    def push(self, stmt: Push, stack: Name, value: Value, frame: Frame) -> None:
        held = self.state.bindings.get(self.renamed(stack.id, frame).id)
        if isinstance(held, Sequence):
            self.append(held, value, stmt)
        elif isinstance(held, Rows):
            self.append_item(held, value, stmt)
        elif isinstance(held, Lost):
            self.fail(stmt, f"this use of {stack.id}", held.reason, "use arrays or plain names", "containers")
        elif isinstance(held, Struct):
            self.check_whole(held, stmt)
            self.appended(held, self.settled(value, held.wish, stmt), stmt)
        else:
            place = self.renamed(stack.id, frame)
            value = self.tuple_made(value, stmt)
            if isinstance(value, Sequence) and value.form is None:
                self.changes(value, stmt)
                self.state.stacked |= {value.columns[0].id}
                self.stacks_of_lists.add(place.id)
            elif not is_leaf(value):
                self.stack_stays(stack, value, frame)
            self.emit(replace(stmt, stack=self.renamed(stack.id, frame), value=self.leaf(value, stmt)), frame)

    def pop(self, stmt: Pop, target: Expr, stack: Name, frame: Frame) -> None:
        held = self.state.bindings.get(self.renamed(stack.id, frame).id)
        if isinstance(held, Sequence) and held.form is None and isinstance(target, Name):
            self.put(replace(stmt, target=self.target(target, frame), stack=held.columns[0]))
        elif isinstance(held, Sequence):
            self.assign(target, self.take_last(held, stmt), frame, stmt)
        elif isinstance(held, Struct):
            self.check_whole(held, stmt)
            if not held.slots:
                self.fail(stmt, "pop() of an empty list", "Python raises IndexError", "test it first", "containers")
            self.touched[id(held)] = held
            self.assign(target, held.slots.pop(len(held.slots) - 1), frame, stmt)
        elif isinstance(target, Name) and self.renamed(stack.id, frame).id in self.stacks_of_lists:
            place = self.renamed(target.id, frame)
            columns = self.columns((frame.key, place.id), None, place, place.id)
            self.state.stacked -= {columns[0].id}
            self.emit(replace(stmt, target=columns[0], stack=self.renamed(stack.id, frame)), frame)
            self.bind(target.id, Sequence(columns), frame, stmt)
        elif isinstance(held, Lost):
            self.fail(stmt, f"this use of {stack.id}", held.reason, "use arrays or plain names", "containers")
        elif isinstance(target, Name):
            place = self.target(target, frame)
            self.emit(replace(stmt, target=place, stack=self.renamed(stack.id, frame)), frame)

    def is_stack(self, name: str, frame: Frame) -> bool:
        """Whether a list is only begun, pushed to and popped from: it stays what it is."""
        return name in frame.stacks and (frame.key, name) not in self.dynamic

    def stack_stays(self, stack: Name, value: Value, frame: Frame) -> None:
        """A stack of structures: begin again with a list for each of their slots."""
        site = (frame.key, stack.id)
        if stack.id in frame.stacks and site not in self.dynamic:
            try:
                form = form_of(value, lists=True)
            except ValueError:
                for one in structs(value):
                    self.go_on_as_list(one)
                return
            raise NotKnown(site, form)


def _changes(line: Block, place: Expr, parts: Collection[str]) -> bool:
    """Whether statements bind the variable of a place anew, or write into the array that it is a part of; ``parts``:
    variables for what the line has taken out of structures on the way."""
    array = base(place)
    name = None if array is None else array.id
    for stmt in reversed(line):
        if isinstance(stmt, Assign) and isinstance(stmt.target, Name) and stmt.target.id == name:
            passing = stmt.target.temporary or name in parts
            if not (passing and isinstance(stmt.value, Name)):
                return not passing
            name = stmt.value.id  # what the line calls the array
            continue
        for one in statements((stmt,)):
            if name in rebinds(one) or (isinstance(place, Subscript) and name in writes(one)):
                return True
    return False


def _has_structure(expr: Expr) -> bool:
    if isinstance(expr, (Dict, Starred, Lambda)):
        return True
    return any(map(_has_structure, children(expr)))
