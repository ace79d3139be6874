"""Builtins, containers and objects: what their methods and attributes do to what is known of them."""

from __future__ import annotations

import abc
import builtins
import collections
import copy
import dataclasses
import functools
import inspect
import itertools
import math
from collections.abc import Hashable, Iterable
from dataclasses import fields, is_dataclass, replace
from operator import is_
from types import FunctionType, MemberDescriptorType, UnionType
from typing import Any, Literal

import numpy as np

from backprose.expand.frames import Frame
from backprose.expand.outside import bound_to, is_followed_class, is_of_texts, made_for, meaning_of
from backprose.expand.sequences import JOINS, OF_LISTS, Sequences
from backprose.expand.slots import OUTSIDE
from backprose.expand.values import (
    Chosen,
    Closure,
    Known,
    Rows,
    Sequence,
    Struct,
    Super,
    Value,
    class_of_struct,
    constant_of,
    is_leaf,
    leaves_of,
)
from backprose.ir.nodes import (
    Apply,
    Assign,
    Attribute,
    Call,
    Compare,
    Const,
    Expr,
    Global,
    Name,
    Slice,
    Stmt,
    Subscript,
    Tuple,
)
from backprose.ir.values import is_named_tuple
from backprose.ir.walk import is_outside, is_path, looks_only
from backprose.rules.registry import op_of

COPIED = ("__copy__", "__deepcopy__", "__reduce_ex__", "__getstate__", "__setstate__", "__getnewargs_ex__")
CHANGING = frozenset(
    "append appendleft clear extend insert pop popitem popleft remove reverse rotate sort update".split()
)


def is_subclass(cls: type, asked: Iterable[Any]) -> bool | None:
    """Whether objects of a class are instances of one of others; None where code of theirs answers that."""
    plain = type.__instancecheck__, abc.ABCMeta.__instancecheck__
    found = [kind for one in asked for kind in (one.__args__ if isinstance(one, UnionType) else (one,))]
    for one in found:
        known = isinstance(one, type) and (type(one).__instancecheck__ in plain or getattr(one, "_is_protocol", False))
        if not known:
            return None
    try:
        return issubclass(cls, tuple(found))
    except TypeError:  # a protocol of attributes
        return None


