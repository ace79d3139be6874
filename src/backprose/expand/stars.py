"""Starred arguments, ``f(*x)``: the function called says how many values they stand for."""

from __future__ import annotations

import builtins
import inspect
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Any

import numpy as np

from backprose.expand.derivatives import Derivatives
from backprose.expand.frames import Frame
from backprose.expand.outside import is_followed_class, made_for
from backprose.expand.values import Closure, Known, Lost, Rows, Sequence, Struct, Value, is_leaf, is_open
from backprose.ir.nodes import (
    Apply,
    Assign,
    Attribute,
    Call,
    Compare,
    Const,
    Expr,
    Global,
    If,
    Logic,
    Name,
    Slice,
    Starred,
    Stmt,
    Subscript,
)
from backprose.ir.values import is_named_tuple
from backprose.rules.registry import op_of

UNKNOWN = Lost("its default is no number")
LEADING = ("positional", "positional-only")


@dataclass(frozen=True)
class Rest(Sequence):
    """The last of the arguments of a call: as many as there are, for a ``*args``."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What a function takes by position: the names, each with its default (None: it has to be given). ``more``: it has
    a ``*args``, too."""

    names: Mapping[str, Value | None]
    more: bool = False

    def after(self, count: int, named: set[str]) -> Taken:
        """What is left for the star, with ``count`` arguments before it and others by name."""
        left: dict[str, Value | None] = {}
        for name, default in [*self.names.items()][count:]:
            if name in named or default is UNKNOWN:
                return Taken(left)
            left[name] = default
        return Taken(left, self.more)


