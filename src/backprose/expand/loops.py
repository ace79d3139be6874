"""Branches and loops: what is the same on every way through them is known after them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from types import FunctionType
from typing import Any

from backprose.analyse.expressions import dotted
from backprose.analyse.liveness import Liveness
from backprose.errors import BackproseError
from backprose.expand.calls import Calls, asks_structure, is_of_library
from backprose.expand.evaluator import MANY
from backprose.expand.frames import Frame, Snapshot, lose, meet
from backprose.expand.operations import LEAST
from backprose.expand.outside import container_of, is_table
from backprose.expand.values import (
    TWO_WAYS,
    Chosen,
    Lost,
    NotKnown,
    Sequence,
    Struct,
    Value,
    form_of,
    is_function,
    is_leaf,
    is_record,
    leaves_of,
    same,
    same_form,
)
from backprose.ir.nodes import (
    Apply,
    Assign,
    Attribute,
    Block,
    Break,
    Call,
    Compare,
    Const,
    Expr,
    For,
    Global,
    If,
    Lambda,
    List,
    Name,
    Push,
    Raise,
    Stmt,
    Subscript,
    Try,
    Tuple,
    While,
    children,
)
from backprose.ir.walk import bound, calls, expressions, rebinds, statements, targets
from backprose.lower.forms import negated
from backprose.rules.registry import op_of

UNROLLED = 64  # turns of a loop over a structure, each written out


class Loops(Calls):
    """Carries out branches and loops; those over structures are written out turn by turn."""

    def statement(self, stmt: Stmt, frame: Frame) -> None:
        raise NotImplementedError

    def assign(self, target: Expr, value: Value, frame: Frame, stmt: Stmt) -> None:
        raise NotImplementedError

    def target(self, item: Expr, frame: Frame) -> Name:
        raise NotImplementedError

    def branch(self, stmt: If, frame: Frame) -> None:
        test = self.test(stmt.test, frame, stmt)
        if isinstance(test, Const):
            for inner in stmt.body if test.value else stmt.orelse:
                self.statement(inner, frame)
            return
        self.own_slots(stmt, frame)
        self.two_ways(stmt, test, lambda: self.run(stmt.body, frame), lambda: self.run(stmt.orelse, frame), frame)

    def two_ways(
        self, stmt: Stmt, test: Expr, one: Callable[[], Block], other: Callable[[], Block], frame: Frame
    ) -> None:
        """A branch of these two blocks."""
        before = self.state.snapshot()
        body = one()
        after_body = self.state.snapshot()
        self.state.restore(before)
        orelse = other()
        after_orelse = self.state.snapshot()
        if _ends(body):
            after_body = after_orelse
        elif _ends(orelse):
            after_orelse = after_body
        self.complete(after_body, after_orelse)
        self.differ(after_body, after_orelse, frame)
        chosen = self.choose(after_body, after_orelse)
        objects = self.choose_objects(after_body, after_orelse)
        meet(self.state, after_body, after_orelse, TWO_WAYS)
        self.state.bindings.update(chosen)
        self.state.objects.update(objects)
        if not body and not orelse and len(chosen) == 1 and isinstance(test, Compare):
            self.emit(Assign(_which(next(iter(chosen.values()))), test, stmt.span), frame)
            return
        both = (*chosen.values(), *objects.values())
        body = (*body, *(Assign(_which(value), Const(True), stmt.span) for value in both))
        orelse = (*orelse, *(Assign(_which(value), Const(False), stmt.span) for value in both))
        made = stmt if isinstance(stmt, If) else If(test, body, orelse, stmt.span)
        self.emit(replace(made, test=test, body=body, orelse=orelse), frame)

    def choose(self, one: Snapshot, other: Snapshot) -> dict[str, Chosen]:
        """The names that mean one function on one way and another on the other, with a variable that says which."""
        chosen: dict[str, Chosen] = {}
        for name, value in one.bindings.items():
            theirs = other.bindings.get(name)
            if is_function(value) and is_function(theirs) and not same(value, theirs):
                which = Name(self.supply.fresh(f"{name.lstrip('_')}_is"))
                self.moving.add(which.id)
                chosen[name] = Chosen(which, value, theirs)
        return chosen

    def choose_objects(self, one: Snapshot, other: Snapshot) -> dict[str, Chosen]:
        """As ``choose``, for variables that are objects outside."""
        chosen: dict[str, Chosen] = {}
        for name, value in one.objects.items():
            theirs = other.objects.get(name)
            if theirs is not None and value != theirs and self.has_object(value) and self.has_object(theirs):
                which = Name(self.supply.fresh(f"{name.lstrip('_')}_is"))
                self.moving.add(which.id)
                chosen[name] = Chosen(which, value, theirs)
        return chosen

    def has_object(self, value: Expr | Chosen) -> bool:
        """Whether a variable is one of several objects outside, no list."""
        return isinstance(value, Chosen) or self.object_outside(value) is not None

    def method_chosen(
        self, owner: Value, name: str, args: list[Value], keywords: dict[str, Value], stmt: Stmt, wish: str
    ) -> Value:
        """A method of one of several objects outside: a branch of calls."""
        if not isinstance(owner, Chosen):
            return self.method(owner, name, args, stmt, keywords, wish)
        return self.branched(
            owner,
            args,
            keywords,
            stmt,
            lambda one, given, named: self.method_chosen(one, name, given, named, stmt, wish),
        )

    def invoke_chosen(
        self, function: Chosen, args: list[Value], keywords: dict[str, Value], stmt: Stmt, wish: str
    ) -> Value:
        """A call of one of two functions: a branch of two calls."""
        return self.branched(
            function, args, keywords, stmt, lambda one, given, named: self.invoke(one, given, named, stmt, wish)
        )

    def branched(
        self,
        function: Chosen,
        args: list[Value],
        keywords: dict[str, Value],
        stmt: Stmt,
        call: Callable[[Value, list[Value], dict[str, Value]], Value],
        into: Name | None = None,
    ) -> Value:
        """What ``call`` gives of one of two values, in a branch; ``into``: the variable that it is assigned to."""
        frame = self.frame
        assert frame is not None
        held = [self.kept(self.flat(arg, stmt) if is_leaf(arg) else arg, "part", stmt, None) for arg in args]
        named = {key: self.flat(arg, stmt) if is_leaf(arg) else arg for key, arg in keywords.items()}
        result = self.supply.temporary() if into is None else into
        self.moving.add(result.id)

        def called(one: Value) -> Block:
            outer, self.out = self.out, []
            if isinstance(one, Chosen):
                self.branched(one, held, named, stmt, call, result)
                made, self.out = tuple(self.out), outer
                return made
            given = call(one, held, named)
            if not is_leaf(given):
                self.fail(
                    stmt, "a call of a function that a test chooses", "it gives no number and no array",
                    "call each of the functions in a branch of its own", "functions-as-values",
                )  # fmt: skip
            self.emit(Assign(result, given, stmt.span), frame)
            made, self.out = tuple(self.out), outer
            return made

        self.two_ways(stmt, function.test, lambda: called(function.body), lambda: called(function.orelse), frame)
        return result

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
            self.state.forget(name)
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
        self.complete(after_body, after_orelse)
        self.differ(after_body, after_orelse, frame)
        meet(self.state, after_body, after_orelse, TWO_WAYS)
        self.emit(replace(stmt, body=body, orelse=orelse, caught=caught, name=handled), frame)

    def complete(self, one: Snapshot, other: Snapshot) -> None:
        """A name that is a tuple on one way, and has no value on the other, is that tuple: nobody may read it there."""
        for known, unknown in ((one, other), (other, one)):
            for name, value in known.bindings.items():
                if name not in unknown.bindings and self.is_stable(value) and name not in self.numbers:
                    unknown.bindings[name] = value
                    self.only_tuples.add(name)

    def is_stable(self, value: Value) -> bool:
        """Whether a tuple has the same variables wherever it is made, which hold the same until it is made again."""
        if isinstance(value, Struct):
            return value.is_immutable and all(map(self.is_stable, value.slots.values()))
        if isinstance(value, Sequence):
            return not self.loops
        moves = isinstance(value, Name) and value.id in self.moving | self.slot_names
        return isinstance(value, Name | Const) and (not moves or value in self.stable.values())

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

    def own_slots(self, stmt: Stmt, frame: Frame) -> None:
        """Tuples, objects and lists under names that are bound again in a block get the variables of the new ones."""
        objects = ("objects", frame.key) in self.dynamic
        for name in {name: None for inner in statements((stmt,)) for name in rebinds(inner)}:
            owner = frame.owner(name)
            if owner is not None and not owner.outermost and name not in owner.names:
                continue  # it has no value yet
            target = self.renamed(name, frame)
            held = self.state.bindings.get(target.id)
            if isinstance(held, Sequence) and not target.temporary:
                self.state.bindings[target.id] = self.moved(held, target, stmt)
            if not isinstance(held, Struct):
                continue
            if held.is_immutable and target.id in self.moving:
                self.state.bindings[target.id] = self.settled(held, name, stmt, target.id)
            elif objects and is_record(held):
                self.state.bindings[target.id] = self.in_place(held, target, name, stmt)

    def loop_over(self, stmt: For, frame: Frame) -> None:
        tuples = dict(self.state.bindings)
        turns = self.turns(stmt, frame)
        if turns is not None:
            self.unroll(stmt, turns, frame)
            return
        lists = {name: held for name, held in self.state.bindings.items() if held is not tuples.get(name)}
        iterable = self.argument(self.value(stmt.iterable, frame, stmt), stmt)
        start = len(self.out)
        self.loop(replace(stmt, iterable=iterable), frame, stmt.target)
        bound = {name for made in statements(tuple(self.out[start:])) for name in rebinds(made)}
        for name, held in lists.items():  # a tuple that was a list in the loop alone
            before = tuples.get(name)
            if not isinstance(before, Struct) or self.state.bindings.get(name) is not held:
                continue
            if not any(isinstance(part, Name) and part.id in bound for part in leaves_of(before)):
                self.state.bindings[name] = before

    def turns(self, stmt: For, frame: Frame) -> list[Value] | None:
        """The items of a loop that is written out: one over a structure, or over its indices."""
        iterable = stmt.iterable
        if isinstance(iterable, Apply) and iterable.op == "range":
            bounds = [self.now_constant(self.value(one, frame, stmt)) for one in iterable.args]
            self.follow_tables(bounds, stmt, frame)
            least = self.least.get(getattr(bounds[-1], "id", "")) if len(bounds) == 1 else None
            if least is not None and any(getattr(held, "kind", "") == "dict" for held in self.indexed(stmt, frame)):
                self.check_count(least[1], least[0], stmt, "what is taken by name")
                bounds = [Const(least[0])]
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
            self.check_whole(found, stmt)
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

    def follow_tables(self, bounds: list[Value], stmt: For, frame: Frame) -> None:
        """Begins again where a loop over the items of a container outside takes parts of structures that these name."""
        tables = [path for bound in bounds for path in self.counted(bound) if is_table(self.outside(path))]
        sites = [("table", dotted(container_of(path))) for path in tables]
        new = [site for site in sites if site not in self.dynamic]
        if new and self.indexes_structures(stmt, frame):
            raise NotKnown(new[0], None)

    def counted(self, bound: Value) -> Iterator[Expr]:
        """The containers outside of which this is the number of items, or the least of these numbers."""
        match bound:
            case Name():
                made = (one.value for one in reversed(self.out) if isinstance(one, Assign) and one.target == bound)
                held = self.state.bindings.get(bound.id) or self.path_outside(bound) or next(made, None)
                if held is not None and held != bound:
                    yield from self.counted(held)
            case Global() | Attribute() | Subscript():
                yield bound
            case Call(function=Attribute(value=owner, attr="items" | "keys" | "values"), args=()):
                yield from self.counted(owner)
            case Apply(op=op) if op in ("len", "list") or op in LEAST:
                for arg in bound.args:
                    yield from self.counted(arg)

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
                variable = self.variable(part.id, frame)  # of a callee, perhaps an argument in its place
                held = self.state.bindings.get(variable.id) if isinstance(variable, Name) else None
                if isinstance(variable, Name) and isinstance(held, Struct):
                    found[variable.id] = held
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
                match part:
                    case Subscript(value=owner, index=index) if not isinstance(index, Const):
                        if self.holds_struct(owner, frame):
                            return True
                    case Call(function=Global(id="getattr"), args=(owner, *_)):
                        if self.holds_struct(owner, frame):
                            return True
                    case Call(function=Attribute(value=Name(id=name), attr="append" | "appendleft" | "popleft")):
                        held = self.state.bindings.get(self.renamed(name, frame).id)
                        if isinstance(held, Struct) and held.stands_for is not None:
                            return True
                    case Call(function=Global() as function, args=args) if any(isinstance(one, Name) for one in args):
                        found = self.meaning(function, frame)
                        if isinstance(found, FunctionType) and self.asks_by_parameter(found):
                            return True
                if isinstance(part, Lambda):
                    continue
                parts.extend(children(part))
        return False

    def asks_by_parameter(self, found: FunctionType) -> bool:
        """Whether a function takes an item, which one of its parameters names, of a structure that it makes."""
        if is_of_library(found) or op_of(found) is not None:
            return False
        try:
            return asks_structure(self.lowered(found, self.supply))
        except BackproseError:
            return False

    def holds_struct(self, expr: Expr, frame: Frame) -> bool:
        while isinstance(expr, (Subscript, Attribute)):
            expr = expr.value
        if isinstance(expr, Global):
            return self.means_the_same(expr, frame) and self.container_outside(expr) is not None
        found = self.variable(expr.id, frame) if isinstance(expr, Name) else None
        return isinstance(found, Name) and isinstance(self.state.bindings.get(found.id), Struct)

    def unroll(self, stmt: For, turns: list[Value], frame: Frame) -> None:
        if any(isinstance(inner, Break) for inner in _own_statements(stmt.body)):
            self.fail(
                stmt, "a break or return in a loop over a structure", "each turn is written out",
                "use a flag, or put the numbers into an array", "containers",
            )  # fmt: skip
        times = Counter(name for inner in statements(stmt.body) for name in rebinds(inner))
        assigned: set[str] = set()
        carried: set[str] = set()  # from turn to turn
        for item in turns:
            start = len(self.out)
            self.unrolling = True
            self.assign(stmt.target, item, frame, replace(stmt, comments=None))
            self.unrolling = False
            for inner in stmt.body:
                match inner:
                    case Assign(target=target, value=Subscript(index=index)) if index == stmt.target:
                        self.unrolling = all(times[name] == 1 for name in bound(target))  # the item of this turn
                self.statement(inner, frame)
                self.unrolling = False
            turn = tuple(self.out[start:])
            assigned.update(name for made in statements(turn) for name in rebinds(made))
            carried |= Liveness({}, frozenset()).block(turn, assigned, None)[1]
        self.written_out |= assigned - carried
        for inner in stmt.orelse:
            self.statement(inner, frame)

    def loop_while(self, stmt: While, frame: Frame) -> None:
        """A call in the test of a ``while`` with ``else`` is carried out in each turn, and the ``else`` where it ends:

        ``while True: if not test(): ...; break; else: ...``.
        """
        ends = stmt.orelse and calls(stmt.test)
        if ends and not any(isinstance(inner, Break) for inner in _own_statements(stmt.orelse)):
            turn = If(negated(stmt.test), (*stmt.orelse, Break(stmt.span)), stmt.body, stmt.span)
            stmt = replace(stmt, test=Const(True), body=(turn,), orelse=())
        self.loop(stmt, frame, None)

    def note_counter(self, stmt: For | While, counter: Name) -> None:
        counted = stmt.iterable if isinstance(stmt, For) else None
        if isinstance(counted, Apply) and counted.op == "range" and len(counted.args) == 1:
            self.from_zero.add(counter.id)
        else:
            self.from_zero.discard(counter.id)

    def test_of_turn(self, stmt: For | While, frame: Frame) -> tuple[Expr | None, tuple[Stmt, ...]]:
        """The test of a ``while``; one that takes statements is ``while True`` with them as its first ones."""
        if not isinstance(stmt, While):
            return None, ()
        outer, self.out = self.out, []
        test = self.test(stmt.test, frame, stmt)
        made, self.out = tuple(self.out), outer
        if not made:
            return test, ()
        if stmt.orelse:
            self.fail(
                stmt, "a call in the test of a loop with else", "it is carried out in place, in each turn",
                "give its result a name in the loop", "loops",
            )  # fmt: skip
        return Const(True), (*made, If(negated(test), (Break(stmt.span),), (), stmt.span))

    def loop(self, stmt: For | While, frame: Frame, target: Expr | None) -> None:
        """A loop that stays one: what its turns do to structures has to be the same in each."""
        self.own_slots(stmt, frame)
        before = self.state.snapshot()
        self.loops += 1
        texts = {name: one for name, one in self.state.constants.items() if type(one.value) is str}
        self.state.forget_all()  # a turn may follow another
        for _attempt in range(8):
            self.state.constants = dict(texts)
            if isinstance(target, Name):
                self.note_counter(stmt, self.target(target, frame))
            elif target is not None:
                self.fail(stmt, "this target of a loop", "it is not one name", "use a name", "iteration")
            entered = self.state.snapshot()
            test, turn = self.test_of_turn(stmt, frame)
            body = self.run(stmt.body, frame)
            if turn:
                *before_test, last = turn
                assert isinstance(last, If)
                body = (*before_test, replace(last, orelse=body))
            ended = self.state.snapshot()
            names, changed = entered.differences(ended)
            names = {  # those of calls in this loop are new in each turn
                name
                for name in names
                if not isinstance(entered.bindings.get(name), Lost) and self.level_of.get(name, 0) < self.loops
            }
            changed = {key for key in changed if not entered.all_lost(key)}
            stacked = {name for name in ended.stacked - entered.stacked if self.level_of.get(name, 0) < self.loops}
            steady = {name: one for name, one in texts.items() if ended.constants.get(name) == one}
            if not names and not changed and not stacked and steady == texts:
                break
            texts = steady
            self.complete(entered, ended)
            self.differ(entered, ended, frame, names)
            meet(self.state, entered, ended, TWO_WAYS)
        else:
            self.fail(
                stmt, "what this loop does to its structures", TWO_WAYS, "use arrays or plain names", "containers"
            )
        self.loops -= 1
        self.state.forget_all()
        self.state.constants = dict(texts)
        after = self.state.snapshot()
        self.complete(before, after)
        meet(self.state, before, after, TWO_WAYS)
        left = self.state.snapshot()
        orelse = self.run(stmt.orelse, frame)
        if stmt.orelse and _may_be_left(stmt):  # then the else is passed over
            ended = self.state.snapshot()
            self.complete(left, ended)
            self.differ(left, ended, frame)
            meet(self.state, left, ended, TWO_WAYS)
        if isinstance(stmt, While):
            assert test is not None
            self.emit(replace(stmt, test=test, body=body, orelse=orelse), frame)
        else:
            renamed: Any = self.renamed(stmt.target.id, frame) if isinstance(stmt.target, Name) else stmt.target
            self.emit(replace(stmt, target=renamed, body=body, orelse=orelse), frame)


def _which(value: Chosen) -> Name:
    """The variable that says which of two values there is."""
    assert isinstance(value.test, Name)
    return value.test


def _may_be_left(stmt: For | While) -> bool:
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
