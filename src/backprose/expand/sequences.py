"""Lists whose number of items is not known when the derivative is written: they stay lists in the program.

A list is followed slot by slot as long as that is possible. Where it is not (it grows in a loop that stays a loop, an
index is a variable, a loop over it may be left), the stage begins again, and the list made at that place stays. Items
that are structures get a list for each of their slots.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable, Hashable
from dataclasses import replace
from typing import Any, NoReturn

from backprose.expand.frames import lose
from backprose.expand.operations import Operations
from backprose.expand.values import (
    MOVED,
    Form,
    Lost,
    NotKnown,
    Place,
    Rows,
    Sequence,
    Struct,
    Value,
    form_of,
    holds_lists,
    is_leaf,
    labels_of,
    made_of,
    parts_of,
    structs,
)
from backprose.ir.nodes import (
    Apply,
    Assign,
    Compare,
    Conditional,
    Const,
    Expr,
    For,
    List,
    Name,
    Pop,
    Push,
    Slice,
    Stmt,
    Subscript,
)
from backprose.ir.walk import reads
from backprose.lower.forms import is_atom
from backprose.lower.scope import mentioned
from backprose.rules.registry import op_of

# functions that take a list of numbers or arrays as it is; to the others it is an array
OF_LISTS = frozenset(
    "stack array asarray concatenate hstack vstack len list sum_of sections unsections unsliced".split()
)

JOINS = frozenset(
    "stack array asarray concatenate hstack vstack".split()
)  # to which the items of such a list are arrays


class Sequences(Operations):
    """What is done with lists that stay."""

    # ------------------------------------------------------------ which lists stay
    def go_on_as_list(self, value: Value | None) -> None:
        """Begin again where a list cannot be followed slot by slot; nothing happens to other values."""
        if not isinstance(value, Struct) or value.kind not in ("list", "tuple") or value.site is None:
            return
        if value.site in self.dynamic:
            return
        try:
            forms = {form_of(item, lists=True) for item in value.slots.values()}
        except ValueError:
            return
        if len(forms) <= 1:
            raise NotKnown(value.site, next(iter(forms), None))

    def placed(self, value: Value, site: Any, target: Name | None, wish: str, stmt: Stmt) -> Value:
        """A list that is bound for the first time: from now on it is known where it was made."""
        if not isinstance(value, Struct) or value.kind != "list":
            return value
        if value.site is None:
            value.site = site
        if value.site not in self.dynamic:
            return value
        return self.begin(value, target, wish, stmt)

    def begin(self, value: Struct, target: Name | None, wish: str, stmt: Stmt) -> Sequence | Rows:
        """A list of these items."""
        if value.most is not None:
            self.fail(
                stmt, "a deque with maxlen here", "how many items it has is not known", "use an array, and np.roll",
                "containers",
            )  # fmt: skip
        form = self.dynamic[value.site]
        columns = self.columns(value.site, form, target, wish)
        if form is not None and ("rows", value.site) in self.dynamic:
            for item in value.slots.values():
                self.check_new(item, stmt)
        rows = [self.parts(item, form, value.site, stmt) for item in value.slots.values()]
        for position, column in enumerate(columns):
            if value.like is not None:
                self.lists_of.setdefault(column.id, set()).update(reads(value.like))
            self.state.bindings.pop(column.id, None)
            self.put(Assign(column, List(tuple(row[position] for row in rows)), stmt.span, _comments(stmt)))
        if form is not None and ("rows", value.site) in self.dynamic:
            for item in value.slots.values():
                self.lose_item(item)
            return Rows(columns, form, value.site)
        return Sequence(columns, form, value.site)

    def columns(self, site: Any, form: Form | None, target: Name | None, wish: str) -> tuple[Name, ...]:
        """The variables of a list: the same ones each time that it is made, unless another name still has it."""
        if target is not None and form is None and not target.temporary and not self.is_held((target,), target.id):
            self.list_names.add(target.id)
            return (target,)
        number = 0
        while True:
            key = (site, form, number)
            if key not in self.storages:
                if form is None and target is not None and target.temporary:
                    self.storages[key] = (self.supply.temporary(),)
                else:
                    base = wish if target is None else target.id
                    labels = labels_of(form, base.lstrip("_") if target is not None and target.temporary else base)
                    self.storages[key] = tuple(Name(self.supply.fresh(label)) for label in labels)
            self.list_names |= {column.id for column in self.storages[key]}
            if not self.is_held(self.storages[key], None if target is None else target.id):
                return self.storages[key]
            number += 1

    def anonymous(self, key: str, stmt: Stmt, form: Form | None = None) -> tuple[Name, ...]:
        """The variables of a list that has no name yet."""
        assert self.frame is not None
        goal, self.goal = self.goal, None
        if goal is not None and form is None and not self.is_held((goal,), goal.id):
            self.list_names.add(goal.id)
            return (goal,)
        return self.columns((self.frame.key, stmt.span, key), form, Name("_t", temporary=True), key)

    def is_held(self, columns: tuple[Name, ...], besides: str | None) -> bool:
        """Whether a list of these variables is known under any name but one."""

        def holds(value: Value) -> bool:
            if isinstance(value, Sequence | Rows):
                return bool({one.id for one in value.columns} & {one.id for one in columns})
            held = [slot for one in structs(value) for slot in (one.home, *one.slots.values())]
            return any(isinstance(slot, Sequence | Rows) and holds(slot) for slot in held)

        return any(name != besides and holds(value) for name, value in self.state.bindings.items())

    def moved(self, value: Sequence, target: Name, stmt: Stmt) -> Sequence:
        """A list under another name, where names of lists change places: the old names do not have it any more."""
        assert self.frame is not None
        if ("names", self.frame.key) not in self.dynamic or value in self.slot_lists():
            return value
        site = (self.frame.key, "moved", target.id)
        columns = self.columns(site, value.form, target, target.id)
        if columns == value.columns:
            return value
        for made, column in zip(columns, value.columns, strict=True):
            self.put(Assign(made, Apply("list", (column,)), stmt.span, _comments(stmt)))
            self.lists_of.setdefault(made.id, set()).add(column.id)
        for name, held in list(self.state.bindings.items()):
            if held == value:
                self.state.bindings[name] = Lost(MOVED)
        return Sequence(columns, value.form, value.site, value.fixed)

    def slot_lists(self) -> list[Value]:
        """The lists that structures hold."""
        held = (one for value in self.state.bindings.values() for one in structs(value))
        return [slot for one in held for slot in one.slots.values() if isinstance(slot, Sequence)]

    def taken_over(self, value: Sequence, target: Name, stmt: Stmt) -> Sequence:
        """A list that had no name yet gets that of the variable that it is assigned to."""
        assert self.frame is not None
        said = mentioned(self.frame.parsed.tree)
        fresh = all(column.temporary or column.id not in said for column in value.columns)
        if not fresh or target.temporary or value.form is not None:
            return value
        own = {column.id for column in value.columns}
        held_as = {name for name, held in self.state.bindings.items() if held == value}
        others = [name for name in held_as - own if not name.startswith("_t")]
        if any(name != target.id for name in others) or self.is_held((target,), target.id):
            return value
        self.state.bindings.pop(target.id, None)
        self.list_names.add(target.id)
        self.lists_of.setdefault(target.id, set()).add(value.columns[0].id)
        source: Expr = value.columns[0]
        if value.columns[0].id in self.grown:  # its own history is undone apart from that of the target
            source = Apply("list", (source,))
        if source != target:
            self.put(Assign(target, source, stmt.span, _comments(stmt)))
        made = Sequence((target,), None, value.site, value.fixed)
        for name in held_as:
            self.state.bindings[name] = made
        for name in own:  # what it was called before
            self.state.bindings.pop(name, None)
        return made

    # ------------------------------------------------------------ items
    def put(self, stmt: Stmt) -> None:
        assert self.frame is not None
        if isinstance(stmt, Assign) and isinstance(stmt.target, Name) and stmt.target.id in self.list_names:
            self.state.stacked -= {stmt.target.id}  # another list
        self.emit(stmt, self.frame)

    def parts(self, value: Value, form: Form | None, site: Any, stmt: Stmt) -> list[Expr]:
        """The numbers and arrays of an item that goes into a list."""
        try:
            found = parts_of(value, form)
        except ValueError:
            pass
        else:
            self.state.stacked |= {part.id for part in found if isinstance(part, Name) and part.id in self.list_names}
            return [self.atom(part, stmt) for part in found]
        if form is None and site is not None and isinstance(value, Struct) and self.dynamic.get(site) is None:
            try:
                raise NotKnown(site, form_of(value, lists=True))
            except ValueError:
                for one in structs(value):
                    self.go_on_as_list(one)
        self.fail(
            stmt, "this item of a list", "the items are not all of one form, or are lists or functions themselves",
            "use a list for each kind of item", "containers",
        )  # fmt: skip

    def atom(self, value: Expr, stmt: Stmt) -> Expr:
        return value if is_atom(value) else self.held(value, stmt)

    def changes(self, owner: Sequence, stmt: Stmt) -> None:
        if owner.fixed:
            self.fail(stmt, "a change of a tuple", "Python has none", "make a new one", "containers")
        self.grown |= {column.id for column in owner.columns}
        if any(column.id in self.state.stacked for column in owner.columns):
            self.fail(
                stmt, "a change of this list", "it is an item of another list too, which would change with it",
                "put a copy into the other list: list(...)", "containers",
            )  # fmt: skip

    def row(self, owner: Sequence, index: Expr, stmt: Stmt) -> Value:
        """The item at a place, or a new list of several items."""
        if isinstance(index, Slice):
            columns = self.anonymous("slice", stmt, owner.form)
            for made, column in zip(columns, owner.columns, strict=True):
                self.put(Assign(made, Subscript(column, index), stmt.span))
            return Sequence(columns, owner.form, owner.site, owner.fixed)
        self.check_items(owner, stmt)
        if owner.form is None:
            return Subscript(owner.columns[0], index)
        parts: list[Expr] = [self.held(Subscript(column, index), stmt) for column in owner.columns]
        item = made_of(owner.form, iter(parts))
        if isinstance(item, Struct):
            item.item_of = owner.site
        return item

    # ------------------------------------------------------------ lists of objects that change
    def object_at(self, owner: Rows, index: Expr, stmt: Stmt) -> Struct | Rows:
        """An object in a list: its attributes are read and written there, for as long as it has a name."""
        if isinstance(index, Slice):
            return self.some_of(owner, index, stmt)
        self.rows_read.add(owner.site)
        known = isinstance(index, Const) and type(index.value) is int and index.value >= 0
        later = isinstance(index, Const) or ("grows", owner.site) in self.dynamic
        if not known and later and not self.counts_up(index):
            index = self.held(self.from_start(index, self.number_of(owner), stmt), stmt)  # also in a longer list
        if owner.first is not None:
            index = Apply("add", (owner.first, index), (), "operator")
        if not known or owner.first is not None:
            index = self.held(index, stmt)
        slots: dict[Hashable, Value] = {
            key: Place(column, index) for key, column in zip(owner.form.keys, owner.columns, strict=True)
        }
        return Struct(owner.form.kind, slots, owner.form.cls, home=owner, index=index)

    def number_of(self, owner: Rows) -> Expr:
        return Apply("len", (owner.columns[0],)) if owner.count is None else owner.count

    def from_start(self, index: Expr, count: Expr, stmt: Stmt) -> Expr:
        """An index that counts from the end as one from the start."""
        later = self.held(Apply("add", (index, self.held(count, stmt)), (), "operator"), stmt)
        return later if isinstance(index, Const) else Conditional(Compare((index, Const(0)), ("<",)), later, index)

    def some_of(self, owner: Rows, part: Slice, stmt: Stmt) -> Rows:
        """``items[k:]`` and ``items[:-1]``: the same objects, at other places."""
        lower, upper = part.lower or Const(0), part.upper
        ends = upper is None or (isinstance(upper, Const) and type(upper.value) is int and upper.value < 0)
        if owner.first is not None or part.step is not None or not ends:
            self.fail_rows(stmt)
        if isinstance(lower, Const):
            if type(lower.value) is not int or lower.value < 0:
                self.fail_rows(stmt)
        elif not self.counts_up(lower):
            lower = self.held(lower, stmt)
            why = "this derivative was made for a part of a list that begins at 0 or later"
            self.check_when_run(Compare((lower, Const(0)), ("<",)), why, stmt)
        first = lower if isinstance(lower, Const) else self.held(lower, stmt)
        count = self.held(self.number_of(owner), stmt)
        if first != Const(0):
            count = self.held(Apply("subtract", (count, first), (), "operator"), stmt)
        if isinstance(upper, Const):
            count = self.held(Apply("add", (count, upper), (), "operator"), stmt)
        least = self.held(Apply(op_of(builtins.max) or "", (count, Const(0)), (), "function:max"), stmt)
        return replace(owner, first=first, count=least)  # a part, also where that is all of them

    def counts_up(self, value: Expr) -> bool:
        """Whether a number is the counter of a loop over ``range(n)``, or so much more."""
        match value:
            case Name(id=name):
                return name in self.from_zero
            case Apply(op="add", args=(one, Const(value=int(more)))):
                return more >= 0 and self.counts_up(one)
        return False

    def append_item(self, owner: Rows, value: Value, stmt: Stmt) -> None:
        """A new object; under its other names it is not known any more, for it changes in the list."""
        if owner.site in self.rows_read and ("grows", owner.site) not in self.dynamic:
            raise NotKnown(("grows", owner.site), None)
        if owner.first is not None:
            self.fail_rows(stmt)
        self.check_new(value, stmt)
        for column, part in zip(owner.columns, self.parts(value, owner.form, owner.site, stmt), strict=True):
            self.put(Push(column, part, stmt.span, _comments(stmt)))
        self.grown |= {column.id for column in owner.columns}
        self.lose_item(value)

    def check_new(self, value: Value, stmt: Stmt) -> None:
        """An object that goes into a list and may change there: it is in no other."""
        if isinstance(value, Struct) and (value.frozen or value.home is not None or value.item_of is not None):
            self.fail_rows(stmt)

    def lose_item(self, value: Value) -> None:
        for one in structs(value):
            lose(one, "it is an item of a list, and changes there")

    def write_item(self, into: Struct, key: Hashable, value: Value, stmt: Stmt) -> None:
        """``items[i].x = value``."""
        assert into.home is not None
        place = into.slots.get(key)
        if not isinstance(place, Place) or not is_leaf(value):
            self.fail(
                stmt, "this assignment to an attribute", "the object is an item of a list, whose items have numbers and"
                " arrays in the same attributes all the time", "assign it where the object is made", "containers",
            )  # fmt: skip
        self.grown.add(place.column.id)
        self.put(Assign(Subscript(place.column, place.index), self.atom(value, stmt), stmt.span, _comments(stmt)))

    def fail_rows(self, stmt: Stmt) -> NoReturn:
        self.fail(
            stmt, "this use of a list of objects", "its objects change, and would in another list or place as well",
            "take them by index, or put numbers into arrays", "containers",
        )  # fmt: skip

    def check_items(self, owner: Sequence, stmt: Stmt) -> None:
        """Lists in a list can be put there and taken back, not more."""
        if holds_lists(owner.form):
            self.fail(
                stmt, "this use of a list whose items hold lists", "only append and pop() of it are followed",
                "use a list for each kind of item", "containers",
            )  # fmt: skip

    def write_row(self, owner: Sequence, index: Expr, value: Value, stmt: Stmt) -> None:
        self.check_items(owner, stmt)
        self.changes(owner, stmt)
        if isinstance(index, Slice):
            self.write_items(owner, index, value, stmt)
            return
        for column, part in zip(owner.columns, self.parts(value, owner.form, owner.site, stmt), strict=True):
            self.put(Assign(Subscript(column, index), part, stmt.span, _comments(stmt)))

    def append(self, owner: Sequence, value: Value, stmt: Stmt) -> None:
        self.changes(owner, stmt)
        for column, part in zip(owner.columns, self.parts(value, owner.form, owner.site, stmt), strict=True):
            self.put(Push(column, part, stmt.span, _comments(stmt)))

    def take_last(self, owner: Sequence, stmt: Stmt) -> Value:
        self.changes(owner, stmt)
        taken = []
        for column in owner.columns:
            taken.append(self.supply.temporary())
            self.put(Pop(taken[-1], column, stmt.span))
        return made_of(owner.form, iter(taken))

    def extend(self, owner: Sequence, other: Value, stmt: Stmt) -> None:
        """The items of another list, tuple or array go to the end, one by one."""
        if isinstance(other, Struct):
            for item in self.several(other, stmt):
                self.append(owner, item, stmt)
            return
        source = self.like_a_list(other, stmt)
        self.each(source, Const(0), stmt, lambda item: self.append(owner, item, stmt))

    def each(self, source: Sequence, start: Expr, stmt: Stmt, do: Callable[[Value], None]) -> None:
        """A loop over a list, or over the rows of an array."""
        self.check_items(source, stmt)
        length = self.held(Apply("len", (source.columns[0],)), stmt)
        counter = Name(self.supply.fresh("index"))
        outer, self.out = self.out, []
        parts: list[Expr] = [self.held(Subscript(column, counter), stmt) for column in source.columns]
        before = self.state.snapshot()
        do(made_of(source.form, iter(parts)))
        names, changed = before.differences(self.state.snapshot())
        if changed or not names.isdisjoint(before.bindings):  # it would be followed for one turn
            self.fail(
                stmt, "this function of each item", "it changes a structure outside itself",
                "write the loop out, and change arrays or plain names in it", "containers",
            )  # fmt: skip
        body, self.out = tuple(self.out), outer
        bounds = (length,) if start == Const(0) else (start, length)
        self.put(For(counter, Apply("range", bounds), body, (), stmt.span))

    def name_of(self, value: Expr, stmt: Stmt) -> Name:
        return value if isinstance(value, Name) else self.held(value, stmt)

    # ------------------------------------------------------------ whole lists
    def copied(self, owner: Sequence, stmt: Stmt, fixed: bool = False) -> Sequence:
        columns = self.anonymous("copy", stmt, owner.form)
        for made, column in zip(columns, owner.columns, strict=True):
            self.put(Assign(made, Apply("list", (column,)), stmt.span))
        return Sequence(columns, owner.form, owner.site, fixed)

    def listed(self, value: Expr, stmt: Stmt) -> Sequence:
        """``list(array)``."""
        return self.made_list(Apply("list", (self.name_of(value, stmt),)), stmt)

    def made_list(self, value: Expr, stmt: Stmt) -> Sequence:
        """A new list that an operation gives."""
        columns = self.anonymous("items", stmt)
        self.put(Assign(columns[0], value, stmt.span))
        return Sequence(columns)

    def joined(self, one: Value, other: Value, stmt: Stmt) -> Sequence:
        """``one + other``."""
        if isinstance(one, Sequence):
            made = self.copied(one, stmt)
        else:
            assert isinstance(one, Struct)
            assert isinstance(other, Sequence)
            columns = self.anonymous("sum", stmt, other.form)
            rows = [self.parts(item, other.form, other.site, stmt) for item in one.slots.values()]
            for position, column in enumerate(columns):
                self.put(Assign(column, List(tuple(row[position] for row in rows)), stmt.span))
            made = Sequence(columns, other.form, other.site)
        self.extend(made, other, stmt)
        return made

    def repeated(self, value: Struct, times: Expr, stmt: Stmt) -> Sequence:
        """``[item] * n``."""
        items = list(value.slots.values())
        try:
            form = form_of(items[0])
            leaves = parts_of(items[0], form)
        except (ValueError, IndexError):
            leaves = []
        if len(items) != 1 or not leaves:
            self.fail(
                stmt, "this list repeated", "how often is not known", "use [item] * n of one item, or a comprehension",
                "containers",
            )  # fmt: skip
        columns = self.anonymous("repeated", stmt, form)
        for column, leaf in zip(columns, leaves, strict=True):
            whole = Apply("multiply", (List((self.atom(leaf, stmt),)), times), spelling="operator")
            self.put(Assign(column, whole, stmt.span))
        return Sequence(columns, form)

    def extreme(self, owner: Sequence, op: str, name: str, stmt: Stmt) -> Expr:
        """``max(items)`` of numbers."""
        if owner.form is not None:
            self.fail(stmt, f"{name}() of these", "they are no numbers", "use a list of numbers", "containers")
        best = Name(self.supply.fresh("best"))
        self.moving.add(best.id)
        self.put(Assign(best, Subscript(owner.columns[0], Const(0)), stmt.span))

        def compare(item: Value) -> None:
            better = self.held(Apply(op, (best, self.leaf(item, stmt)), (), f"function:{name}"), stmt)
            self.put(Assign(best, better, stmt.span))

        self.each(owner, Const(1), stmt, compare)
        return best

    def list_method(self, owner: Sequence, name: str, args: list[Value], stmt: Stmt) -> Value:
        if name != "copy":
            self.changes(owner, stmt)
        match name, args:
            case "append", [item]:
                self.append(owner, item, stmt)
            case "extend", [other]:
                self.extend(owner, other, stmt)
            case "pop", [] | [Const(value=-1)]:
                return self.take_last(owner, stmt)
            case ("pop", [Const(value=0)]) | ("popleft", []):
                self.check_items(owner, stmt)
                first = [self.held(Subscript(column, Const(0)), stmt) for column in owner.columns]
                self.replaced(owner, Slice(Const(1), None, None), stmt)
                return made_of(owner.form, iter(first))
            case "insert" | "pop", [_, *_] if holds_lists(owner.form):
                self.check_items(owner, stmt)
            case "insert", [Const(value=0), item]:
                parts = self.parts(item, owner.form, owner.site, stmt)
                rest = self.copied(owner, stmt)
                for column, part in zip(owner.columns, parts, strict=True):
                    self.put(Assign(column, List((part,)), stmt.span))
                self.extend(owner, rest, stmt)
            case "insert", [place, item] if is_leaf(place):
                self.spliced(owner, Slice(place, place, None), [item], stmt)
            case "pop", [place] if is_leaf(place):
                where = self.held(Subscript(self.held(Apply("range", (self.length(owner, stmt),)), stmt), place), stmt)
                taken = [self.held(Subscript(column, where), stmt) for column in owner.columns]
                after = self.held(Apply("add", (where, Const(1)), (), "operator"), stmt)
                self.spliced(owner, Slice(where, after, None), [], stmt)
                return made_of(owner.form, iter(taken))
            case "clear", []:
                for column in owner.columns:
                    self.put(Assign(column, List(()), stmt.span))
            case "reverse", []:
                self.replaced(owner, Slice(None, None, Const(-1)), stmt)
            case "copy", []:
                return self.copied(owner, stmt)
            case _:
                self.fail(
                    stmt, f".{name}() of a list of a length that is not known", "it is not covered",
                    "use append, extend, pop() and items by index", "containers",
                )  # fmt: skip
        return Const(None)

    def length(self, owner: Sequence, stmt: Stmt) -> Name:
        return self.held(Apply("len", (owner.columns[0],)), stmt)

    def spliced(self, owner: Sequence, which: Slice, items: list[Value], stmt: Stmt) -> None:
        """``owner[a:b] = items``, where a is not behind b."""
        lower = which.lower or Const(0)
        if lower == Const(0) and not items:
            self.replaced(owner, Slice(which.upper, None, None), stmt)
            return
        rest = Sequence(
            tuple(self.held(Subscript(column, Slice(which.upper, None, None)), stmt) for column in owner.columns),
            owner.form,
        )
        self.replaced(owner, Slice(None, lower, None), stmt)
        for item in items:
            self.append(owner, item, stmt)
        self.extend(owner, rest, stmt)

    def write_items(self, owner: Sequence, which: Slice, value: Value, stmt: Stmt) -> None:
        """``owner[a:b] = value``."""
        lower, upper = which.lower, which.upper
        known = isinstance(lower, Const) and isinstance(upper, Const) and 0 <= lower.value <= upper.value
        ordered = known or lower is None or upper is None
        if which.step is not None or not ordered or not isinstance(value, Struct):
            self.fail(
                stmt, "an assignment to several items of a list", "which items these are is not known",
                "use constant bounds that count from the start, or build a new list", "containers",
            )  # fmt: skip
        if which.upper is None:
            self.replaced(owner, Slice(None, lower or Const(0), None), stmt)
            self.extend(owner, value, stmt)
        else:
            self.spliced(owner, which, self.several(value, stmt), stmt)

    # ------------------------------------------------------------ order
    def as_sequence(self, value: Value, stmt: Stmt) -> Sequence | None:
        """The items of a list, tuple or array as a list that stays; None for anything else."""
        if isinstance(value, Sequence):
            return value
        if not isinstance(value, Struct):  # a set or an iterator has no items by index
            return Sequence((self.name_of(value, stmt),)) if is_leaf(value) and self.is_surely_number(value) else None
        if value.kind not in ("list", "tuple") or not value.slots:
            return None
        try:
            forms = {form_of(item) for item in value.slots.values()}
        except ValueError:
            return None
        if len(forms) != 1:
            return None
        form = next(iter(forms))
        rows = [self.parts(item, form, None, stmt) for item in value.slots.values()]
        columns = []
        for position, label in enumerate(labels_of(form, "items")):
            columns.append(Name(self.supply.fresh(label)))
            self.list_names.add(columns[-1].id)
            self.put(Assign(columns[-1], List(tuple(row[position] for row in rows)), stmt.span))
        return Sequence(tuple(columns), form)

    def keys_of(self, source: Sequence, key: Value | None, stmt: Stmt) -> Name | None:
        """What a list is ordered by; None where that is no number."""
        if key is None or key == Const(None):
            return source.columns[0] if source.form is None else None
        keys = Name(self.supply.fresh("keys"))
        self.list_names.add(keys.id)
        self.put(Assign(keys, List(()), stmt.span))
        numbers = True

        def note(item: Value) -> None:
            nonlocal numbers
            assert self.frame is not None
            found = self.invoke(self.function_value(key, self.frame), [item], {}, stmt)
            numbers = numbers and is_leaf(found)
            self.put(Push(keys, self.atom(self.leaf(found, stmt), stmt) if numbers else Const(0), stmt.span))

        self.each(source, Const(0), stmt, note)
        return keys if numbers else None

    def ordered(self, source: Sequence, key: Value | None, backward: bool, stmt: Stmt) -> Sequence | None:
        """``sorted(source, key=key, reverse=backward)``."""
        keys: Expr | None = self.keys_of(source, key, stmt)
        if keys is None:
            return None
        if backward:
            keys = self.held(Apply("negative", (self.held(Apply("array", (keys,)), stmt),)), stmt)
        order = Name(self.supply.fresh("order"))
        self.put(Assign(order, Apply("argsort", (keys,), (("kind", Const("stable")),)), stmt.span))
        columns = tuple(Name(self.supply.fresh(label)) for label in labels_of(source.form, "in_order"))
        for column in columns:
            self.list_names.add(column.id)
            self.put(Assign(column, List(()), stmt.span))

        def take(found: Value) -> None:
            place = self.held(Apply(op_of(int) or "", (self.leaf(found, stmt),), (), "function:int"), stmt)
            for column, old in zip(columns, source.columns, strict=True):
                self.put(Push(column, self.held(Subscript(old, place), stmt), stmt.span))

        self.each(Sequence((order,)), Const(0), stmt, take)
        return Sequence(columns, source.form)

    def chosen(self, source: Sequence, key: Value, name: str, stmt: Stmt) -> Value | None:
        """``max(source, key=key)``: the first of the largest."""
        keys = self.keys_of(source, key, stmt)
        if keys is None:
            return None
        best = self.held(Apply(f"arg{name}", (keys,)), stmt)
        place = self.held(Apply(op_of(int) or "", (best,), (), "function:int"), stmt)
        found = self.row(source, place, stmt)
        return self.held(found, stmt) if is_leaf(found) else found

    def replaced(self, owner: Sequence, which: Slice, stmt: Stmt) -> None:
        """The list becomes a part of itself."""
        for column in owner.columns:
            kept = self.held(Subscript(column, which), stmt)
            self.put(Assign(column, kept, stmt.span))


def _comments(stmt: Stmt) -> Any:
    return getattr(stmt, "comments", None)
