"""Statements: each is carried out on the structures that are known, and emitted for the numbers and arrays."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from types import FunctionType
from typing import Any

from backprose.expand.calls import Calls, plain_stacks
from backprose.expand.evaluator import MANY
from backprose.expand.frames import Frame, Snapshot, State, lose, meet
from backprose.expand.values import Lost, NotKnown, Sequence, Struct, Value, form_of, is_leaf, is_record, same_form
from backprose.ir.names import NameSupply
from backprose.ir.nodes import (
    Apply,
    Assert,
    Assign,
    Attribute,
    Augment,
    Block,
    Break,
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
    Pop,
    Push,
    Raise,
    Remark,
    Return,
    Starred,
    Stmt,
    Subscript,
    Try,
    Tuple,
    While,
    children,
)
from backprose.ir.walk import expressions, rebinds, statements, targets

UNROLLED = 64  # turns of a loop over a structure, each written out
TWO_WAYS = "it is not the same on every way through the program that comes here"


class Blocks(Calls):
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
        self.carry_out(stmt, frame)
        self.goal = outer

    def carry_out(self, stmt: Stmt, frame: Frame) -> None:
        match stmt:
            case Assign(target=Name(id=name), value=List(items=())) if self.is_stack(name, frame):
                self.emit(replace(stmt, target=self.renamed(name, frame)), frame)
            case Assign(target=target, value=value):
                wish = target.id if isinstance(target, Name) and not target.temporary else "part"
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
                self.loop(stmt, frame, None)
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
                self.emit(stmt, frame)

    def context(self, stmt: Enter, frame: Frame) -> Enter:
        """The context manager is made where the user makes it, of numbers and arrays."""
        target = None if stmt.target is None else self.target(stmt.target, frame)
        made = stmt.context
        if isinstance(made, Call):
            args = tuple(self.argument(one, stmt) for one in self.items(made.args, frame, stmt))
            keywords = ((key, self.argument(self.value(one, frame, stmt), stmt)) for key, one in made.keywords)
            made = replace(made, args=args, keywords=tuple(keywords))
        root = made.function if isinstance(made, Call) else made
        while isinstance(root, Attribute):
            root = root.value
        if isinstance(root, Global) and not self.means_the_same(root, frame):
            self.fail(
                stmt, f"{root.id}, used in a function of another module", "it means something else here",
                "import it under the same name", "functions",
            )  # fmt: skip
        return replace(stmt, context=made, target=target)

    # ------------------------------------------------------------ assignments
    def assign(self, target: Expr, value: Value, frame: Frame, stmt: Stmt) -> None:
        match target:
            case Name(id=name):
                self.bind(name, value, frame, stmt)
            case Tuple(items=items):
                self.unpack(items, value, frame, stmt)
            case Subscript(value=owner, index=index):
                into = self.value(owner, frame, stmt)
                if isinstance(into, Struct):
                    self.store(into, self.key(into, index, frame, stmt), value, stmt)
                elif isinstance(into, Sequence):
                    self.write_row(into, self.tree(index, frame, stmt), value, stmt)
                else:
                    place = Subscript(self.leaf(into, stmt), self.tree(index, frame, stmt))
                    self.emit(Assign(place, self.argument(value, stmt), stmt.span, stmt.comments), frame)
            case Attribute(value=owner, attr=attr):
                into = self.value(owner, frame, stmt)
                if not isinstance(into, Struct) or into.kind != "object":
                    self.fail(
                        stmt, "an assignment to an attribute", "the object is not known here",
                        "pass the object as an argument", "objects",
                    )  # fmt: skip
                self.set_attribute(into, attr, value, stmt)

    def unpack(self, items: tuple[Expr, ...], value: Value, frame: Frame, stmt: Stmt) -> None:
        stars = [position for position, item in enumerate(items) if isinstance(item, Starred)]
        if stars and not isinstance(value, Struct):
            self.fail(
                stmt, "a starred target here", "how many values it takes is not known", "use slices: rest = x[1:]",
                "unpacking",
            )  # fmt: skip
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

    def unpack_list(self, items: tuple[Expr, ...], value: Sequence, frame: Frame, stmt: Stmt) -> None:
        """``a, b = items``: Python raises where there are more or fewer."""
        count = self.held(Apply("len", (value.columns[0],)), stmt)
        error = Call(Global("ValueError"), (Const(f"there are not {len(items)} values to unpack"),))
        wrong = Compare((count, Const(len(items))), ("!=",))
        self.put(If(wrong, (Raise(error, span=stmt.span),), span=stmt.span))
        rows = [self.row(value, Const(position), stmt) for position in range(len(items))]
        held = [self.held(row, stmt) if is_leaf(row) else row for row in rows]
        for item, row in zip(items, held, strict=True):
            self.assign(item, row, frame, stmt)

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
        self.state.bindings.pop(name.id, None)
        self.state.constants.pop(name.id, None)
        return name

    def augment(self, stmt: Augment, target: Expr, value: Value, frame: Frame) -> None:
        match target:
            case Name(id=name):
                old = self.value(target, frame, stmt)
                if not is_leaf(old):
                    self.bind(name, self.binary(stmt.op, old, value, stmt, in_place=True), frame, stmt)
                    return
                place: Any = self.renamed(name, frame)
                self.state.constants.pop(place.id, None)
                if isinstance(self.state.bindings.get(place.id), Const):
                    self.state.bindings.pop(place.id)
                    self.emit(Assign(place, old, stmt.span), frame)
            case Subscript(value=owner, index=index):
                into = self.value(owner, frame, stmt)
                if isinstance(into, Sequence):
                    self.augment_row(stmt, into, self.tree(index, frame, stmt), value)
                    return
                if isinstance(into, Struct):
                    place = self.slot_place(into, self.key(into, index, frame, stmt), stmt)
                else:
                    place = Subscript(self.leaf(into, stmt), self.tree(index, frame, stmt))
            case Attribute(value=owner, attr=attr):
                into = self.value(owner, frame, stmt)
                if not isinstance(into, Struct):
                    self.fail(
                        stmt, "an assignment to an attribute", "the object is not known here",
                        "pass the object as an argument", "objects",
                    )  # fmt: skip
                place = self.slot_place(into, attr, stmt)
        self.emit(replace(stmt, target=place, value=self.leaf(value, stmt)), frame)

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
        elif isinstance(held, Struct):
            self.store(held, len(held.slots), self.settled(value, held.wish, stmt), stmt)
        else:
            place = self.renamed(stack.id, frame)
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
                form = form_of(value)
            except ValueError:
                return
            raise NotKnown(site, form)

    # ------------------------------------------------------------ branches and loops
    def branch(self, stmt: If, frame: Frame) -> None:
        test = self.test(stmt.test, frame, stmt)
        if isinstance(test, Const):
            for inner in stmt.body if test.value else stmt.orelse:
                self.statement(inner, frame)
            return
        self.own_slots(stmt, frame)
        before = self.state.snapshot()
        body = self.run(stmt.body, frame)
        after_body = self.state.snapshot()
        self.state.restore(before)
        orelse = self.run(stmt.orelse, frame)
        after_orelse = self.state.snapshot()
        if _ends(body):
            after_body = after_orelse
        elif _ends(orelse):
            after_orelse = after_body
        self.differ(after_body, after_orelse, frame)
        meet(self.state, after_body, after_orelse, TWO_WAYS)
        self.emit(replace(stmt, test=test, body=body, orelse=orelse), frame)

    def differ(self, one: Snapshot, other: Snapshot, frame: Frame, names: Iterable[str] | None = None) -> None:
        """Lists that are not the same on two ways go on as lists, each under its own name."""
        different, changed = one.differences(other)
        for name in sorted(different if names is None else names):
            both = [way.bindings.get(name) for way in (one, other)]
            if all(isinstance(value, Struct | Sequence) for value in both):
                for value in both:
                    self.go_on_as_list(value)
            objects = ("objects", frame.key)
            if all(map(is_record, both)) and same_form(*both) and objects not in self.dynamic:
                raise NotKnown(objects, None)
            moves = ("names", frame.key)
            if all(isinstance(value, Sequence) for value in both) and moves not in self.dynamic:
                raise NotKnown(moves, None)
        for key in changed:
            struct, slots = one.slots[key]
            if list(slots) != list(other.slots[key][1]) or names is not None:
                struct.slots = dict(slots)
                self.go_on_as_list(struct)

    def attempt(self, stmt: Try, frame: Frame) -> None:
        """A ``try``: its handler knows nothing of what was tried, which may have come to any point."""
        self.own_slots(stmt, frame)
        before = self.state.snapshot()
        outer, self.touched = self.touched, {}
        orelse = self.run(stmt.orelse, frame)
        after_orelse = self.state.snapshot()
        touched, self.touched = self.touched, outer | self.touched
        meet(self.state, before, after_orelse, TWO_WAYS)
        for struct in touched.values():
            lose(struct, TWO_WAYS)
        named = {self.renamed(name, frame).id for inner in statements(stmt.orelse) for name in rebinds(inner)}
        for name in named | {name for inner in statements(orelse) for name in rebinds(inner)}:
            self.state.constants.pop(name, None)
            if name in self.state.bindings:
                self.state.bindings[name] = Lost(TWO_WAYS)
        handled = None if stmt.name is None else self.target(stmt.name, frame)
        caught = None if stmt.caught is None else self.maybe(stmt.caught, frame, stmt)
        body = self.run(stmt.body, frame)
        after_body = self.state.snapshot()
        if _ends(body):
            after_body = after_orelse
        elif _ends(orelse):
            after_orelse = after_body
        self.differ(after_body, after_orelse, frame)
        meet(self.state, after_body, after_orelse, TWO_WAYS)
        self.emit(replace(stmt, body=body, orelse=orelse, caught=caught, name=handled), frame)

    def loop_over(self, stmt: For, frame: Frame) -> None:
        turns = self.turns(stmt, frame)
        if turns is not None:
            self.unroll(stmt, turns, frame)
            return
        iterable = self.argument(self.value(stmt.iterable, frame, stmt), stmt)
        self.loop(replace(stmt, iterable=iterable), frame, stmt.target)

    def turns(self, stmt: For, frame: Frame) -> list[Value] | None:
        """The items of a loop that is written out: one over a structure, or over its indices."""
        iterable = stmt.iterable
        if isinstance(iterable, Apply) and iterable.op == "range":
            bounds = [self.value(one, frame, stmt) for one in iterable.args]
            if not all(isinstance(one, Const) and type(one.value) is int for one in bounds):
                return None
            places = range(*(one.value for one in bounds if isinstance(one, Const)))
            if not self.indexes_structures(stmt, frame):
                return None
            if _may_be_left(stmt):
                self.tuples_as_lists(stmt, frame)
                return None
            if len(places) > MANY:
                self.growing(stmt, frame)
            items: list[Value] = [Const(place) for place in places]
        else:
            literal = isinstance(iterable, Tuple | List) and all(isinstance(one, Const) for one in iterable.items)
            if literal and not self.indexes_structures(stmt, frame):
                return None
            found = self.value(iterable, frame, stmt)
            if not isinstance(found, Struct):
                return None
            items = [Const(key) for key in found.slots] if found.kind == "dict" else list(found.slots.values())
        if len(items) > UNROLLED or _may_be_left(stmt):
            for one in self.indexed(stmt, frame):
                self.go_on_as_list(one)
        if len(items) > UNROLLED:
            self.fail(
                stmt, f"a loop over {len(items)} items of a structure", "each turn is written out",
                "put the numbers into an array", "containers",
            )  # fmt: skip
        return items

    def own_slots(self, stmt: Stmt, frame: Frame) -> None:
        """Objects under names that are bound again in a block get the variables that the new ones will have."""
        if ("objects", frame.key) not in self.dynamic:
            return
        for inner in statements((stmt,)):
            for name in rebinds(inner):
                target = self.renamed(name, frame)
                held = self.state.bindings.get(target.id)
                if isinstance(held, Struct) and is_record(held):
                    self.state.bindings[target.id] = self.in_place(held, target, name, stmt)

    def growing(self, stmt: For, frame: Frame) -> None:
        """Lists that many turns push to go on as lists."""
        for inner in statements(stmt.body):
            if isinstance(inner, Push):
                self.go_on_as_list(self.state.bindings.get(self.renamed(inner.stack.id, frame).id))

    def tuples_as_lists(self, stmt: For, frame: Frame) -> None:
        """Tuples whose items a loop takes that may be left: lists from now on, which reads the same."""
        for name, held in self.named_structures(stmt, frame):
            if not isinstance(held, Struct) or held.kind != "tuple" or held.cls is not None or held.site is not None:
                continue
            try:
                forms = {form_of(item) for item in held.slots.values()}
            except ValueError:
                continue
            if len(forms) != 1:
                continue
            form = next(iter(forms))
            columns = self.anonymous(f"{name}_items", stmt, form)
            rows = [self.parts(item, form, None, stmt) for item in held.slots.values()]
            for position, column in enumerate(columns):
                self.put(Assign(column, List(tuple(row[position] for row in rows)), stmt.span))
            self.state.bindings[name] = Sequence(columns, form, None, fixed=True)

    def indexed(self, stmt: For, frame: Frame) -> list[Value]:
        """The structures by name that a loop takes items of."""
        return [held for _, held in self.named_structures(stmt, frame)]

    def named_structures(self, stmt: For, frame: Frame) -> list[tuple[str, Value]]:
        found: dict[str, Value] = {}
        parts: list[Expr] = [stmt.iterable]
        for inner in statements(stmt.body):
            parts += [*expressions(inner), *targets(inner)]
        while parts:
            part = parts.pop()
            if isinstance(part, Name):
                name = self.renamed(part.id, frame).id
                held = self.state.bindings.get(name)
                if isinstance(held, Struct):
                    found[name] = held
            elif not isinstance(part, Lambda):
                parts.extend(children(part))
        return list(found.items())

    def indexes_structures(self, stmt: For, frame: Frame) -> bool:
        """Whether a loop takes items of a structure by its counter, or changes how many items one has."""
        for inner in statements(stmt.body):
            if isinstance(inner, Push) and self.holds_struct(inner.stack, frame):
                return True
            parts = [*expressions(inner), *targets(inner)]
            while parts:
                part = parts.pop()
                if isinstance(part, Subscript) and self.holds_struct(part.value, frame):
                    return True
                if isinstance(part, Lambda):
                    continue
                parts.extend(children(part))
        return False

    def holds_struct(self, expr: Expr, frame: Frame) -> bool:
        while isinstance(expr, (Subscript, Attribute)):
            expr = expr.value
        return isinstance(expr, Name) and isinstance(self.state.bindings.get(self.renamed(expr.id, frame).id), Struct)

    def unroll(self, stmt: For, turns: list[Value], frame: Frame) -> None:
        if any(isinstance(inner, Break) for inner in _own_statements(stmt.body)):
            self.fail(
                stmt, "a break or return in a loop over a structure", "each turn is written out",
                "use a flag, or put the numbers into an array", "containers",
            )  # fmt: skip
        for item in turns:
            self.unrolling = True
            self.assign(stmt.target, item, frame, replace(stmt, comments=None))
            self.unrolling = False
            for inner in stmt.body:
                self.statement(inner, frame)
        for inner in stmt.orelse:
            self.statement(inner, frame)

    def loop(self, stmt: For | While, frame: Frame, target: Expr | None) -> None:
        """A loop that stays one: what its turns do to structures has to be the same in each."""
        self.own_slots(stmt, frame)
        before = self.state.snapshot()
        self.loops += 1
        self.state.constants.clear()  # a turn may follow another
        for _attempt in range(8):
            if isinstance(target, Name):
                self.target(target, frame)
            elif target is not None:
                self.fail(stmt, "this target of a loop", "it is not one name", "use a name", "iteration")
            entered = self.state.snapshot()
            test = self.maybe(stmt.test, frame, stmt, self.test) if isinstance(stmt, While) else None
            body = self.run(stmt.body, frame)
            ended = self.state.snapshot()
            names, changed = entered.differences(ended)
            names = {  # those of calls in this loop are new in each turn
                name
                for name in names
                if not isinstance(entered.bindings.get(name), Lost) and self.level_of.get(name, 0) < self.loops
            }
            changed = {key for key in changed if not entered.all_lost(key)}
            if not names and not changed and ended.stacked <= entered.stacked:
                break
            self.differ(entered, ended, frame, names)
            meet(self.state, entered, ended, TWO_WAYS)
        else:
            self.fail(
                stmt, "what this loop does to its structures", TWO_WAYS, "use arrays or plain names", "containers"
            )
        self.loops -= 1
        self.state.constants.clear()
        meet(self.state, before, self.state.snapshot(), TWO_WAYS)
        orelse = self.run(stmt.orelse, frame)
        if isinstance(stmt, While):
            assert test is not None
            self.emit(replace(stmt, test=test, body=body, orelse=orelse), frame)
        else:
            renamed: Any = self.renamed(stmt.target.id, frame) if isinstance(stmt.target, Name) else stmt.target
            self.emit(replace(stmt, target=renamed, body=body, orelse=orelse), frame)


def _has_structure(expr: Expr) -> bool:
    if isinstance(expr, (Dict, Starred, Lambda)):
        return True
    return any(map(_has_structure, children(expr)))


def _may_be_left(stmt: For) -> bool:
    return any(isinstance(inner, Break) for inner in _own_statements(stmt.body))


def _ends(block: tuple[Stmt, ...]) -> bool:
    return bool(block) and isinstance(block[-1], Raise)


def _own_statements(block: Block) -> list[Stmt]:
    """The statements of a loop's body, those of loops in it left out."""
    found: list[Stmt] = []
    for stmt in block:
        found.append(stmt)
        if isinstance(stmt, If):
            found += _own_statements(stmt.body) + _own_statements(stmt.orelse)
    return found
