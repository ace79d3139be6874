"""Expressions: what is known of structures is worked out, what is left is an expression of numbers and arrays."""

from __future__ import annotations

import builtins
import copy
from collections.abc import Callable, Hashable
from dataclasses import replace
from types import FunctionType
from typing import Any, NoReturn

import gast

from backprose.analyse.evaluate import evaluate
from backprose.expand.frames import Frame, State
from backprose.expand.values import (
    MOVED,
    Closure,
    Form,
    Known,
    Lost,
    Sequence,
    Struct,
    Value,
    is_leaf,
    is_record,
    same_form,
    structs,
)
from backprose.ir.names import NameSupply
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
    Function,
    Global,
    Lambda,
    List,
    Logic,
    Name,
    Slice,
    Starred,
    Stmt,
    Subscript,
    Tuple,
    Verbatim,
)
from backprose.ir.walk import rebuild
from backprose.lower.fence import Refusal, refuse
from backprose.rules.registry import op_of


class Evaluator:
    """Values of expressions. ``out`` takes the statements that are made on the way."""

    def __init__(
        self, supply: NameSupply, state: State, lowered: Callable[[FunctionType, NameSupply], Function]
    ) -> None:
        self.supply, self.state, self.lowered = supply, state, lowered
        self.out: list[Stmt] = []
        self.loops = 0
        self.level_of: dict[str, int] = {}  # how many loops the call stands in that a name belongs to
        self.unrolling = False  # while the target of a loop that is written out is bound
        self.moving: set[str] = set()  # names of the expanded program that are bound more than once
        self.stable: dict[tuple[str, Hashable], Name] = {}  # the variables of the slots of a name's tuples
        self.slot_names: set[str] = set()
        self.were_structures: set[str] = set()
        self.given: set[str] = set()  # names that the function itself or an inlined one has taken
        self.captured: set[str] = set()  # variables that functions in the function bind (nonlocal)
        self.touched: dict[int, Struct] = {}  # what has been changed since the innermost ``try`` began
        self.frame: Frame | None = None
        self.dynamic: dict[Hashable, Form | None] = {}  # lists that stay, by the place where they are made
        self.records: dict[str, Struct] = {}  # objects of names that are bound again
        self.grown: set[str] = set()  # those that change after they are made
        self.list_names: set[str] = set()  # all of these
        self.closures = 0  # how many functions were made
        self.stacks_of_lists: set[str] = set()
        self.goal: Name | None = None  # the variable that the value which is worked out now is assigned to
        self.storages: dict[Hashable, tuple[Name, ...]] = {}  # the variables of lists that stay

    # ------------------------------------------------------------ errors and names
    def fail(self, stmt: Stmt, what: str, why: str, instead: str, section: str) -> NoReturn:
        frame = self.frame
        assert frame is not None
        span = stmt.span
        while not frame.outermost and frame.span is not None:
            span = frame.span
            if frame.caller is None:
                break
            frame = frame.caller
        refuse(frame.parsed, span if span is not None else frame.parsed.tree, Refusal(what, why, instead, section))

    def emit(self, stmt: Any, frame: Frame) -> None:
        if not frame.outermost:  # the statement of the caller's that the inlined call stands in
            stmt = replace(stmt, span=frame.span, comments=None)
        self.out.append(stmt)

    def renamed(self, name: str, frame: Frame) -> Name:
        """The variable that a name of a frame is in the expanded program; never a substituted argument."""
        found = self.variable(name, frame)
        assert isinstance(found, Name)
        return found

    def variable(self, name: str, frame: Frame) -> Expr:
        owner = frame.owner(name)
        if owner is None or owner.outermost:
            if owner is not None and name in owner.many:
                self.moving.add(name)
            return Name(name, temporary=name.startswith("_t"))
        if name not in owner.names:
            free = name not in self.given and not name.startswith("_t")
            fresh = Name(name) if free else Name(self.supply.fresh(name))
            if name.startswith("_t"):
                fresh = self.supply.temporary()
            self.given.add(fresh.id)
            owner.names[name] = fresh
            self.level_of[fresh.id] = owner.loops
            owner.fresh.add(fresh.id)
            if name in owner.many or owner.loops:
                self.moving.add(fresh.id)
        return owner.names[name]

    # ------------------------------------------------------------ values
    def value(self, expr: Expr, frame: Frame, stmt: Stmt, wish: str = "part") -> Value:
        """What an expression stands for."""
        match expr:
            case Name(id=name):
                found = self.variable(name, frame)
                held = self.state.bindings.get(found.id, found) if isinstance(found, Name) else found
                if isinstance(held, Lost):
                    self.fail(stmt, f"this use of {name}", held.reason, "use arrays or plain names", "containers")
                return held
            case Global():
                self.check_global(expr, frame, stmt)
                return expr
            case Const():
                return expr
            case Attribute(value=owner, attr=attr):
                return self.attribute(self.value(owner, frame, stmt), attr, stmt)
            case Subscript(value=owner, index=index):
                into = self.value(owner, frame, stmt)
                if isinstance(into, Struct):
                    return self.item(into, index, frame, stmt)
                if isinstance(into, Sequence):
                    return self.row(into, self.tree(index, frame, stmt), stmt)
                return Subscript(self.leaf(into, stmt), self.tree(index, frame, stmt))
            case Tuple(items=items) | List(items=items):
                kind: Any = "tuple" if isinstance(expr, Tuple) else "list"
                return Struct(kind, dict(enumerate(self.items(items, frame, stmt))), None, wish)
            case Dict():
                return self.mapping(expr, frame, stmt, wish)
            case Lambda(function=function, local=local):
                self.closures += 1
                return Closure(function, frame, local)
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
        self.fail(stmt, "a starred expression here", "it stands for several values", "write them out", "starred")

    def call(self, expr: Call, frame: Frame, stmt: Stmt, wish: str) -> Value:
        raise NotImplementedError

    def function_value(self, value: Value, frame: Frame) -> Value:
        raise NotImplementedError

    def check_global(self, root: Global, frame: Frame, stmt: Stmt) -> None:
        raise NotImplementedError

    def respelled(self, expr: Apply, frame: Frame, stmt: Stmt) -> str:
        raise NotImplementedError

    def invoke(
        self, function: Value, args: list[Value], keywords: dict[str, Value], stmt: Stmt, wish: str = "part"
    ) -> Value:
        raise NotImplementedError

    def row(self, owner: Sequence, index: Expr, stmt: Stmt) -> Value:
        raise NotImplementedError

    def go_on_as_list(self, value: Value | None) -> None:
        raise NotImplementedError

    def placed(self, value: Value, site: Hashable, target: Name | None, wish: str, stmt: Stmt) -> Value:
        raise NotImplementedError

    def taken_over(self, value: Sequence, target: Name, stmt: Stmt) -> Sequence:
        raise NotImplementedError

    def moved(self, value: Sequence, target: Name, stmt: Stmt) -> Sequence:
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

    def several(self, value: Value, stmt: Stmt) -> list[Value]:
        """What iterating over a structure gives."""
        if not isinstance(value, Struct) or value.kind == "object":
            self.fail(
                stmt, "a starred expression", "how many values it stands for is not known", "write the values out",
                "starred",
            )  # fmt: skip
        return [Const(key) for key in value.slots] if value.kind == "dict" else list(value.slots.values())

    def mapping(self, expr: Dict, frame: Frame, stmt: Stmt, wish: str) -> Struct:
        slots: dict[Hashable, Value] = {}
        for key, item in zip(expr.keys, expr.items, strict=True):
            value = self.function_value(self.value(item, frame, stmt), frame)
            if key is None:
                if not isinstance(value, Struct) or value.kind != "dict":
                    self.fail(stmt, "** of this", "its keys are not known", "write the items out", "starred")
                slots |= value.slots
            else:
                slots[self.constant(key, frame, stmt)] = value
        return Struct("dict", slots, None, wish)

    def constant(self, expr: Expr, frame: Frame, stmt: Stmt, into: Struct | None = None) -> Hashable:
        found = self.value(expr, frame, stmt)
        if isinstance(found, Name):
            found = self.state.constants.get(found.id, found)
        if isinstance(found, Const):
            return found.value  # type: ignore[no-any-return]
        if isinstance(found, Struct) and found.kind == "tuple":
            parts = list(found.slots.values())
            if all(isinstance(part, Const) for part in parts):
                return tuple(part.value for part in parts if isinstance(part, Const))
        self.go_on_as_list(into)
        self.fail(
            stmt, "this index of a structure", "which item it means is not known here",
            "use a constant index, or put the numbers into an array", "containers",
        )  # fmt: skip

    def key(self, into: Struct, index: Expr, frame: Frame, stmt: Stmt) -> Hashable:
        found = self.constant(index, frame, stmt, into)
        if into.kind in ("tuple", "list") and type(found) is int and found < 0:
            found += len(into.slots)
        return found

    def item(self, into: Struct, index: Expr, frame: Frame, stmt: Stmt) -> Value:
        if isinstance(index, Slice) and into.kind in ("tuple", "list"):
            parts: list[Any] = [
                None if part is None else self.constant(part, frame, stmt, into)
                for part in (index.lower, index.upper, index.step)
            ]
            chosen: Any = list(into.slots.values())[slice(*parts)]
            return Struct(into.kind, dict(enumerate(chosen)), None, into.wish)
        if into.kind == "object":
            return self.method(into, "__getitem__", [self.value(index, frame, stmt)], stmt)
        return self.read(into, self.key(into, index, frame, stmt), stmt)

    def read(self, into: Struct, key: Hashable, stmt: Stmt) -> Value:
        if key not in into.slots:
            self.go_on_as_list(into)
            self.fail(
                stmt, f"the item {key!r}", f"this {into.kind} has {', '.join(map(repr, into.slots)) or 'none'}",
                "use one that is there", "containers",
            )  # fmt: skip
        held = into.slots[key]
        if isinstance(held, Lost):
            self.go_on_as_list(into)
            self.fail(stmt, f"this use of item {key!r}", held.reason, "use arrays or plain names", "containers")
        return held

    def choice(self, expr: Expr, frame: Frame, stmt: Stmt) -> Value:
        """Tests: those of structures are answered now."""
        match expr:
            case Compare(operands=(left, right), ops=(op,)):
                one, other = self.value(left, frame, stmt), self.value(right, frame, stmt)
                if op in ("is", "is not") and not (is_leaf(one) and is_leaf(other)):
                    return Const((one is other) == (op == "is"))
                if op in ("in", "not in") and isinstance(other, Struct) and isinstance(one, Const):
                    found = self.several(other, stmt)
                    if all(isinstance(part, Const) for part in found):
                        return Const((one in found) == (op == "in"))
                if op in ("in", "not in") and isinstance(other, Struct):
                    return Compare((self.leaf(one, stmt), self.argument(other, stmt)), (op,))
            case Conditional(test=test, body=body, orelse=orelse):
                chosen = self.tree(test, frame, stmt)
                if isinstance(chosen, Const):
                    return self.value(body if chosen.value else orelse, frame, stmt)
                return evaluate(Conditional(chosen, self.maybe(body, frame, stmt), self.maybe(orelse, frame, stmt)))
            case Logic(op=op, operands=operands):
                rest: list[Value] = []
                for position, operand in enumerate(operands):
                    held = self.value(operand, frame, stmt) if not rest else self.maybe(operand, frame, stmt)
                    truth = self.truth(held)
                    if truth is not None and truth != (op == "or") and position < len(operands) - 1:
                        continue  # it never is the result
                    rest.append(held)
                    if truth == (op == "or"):
                        break
                return rest[0] if len(rest) == 1 else evaluate(Logic(op, tuple(self.leaf(one, stmt) for one in rest)))
            case Compare(operands=(first, second, *others), ops=ops) if others:
                parts = [self.tree(first, frame, stmt), self.tree(second, frame, stmt)]
                return evaluate(Compare((*parts, *(self.maybe(other, frame, stmt) for other in others)), ops))
        return evaluate(rebuild(expr, lambda part: self.tree(part, frame, stmt)))

    def test(self, expr: Expr, frame: Frame, stmt: Stmt) -> Expr:
        """A test: of a list, whether it has items."""
        if isinstance(expr, Name):
            value = self.value(expr, frame, stmt)
            if isinstance(value, Sequence):
                return value.columns[0]
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
            return bool(value.slots) if value.kind != "object" else None
        return True if isinstance(value, Closure | Known) else None

    def verbatim(self, expr: Verbatim, frame: Frame, stmt: Stmt) -> Expr:
        names: dict[str, str] = {}
        constants: dict[str, Const] = {}
        for name in expr.reads:
            found = self.variable(name, frame)
            held = self.state.bindings.get(found.id, found) if isinstance(found, Name) else found
            if isinstance(held, Const):
                constants[name] = held
            elif isinstance(held, Name) and held is found:
                names[name] = held.id
            else:
                self.fail(
                    stmt, f"{name} in this text", "it is not one number or array", "format the parts", "containers"
                )
        if not constants and all(old == new for old, new in names.items()):
            return expr
        tree = _Renamed(names, constants).visit(copy.deepcopy(expr.tree))
        return Verbatim(tree, tuple(names.values()))

    # ------------------------------------------------------------ operations
    def apply(self, expr: Apply, frame: Frame, stmt: Stmt, wish: str) -> Value:
        args = self.items(expr.args, frame, stmt)
        first = args[0] if args else None
        if expr.op == "not" and isinstance(first, Sequence):
            return Apply("not", (first.columns[0],), (), expr.spelling)
        if expr.spelling.startswith(("method:", "attribute:")) and isinstance(
            first, Struct | Sequence | Closure | Known
        ):
            name = expr.spelling.partition(":")[2]
            if expr.spelling.startswith("attribute:"):
                return self.attribute(first, name, stmt)
            keywords = {key: self.value(value, frame, stmt) for key, value in expr.keywords}
            return self.method(first, name, args[1:], stmt, keywords, wish)
        if expr.spelling.startswith("operator") and any(isinstance(arg, Struct | Sequence) for arg in args):
            if len(args) == 1:
                return self.unary(expr.op, args[0], stmt)
            return self.binary(expr.op, args[0], args[1], stmt)
        if expr.op == "builtins.sum" and isinstance(first, Struct) and first.kind in ("tuple", "list"):
            total: Value = args[1] if len(args) > 1 else Const(0)
            for item in first.slots.values():
                total = self.added(total, item, stmt)
            return total
        if expr.op == "len" and isinstance(first, Struct):
            return self.method(first, "__len__", [], stmt) if first.kind == "object" else Const(len(first.slots))
        if expr.op in ("reversed", "list", "tuple", "sorted") and isinstance(first, Struct):
            return self.sequence(expr.op, first, stmt, wish)
        if expr.op == "isinstance" and not is_leaf(first or Const(None)):
            return self.isinstance(first, args[1])
        if isinstance(first, Sequence) and not (expr.op == "builtins.sum" and first.form is None):
            found = self.builtin_of_sequence(BUILTINS.get(expr.op), first, stmt)
            if found is not None:
                return found
        if expr.op == "list" and len(args) == 1 and first is not None and is_leaf(first):
            return self.listed(first, stmt)
        args = self.as_arrays(expr.op, args, stmt)
        numbers = [arg.value for arg in args if isinstance(arg, Const)]
        if expr.op in LEAST and len(numbers) == len(args) > 1 and all(type(one) is int for one in numbers):
            return Const(LEAST[expr.op](numbers))
        keywords_made = tuple(
            (key, self.argument(self.value(value, frame, stmt), stmt)) for key, value in expr.keywords
        )
        made = replace(
            expr,
            args=tuple(self.argument(arg, stmt) for arg in args),
            keywords=keywords_made,
            spelling=self.respelled(expr, frame, stmt),
        )
        if expr.op in MAKES_LISTS:
            return self.made_list(made, stmt)
        return evaluate(made if frame.outermost else replace(made, place=None))

    def builtin_of_sequence(self, found: Any, first: Sequence, stmt: Stmt) -> Value | None:
        raise NotImplementedError

    def listed(self, value: Expr, stmt: Stmt) -> Sequence:
        raise NotImplementedError

    def made_list(self, value: Expr, stmt: Stmt) -> Sequence:
        raise NotImplementedError

    def as_arrays(self, op: str, args: list[Value], stmt: Stmt) -> list[Value]:
        raise NotImplementedError

    def sequence(self, op: str, first: Struct, stmt: Stmt, wish: str) -> Struct:
        items = self.several(first, stmt)
        if op == "reversed":
            items.reverse()
        elif op == "sorted":
            if not all(isinstance(item, Const) for item in items):
                self.fail(
                    stmt, "sorting these", "their order is not known now", "use np.sort on an array", "containers"
                )
            items = [Const(value) for value in sorted(item.value for item in items if isinstance(item, Const))]
        return Struct("tuple" if op in ("tuple", "reversed") else "list", dict(enumerate(items)), None, wish)

    def added(self, one: Value, other: Value, stmt: Stmt) -> Value:
        raise NotImplementedError

    def isinstance(self, value: Value | None, classes: Value) -> Const:
        raise NotImplementedError

    def unary(self, op: str, value: Value, stmt: Stmt) -> Value:
        if op == "not":
            truth = self.truth(value)
            if truth is not None:
                return Const(not truth)
        special = {"negative": "__neg__", "positive": "__pos__", "abs": "__abs__"}.get(op)
        if special is None:
            self.fail(stmt, "this operation on a structure", "it is not covered", "use its parts", "containers")
        return self.method(value, special, [], stmt)

    def binary(self, op: str, one: Value, other: Value, stmt: Stmt, in_place: bool = False) -> Value:
        """``+`` and ``*`` of tuples and lists; the operators of the user's classes."""
        if op == "add" and isinstance(one, Sequence) and in_place:
            self.extend(one, other, stmt)
            return one
        both = isinstance(one, Sequence | Struct) and isinstance(other, Sequence | Struct)
        if op == "add" and both and (isinstance(one, Sequence) or isinstance(other, Sequence)):
            return self.joined(one, other, stmt)
        sequences = [v for v in (one, other) if isinstance(v, Struct) and v.kind in ("tuple", "list")]
        if op == "add" and len(sequences) == 2 and sequences[0].kind == sequences[1].kind:
            items = [*sequences[0].slots.values(), *sequences[1].slots.values()]
            if in_place and sequences[0].kind == "list":
                for item in sequences[1].slots.values():
                    self.store(sequences[0], len(sequences[0].slots), item, stmt)
                return sequences[0]
            return Struct(sequences[0].kind, dict(enumerate(items)), None, sequences[0].wish)
        if op == "multiply" and len(sequences) == 1:
            times = other if one is sequences[0] else one
            known = isinstance(times, Const) and type(times.value) is int
            if sequences[0].kind == "list" and is_leaf(times) and (not known or many(sequences[0], times)):
                return self.repeated(sequences[0], times, stmt)
            if isinstance(times, Const) and known:
                items = list(sequences[0].slots.values()) * times.value
                return Struct(sequences[0].kind, dict(enumerate(items)), None, sequences[0].wish)
        special = SPECIAL.get(op)
        if special is not None:
            for owner, argument, prefix in ((one, other, "__"), (other, one, "__r")):
                name = f"{prefix}{special}__"
                if isinstance(owner, Struct) and owner.cls is not None and hasattr(owner.cls, name):
                    return self.method(owner, name, [argument], stmt)
        self.fail(stmt, "this operation on a structure", "it is not covered", "use its parts", "containers")

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
        if isinstance(value, Closure | Known):
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
        value = self.value(expr, frame, stmt)
        truth = self.truth(value) if not is_leaf(value) else None
        return self.argument(value, stmt) if truth is None or isinstance(value, Struct) else Const(truth)

    # ------------------------------------------------------------ slots
    def bind(self, name: str, value: Value, frame: Frame, stmt: Stmt) -> None:
        """``name = value``."""
        target = self.renamed(name, frame)
        if is_leaf(value):
            once = target.temporary and target.id not in self.moving
            if isinstance(value, Const) and (self.unrolling or (once and not self.loops)):
                self.state.bindings[target.id] = value
                return
            if once and isinstance(value, Name) and value.id not in self.moving | self.slot_names:
                self.state.bindings[target.id] = value  # another name for a variable that stays what it is
                return
            self.state.bindings.pop(target.id, None)
            self.state.constants.pop(target.id, None)
            if isinstance(value, Const):
                self.state.constants[target.id] = value
            if target != value:
                comments = getattr(stmt, "comments", None)
                self.emit(Assign(target, value, stmt.span, comments), frame)
            return
        self.were_structures.add(target.id)
        assert frame.key is not None
        place = stmt.span if target.temporary else name
        value = self.placed(value, (frame.key, place), target, name, stmt)
        if isinstance(value, Struct) and ("objects", frame.key) in self.dynamic and target.id in self.moving:
            value = self.in_place(value, target, name, stmt) if is_record(value) and not target.temporary else value
        if isinstance(value, Sequence):
            value = self.moved(self.taken_over(value, target, stmt), target, stmt)
        passing = target.temporary and frame.read_once(name) and all_temporary(value)
        if (not target.temporary or target.id in self.moving) and not passing:
            value = self.settled(value, "part" if target.temporary else name, stmt, target.id)
        self.state.bindings[target.id] = value

    def in_place(self, value: Struct, target: Name, wish: str, stmt: Stmt) -> Struct:
        """An object that takes the place of the last one under a name that is bound again: in the same variables.

        Other names of either do not have it any more.
        """
        place = self.records.get(target.id)
        if value is place:
            return value
        held = [one for one in self.state.bindings.values() if isinstance(one, Struct | Known)]
        inside = {id(part) for one in held for part in structs(one) if part is not one}
        if id(value) in inside or (place is not None and (id(place) in inside or not same_form(place, value))):
            return value
        for name, one in list(self.state.bindings.items()):
            if name != target.id and (one is value or (one is place and place is not None)):
                self.state.bindings[name] = Lost(MOVED)
        made = self.assigned_slots(replace(value, slots=dict(value.slots), wish=wish, own=set()), target.id, stmt)
        if place is None:
            place = self.records[target.id] = made
        place.slots, place.frozen = made.slots, False
        place.own = {slot.id for slot in made.slots.values() if isinstance(slot, Name)}
        return place

    def settled(self, value: Value, wish: str, stmt: Stmt, owner: str | None = None) -> Value:
        """A structure whose slots keep what they hold now, whatever becomes of the names it was made of."""
        if isinstance(value, Struct) and value.kind == "list":
            assert self.frame is not None
            value = self.placed(value, (self.frame.key, stmt.span, wish), None, wish, stmt)
        if not isinstance(value, Struct):
            return value
        if value.is_immutable:
            stable = owner is not None and owner in self.moving
            slots = {
                key: self.kept(
                    item, f"{wish}_{self.label(value, key)}", stmt, (owner, key) if stable and owner else None
                )
                for key, item in value.slots.items()
            }
            return self.assigned_slots(replace(value, slots=slots, wish=wish), owner if stable else None, stmt)
        for key, item in value.slots.items():
            if is_leaf(item) and not self.is_slot(value, key):
                value.slots[key] = held = self.own_variable(item, f"{wish}_{self.label(value, key)}", stmt)
                value.own.add(held.id)
            elif isinstance(item, Struct):
                value.slots[key] = self.settled(item, f"{wish}_{self.label(value, key)}", stmt)
        return value

    def kept(self, item: Value, wish: str, stmt: Stmt, place: tuple[str, Hashable] | None) -> Value:
        if isinstance(item, Struct):
            if place is not None and item.is_immutable:
                inner = {
                    key: self.kept(one, f"{wish}_{self.label(item, key)}", stmt, (place[0], (place[1], key)))
                    for key, one in item.slots.items()
                }
                return self.assigned_slots(replace(item, slots=inner), place[0], stmt, place[1])
            return self.settled(item, wish, stmt)
        if not is_leaf(item) or place is not None:
            return item
        if isinstance(item, Const | Global) or (
            isinstance(item, Name) and item.id not in self.moving | self.slot_names
        ):
            return item
        return self.own_variable(item, wish, stmt)

    def assigned_slots(self, value: Struct, owner: str | None, stmt: Stmt, path: Hashable = None) -> Struct:
        """The slots of a name that is bound more than once: variables of its own, the same ones each time."""
        if owner is None:
            return value
        pairs: list[tuple[Hashable, Name, Expr]] = []
        for key, item in value.slots.items():
            if is_leaf(item):
                place = (owner, key if path is None else (path, key))
                if place not in self.stable:
                    self.stable[place] = Name(self.supply.fresh(f"{value.wish}_{self.label(value, key)}"))
                    self.moving.add(self.stable[place].id)
                pairs.append((key, self.stable[place], item))
        names = {variable.id for _, variable, _ in pairs}
        held: dict[Hashable, Expr] = {}
        for key, variable, item in pairs:
            if isinstance(item, Name) and item.id in names and item != variable:
                held[key] = self.own_variable(item, "part", stmt, temporary=True)
        frame = self.frame
        assert frame is not None
        for key, variable, item in pairs:
            if item != variable:
                self.emit(Assign(variable, held.get(key, item), stmt.span), frame)
            value.slots[key] = variable
        return value

    def own_variable(self, item: Expr, wish: str, stmt: Stmt, temporary: bool = False) -> Name:
        frame = self.frame
        assert frame is not None
        variable = self.supply.temporary() if temporary else Name(self.supply.fresh(wish))
        if not temporary:
            self.slot_names.add(variable.id)
        self.emit(Assign(variable, item, stmt.span), frame)
        return variable

    def is_slot(self, into: Struct, key: Hashable) -> bool:
        held = into.slots.get(key)
        return isinstance(held, Name) and held.id in into.own

    def store(self, into: Struct, key: Hashable, value: Value, stmt: Stmt) -> None:
        """``into[key] = value`` of a list, dict or object."""
        self.check_frozen(into, stmt)
        if into.is_immutable:
            self.fail(stmt, "a write into a tuple", "Python raises TypeError", "make a new tuple", "containers")
        if into.kind == "list" and not (isinstance(key, int) and key <= len(into.slots)):
            self.fail(
                stmt, "this write into a list", "Python raises IndexError", "use an index that is there", "containers"
            )
        self.settled(into, into.wish, stmt)
        wish = f"{into.wish}_{self.label(into, key)}"
        if is_leaf(value):
            if self.is_slot(into, key):
                variable = into.slots[key]
                assert isinstance(variable, Name)
                assert self.frame is not None
                if variable != value:
                    self.emit(Assign(variable, value, stmt.span, getattr(stmt, "comments", None)), self.frame)
            else:
                self.touched[id(into)] = into
                into.slots[key] = held = self.own_variable(value, wish, stmt)
                into.own.add(held.id)
        else:
            self.touched[id(into)] = into
            into.slots[key] = self.settled(value, wish, stmt)

    def check_frozen(self, into: Struct, stmt: Stmt) -> None:
        if into.frozen and not into.is_immutable:
            self.fail(
                stmt, f"a change of this {into.kind}", "it is an item of a list, which would change with it",
                "put a new one into the list", "containers",
            )  # fmt: skip

    @staticmethod
    def label(value: Struct, key: Hashable) -> str:
        if value.kind == "tuple" and value.cls is not None and isinstance(key, int):
            return str(value.cls._fields[key])  # type: ignore[attr-defined]
        text = str(key)
        return text if text.replace("_", "a").isalnum() else "part"