class Objects(Sequences):
    """Structures that are taken apart and made."""

    def meaning(self, expr: Expr, frame: Frame) -> Any:
        raise NotImplementedError

    def constant_value(self, value: Any) -> Value:
        raise NotImplementedError

    def class_value(self, cls: type, attr: str, found: Any) -> Value:
        """An attribute of a class: a constant that a guard asks for, or a function."""
        if is_of_texts(found):
            self.constants[cls, attr] = None
            self.holders[id(found)] = found
            kind: Any = type(found).__name__
            return Struct(kind, dict(enumerate(map(Const, found))), frozen=True, site=OUTSIDE)
        value = self.constant_value(found)
        if not isinstance(value, Known):
            self.constants[cls, attr] = None
        return value

    def known(self, found: Any) -> Value:
        raise NotImplementedError

    # ------------------------------------------------------------ builtins
    def builtin(self, found: Any, args: list[Value], keywords: dict[str, Value], stmt: Stmt, wish: str) -> Value | None:
        """The builtins that take structures apart or make them; None for anything else."""
        first = args[0] if args else None
        if isinstance(first, Sequence) and len(args) == 1 and not keywords:
            of_sequence = self.builtin_of_sequence(found, first, stmt)
            if of_sequence is not None:
                return of_sequence
        if found in (builtins.dict, collections.OrderedDict) and not any(is_leaf(arg) for arg in args):
            made = self.dict_of(args, keywords, stmt, wish)
            return made if made is None or found is builtins.dict else replace(made, stands_for=found)
        if found is collections.defaultdict and args and len(args) <= 2:
            made = self.dict_of(args[1:], keywords, stmt, wish)
            return None if made is None else replace(made, factory=first, stands_for=found)
        if found is inspect.getattr_static(dict, "fromkeys") and args:
            keys = self.several(args[0], stmt) if isinstance(args[0], Struct) else []
            if keys and all(isinstance(key, Const) for key in keys):
                value = args[1] if len(args) > 1 else Const(None)
                return Struct("dict", {key.value: value for key in keys if isinstance(key, Const)}, None, wish)
        if found in (builtins.max, builtins.min) and keywords:
            return self.best(found, args, keywords, stmt, wish)
        if found is builtins.sorted and len(args) == 1 and first is not None:
            done = self.sorted(first, keywords, stmt)
            if done is not None:
                return done
        if found is functools.reduce and len(args) >= 2 and not keywords:
            return self.reduced(args[0], args[1], args[2:], stmt)
        if found is math.prod and len(args) == 1 and isinstance(first, Struct) and not keywords:
            product: Value = Const(1)
            for item in self.several(first, stmt):
                product = self.held(
                    Apply("multiply", (self.leaf(product, stmt), self.leaf(item, stmt)), (), "operator"), stmt
                )
            return product
        if found is np.block and len(args) == 1 and isinstance(first, Struct):
            return self.blocks_joined(first, stmt)
        if found is builtins.divmod and len(args) == 2 and all(map(is_leaf, args)):
            parts = tuple(self.leaf(arg, stmt) for arg in args)
            whole, rest = (self.held(Apply(op, parts, (), "operator"), stmt) for op in ("floor_divide", "mod"))
            return Struct("tuple", {0: whole, 1: rest}, None, wish)
        if found is math.log and len(args) == 2 and all(map(is_leaf, args)) and not keywords:
            both = [self.held(self.leaf(self.operation(found, [arg], {}, stmt), stmt), stmt) for arg in args]
            return self.held(Apply("divide", tuple(both), (), "operator"), stmt)
        if found in (builtins.max, builtins.min) and len(args) > 2 and all(map(is_leaf, args)) and not keywords:
            return self.builtin(found, [Struct("tuple", dict(enumerate(args)))], {}, stmt, wish)
        if found is collections.deque and len(args) <= 2 and keywords.keys() <= {"maxlen"}:
            most = self.now_constant(keywords.get("maxlen", args[1] if len(args) > 1 else Const(None)))
            if isinstance(first, Struct | None) and isinstance(most, Const) and most.value != 0:
                newest = [] if first is None else self.several(first, stmt)[-(most.value or 0) :]
                return Struct("list", dict(enumerate(newest)), None, wish, stands_for=found, most=most.value)
        if found in (copy.copy, copy.deepcopy) and len(args) == 1 and not keywords and self.is_ours(first):
            if found is copy.deepcopy and isinstance(first, Struct):
                self.check_apart(first, stmt)
            return self.copy_of(args[0], found is copy.deepcopy, {}, stmt)
        if found in (builtins.str, builtins.repr) and len(args) == 1 and not keywords:
            known = self.now_constant(args[0])
            if isinstance(known, Const) and type(known.value) in (str, int):
                return Const(found(known.value))
        if found is functools.partial and isinstance(first, Known | Closure):
            held = first if isinstance(first, Known) else Known(first)
            given = tuple(self.kept(arg, "given", stmt, None) for arg in args[1:])
            named = {key: self.kept(value, key, stmt, None) for key, value in keywords.items()}
            return Known(held.value, (*held.args, *given), {**held.keywords, **named})
        if found in (builtins.max, builtins.min) and isinstance(first, Struct) and len(args) == 1 and not keywords:
            items = tuple(self.leaf(item, stmt) for item in self.several(first, stmt))
            if not items:
                return Call(Global(found.__name__), (self.argument(first, stmt),))  # it raises, where it stands
            best = items[0]
            for item in items[1:]:
                best = self.held(Apply(op_of(found) or "", (best, item), (), f"function:{found.__name__}"), stmt)
            return best
        if found in (builtins.max, builtins.min) and len(args) == 1 and not keywords:
            array = None if isinstance(first, Sequence) or first is None else self.as_sequence(first, stmt)
            if array is not None:
                return self.extreme(array, op_of(found) or "", found.__name__, stmt)
        if isinstance(first, Struct) and len(args) == 1 and not keywords:
            if found in (builtins.list, builtins.tuple, builtins.reversed, builtins.sorted):
                return self.sequence(found.__name__, first, stmt, wish)
            if found is builtins.len:
                return self.count(first, stmt)
        if found is builtins.enumerate and isinstance(first, Struct):
            pairs = [Struct("tuple", {0: Const(i), 1: item}) for i, item in enumerate(self.several(first, stmt))]
            return Struct("tuple", dict(enumerate(pairs)))
        if found is builtins.zip and args and (columns := self.columns_of_zip(args, stmt)) is not None:
            rows = zip(*columns, strict=False)
            return Struct("tuple", dict(enumerate(Struct("tuple", dict(enumerate(row))) for row in rows)))
        if found is dataclasses.replace and isinstance(first, Struct) and is_dataclass(first.cls) and len(args) == 1:
            old = {one.name: self.read(first, one.name, stmt) for one in fields(first.cls) if one.init}
            return self.make(first.cls, [], old | keywords, stmt, wish)
        if found is builtins.setattr and len(args) == 3 and isinstance(first, Struct) and isinstance(args[1], Const):
            self.set_attribute(first, args[1].value, args[2], stmt)
            return Const(None)
        if found is builtins.hasattr and isinstance(first, Struct) and isinstance(args[1], Const):
            return Const(self.has_attribute(first, args[1].value, stmt))
        if found is builtins.type and len(args) == 1 and isinstance(first, Struct) and first.cls is not None:
            return Known(first.cls)
        if found is builtins.vars and len(args) == 1 and isinstance(first, Struct) and first.kind == "object":
            return Struct("dict", {**first.slots}, None, wish, frozen=True)
        if found is dataclasses.asdict and isinstance(first, Struct) and is_dataclass(first.cls) and len(args) == 1:
            return self.plain_parts(first, "dict", wish)
        if found is dataclasses.astuple and isinstance(first, Struct) and is_dataclass(first.cls) and len(args) == 1:
            return self.plain_parts(first, "tuple", wish)
        if found is builtins.isinstance and first is not None and self.is_structure(first):
            return self.isinstance(first, args[1])
        if found is builtins.isinstance and self.is_no_object(first, args[1]):
            return Const(False)
        if found in (builtins.abs, builtins.float, builtins.int, builtins.round) and len(args) == 1:
            name = f"__{found.__name__}__"
            if isinstance(first, Struct) and first.kind == "object" and hasattr(first.cls, name):
                return self.method(first, name, [], stmt)
        if found is np.diag_indices and len(args) == 1 and not keywords and first is not None and is_leaf(first):
            along = Apply("arange", (first,))
            return Struct("tuple", {0: along, 1: along})
        if found is builtins.getattr and len(args) >= 2 and first is not None and is_leaf(first):
            asked = self.now_constant(args[1])
            of_arrays = not isinstance(asked, Const) or hasattr(np.ndarray, str(asked.value))
            if self.path_outside(first) is None and of_arrays:
                self.fail(
                    stmt, "this use of getattr", "it may give a method or a part of an array",
                    "write it as an attribute: x.sum()", "objects",
                )  # fmt: skip
        if found is builtins.getattr and len(args) >= 2 and isinstance(first, Struct):
            wanted = self.now_constant(args[1])
            if isinstance(wanted, Const) and isinstance(wanted.value, str):
                missing = len(args) == 3 and not self.has_attribute(first, wanted.value, stmt)
                return args[2] if missing else self.attribute(first, wanted.value, stmt)
            self.fail(
                stmt, "this use of getattr", "which attribute it means is not known here",
                "use a name that is known when the derivative is made", "objects",
            )  # fmt: skip
        return None

    def has_attribute(self, owner: Struct, attr: str, stmt: Stmt) -> bool:
        """Whether a structure has an attribute: one of its own, or of its class or a base of that."""
        cls = class_of_struct(owner)
        found = inspect.getattr_static(cls, attr, None)
        if isinstance(found, property) or "__getattr__" in dir(cls):
            self.fail(
                stmt, f"this question for the attribute {attr}", "code of the class answers it",
                "ask for the class: isinstance(x, C)", "objects",
            )  # fmt: skip
        if owner.kind == "object":
            self.check_whole(owner, stmt)
            if attr in owner.slots:
                return True
        if owner.cls is not None:
            self.classes.add(cls)
        return any(attr in vars(base) for base in cls.__mro__)

    def columns_of_zip(self, args: list[Value], stmt: Stmt) -> list[list[Value]] | None:
        """What ``zip`` takes from each argument, where it is known how many items one has; no other may have fewer."""
        known = {
            place: found
            for place, arg in enumerate(args)
            if (found := self.several(arg, stmt) if isinstance(arg, Struct) else self.texts_in(arg)) is not None
        }
        if not known or any(not is_leaf(arg) for place, arg in enumerate(args) if place not in known):
            return None
        count = min(map(len, known.values()))
        return [
            known[place] if place in known else [*self.first_items(self.leaf(arg, stmt), count, stmt)]
            for place, arg in enumerate(args)
        ]

    def texts_in(self, value: Value) -> list[Value] | None:
        """The letters of a text that is known, or the texts of a list or tuple outside that holds nothing else."""
        known = self.now_constant(value)
        if isinstance(known, Const) and type(known.value) is str and len(known.value) <= MOST_LETTERS:
            return [Const(letter) for letter in known.value]
        return self.texts_outside(value)

    def first_items(
        self, value: Expr, count: int, stmt: Stmt, whole: bool = False, shown: str | None = None
    ) -> list[Name]:
        """The first items of an array, which the text asks to have as many; ``whole``: and no more."""
        source = self.name_of(value, stmt)
        shown = shown or ("one of them" if source.temporary else source.id)
        self.check_count(self.held(Apply("len", (source,)), stmt), count, stmt, shown, whole)
        return [self.held(Subscript(source, Const(place)), stmt) for place in range(count)]

    def check_count(self, length: Expr, count: int, stmt: Stmt, shown: str, whole: bool = False) -> None:
        """A test in the text of how many items there are: it was made for that."""
        wrong = Compare((length, Const(count)), ("!=" if whole else "<",))
        wanted = f"{count}{'' if whole else ' or more'} item{'s' if count != 1 or not whole else ''}"
        self.check_when_run(wrong, made_for(wanted, shown), stmt)

    def reduced(self, function: Value, source: Value, start: list[Value], stmt: Stmt) -> Value | None:
        """``functools.reduce``: written out over known items, a loop over others."""
        frame = self.frame
        assert frame is not None
        if isinstance(source, Struct) and source.kind != "object":
            items = [*start, *self.several(source, stmt)]
            if not items:
                return None
            total = items[0]
            for item in items[1:]:
                total = self.called(function, [total, item], stmt)
                total = self.held(total, stmt) if is_leaf(total) and not isinstance(total, Name | Const) else total
            return total
        whole = self.as_sequence(source, stmt)
        if whole is None or whole.form is not None or not all(map(is_leaf, start)):
            return None
        name = Name(self.supply.fresh("total"))
        self.moving.add(name.id)
        first = self.leaf(start[0], stmt) if start else Subscript(whole.columns[0], Const(0))
        self.put(Assign(name, first, stmt.span))

        def combine(item: Value) -> None:
            self.put(Assign(name, self.leaf(self.called(function, [name, item], stmt), stmt), stmt.span))

        self.each(whole, Const(0 if start else 1), stmt, combine)
        return name

    def called(self, function: Value, args: list[Value], stmt: Stmt) -> Value:
        """A call of a function that came as a value, by name or otherwise."""
        frame = self.frame
        assert frame is not None
        found = self.function_value(function, frame)
        return self.invoke(found, args, {}, stmt)

    def operation(self, found: Any, args: list[Value], keywords: dict[str, Value], stmt: Stmt) -> Value:
        raise NotImplementedError

    def sorted(self, first: Value, keywords: dict[str, Value], stmt: Stmt) -> Value | None:
        """``sorted`` with a key, or of what is in an order that is known only when the program runs."""
        if not keywords.keys() - {"key", "reverse"}:
            backward = self.now_constant(keywords.get("reverse", Const(False)))
            known = None
            if isinstance(first, Struct) and first.kind != "object" and isinstance(backward, Const):
                known = self.known_order(self.several(first, stmt), keywords.get("key"), bool(backward.value), stmt)
            if known is not None:
                return Struct("list", dict(enumerate(known)), None, "in_order")
            source = self.as_sequence(first, stmt) if isinstance(backward, Const) else None
            if source is None or not isinstance(backward, Const):
                return None
            return self.ordered(source, keywords.get("key"), bool(backward.value), stmt)
        return None

    def best(self, found: Any, args: list[Value], keywords: dict[str, Value], stmt: Stmt, wish: str) -> Value | None:
        """``max`` and ``min`` with a key or a default."""
        if len(args) > 1 and keywords.keys() == {"key"}:
            args = [Struct("tuple", dict(enumerate(args)))]
        first = args[0] if len(args) == 1 else None
        keywords = {name: value for name, value in keywords.items() if (name, value) != ("key", Const(None))}
        if "default" in keywords and isinstance(first, Struct) and first.kind in ("tuple", "list", "dict"):
            if not first.slots:
                return keywords["default"]
            keywords = {name: value for name, value in keywords.items() if name != "default"}
        if first is not None and not keywords:
            return self.builtin(found, [first], {}, stmt, wish)
        if first is not None and keywords.keys() == {"key"}:
            source = self.as_sequence(first, stmt)
            return None if source is None else self.chosen(source, keywords["key"], found.__name__, stmt)
        return None

    def known_order(self, items: list[Value], key: Value | None, backward: bool, stmt: Stmt) -> list[Value] | None:
        """The items in order, where that follows from what is known now: texts, or pairs of these and of numbers."""
        kept, before = self.state.snapshot(), len(self.out)
        given = key is not None and key != Const(None)
        keys = [self.called(key, [item], stmt) if given and key is not None else item for item in items]
        if len(self.out) > before:
            self.state.restore(kept)
            del self.out[before:]
            return None
        known = [self.leading(one) for one in keys]
        whole = all(complete for _, complete in known)
        firsts = {tuple(values[:1]) for values, _ in known}
        if not whole and (() in firsts or len(firsts) < len(items)):
            return None
        try:
            places = sorted(range(len(items)), key=lambda place: known[place][0], reverse=backward)
        except TypeError:
            return None
        return [items[place] for place in places]

    def leading(self, value: Value) -> tuple[tuple[Any, ...], bool]:
        """The constants that a key of an order begins with, and whether they are all of it."""
        parts = list(value.slots.values()) if isinstance(value, Struct) and value.kind == "tuple" else [value]
        now = [self.now_constant(part) for part in parts]
        known = list(itertools.takewhile(lambda part: isinstance(part, Const), now))
        return tuple(part.value for part in known if isinstance(part, Const)), len(known) == len(parts)

    def plain_parts(self, value: Value, kind: Literal["dict", "tuple"], wish: str) -> Value:
        """What ``dataclasses.asdict`` and ``astuple`` give: new structures all the way in."""
        if not isinstance(value, Struct):
            return value
        self.check_whole(value, self.now)
        slots = {key: self.plain_parts(item, kind, wish) for key, item in value.slots.items()}
        if is_dataclass(value.cls):
            names = [one.name for one in fields(value.cls)]
            own: dict[Hashable, Value] = {name: slots[name] for name in names}
            return Struct(kind, own if kind == "dict" else {**dict(enumerate(own.values()))}, None, wish)
        return replace(value, slots=slots, own=set(), site=None)

    def dict_of(self, args: list[Value], keywords: dict[str, Value], stmt: Stmt, wish: str) -> Struct | None:
        """``dict(...)`` of dicts and of pairs whose keys are known."""
        slots: dict[Hashable, Value] = {}
        for arg in args:
            if not isinstance(arg, Struct) or arg.kind == "object":
                return None
            self.check_whole(arg, stmt)
            if arg.kind == "dict":
                slots |= arg.slots
                continue
            for pair in arg.slots.values():
                parts = self.several(pair, stmt) if isinstance(pair, Struct) else []
                if len(parts) != 2 or not isinstance(parts[0], Const):
                    return None
                slots[parts[0].value] = parts[1]
        return Struct("dict", slots | keywords, None, wish)

    def builtin_of_sequence(self, found: Any, first: Sequence, stmt: Stmt) -> Value | None:
        if found in (builtins.list, builtins.tuple):
            return self.copied(first, stmt, fixed=found is builtins.tuple)
        if found is builtins.reversed:
            return self.row(first, Slice(None, None, Const(-1)), stmt)
        if found is builtins.len:
            return Apply("len", (first.columns[0],))
        if found in (builtins.max, builtins.min):
            return self.extreme(first, op_of(found) or "", found.__name__, stmt)
        return None

    def as_arrays(self, op: str, args: list[Value], stmt: Stmt) -> list[Value]:
        """Operands of an operation on arrays: a list that stays is made one first, also in a display of lists."""
        if op in OF_LISTS:
            joined = op in JOINS
            rows = [isinstance(arg, Sequence) and arg.form is not None and joined for arg in args]
            display = [isinstance(arg, Struct) and joined for arg in args]
            return [
                self.with_arrays(arg, stmt) if one or other else arg
                for arg, one, other in zip(args, rows, display, strict=True)
            ]
        return [arg if is_leaf(arg) else self.with_arrays(arg, stmt) for arg in args]

    def with_arrays(self, value: Value, stmt: Stmt) -> Value:
        """A list of numbers that stays, or is outside, as an array; a display with arrays in their places."""
        value = self.array_outside(value, stmt)
        if isinstance(value, Sequence) and value.form is None:
            return self.held(Apply("array", (self.leaf(value, stmt),)), stmt)
        if isinstance(value, Sequence):
            return self.rows_as_array(value, stmt)
        if isinstance(value, Struct) and value.kind in ("tuple", "list") and holds_sequences(value):
            items = {key: self.with_arrays(item, stmt) for key, item in value.slots.items()}
            return replace(value, slots=items, site=None)
        if isinstance(value, Struct) and value.kind == "tuple":  # what is read outside gets a name
            named = {key: self.held(one, stmt) for key, one in value.slots.items() if isinstance(one, Subscript)}
            return replace(value, slots=value.slots | named) if named else value
        return value

    def added(self, one: Value, other: Value, stmt: Stmt) -> Value:
        if not (is_leaf(one) and is_leaf(other)):
            return self.binary("add", one, other, stmt)
        return self.held(Apply("add", (self.leaf(one, stmt), self.leaf(other, stmt)), (), "operator"), stmt)

    def blocks_joined(self, blocks: Struct, stmt: Stmt) -> Value | None:
        """``np.block`` of a list, or of a list of rows: each row joined along the last axis, all along the one before.

        NumPy gives every block two axes where there are rows, and one else.
        """
        rows = self.several(blocks, stmt)
        listed = [isinstance(row, Struct) and row.kind == "list" for row in rows]
        if not rows or (any(listed) and not all(listed)):
            return None
        rank = 2 if all(listed) else 1
        joined: list[Expr] = []
        each = [self.several(row, stmt) for row in rows if isinstance(row, Struct)] if rank == 2 else [rows]
        for row in each:
            if not row or not all(map(is_leaf, row)):
                return None
            least = f"atleast_{rank}d"
            parts = [self.held(Apply(least, (self.leaf(one, stmt),)), stmt) for one in row]
            joined.append(self.held(Apply("concatenate", (Tuple(tuple(parts)), Const(-1))), stmt))
        return joined[0] if rank == 1 else self.held(Apply("concatenate", (Tuple(tuple(joined)), Const(-2))), stmt)

    def held(self, value: Expr, stmt: Stmt) -> Name:
        """A temporary that holds an operation."""
        assert self.frame is not None
        held = self.supply.temporary()
        self.emit(Assign(held, value, stmt.span), self.frame)
        return held

    def isinstance(self, value: Value | None, classes: Value) -> Const:
        frame = self.frame
        assert frame is not None
        named = list(classes.slots.values()) if isinstance(classes, Struct) else [classes]
        found = [one.value if isinstance(one, Known) else self.meaning(one, frame) for one in named]  # type: ignore[arg-type]
        own = class_of_struct(value) if isinstance(value, Struct | Sequence | Rows) else None
        own = own or (self.class_of(value) if value is not None else None)
        answer = None if own is None else is_subclass(own, found)
        if answer is None:
            self.fail(
                self.now, "this isinstance", "code of a class answers it, or it is not known what it asks for",
                "ask for a plain class", "objects",
            )  # fmt: skip
        return Const(answer)

    def is_no_object(self, value: Value | None, classes: Value) -> bool:
        """Whether a number or an array surely is none of these classes of the user's."""
        frame = self.frame
        assert frame is not None
        named = list(classes.slots.values()) if isinstance(classes, Struct) else [classes]
        found: list[Any] = [
            one.value if isinstance(one, Known) else self.meaning(self.leaf(one, self.now), frame) for one in named
        ]
        plain = all(map(is_followed_class, found))
        numeric = any(issubclass(kind, one) or issubclass(one, kind) for one in found if plain for kind in NUMBERS)
        return plain and not numeric and value is not None and self.is_surely_number(value)

    # ------------------------------------------------------------ attributes and methods
    def attribute(self, owner: Value, attr: str, stmt: Stmt) -> Value:
        if isinstance(owner, Known) and isinstance(owner.value, type):
            self.classes.add(owner.value)
            if not any(attr in vars(base) for base in owner.value.__mro__):
                return self.of_metaclass(owner.value, attr, stmt)
            found = inspect.getattr_static(owner.value, attr, None)
            if isinstance(found, FunctionType | staticmethod | classmethod):
                return bound_to(owner, owner.value, found)
            return self.class_value(owner.value, attr, found)
        if isinstance(owner, Super):
            return self.inherited(owner, attr, stmt)
        if not isinstance(owner, Struct):
            member = self.member_outside(owner, attr)
            if member is not None:
                return member
            getter, path = self.getter_outside(owner, attr), self.path_outside(owner)
            if getter is not None and path is not None:
                return self.invoke(Known(getter), [path], {}, stmt)
            part = Attribute(self.leaf(owner, stmt), attr)
            if self.object_outside(part) is not None:
                return part
            held = self.container_outside(part) if self.path_outside(part) is not None else None
            return held or Attribute(self.flat(part.value, stmt) if through_items(part) else part.value, attr)
        if owner.kind == "tuple" and owner.cls is not None and attr in owner.cls._fields:  # type: ignore[attr-defined]
            return self.read(owner, owner.cls._fields.index(attr), stmt)  # type: ignore[attr-defined]
        if (
            owner.kind == "tuple"
            and owner.cls is not None
            and isinstance(
                inspect.getattr_static(owner.cls, attr, None), FunctionType | staticmethod | classmethod | property
            )
        ):
            found = inspect.getattr_static(owner.cls, attr)
            if not isinstance(found, property):
                return bound_to(owner, owner.cls, found)
            if isinstance(found.fget, FunctionType):
                return self.invoke(Known(found.fget), [owner], {}, stmt)
        if owner.kind == "object" and owner.cls is not None:
            found = inspect.getattr_static(owner.cls, attr, None)
            if isinstance(found, property) and isinstance(found.fget, FunctionType):
                return self.invoke(Known(found.fget), [owner], {}, stmt)
            if attr in owner.slots:
                return self.read(owner, attr, stmt)
            if isinstance(found, functools.cached_property) and isinstance(found.func, FunctionType):
                self.store(owner, attr, self.invoke(Known(found.func), [owner], {}, stmt), stmt)
                return self.read(owner, attr, stmt)
            if attr == "__class__":
                return Known(owner.cls)
            if attr == "__dict__":
                return Struct("dict", dict(owner.slots), None, "attributes", frozen=True)
            if isinstance(found, FunctionType | staticmethod | classmethod):
                return bound_to(owner, owner.cls, found)
            if (constant_of(found) is not None and found is not None) or is_of_texts(found):
                return self.class_value(owner.cls, attr, found)
            name, top = owner.cls.__name__, self.top
            hidden = name in top.local or name in self.level_of
            if (
                isinstance(found, np.ndarray | list)
                and not hidden
                and meaning_of(Global(name), top.parsed) is owner.cls
            ):
                self.given.add(name)
                self.meanings[top.parsed.function, name] = None
                return Attribute(Global(name), attr)  # read when the text runs
        self.fail(
            stmt, f"the attribute {attr}", f"this {owner.kind} has no such attribute that is known here",
            "assign it before", "objects",
        )  # fmt: skip

    def of_metaclass(self, cls: type, attr: str, stmt: Stmt) -> Value:
        """What every class has: its name, its bases."""
        plain = inspect.getattr_static(type(cls), attr, None) is vars(type).get(attr)
        if attr in ("__name__", "__qualname__") and plain:
            return self.class_value(cls, attr, getattr(cls, attr))
        if attr in ("__base__", "__bases__", "__mro__") and plain:
            found = getattr(cls, attr)
            return Known(found) if isinstance(found, type) else Struct("tuple", dict(enumerate(map(Known, found))))
        self.fail(
            stmt, f"the attribute {attr} of a class", "neither the class nor a base of it has it",
            "give it to the class", "objects",
        )  # fmt: skip

    def inherited(self, given: Super, attr: str, stmt: Stmt) -> Value:
        """An attribute of ``super()``."""
        owner = given.owner
        own = owner.value if isinstance(owner, Known) else self.class_of(owner)
        if isinstance(own, type) and given.cls in own.__mro__:
            after = own.__mro__[own.__mro__.index(given.cls) + 1 :]
            for cls in after:
                found = vars(cls).get(attr)
                if isinstance(found, property) and isinstance(found.fget, FunctionType):
                    return self.invoke(Known(found.fget), [owner], {}, stmt)
                if isinstance(found, FunctionType | staticmethod | classmethod):
                    return bound_to(owner, own, found)
                if found is not None and cls is not object:
                    return self.class_value(cls, attr, found)
        self.fail(
            stmt, f"super().{attr}", "no class of Python code has it", "leave it out, or name the class", "objects"
        )

    def set_attribute(self, into: Struct, attr: str, value: Value, stmt: Stmt) -> None:
        found = inspect.getattr_static(into.cls, attr, None) if into.cls is not None else None
        if isinstance(found, property) and isinstance(found.fset, FunctionType):
            self.invoke(Known(found.fset), [into, value], {}, stmt)
            return
        setter: Any = getattr(into.cls, "__setattr__", None)
        own_setter = into.cls is not None and setter is not object.__setattr__
        slot = isinstance(found, MemberDescriptorType)
        if own_setter or (hasattr(type(found), "__set__") and not slot):
            self.fail(
                stmt, f"an assignment to {attr}", "its class has its own way to assign",
                "use another object", "objects",
            )  # fmt: skip
        self.store(into, attr, value, stmt)

    def method(
        self,
        owner: Value,
        name: str,
        args: list[Value],
        stmt: Stmt,
        keywords: dict[str, Value] | None = None,
        wish: str = "part",
    ) -> Value:
        keywords = keywords or {}
        if isinstance(owner, Super) and name == "__init__" and not args and not self.has_own_init(owner):
            return Const(None)
        if isinstance(owner, Rows):
            if name != "append" or len(args) != 1 or keywords:
                self.fail_rows(stmt)
            self.append_item(owner, args[0], stmt)
            return Const(None)
        if isinstance(owner, Sequence):
            if name == "sort" and not args:
                done = self.sorted(owner, keywords, stmt)
                if isinstance(done, Sequence):
                    self.changes(owner, stmt)
                    for column, made in zip(owner.columns, done.columns, strict=True):
                        self.put(Assign(column, Apply("list", (made,)), stmt.span))
                    return Const(None)
            return self.list_method(owner, name, args, stmt)
        if isinstance(owner, Struct) and owner.kind in ("tuple", "list", "dict") and not has_own_method(owner, name):
            done = self.container_method(owner, name, args, keywords, stmt, wish)
            if done is not None:
                return done
        if isinstance(owner, Closure | Chosen):
            self.fail(stmt, f".{name}() of a function", "it is not covered", "call the function", "functions-as-values")
        return self.invoke(self.attribute(owner, name, stmt), args, keywords, stmt, wish)

    def has_own_init(self, given: Super) -> bool:
        """Whether a class after the one of ``super()`` has an ``__init__`` of its own."""
        own = None if isinstance(given.owner, Known) else self.class_of(given.owner)
        after = () if own is None else own.__mro__[own.__mro__.index(given.cls) + 1 : -1]
        return any("__init__" in vars(cls) for cls in after)

    def container_method(
        self, owner: Struct, name: str, args: list[Value], keywords: dict[str, Value], stmt: Stmt, wish: str
    ) -> Value | None:
        slots = owner.slots
        self.touched[id(owner)] = owner
        if not looks_only(name):
            self.note_stored(owner)
        if name not in ("update", "clear"):
            self.check_whole(owner, stmt)
        if owner.kind in ("dict", "list") and name in CHANGING:
            self.check_frozen(owner, stmt)
        site = OUTSIDE if owner.site == OUTSIDE else None
        match owner.kind, name:
            case "dict", "items":
                pairs = [Struct("tuple", {0: Const(key), 1: item}, site=site) for key, item in slots.items()]
                return Struct("tuple", dict(enumerate(pairs)), site=site)
            case "dict", "keys":
                return Struct("tuple", {i: Const(key) for i, key in enumerate(slots)}, site=site)
            case "dict", "values":
                return Struct("tuple", dict(enumerate(slots.values())), site=site)
            case "dict", "get" if isinstance(known := self.now_constant(args[0]), Const):
                default = args[1] if len(args) > 1 else Const(None)
                return self.read(owner, known.value, stmt) if known.value in slots else default
            case "dict", "update":
                for arg in args:
                    if not isinstance(arg, Struct) or arg.kind != "dict":
                        return None
                    self.check_whole(arg, stmt)
                    keywords = arg.slots | keywords  # type: ignore[assignment]
                for key, item in keywords.items():
                    self.store(owner, key, item, stmt)
                return Const(None)
            case "dict", "pop" if isinstance(args[0], Const) and (args[0].value in slots or len(args) == 2):
                return slots.pop(args[0].value, args[-1])
            case "dict", "setdefault" if isinstance(args[0], Const):
                if args[0].value not in slots:
                    self.store(owner, args[0].value, args[1] if len(args) > 1 else Const(None), stmt)
                return self.read(owner, args[0].value, stmt)
            case "dict", "clear" if not args:
                slots.clear()
                return Const(None)
            case (("list" | "dict"), "copy"):
                return Struct(owner.kind, dict(slots), None, wish)
            case "list", "popleft" if slots and not args:
                return self.container_method(owner, "pop", [Const(0)], keywords, stmt, wish)
            case "list", "appendleft":
                if not self.shifted(owner, args[0], stmt, first=True):
                    self.insert(owner, 0, args[0], stmt)
                return Const(None)
            case "list", "rotate" if slots and (not args or isinstance(args[0], Const)):
                by = args[0].value if args and isinstance(args[0], Const) else 1
                turned = collections.deque(slots.values())
                turned.rotate(by)
                owner.slots = dict(enumerate(turned))
                return Const(None)
            case "list", "clear":
                slots.clear()
                return Const(None)
            case "list", "remove" if self.place_of(owner, args[0]) is not None:
                return self.container_method(owner, "pop", [Const(self.place_of(owner, args[0]))], keywords, stmt, wish)
            case (("list" | "tuple"), "index") if self.place_of(owner, args[0]) is not None:
                return Const(self.place_of(owner, args[0]))
            case (("list" | "tuple"), "count") if all(isinstance(one, Const) for one in (*slots.values(), args[0])):
                return Const(sum(one == args[0] for one in slots.values()))
            case "list", "append":
                self.appended(owner, args[0], stmt)
                return Const(None)
            case "list", "extend":
                for item in self.several(args[0], stmt):
                    self.appended(owner, item, stmt)
                return Const(None)
            case "list", "insert" if isinstance(args[0], Const) and owner.most is None:
                self.insert(owner, args[0].value, args[1], stmt)
                return Const(None)
            case "list", "pop" if args and not isinstance(args[0], Const):
                self.go_on_as_list(owner)
            case "list", "pop" if slots and (not args or isinstance(args[0], Const)):
                items = list(slots.values())
                taken: Value = items.pop(args[0].value if args and isinstance(args[0], Const) else -1)
                owner.slots = dict(enumerate(items))
                return taken
            case "list", "sort":
                self.go_on_as_list(owner)
            case "list", "reverse":
                owner.slots = dict(enumerate(reversed(list(slots.values()))))
                return Const(None)
            case "tuple", "_replace" if owner.cls is not None:
                fields_of: tuple[str, ...] = owner.cls._fields  # type: ignore[attr-defined]
                made: dict[Hashable, Value] = {
                    i: keywords.get(fields_of[i], item) for i, item in enumerate(slots.values())
                }
                return Struct("tuple", made, owner.cls, wish, like=owner.like)
            case "tuple", "_asdict" if owner.cls is not None:
                return Struct("dict", dict(zip(owner.cls._fields, slots.values(), strict=True)), None, wish)  # type: ignore[attr-defined]
        return None

    def is_ours(self, value: Value | None) -> bool:
        """Whether a value is a structure, a number or an array, and nothing that is found outside."""
        return isinstance(value, Struct) or (value is not None and is_leaf(value) and self.path_outside(value) is None)

    def check_apart(self, value: Struct, stmt: Stmt) -> None:
        """``deepcopy`` makes one array of one that is there twice; the text makes two."""
        arrays = [item for item in leaves_of(value) if is_leaf(item) and not isinstance(item, Const)]
        if len(arrays) > 1:
            same = Apply("same_array", tuple(self.name_of(item, stmt) for item in arrays))
            self.check_when_run(same, "this derivative was made for arrays of which none is there twice", stmt)

    def copy_of(self, value: Value, deep: bool, made: dict[int, Struct], stmt: Stmt) -> Value:
        """``copy.copy`` and ``copy.deepcopy`` of a structure; ``made``: the copies of what has been met."""
        if isinstance(value, Struct) and id(value) in made:
            return made[id(value)]
        if isinstance(value, Struct) and not is_copied_plainly(value):
            self.fail(
                stmt, "this copy", "its class has its own way to copy", "make a new object of its parts", "objects"
            )
        if isinstance(value, Struct):
            self.check_whole(value, stmt)
            copied = made[id(value)] = replace(
                value, slots={}, own=set(), site=None, frozen=False, item_of=None, home=None, index=None, like=None
            )
            for key in value.slots:
                item = self.read(value, key, stmt)
                copied.slots[key] = self.copy_of(item, deep, made, stmt) if deep else item
            return copied
        if not is_leaf(value):
            self.fail(stmt, "this copy", "it holds lists or functions that are not known", "copy its parts", "objects")
        return value if isinstance(value, Const) else self.held(Apply("own", (value,)), stmt)

    def insert(self, owner: Struct, place: int, value: Value, stmt: Stmt) -> None:
        self.check_cycle(owner, value, stmt)
        items = list(self.settled(owner, owner.wish, stmt).slots.values())  # type: ignore[union-attr]
        items.insert(place, self.inserted(value, owner.wish, stmt))
        owner.slots = dict(enumerate(items))

    def appended(self, owner: Struct, value: Value, stmt: Stmt) -> None:
        if not self.shifted(owner, value, stmt, first=False):
            self.store(owner, len(owner.slots), value, stmt)

    def shifted(self, owner: Struct, value: Value, stmt: Stmt, *, first: bool) -> bool:
        """A new item of a ``deque`` that is full: its items go on by one place, and one is dropped."""
        count = len(owner.slots)
        if owner.most is None or count < owner.most:
            return False
        new = self.kept(value, owner.wish, stmt, None)
        order = range(count - 1, 0, -1) if first else range(count - 1)
        for place in order:
            self.store(owner, place, self.read(owner, place - 1 if first else place + 1, stmt), stmt)
        self.store(owner, 0 if first else count - 1, new, stmt)
        return True

    def place_of(self, owner: Struct, item: Value) -> int | None:
        """Where a constant first is among constants, as ``index`` finds it."""
        known = [self.now_constant(one) for one in owner.slots.values()]
        values, item = [one.value for one in known if isinstance(one, Const)], self.now_constant(item)
        if not isinstance(item, Const) or len(values) < len(owner.slots) or item.value not in values:
            return None
        return values.index(item.value)

    def inserted(self, value: Value, wish: str, stmt: Stmt) -> Value:
        if is_leaf(value):
            return self.own_variable(self.leaf(value, stmt), wish, stmt)
        return self.settled(value, wish, stmt)

    # ------------------------------------------------------------ objects
    def make(self, cls: type, args: list[Value], keywords: dict[str, Value], stmt: Stmt, wish: str) -> Value:
        """``Class(...)``."""
        self.classes.add(cls)
        if is_named_tuple(cls):
            defaults = getattr(cls, "_field_defaults", {})
            slots: dict[Any, Value] = dict(enumerate(args))
            for i, name in enumerate(cls._fields):  # type: ignore[attr-defined]
                if i >= len(args):
                    if name not in keywords and name not in defaults:
                        self.fail(stmt, f"this call of {cls.__name__}", f"{name} is missing", "pass it", "objects")
                    slots[i] = keywords[name] if name in keywords else self.constant_value(defaults[name])
            return Struct("tuple", slots, cls, wish)
        made = Struct("object", {}, cls, wish)
        if not is_followed_class(cls):
            self.fail(
                stmt, f"an object of class {cls.__name__}", "the class makes or reads objects in a way of its own",
                "use a plain class or a dataclass", "objects",
            )  # fmt: skip
        if is_dataclass(cls) and "__init__" in vars(cls):
            given = list(args)
            for one in fields(cls):
                if one.init and given:
                    made.slots[one.name] = given.pop(0)
                elif one.init and one.name in keywords:
                    made.slots[one.name] = keywords[one.name]
                elif one.default_factory is not dataclasses.MISSING:
                    made.slots[one.name] = self.made_by(self.known(one.default_factory), stmt)
                elif type(one.default) in (bool, int, float, str, type(None)):
                    made.slots[one.name] = Const(one.default)
                elif one.init:
                    self.fail(stmt, f"this call of {cls.__name__}", f"{one.name} is missing", "pass it", "objects")
            after = inspect.getattr_static(cls, "__post_init__", None)
            if isinstance(after, FunctionType):
                self.settled(made, wish, stmt)
                self.invoke(Known(after), [made], {}, stmt)
            return made
        start = inspect.getattr_static(cls, "__init__", None)
        if isinstance(start, FunctionType):
            self.invoke(Known(start), [made, *args], keywords, stmt)
        return made


