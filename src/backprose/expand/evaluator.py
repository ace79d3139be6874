"""Expressions: what is known of structures is worked out, what is left is an expression of numbers and arrays."""

from __future__ import annotations

import builtins
import copy
from collections.abc import Callable, Hashable
from dataclasses import replace
from typing import Any, NoReturn

import gast

from backprose.analyse.evaluate import evaluate
from backprose.errors import BackproseError
from backprose.expand.comparisons import Comparisons
from backprose.expand.frames import Frame
from backprose.expand.values import (
    Chosen,
    Closure,
    Known,
    Lost,
    Place,
    Pullback,
    Rows,
    Sequence,
    Struct,
    Super,
    Transformed,
    Value,
    is_function,
    is_leaf,
)
from backprose.expand.verbatim import Renamed, paths_in
from backprose.ir.nodes import (
    Apply,
    Assign,
    Attribute,
    Call,
    Compare,
    Conditional,
    Const,
    Dict,
    Expr,
    Global,
    If,
    Lambda,
    List,
    Logic,
    Name,
    Ours,
    Raise,
    Slice,
    Starred,
    Stmt,
    Subscript,
    Tuple,
    Verbatim,
)
from backprose.ir.walk import calls, rebuild, subexpressions


class Evaluator(Comparisons):
    """Values of expressions; those of operations are in ``operations``."""

    # ------------------------------------------------------------ values
    def value(self, expr: Expr, frame: Frame, stmt: Stmt, wish: str = "part") -> Value:
        """What an expression stands for."""
        match expr:
            case Name(id=name):
                found = self.variable(name, frame)
                held = self.state.bindings.get(found.id, found) if isinstance(found, Name) else found
                if isinstance(held, Lost):
                    shown = "this value" if expr.temporary else f"this use of {name}"
                    self.fail(stmt, shown, held.reason, "use arrays or plain names", "containers")
                return held
            case Global():
                path = self.named_here(expr, frame, stmt)
                return self.container_outside(path) or path
            case Const():
                return expr
            case Attribute(value=owner, attr=attr):
                return self.attribute(self.value(owner, frame, stmt), attr, stmt)
            case Subscript(value=owner, index=index):
                into = self.value(owner, frame, stmt)
                if isinstance(into, Struct) and into.kind == "dict" and expr.in_turn:
                    return self.key_at(into, index, frame, stmt)
                if isinstance(into, Struct):
                    return self.item(into, index, frame, stmt)
                if isinstance(into, Sequence):
                    return self.row(into, self.tree(index, frame, stmt), stmt)
                if isinstance(into, Rows):
                    return self.object_at(into, self.tree(index, frame, stmt), stmt)
                place = self.place(index, frame, stmt)
                known = self.now_constant(into)
                if isinstance(known, Const) and type(known.value) is str:
                    return self.part_of_text(known.value, place) or Subscript(self.leaf(into, stmt), place)
                if self.member_outside(into, "__getitem__") is not None:
                    return self.method(into, "__getitem__", [self.index_value(index, frame, stmt)], stmt)
                return Subscript(self.leaf(into, stmt), place)
            case Tuple(items=items) if any(isinstance(item, Starred) for item in items):
                return self.starred(items, frame, stmt, wish)
            case List(items=items) if (listed := self.with_stars(items, frame, stmt, wish)) is not None:
                return listed
            case Tuple(items=items) | List(items=items):
                kind: Any = "tuple" if isinstance(expr, Tuple) else "list"
                return Struct(kind, dict(enumerate(self.items(items, frame, stmt))), None, wish, display=kind == "list")
            case Dict():
                return self.mapping(expr, frame, stmt, wish)
            case Lambda(function=function, local=local):
                self.closures += 1
                defaults = {
                    one.name: self.kept(self.value(one.default, frame, stmt), one.name, stmt, None)
                    for one in function.parameters
                    if one.default is not None
                }
                return Closure(function, frame, local, defaults, wish)
            case Call():
                return self.call(expr, frame, stmt, wish)
            case Apply():
                return self.apply(expr, frame, stmt, wish)
            case Verbatim():
                return self.verbatim(expr, frame, stmt)
            case Compare() | Logic() | Conditional():
                return self.choice(expr, frame, stmt)
            case Slice():
                return rebuild(expr, lambda part: self.tree(part, frame, stmt))
            case Starred(value=whole):
                return self.taken_apart(self.value(whole, frame, stmt), stmt)
        raise AssertionError(expr)

    def taken_apart(self, value: Value, stmt: Stmt) -> Value:
        """A structure, or an array of numbers, whose items are taken before something else may change it."""
        if isinstance(value, Sequence):
            return self.copied(value, stmt)
        if isinstance(value, Struct) and not value.is_immutable:
            items = ((key, self.read(value, key, stmt)) for key in value.slots)
            slots = {key: self.kept(item, "part", stmt, None) if is_leaf(item) else item for key, item in items}
            return replace(value, slots=slots, own=set(), site=None, home=None, index=None, item_of=None)
        if isinstance(value, Name) and not self.is_lengths(value) and self.path_outside(value) is None:
            views = Compare((self.held(Apply("ndim", (value,)), stmt), Const(1)), (">",))  # they would show a change
            self.check_when_run(views, "this derivative was made for an array of one axis behind the star", stmt)
            return self.held(Apply("own", (value,)), stmt)
        return value

    def place(self, index: Expr, frame: Frame, stmt: Stmt) -> Expr:
        """An index of an array: a list that stays is one of places, a tuple has an item for each axis."""
        found = self.value(index, frame, stmt) if isinstance(index, Name) else None
        return self.tree(index, frame, stmt) if found is None else self.as_tree(self.tuple_made(found, stmt), stmt)

    def tuple_made(self, index: Value, stmt: Stmt) -> Value:
        """An index that is a tuple of an unknown length as a tuple: in the program it is a list."""
        if isinstance(index, Sequence) and index.fixed:
            return self.held(Call(Ours("tuple"), (self.leaf(index, stmt),)), stmt)
        return index

    @staticmethod
    def part_of_text(text: str, place: Expr) -> Const | None:
        """``name[0]`` and ``name[1:]`` of a string that is known."""
        parts = (place.lower, place.upper, place.step) if isinstance(place, Slice) else (place,)
        if not all(part is None or (isinstance(part, Const) and type(part.value) is int) for part in parts):
            return None
        values: list[Any] = [part.value if isinstance(part, Const) else None for part in parts]
        if len(values) == 3:
            return Const(text[slice(*values)])
        return Const(text[values[0]]) if -len(text) <= values[0] < len(text) else None

    def call(self, expr: Call, frame: Frame, stmt: Stmt, wish: str) -> Value:
        raise NotImplementedError

    def apply(self, expr: Apply, frame: Frame, stmt: Stmt, wish: str) -> Value:
        raise NotImplementedError

    def binary(self, op: str, one: Value, other: Value, stmt: Stmt, in_place: bool = False) -> Value:
        raise NotImplementedError

    def function_value(self, value: Value, frame: Frame) -> Value:
        raise NotImplementedError

    def named_here(self, root: Global, frame: Frame, stmt: Stmt) -> Expr:
        raise NotImplementedError

    def respelled(self, expr: Apply, frame: Frame, stmt: Stmt) -> str:
        raise NotImplementedError

    def invoke(
        self, function: Value, args: list[Value], keywords: dict[str, Value], stmt: Stmt, wish: str = "part"
    ) -> Value:
        raise NotImplementedError

    def held(self, value: Expr, stmt: Stmt) -> Name:
        raise NotImplementedError

    def row(self, owner: Sequence, index: Expr, stmt: Stmt) -> Value:
        raise NotImplementedError

    def joined(self, one: Value, other: Value, stmt: Stmt) -> Sequence:
        raise NotImplementedError

    def extend(self, owner: Sequence, other: Value, stmt: Stmt) -> None:
        raise NotImplementedError

    def repeated(self, value: Struct, times: Expr, stmt: Stmt) -> Sequence:
        raise NotImplementedError

    def items(self, items: tuple[Expr, ...], frame: Frame, stmt: Stmt) -> list[Value]:
        """The items of a display or the arguments of a call, with what stars stand for."""
        found: list[Value] = []
        for item in items:
            if isinstance(item, Starred):
                found += self.several(self.value(item.value, frame, stmt), stmt)
            else:
                found.append(self.function_value(self.value(item, frame, stmt), frame))
        return found

    def starred(self, items: tuple[Expr, ...], frame: Frame, stmt: Stmt, wish: str) -> Value:
        """``(n, *x.shape)`` as ``(n,) + x.shape``; other displays with what the stars stand for."""
        runs: list[list[Value] | Expr] = [[]]
        for item in items:
            value = self.value(item.value, frame, stmt) if isinstance(item, Starred) else None
            if value is not None and is_leaf(value) and self.is_lengths(value):
                runs += [value, []]
                continue
            last = runs[-1]
            assert isinstance(last, list)
            last += self.items((item,), frame, stmt) if value is None else self.several(value, stmt)
        made = [
            Struct("tuple", dict(enumerate(run)), None, wish) if isinstance(run, list) else run for run in runs if run
        ]
        total: Value = made[0] if made else Struct("tuple", {}, None, wish)
        for one in made[1:]:
            if is_leaf(total) and is_leaf(one):
                total = Apply("add", (total, one), (), "operator")
            else:
                total = self.binary("add", total, one, stmt)
            total = self.held(total, stmt) if is_leaf(total) else total
        return total

    def with_stars(self, items: tuple[Expr, ...], frame: Frame, stmt: Stmt, wish: str) -> Sequence | None:
        """``[0.0, *x]`` of an array or a list whose length is not known; None for another display."""
        stars = {
            item: self.value(item.value, frame, stmt)
            for item in items
            if isinstance(item, Starred) and isinstance(item.value, Name | Subscript)
        }
        if not any(isinstance(one, Sequence) or self.is_array(one) for one in stars.values()):
            return None
        total: Sequence | None = None
        known: dict[Hashable, Value] = {}
        for item in items:
            one = stars.get(item) if isinstance(item, Starred) else None
            if one is None or not (isinstance(one, Sequence) or self.is_array(one)):
                more = self.items((item,), frame, stmt)
                if total is not None:
                    self.extend(total, Struct("list", dict(enumerate(more)), None, wish), stmt)
                else:
                    known |= dict(enumerate(more, len(known)))
                continue
            whole = self.like_a_list(one, stmt)
            if total is not None:
                self.extend(total, whole, stmt)
            elif known:
                total = self.joined(Struct("list", known, None, wish), whole, stmt)
            else:
                total = self.copied(whole, stmt)
        return total

    def like_a_list(self, value: Value, stmt: Stmt) -> Sequence:
        """A list, or an array as if it were one: its length and its items are asked for alike."""
        return value if isinstance(value, Sequence) else Sequence((self.name_of(self.leaf(value, stmt), stmt),))

    def length_of(self, source: Sequence, stmt: Stmt) -> Expr:
        return self.held(Apply("len", (source.columns[0],)), stmt)

    def is_array(self, value: Value) -> bool:
        """Whether a value is no structure, and surely a number or an array."""
        return is_leaf(value) and not isinstance(value, Const) and self.is_surely_number(value)

    def copied(self, owner: Sequence, stmt: Stmt, fixed: bool = False) -> Sequence:
        raise NotImplementedError

    def name_of(self, value: Expr, stmt: Stmt) -> Name:
        raise NotImplementedError

    def several(self, value: Value, stmt: Stmt) -> list[Value]:
        """What iterating over a structure gives."""
        if not isinstance(value, Struct) or value.kind == "object":
            self.fail(
                stmt, "a starred expression", "how many values it stands for is not known", "write the values out",
                "starred",
            )  # fmt: skip
        self.check_whole(value, stmt)
        return [Const(key) for key in value.slots] if value.kind == "dict" else list(value.slots.values())

    def count(self, value: Struct, stmt: Stmt) -> Const:
        self.check_whole(value, stmt)
        return Const(len(value.slots))

    def mapping(self, expr: Dict, frame: Frame, stmt: Stmt, wish: str) -> Struct:
        slots: dict[Hashable, Value] = {}
        for key, item in zip(expr.keys, expr.items, strict=True):
            value = self.function_value(self.value(item, frame, stmt), frame)
            if key is None:
                if not isinstance(value, Struct) or value.kind != "dict":
                    self.fail(stmt, "** of this", "its keys are not known", "write the items out", "starred")
                self.check_whole(value, stmt)
                slots |= value.slots
            else:
                slots[self.constant(key, frame, stmt)] = value
        return Struct("dict", slots, None, wish)

    def is_present(self, value: Name) -> bool:
        """Whether a variable surely is not None now."""
        return value.id in self.state.present or (value.type.is_number and value.id not in self.moving)

    def constant(self, expr: Expr, frame: Frame, stmt: Stmt, into: Struct | None = None) -> Hashable:
        found = self.now_constant(self.value(expr, frame, stmt))
        if isinstance(found, Const):
            return found.value  # type: ignore[no-any-return]
        if isinstance(found, Struct) and found.kind == "tuple":
            parts = list(found.slots.values())
            if all(isinstance(part, Const) for part in parts):
                return tuple(part.value for part in parts if isinstance(part, Const))
        self.go_on_as_list(into)
        try:
            self.fail(
                stmt, "this index of a structure", "which item it means is not known here",
                "use a constant index, or put the numbers into an array", "containers",
            )  # fmt: skip
        except BackproseError as error:
            error.by_texts = into is not None and into.kind == "dict"
            raise

    def key(self, into: Struct, index: Expr, frame: Frame, stmt: Stmt) -> Hashable:
        found = self.constant(index, frame, stmt, into)
        if into.kind in ("tuple", "list") and type(found) is int and found < 0:
            self.check_whole(into, stmt)
            found += len(into.slots)
        return found

    def key_at(self, into: Struct, index: Expr, frame: Frame, stmt: Stmt) -> Value:
        """What a loop over a dict takes at a place: a key."""
        place = self.now_constant(self.value(index, frame, stmt))
        if not isinstance(place, Const):
            self.fail(
                stmt, "a loop over the keys of a dict", "at which of them it is in a turn is not known here",
                "loop over a list of the keys", "iteration",
            )  # fmt: skip
        self.check_whole(into, stmt)
        return Const(list(into.slots)[place.value])

    def index_value(self, index: Expr, frame: Frame, stmt: Stmt) -> Value:
        """An index that a method of the user's is given, one operation a statement, for a derivative may pass through
        it; the bounds of a slice stay what they are now."""
        if isinstance(index, Tuple):
            return Struct("tuple", {i: self.index_value(one, frame, stmt) for i, one in enumerate(index.items)})
        if not isinstance(index, Slice):
            found = self.value(index, frame, stmt)
            if is_leaf(found) and any(isinstance(part, Conditional | Logic) for part in subexpressions(found)):
                self.fail(
                    stmt, "this index of an object", "a test chooses what its method is given",
                    "give the index a name first", "objects",
                )  # fmt: skip
            return self.flat(found, stmt) if is_leaf(found) else found
        return rebuild(index, lambda part: self.steady(self.tree(part, frame, stmt), stmt))

    def steady(self, part: Expr, stmt: Stmt) -> Expr:
        """A number under a name that nobody binds anew."""
        if isinstance(part, Const) or (isinstance(part, Name) and part.id not in self.moving | self.slot_names):
            return part
        return self.own_variable(part, "bound", stmt, temporary=True)

    def item(self, into: Struct, index: Expr, frame: Frame, stmt: Stmt) -> Value:
        if isinstance(index, Slice) and into.kind in ("tuple", "list"):
            parts: list[Any] = [
                None if part is None else self.constant(part, frame, stmt, into)
                for part in (index.lower, index.upper, index.step)
            ]
            chosen: Any = self.several(into, stmt)[slice(*parts)]
            return Struct(into.kind, dict(enumerate(chosen)), None, into.wish)
        if into.kind == "object":
            return self.method(into, "__getitem__", [self.index_value(index, frame, stmt)], stmt)
        if into.kind in ("tuple", "list") and (one_of := self.one_of(into, index, frame, stmt)) is not None:
            return one_of
        return self.entry(into, self.key(into, index, frame, stmt), stmt)

    def one_of(self, into: Struct, index: Expr, frame: Frame, stmt: Stmt) -> Chosen | None:
        """The function, or object outside, at a place that only the run tells: the text asks for each place."""
        items = list(into.slots.values())
        if len(items) < 2 or not into.is_whole:
            return None
        if not all(is_function(item) or self.object_outside(item) is not None for item in items):
            return None
        found = self.now_constant(self.value(index, frame, stmt))
        if not is_leaf(found) or isinstance(found, Const):
            return None
        place = self.steady(self.flat(found, stmt), stmt)
        there = Compare((place, Apply("range", (Const(len(items)),))), ("not in",))
        self.check_when_run(there, f"this derivative was made for one of the items 0 to {len(items) - 1} here", stmt)
        chosen: Value = items[-1]
        for key, item in reversed(list(enumerate(items[:-1]))):
            chosen = Chosen(Compare((place, Const(key)), ("==",)), item, chosen)
        assert isinstance(chosen, Chosen)
        return chosen

    def entry(self, into: Struct, key: Hashable, stmt: Stmt) -> Value:
        """An item of a structure; one that a ``defaultdict`` has not yet is made."""
        if key not in into.slots and into.factory is not None:
            made = self.made_by(into.factory, stmt)
            self.store(into, key, made, stmt)
        return self.read(into, key, stmt)

    def made_by(self, factory: Value, stmt: Stmt) -> Value:
        """What a ``defaultdict`` puts in: that of a function, or of ``float``, ``int``, ``list`` or ``dict``."""
        frame = self.frame
        assert frame is not None
        found = self.meaning(factory, frame) if is_leaf(factory) else getattr(factory, "value", None)
        if found in (builtins.float, builtins.int):
            return Const(found())
        if found in (builtins.list, builtins.dict):
            return Struct("list" if found is builtins.list else "dict", {}, None, "items")
        return self.invoke(factory, [], {}, stmt)

    def meaning(self, expr: Expr, frame: Frame) -> Any:
        raise NotImplementedError

    def choice(self, expr: Expr, frame: Frame, stmt: Stmt) -> Value:
        """Tests: those of structures are answered now."""
        match expr:
            case Compare(operands=(left, right), ops=(op,)):
                one = self.before(self.value(left, frame, stmt), right, stmt)
                other = self.value(right, frame, stmt)
                one, other = self.function_value(one, frame), self.function_value(other, frame)
                if op in ("is", "is not", "==", "!=") and isinstance(one, Known) and isinstance(other, Known):
                    return Const(one.same(other) == (op in ("is", "==")))
                if isinstance(one, Chosen) or isinstance(other, Chosen):
                    self.fail(
                        stmt, "this comparison of functions", "a test chooses one of them",
                        "compare what the test asks for", "functions-as-values",
                    )  # fmt: skip
                sides = [side for side in (one, other) if not is_leaf(side)]
                named = len(sides) == 1 and isinstance(sides[0], Known) and sides[0].expr is not None
                if named and op in ("is", "is not", "==", "!="):  # ``type(x) is float`` is asked when it runs
                    return Compare((self.leaf(one, stmt), self.leaf(other, stmt)), (op,))
                items = [side for side in (one, other) if isinstance(side, Struct) and side.home is not None]
                if items and op in ("is", "is not") and len(sides) == 2:
                    return self.same_item(one, other, op, stmt)
                if op in ("is", "is not") and sides:
                    return Const(self.is_same(one, other, stmt) == (op == "is"))
                compared = self.compared(one, op, other, stmt)
                if compared is not None:
                    return compared
                texts = [self.now_constant(side) for side in (one, other)]
                if op in ("==", "!=") and all(isinstance(text, Const) and type(text.value) is str for text in texts):
                    return Const((texts[0] == texts[1]) == (op == "=="))
                if op in ("==", "!=") and any(map(is_plain, (one, other))) and Const in map(type, (one, other)):
                    return Const(op == "!=")  # a list is never equal to a text
                if op in ("is", "is not") and other == Const(None) and isinstance(one, Name):
                    now = self.now_constant(one)
                    if isinstance(now, Const) or self.is_present(one):
                        return Const((now == Const(None)) == (op == "is"))
                if op in ("in", "not in") and isinstance(other, Struct) and isinstance(one, Const):
                    found = self.several(other, stmt)
                    if all(isinstance(part, Const) for part in found):
                        return Const((one in found) == (op == "in"))
                if op in ("in", "not in") and isinstance(other, Struct):
                    return Compare((self.leaf(one, stmt), self.argument(other, stmt)), (op,))
                return evaluate(Compare((self.as_tree(one, stmt), self.as_tree(other, stmt)), (op,)))
            case Conditional(test=test, body=body, orelse=orelse):
                chosen = self.tree(test, frame, stmt)
                if isinstance(chosen, Const):
                    return self.value(body if chosen.value else orelse, frame, stmt)
                return evaluate(Conditional(chosen, self.maybe(body, frame, stmt), self.maybe(orelse, frame, stmt)))
            case Logic(op=op, operands=operands):
                rest: list[Value] = []
                for position, operand in enumerate(operands):
                    kept, before = self.state.snapshot(), len(self.out)
                    held = self.value(operand, frame, stmt)
                    if rest and len(self.out) > before:  # it takes statements, which are not always reached
                        self.state.restore(kept)
                        del self.out[before:]
                        return self.decided(op, rest, operands[position:], frame, stmt)
                    truth = self.truth(held)
                    if truth is not None and truth != (op == "or") and position < len(operands) - 1:
                        continue  # it never is the result
                    rest.append(held)
                    if truth == (op == "or"):
                        break
                return rest[0] if len(rest) == 1 else evaluate(Logic(op, tuple(self.leaf(one, stmt) for one in rest)))
            case Compare(operands=(first, second, *others), ops=ops) if others:
                start = self.as_tree(self.before(self.value(first, frame, stmt), second, stmt), stmt)
                parts = [start, self.as_tree(self.before(self.value(second, frame, stmt), others[0], stmt), stmt)]
                return evaluate(Compare((*parts, *(self.maybe(other, frame, stmt) for other in others)), ops))
        return evaluate(rebuild(expr, lambda part: self.tree(part, frame, stmt)))

    def before(self, value: Value, later: Expr, stmt: Stmt) -> Value:
        """A value that Python looks up before it evaluates another operand, which may call what changes it."""
        if not is_leaf(value) or not calls(later):
            return value
        return self.kept(self.flat(value, stmt), "part", stmt, None)

    def flat(self, value: Expr, stmt: Stmt) -> Expr:
        """The value of an expression as an atom, one operation a statement; an index stays what it is."""
        if isinstance(value, Name | Const | Global):
            return value
        if isinstance(value, Tuple | List | Slice):
            return rebuild(value, lambda part: self.flat(part, stmt))
        if isinstance(value, Subscript):
            value = Subscript(self.flat(value.value, stmt), value.index)
        elif isinstance(value, Apply | Call | Attribute):
            value = rebuild(value, lambda part: self.flat(part, stmt))
        assert self.frame is not None
        held = self.supply.temporary()
        self.emit(Assign(held, value, stmt.span), self.frame)
        return held

    def decided(self, op: str, known: list[Value], others: tuple[Expr, ...], frame: Frame, stmt: Stmt) -> Value:
        """``a and f(b)``: ``t = a; if t: t = f(b)``."""
        target = self.supply.temporary()
        leaves = tuple(self.leaf(one, stmt) for one in known)
        place = self.renamed(target.id, frame)
        self.moving.add(place.id)
        self.emit(Assign(place, leaves[0] if len(leaves) == 1 else Logic(op, leaves), stmt.span), frame)  # type: ignore[arg-type]
        block: tuple[Stmt, ...] = ()
        for other in reversed(others):
            body = (Assign(target, other, stmt.span), *block)
            block = (If(target if op == "and" else Apply("not", (target,)), body, (), stmt.span),)
        self.carry_out(block[0], frame)
        self.now = stmt
        return self.value(target, frame, stmt)

    def carry_out(self, stmt: Stmt, frame: Frame) -> None:
        raise NotImplementedError

    def test(self, expr: Expr, frame: Frame, stmt: Stmt) -> Expr:
        """A test: of a list, whether it has items."""
        if isinstance(expr, Name | Global | Attribute):
            value = self.now_constant(self.truth_of(self.value(expr, frame, stmt), stmt))
            if isinstance(value, Sequence):
                return value.columns[0]
            if isinstance(value, Struct) and value.kind != "object":
                self.check_whole(value, stmt)
                return Const(bool(value.slots))
            if is_leaf(value):
                return value
        if isinstance(expr, Apply) and expr.op == "not" and isinstance(expr.args[0], Name | Global | Attribute):
            inner = self.now_constant(self.truth_of(self.value(expr.args[0], frame, stmt), stmt))
            if is_leaf(inner):
                return evaluate(replace(expr, args=(inner,)))
        return self.tree(expr, frame, stmt)

    def maybe(
        self, expr: Expr, frame: Frame, stmt: Stmt, read: Callable[[Expr, Frame, Stmt], Expr] | None = None
    ) -> Expr:
        """An expression that is not evaluated every time, or more than once: no statement may be made for it."""
        before = len(self.out)
        found = (read or self.tree)(expr, frame, stmt)
        if len(self.out) > before:
            self.fail(
                stmt, "a call at this place", "it is carried out in place, and not each time that this is reached",
                "give its result a name first", "functions",
            )  # fmt: skip
        return found

    @staticmethod
    def truth(value: Value) -> bool | None:
        if isinstance(value, Const):
            return bool(value.value)
        if isinstance(value, Struct):
            plain = not any(hasattr(value.cls, name) for name in ("__bool__", "__len__"))
            if value.kind == "object":
                return plain or None
            return bool(value.slots) if value.is_whole else None
        return True if is_function(value) else None

    def verbatim(self, expr: Verbatim, frame: Frame, stmt: Stmt) -> Expr:
        names: dict[str, str] = {}
        constants: dict[str, Const] = {}
        structures: list[str] = []
        for name in expr.reads:
            found = self.variable(name, frame)
            held = self.now_constant(self.state.bindings.get(found.id, found) if isinstance(found, Name) else found)
            if isinstance(held, Const):
                constants[name] = held
            elif isinstance(held, Name) and held is found:
                names[name] = held.id
            else:
                structures.append(name)
        if not constants and not structures and all(old == new for old, new in names.items()):
            return expr
        tree = copy.deepcopy(expr.tree)
        parts = {node: self.shown_part(path, frame, stmt) for node, path in paths_in(tree, structures)}
        tree = Renamed(names, constants, parts).visit(tree)
        left = {node.id for node in gast.walk(tree) if isinstance(node, gast.Name)}
        for name in structures:
            if name in left and Name(name) not in parts.values():
                self.fail(
                    stmt, f"{name} in this text", "it is not one number or array", "format the parts", "containers"
                )
        read = (*names.values(), *(part.id for part in parts.values() if isinstance(part, Name)))
        if not read and all(isinstance(part, TEXT) for part in gast.walk(tree)):
            code = compile(gast.gast_to_ast(gast.Expression(tree)), "<text>", "eval")
            return Const(eval(code, {"__builtins__": {}}))  # noqa: S307  constants in a string
        return Verbatim(tree, tuple(dict.fromkeys(read)))

    def shown_part(self, path: Expr, frame: Frame, stmt: Stmt) -> Expr:
        """A part of a structure in a text: a constant, or a name, which the text reads as it stands there."""
        value = self.leaf(self.value(path, frame, stmt), stmt)
        if isinstance(value, Const) or (isinstance(value, Name) and not value.temporary):
            return value
        name = Name(self.supply.fresh(path.attr if isinstance(path, Attribute) else "shown"))
        self.emit(Assign(name, value, stmt.span), frame)
        return name

    # ------------------------------------------------------------ operations

    def builtin(self, found: Any, args: list[Value], keywords: dict[str, Value], stmt: Stmt, wish: str) -> Value | None:
        raise NotImplementedError

    def builtin_of_sequence(self, found: Any, first: Sequence, stmt: Stmt) -> Value | None:
        raise NotImplementedError

    def listed(self, value: Expr, stmt: Stmt) -> Sequence:
        raise NotImplementedError

    def object_at(self, owner: Rows, index: Expr, stmt: Stmt) -> Struct | Rows:
        raise NotImplementedError

    def fail_rows(self, stmt: Stmt) -> NoReturn:
        raise NotImplementedError

    def same_item(self, one: Value, other: Value, op: str, stmt: Stmt) -> Value:
        """Whether two items of lists are one object."""
        if not (isinstance(one, Struct) and isinstance(other, Struct) and one.home and other.home):
            self.fail_rows(stmt)
        if one.home.columns != other.home.columns:
            return Const(op == "is not")
        assert one.index is not None
        assert other.index is not None
        return evaluate(Compare((one.index, other.index), ("==" if op == "is" else "!=",)))

    def made_list(self, value: Expr, stmt: Stmt) -> Sequence:
        raise NotImplementedError

    def as_arrays(self, op: str, args: list[Value], stmt: Stmt) -> list[Value]:
        raise NotImplementedError

    def attribute(self, owner: Value, attr: str, stmt: Stmt) -> Value:
        raise NotImplementedError

    def method(
        self,
        owner: Value,
        name: str,
        args: list[Value],
        stmt: Stmt,
        keywords: dict[str, Value] | None = None,
        wish: str = "part",
    ) -> Value:
        raise NotImplementedError

    def check_when_run(self, wrong: Expr, message: str, stmt: Stmt) -> None:
        """A test in the text: it refuses what was not known before."""
        error = Raise(Call(Ours("ValueError"), (Const(message),)), span=stmt.span, ours=True)
        assert self.frame is not None
        self.emit(If(wrong, (error,), span=stmt.span, ours=True), self.frame)

    # ------------------------------------------------------------ leaves
    def leaf(self, value: Value, stmt: Stmt) -> Expr:
        """A number or array; anything else is refused here."""
        if isinstance(value, Sequence):
            if value.form is None:
                return value.columns[0]
            self.fail(
                stmt, "this use of a list of structures", "its items are not numbers or arrays", "use its parts",
                "containers",
            )  # fmt: skip
        if isinstance(value, Place):
            return self.held(Subscript(value.column, value.index), stmt)
        if isinstance(value, Rows):
            self.fail_rows(stmt)
        if isinstance(value, Struct):
            if value.kind in ("tuple", "list") and value.cls is None:
                return self.argument(value, stmt)
            name = value.cls.__name__ if value.cls is not None else value.kind
            self.fail(
                stmt, f"this use of a {name}", "a number or an array is expected here", "use its parts", "containers"
            )
        if isinstance(value, Lost):
            self.fail(stmt, "this use", value.reason, "use arrays or plain names", "containers")
        if isinstance(value, Known) and value.expr is not None:
            return value.expr
        if isinstance(value, Closure | Known | Chosen | Transformed | Pullback | Super):
            self.fail(
                stmt, "this use of a function as a value", "only calls of functions are followed",
                "call it here", "functions-as-values",
            )  # fmt: skip
        return value

    def argument(self, value: Value, stmt: Stmt) -> Expr:
        """An argument of an operation: a number or array, or a display of these."""
        if isinstance(value, Struct) and value.kind in ("tuple", "list"):
            items = tuple(self.argument(item, stmt) for item in value.slots.values())
            return Tuple(items) if value.kind == "tuple" else List(items)
        return self.leaf(value, stmt)

    def tree(self, expr: Expr, frame: Frame, stmt: Stmt) -> Expr:
        """A whole expression through which no derivative passes."""
        if isinstance(expr, (Tuple, List)) and not any(isinstance(item, Starred) for item in expr.items):
            return rebuild(expr, lambda part: self.tree(part, frame, stmt))
        return self.as_tree(self.value(expr, frame, stmt), stmt)

    def as_tree(self, value: Value, stmt: Stmt) -> Expr:
        truth = self.truth(value) if not is_leaf(value) else None
        return self.argument(value, stmt) if truth is None or isinstance(value, Struct) else Const(truth)


TEXT = (gast.JoinedStr, gast.FormattedValue, gast.Constant, gast.BinOp, gast.operator, gast.expr_context)
MANY = 16  # a list of more equal items stays a list


def many(value: Struct, times: Value) -> bool:
    return isinstance(times, Const) and len(value.slots) * times.value > MANY


def is_plain(value: Value) -> bool:
    """Whether a value is a tuple, list or dict."""
    return isinstance(value, Struct) and value.kind in ("tuple", "list", "dict")