class Stars(Derivatives):
    """The arguments of calls with one star."""

    def spread(self, call: Call, frame: Frame, stmt: Stmt) -> list[Value]:
        """The arguments of a call; those of ``f(*x)`` as items of the array, or of the list of a length that is not
        known, which the text asks to have as many."""
        stars = [place for place, arg in enumerate(call.args) if isinstance(arg, Starred)]
        star = call.args[stars[0]] if len(stars) == 1 else None
        if not isinstance(star, Starred) or not isinstance(star.value, Name | Subscript | Attribute):
            return self.items(call.args, frame, stmt)
        value = self.value(star.value, frame, stmt)
        if isinstance(value, Rows) or not (isinstance(value, Sequence) or is_leaf(value)):
            return self.items(call.args, frame, stmt)
        if is_leaf(value) and isinstance(self.outside(value), dict | set | frozenset | str):
            return self.items(call.args, frame, stmt)
        named = self.keywords_named(call, frame, stmt)
        if named is None:
            return self.items(call.args, frame, stmt)
        before, after = call.args[: stars[0]], call.args[stars[0] + 1 :]
        if self.meaning(call.function, frame) is print:
            if isinstance(value, Sequence) and value.form is not None:
                return self.items(call.args, frame, stmt)
            items: list[Value] = [Starred(self.like_a_list(value, stmt).columns[0])]
            return [*self.items(before, frame, stmt), *items, *self.items(after, frame, stmt)]
        if self.meaning(call.function, frame) in (builtins.max, builtins.min) and len(call.args) == 1:
            least = Compare((self.length_of(self.like_a_list(value, stmt), stmt), Const(2)), ("<",))
            self.check_when_run(least, made_for("2 or more items", self.shown(star.value)), stmt)
            return [value]
        function = self.callee(call.function, frame, stmt)
        taken = None if function is None else self.taken_by(function)
        if taken is None:
            return self.items(call.args, frame, stmt)
        taken = taken.after(len(before), named)
        first = [name for name, default in taken.names.items() if default is None]
        if not taken.more and len(first) == len(taken.names):
            count = max(len(first) - len(after), 0)
            source = self.like_a_list(value, stmt)
            self.check_count(self.length_of(source, stmt), count, stmt, self.shown(star.value), whole=True)
            rows = [self.item_at(source, place, stmt) for place in range(count)]
        elif after:
            return self.items(call.args, frame, stmt)
        else:
            rows = self.some_items(value, taken, self.shown(star.value), stmt)
        return [*self.items(before, frame, stmt), *rows, *self.items(after, frame, stmt)]

    def unzipped(self, call: Call, frame: Frame, stmt: Stmt) -> Struct | None:
        """``zip(*pairs)`` of a list of tuples whose length is not known: a tuple for each place in them."""
        star = call.args[0] if len(call.args) == 1 and self.meaning(call.function, frame) is zip else None
        value = self.value(star.value, frame, stmt) if isinstance(star, Starred) and not call.keywords else None
        form = value.form if isinstance(value, Sequence) else None
        if not isinstance(value, Sequence) or form is None or form.kind not in ("tuple", "list"):
            return None
        if is_open(form) or any(form.parts):
            return None
        assert isinstance(star, Starred)
        none = Compare((self.length_of(value, stmt), Const(1)), ("<",))
        self.check_when_run(none, made_for("1 or more items", self.shown(star.value)), stmt)
        self.goal = None  # each of the lists has another name
        lists: dict[Hashable, Value] = {}
        for place, column in enumerate(value.columns):
            made = self.anonymous(f"place {place}", stmt)
            self.put(Assign(made[0], Apply("list", (column,)), stmt.span))
            lists[place] = Sequence(made, fixed=True)
        return Struct("tuple", lists)

    def keywords_named(self, call: Call, frame: Frame, stmt: Stmt) -> set[str] | None:
        """The names of a call's keywords, those of ``**options`` among them; None where they are not known."""
        found: set[str] = set()
        for key, item in call.keywords:
            options = self.value(item, frame, stmt) if key == "**" and isinstance(item, Name) else None
            if key != "**":
                found.add(key)
            elif isinstance(options, Struct) and options.kind == "dict":
                found |= set(map(str, options.slots))
            else:
                return None
        return found

    def item_at(self, source: Sequence, place: int, stmt: Stmt) -> Value:
        found = self.row(source, Const(place), stmt)
        return self.held(found, stmt) if is_leaf(found) else found

    def some_items(self, value: Value, taken: Taken, shown: str, stmt: Stmt) -> list[Value]:
        """The items that a function with defaults or a ``*args`` takes."""
        source = self.like_a_list(value, stmt)
        length = self.length_of(source, stmt)
        least, most = sum(default is None for default in taken.names.values()), len(taken.names)
        fewer, greater = Compare((length, Const(least)), ("<",)), Compare((length, Const(most)), (">",))
        if taken.more:
            wrong: Expr | None = fewer if least else None
            wanted = f"{least} or more items"
        else:
            wrong = Logic("or", (fewer, greater)) if least else greater
            wanted = f"{least} {'or' if most == least + 1 else 'to'} {most} items"
        if wrong is not None:
            self.check_when_run(wrong, made_for(wanted, shown), stmt)
        rows: list[Value] = []
        for place, (name, default) in enumerate(taken.names.items()):
            if default is None or not is_leaf(default):
                rows.append(self.item_at(source, place, stmt))
                continue
            if source.form is not None:
                self.fail(
                    stmt, "a starred expression", "whether there is an item for each default is not known",
                    "write the values out", "starred",
                )  # fmt: skip
            variable = Name(self.supply.fresh(name))
            self.moving.add(variable.id)
            there = Compare((length, Const(place)), (">",))
            item = Assign(variable, Subscript(source.columns[0], Const(place)), stmt.span)
            self.put(If(there, (item,), (Assign(variable, default, stmt.span),), stmt.span))
            rows.append(variable)
        if taken.more:
            rows.append(self.others(value, most, stmt))
        return rows

    def others(self, value: Value, most: int, stmt: Stmt) -> Rest:
        """What is left for a ``*args``: a tuple of its own, and not yet what the call's result is assigned to."""
        self.goal = None
        part = Slice(Const(most), None, None)
        if isinstance(value, Sequence):
            found = self.row(value, part, stmt) if most else self.copied(value, stmt)
            assert isinstance(found, Sequence)
        else:
            array = self.like_a_list(value, stmt).columns[0]
            found = self.listed(self.held(Subscript(array, part), stmt) if most else array, stmt)
        return Rest(found.columns, found.form, found.site, fixed=True)

    @staticmethod
    def shown(star: Expr) -> str:
        """What is behind a star, in a message."""
        return star.id if isinstance(star, Name) and not star.temporary else "what is starred"

    # ------------------------------------------------------------ what is called
    def callee(self, expr: Expr, frame: Frame, stmt: Stmt) -> Value | None:
        """The function that an expression means, without a statement for that; None where it is not known."""
        if not isinstance(expr, Attribute):
            return self.function_value(self.value(expr, frame, stmt), frame)
        if isinstance(self.meaning(expr.value, frame), ModuleType):
            return Known(self.meaning(expr, frame), expr=expr)
        if not isinstance(expr.value, Name | Global):
            return None
        owner = self.value(expr.value, frame, stmt)
        cls = self.class_of(owner)
        plain = cls is not None and isinstance(inspect.getattr_static(cls, expr.attr, None), FunctionType)
        return self.attribute(owner, expr.attr, stmt) if plain else None

    def taken_by(self, function: Value) -> Taken | None:
        """What a function takes by position; None where that is not known."""
        if isinstance(function, Known):
            found = function.value
            inner = self.taken_by(found) if isinstance(found, Closure) else of_function(found)
            return None if inner is None else inner.after(len(function.args), set(function.keywords))
        if not isinstance(function, Closure):
            return None
        names: dict[str, Value | None] = {}
        for one in function.function.parameters:
            if one.kind in LEADING:
                default = None if one.default is None else function.defaults.get(one.name, UNKNOWN)
                names[one.name] = default if default is None or is_number(default) else UNKNOWN
        return Taken(names, any(one.kind == "starred" for one in function.function.parameters))


def of_function(found: Any) -> Taken | None:
    """What a function or a class takes by position."""
    if isinstance(found, np.ufunc):
        return Taken(dict.fromkeys((f"x{place}" for place in range(1, found.nin + 1)), None))
    if isinstance(found, type) and is_named_tuple(found):
        defaults = getattr(found, "_field_defaults", {})
        return Taken(
            {name: default_of(defaults.get(name, inspect.Parameter.empty)) for name in getattr(found, "_fields", ())}
        )
    first = 0
    if isinstance(found, type):
        found, first = inspect.getattr_static(found, "__init__", None) if is_followed_class(found) else None, 1
    if not isinstance(found, FunctionType) and not (isinstance(found, BuiltinFunctionType) and op_of(found)):
        return None
    if op_of(found) is not None and isinstance(found, FunctionType):
        return None  # the rule says what its parameters are
    try:
        parameters = [*inspect.signature(found, follow_wrapped=False).parameters.values()][first:]
    except ValueError:  # one of Python's that does not tell
        return None
    leading = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    names = {one.name: default_of(one.default) for one in parameters if one.kind in leading}
    return Taken(names, any(one.kind is inspect.Parameter.VAR_POSITIONAL for one in parameters))


def default_of(found: Any) -> Value | None:
    if found is inspect.Parameter.empty:
        return None
    return Const(found) if type(found) in (int, float, type(None)) else UNKNOWN


def is_number(value: Value) -> bool:
    return isinstance(value, Const) and type(value.value) in (int, float, type(None))