PLAIN_TUPLE = collections.namedtuple("PLAIN_TUPLE", ())  # noqa: PYI024  whose methods all named tuples have
MOST_LETTERS = 64  # of a text that is taken apart
NUMBERS = (int, float, complex, np.ndarray, np.generic, np.float64, np.float32, np.complex128, np.int64, np.bool_)


def is_copied_plainly(value: Struct) -> bool:
    """Whether ``copy`` makes an object of the same attributes: its class does not say how."""
    plain = (getattr(object, name, None) for name in COPIED)
    own = (getattr(value.cls, name, None) for name in COPIED)
    return value.cls is None or is_named_tuple(value.cls) or all(map(is_, own, plain))


def has_own_method(owner: Struct, name: str) -> bool:
    """Whether a class of named tuples has a method that the user wrote in place of a tuple's."""
    made: Any = inspect.getattr_static(owner.cls, name, None)
    plain: Any = getattr(PLAIN_TUPLE, name, None)
    return isinstance(made, FunctionType) and made.__code__ is not getattr(plain, "__code__", None)


def holds_sequences(value: Value) -> bool:
    """Whether a list that stays is among the items of tuples and lists, in any depth."""
    if isinstance(value, Struct):
        return value.kind in ("tuple", "list") and any(map(holds_sequences, value.slots.values()))
    return isinstance(value, Sequence)


def through_items(place: Expr) -> bool:
    """Whether what a name outside holds is reached by an index: the flat form has a name for that."""
    return is_outside(place) and not is_path(place)