BUILTINS: dict[str, Any] = {
    op_of(one) or one.__name__: one
    for one in (builtins.len, builtins.max, builtins.min, builtins.list, builtins.tuple, builtins.reversed)
}
MAKES_LISTS = ("sections", "unsliced")  # functions with a rule that give a list
MANY = 16  # a list of more equal items stays a list


def all_temporary(value: Value) -> bool:
    """Whether a tuple holds nothing but temporaries, which nobody assigns again before it is read."""
    if isinstance(value, Struct):
        return value.is_immutable and all(map(all_temporary, value.slots.values()))
    return isinstance(value, Const) or (isinstance(value, Name) and value.temporary)


def many(value: Struct, times: Value) -> bool:
    return isinstance(times, Const) and len(value.slots) * times.value > MANY


class _Renamed(gast.NodeTransformer):  # type: ignore[misc]  # gast ships no types
    """Python that is not taken apart, with the names that its variables have in the expanded program."""

    def __init__(self, names: dict[str, str], constants: dict[str, Const]) -> None:
        self.names, self.constants = names, constants

    def visit_Name(self, node: gast.Name) -> gast.AST:  # noqa: N802  as the visitor calls it
        if node.id in self.constants:
            return gast.copy_location(gast.Constant(value=self.constants[node.id].value, kind=None), node)
        node.id = self.names.get(node.id, node.id)
        return node


LEAST: dict[str | None, Any] = {op_of(builtins.min): min, op_of(builtins.max): max}
SPECIAL = {
    "add": "add", "subtract": "sub", "multiply": "mul", "divide": "truediv", "power": "pow", "matmul": "matmul",
    "floor_divide": "floordiv", "remainder": "mod",
}  # fmt: skip
