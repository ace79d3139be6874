"""Names and slots: what a name stands for, and the variables that the parts of a structure have."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable
from dataclasses import replace
from types import FunctionType, ModuleType
from typing import Any, NoReturn

from backprose.analyse.evaluate import evaluate
from backprose.expand.frames import Frame, State
from backprose.expand.lifting import Lifting
from backprose.expand.values import (
    MOVED,
    NOT_IMPLEMENTED,
    TWO_WAYS,
    Form,
    Known,
    Lost,
    NotKnown,
    Place,
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
    Augment,
    Const,
    Expr,
    Function,
    Global,
    Name,
    Pass,
    Slice,
    Stmt,
    Subscript,
    Tuple,
)
from backprose.ir.walk import reads
from backprose.lower.fence import Refusal, refuse
from backprose.lower.forms import is_atom
from backprose.rules.registry import op_of


def is_argument(value: Struct) -> bool:
    """Whether a structure came as an argument, or as a part of one."""
    return value.like is not None and not value.is_immutable


OUTSIDE = "outside"  # where a container was made that is followed there
NUMBERS_ONLY = frozenset({"len", "ndim", "size", "shape", "range", op_of(int), op_of(float)})  # and no arrays
COUNTING = frozenset("add subtract multiply negative mod floor_divide".split())  # with integers, at any time


class Slots:
    """Binds names and writes into structures. ``out`` takes the statements that are made on the way."""

    def __init__(
        self, supply: NameSupply, state: State, lowered: Callable[[FunctionType, NameSupply], Function]
    ) -> None:
        self.supply, self.state, self.lowered = supply, state, lowered
        self.out: list[Stmt] = []
        self.now: Stmt = Pass()  # the statement that is carried out
        self.loops = 0
        self.level_of: dict[str, int] = {}  # how many loops the call stands in that a name belongs to
        self.written_out: set[str] = set()  # variables bound in what was written out more than once
        self.call_count = 0  # calls
        self.unrolling = False  # while the target of a loop that is written out is bound
        self.arrays: set[str] = set()  # arguments that are arrays
        self.lengths: set[str] = set()  # names of tuples of lengths: x.shape
        self.counts: set[str] = set()  # names that were bound to a number of items
        self.moving: set[str] = set()  # names of the expanded program that are bound more than once
        self.stable: dict[tuple[str, Hashable], Name] = {}  # the variables of the slots of a name's tuples
        self.slot_names: set[str] = set()
        self.were_structures: set[str] = set()
        self.modules: dict[str, ModuleType] = {}  # of functions carried out here, by the names that read them
        self.given: set[str] = set()  # names that the function itself or an inlined one has taken
        self.captured: set[str] = set()  # variables that functions in the function bind (nonlocal)
        self.touched: dict[int, Struct] = {}  # what has been changed since the innermost ``try`` began
        self.frame: Frame | None = None
        self.dynamic: dict[Hashable, Form | None] = {}  # lists that stay, by the place where they are made
        self.inside: Collection[object] = ()  # functions whose calls are carried out
        self.records: dict[str, Struct] = {}  # objects of names that are bound again
        self.from_zero: set[str] = set()  # counters of loops over ``range(n)``
        self.rows_read: set[Hashable] = set()  # lists of objects that change, of which an item was taken
        self.grown: set[str] = set()  # those that change after they are made
        self.list_names: set[str] = set()  # all of these
        self.numbers: set[str] = set()  # names that were bound to numbers or arrays
        self.only_tuples: set[str] = set()  # names of which it was taken that they never are
        self.meanings: dict[tuple[FunctionType, str], None] = {}  # names that meant a function or a class, and where
        self.met: dict[tuple[FunctionType, str], None] = {}  # objects outside whose functions were followed, and where
        self.fixed: dict[tuple[FunctionType, str], None] = {}  # texts outside, and lists of these, that were read
        self.constants: dict[tuple[type, str], None] = {}  # attributes of classes that were read
        self.least: dict[str, tuple[int, Expr]] = {}  # the lesser of a known count and of another one, by variable
        self.holders: dict[int, object] = {}  # what such functions and objects are parts of
        self.stored: set[str] = set()  # arguments, and variables of lists, into which something is put
        self.lists_of: dict[str, set[str]] = {}  # what other variables had the lists of a variable before
        self.asks_if_one = False  # whether it is asked if two of them are one
        self.links: list[tuple[object, str]] = []  # by which attributes
        self.classes: set[type] = set()  # the user's, whose methods may have been followed
        self.closures = 0  # how many functions were made
        self.stacks_of_lists: set[str] = set()
        self.goal: Name | None = None  # the variable that the value which is worked out now is assigned to
        self.made_numbers: set[str] = set()
        self.made_of: dict[str, Const] = {}  # what slots hold that were made of a constant
        self.lifting: Lifting | None = None
        self.kept_copies: set[str] = set()  # of what a pullback reads
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
        own = isinstance(stmt, Assign) and isinstance(stmt.target, Name) and not is_atom(stmt.value)
        if own and stmt.target.id in reads(stmt.value):
            held = self.supply.temporary()  # a statement of the flat form never reads its own target
            self.out.append(Assign(held, stmt.value, stmt.span))
            stmt = replace(stmt, value=held)
        if isinstance(stmt, Assign | Augment) and isinstance(stmt.target, Name):
            self.state.forget(stmt.target.id)
            self.made_of.pop(stmt.target.id, None)
        self.out.append(stmt)

    def renamed(self, name: str, frame: Frame) -> Name:
        """The variable that a name of a frame is in the expanded program; never a substituted argument."""
        found = self.variable(name, frame)
        assert isinstance(found, Name)
        return found

    def variable(self, name: str, frame: Frame) -> Expr:
        owner = frame.owner(name)
        if owner is None or owner.outermost:
            found = name if owner is None else owner.renamed.get(name, name)
            if owner is not None and name in owner.many:
                self.moving.add(found)
            return Name(found, temporary=name.startswith("_t"))
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

    def read(self, into: Struct, key: Hashable, stmt: Stmt) -> Value:
        if key not in into.slots:
            self.go_on_as_list(into)
            self.fail(
                stmt, f"the item {key!r}", f"this {into.kind} has {', '.join(map(repr, into.slots)) or 'none'}",
                "use one that is there", "containers",
            )  # fmt: skip
        held = into.slots[key]
        if isinstance(held, Place):
            return self.held(Subscript(held.column, held.index), stmt)
        if isinstance(held, Lost):
            self.go_on_as_list(into)
            self.fail(stmt, f"this use of item {key!r}", held.reason, "use arrays or plain names", "containers")
        return held

    def now_constant(self, value: Value) -> Value:
        """The constant that a variable, or what is counted with variables, is now, where that is known."""
        if isinstance(value, Name):
            return self.state.constants.get(value.id, value)
        if isinstance(value, Apply) and value.op in COUNTING and not value.keywords:
            args = [self.now_constant(arg) for arg in value.args]
            if all(isinstance(arg, Const) and type(arg.value) is int for arg in args):
                return evaluate(replace(value, args=tuple(arg for arg in args if isinstance(arg, Const))))
        return value

    def note_constant(self, variable: Name, value: Value) -> None:
        """A variable that was just assigned a constant, where that is one now."""
        now = self.now_constant(value)
        if isinstance(now, Const):
            self.state.constants[variable.id] = now

    def note_text(self, variable: Name, value: Value) -> None:
        """A slot that was just assigned a text: it may be a key."""
        if isinstance(value, Const) and type(value.value) is str:
            self.state.constants[variable.id] = value

    # ------------------------------------------------------------ binding and writing
    def bind(self, name: str, value: Value, frame: Frame, stmt: Stmt) -> None:
        """``name = value``."""
        value = self.now_there(value)
        target = self.renamed(name, frame)
        if is_leaf(value):
            once = target.temporary and target.id not in self.moving
            if isinstance(value, Slice) or value == NOT_IMPLEMENTED:
                self.state.bindings[target.id] = value
                return
            if isinstance(value, Const) and (self.unrolling or (once and not self.loops)):
                self.state.bindings[target.id] = value
                return
            if once and isinstance(value, Name) and value.id not in self.moving | self.slot_names:
                self.state.bindings[target.id] = value  # another name for a variable that stays what it is
                return
            self.note_number(target.id, stmt)
            if self.is_surely_number(value):
                self.made_numbers.add(target.id)
            if self.has_axes(value):
                self.arrays.add(target.id)
            if self.is_lengths(value):
                self.lengths.add(target.id)
            if isinstance(value, Apply) and value.op in NUMBERS_ONLY:
                self.counts.add(target.id)
            if target.temporary and isinstance(value, Name) and value.id in self.least:
                self.least[target.id] = self.least[value.id]
            self.state.bindings.pop(target.id, None)
            present = isinstance(value, Name) and (value.type.is_number or value.id in self.state.present)
            if target != value:
                comments = getattr(stmt, "comments", None)
                self.emit(Assign(target, value, stmt.span, comments), frame)
                self.note_constant(target, value)
            if present:
                self.state.present |= {target.id}
            return
        self.were_structures.add(target.id)
        assert frame.key is not None
        place = stmt.span if target.temporary else name
        if isinstance(value, Struct) and not target.temporary:
            value.display = False
        value = self.placed(value, (frame.key, place), target, name, stmt)
        if isinstance(value, Struct) and ("objects", frame.key) in self.dynamic and target.id in self.moving:
            value = self.in_place(value, target, name, stmt) if is_record(value) and not target.temporary else value
        if isinstance(value, Sequence):
            value = self.moved(self.taken_over(value, target, stmt), target, stmt)
        passing = target.temporary and frame.read_once(name) and all_temporary(value)
        if (not target.temporary or target.id in self.moving) and not passing:
            value = self.settled(value, frame.wish if target.temporary else name, stmt, target.id)
        self.state.bindings[target.id] = value

    def is_surely_number(self, value: Value) -> bool:
        """Whether a value is the result of arithmetic, a part of an array, or typed: no object of the user's."""
        if isinstance(value, Name):
            return value.type.is_number or (value.id in self.made_numbers and value.id not in self.moving)
        if isinstance(value, Subscript):
            return self.is_surely_number(value.value)
        return isinstance(value, Const) or (isinstance(value, Apply) and value.op not in ("list", "stop_gradient"))

    def has_axes(self, value: Value) -> bool:
        """Whether a value is an array that surely has an axis: a part through a slice, or made of such an array."""
        match value:
            case Subscript(value=Name(id=name), index=index) if name in self.arrays - self.moving:
                entries = index.items if isinstance(index, Tuple) else (index,)
                return any(isinstance(entry, Slice) for entry in entries)
        return False

    def is_lengths(self, value: Value) -> bool:
        """Whether a value is ``x.shape``, a part of it through a slice, or a tuple that it is put together with."""
        match value:
            case Apply(op="add", args=args):
                return any(map(self.is_lengths, args))
            case Name(id=name):
                return name in self.lengths - self.moving
            case Subscript(value=inner, index=Slice()):
                return self.is_lengths(inner)
            case Attribute(attr=attr):
                return attr == "shape"
        return False

    def note_number(self, name: str, stmt: Stmt) -> None:
        self.numbers.add(name)
        if name in self.only_tuples:
            self.fail(
                stmt, f"this use of {name}", "it is a tuple on other ways through the program",
                "use another name for each", "containers",
            )  # fmt: skip

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
        if isinstance(value, Struct) and (value.site == OUTSIDE or value.home is not None):
            return value  # it is read where it is
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
            item = self.now_there(item)
            if is_leaf(item) and not self.is_slot(value, key):
                value.slots[key] = held = self.own_variable(item, f"{wish}_{self.label(value, key)}", stmt)
                value.own.add(held.id)
            elif isinstance(item, Struct):
                value.slots[key] = self.settled(item, f"{wish}_{self.label(value, key)}", stmt)
        return value

    @staticmethod
    def now_there(value: Value) -> Value:
        """What is at a place of a list now, as an expression, to be given a name at once."""
        return Subscript(value.column, value.index) if isinstance(value, Place) else value

    def kept(self, item: Value, wish: str, stmt: Stmt, place: tuple[str, Hashable] | None) -> Value:
        item = self.now_there(item)
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
        if isinstance(item, Const | Global | Slice) or (
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
                self.note_constant(variable, held.get(key, item))
            value.slots[key] = variable
        return value

    def own_variable(self, item: Expr, wish: str, stmt: Stmt, temporary: bool = False) -> Name:
        frame = self.frame
        assert frame is not None
        variable = self.supply.temporary() if temporary else Name(self.supply.fresh(wish))
        if not temporary:
            self.slot_names.add(variable.id)
        self.emit(Assign(variable, item, stmt.span), frame)
        if isinstance(item, Const):
            self.made_of[variable.id] = item
            self.note_text(variable, item)
        return variable

    def is_slot(self, into: Struct, key: Hashable) -> bool:
        held = into.slots.get(key)
        return isinstance(held, Name) and held.id in into.own

    def store(self, into: Struct, key: Hashable, value: Value, stmt: Stmt) -> None:
        """``into[key] = value`` of a list, dict or object."""
        if into.home is not None:
            self.write_item(into, key, value, stmt)
            return
        self.check_frozen(into, stmt)
        if into.is_immutable:
            self.fail(stmt, "a write into a tuple", "Python raises TypeError", "make a new tuple", "containers")
        if into.kind == "list" and not (isinstance(key, int) and key <= len(into.slots)):
            self.fail(
                stmt, "this write into a list", "Python raises IndexError", "use an index that is there", "containers"
            )
        self.check_cycle(into, value, stmt)
        self.settled(into, into.wish, stmt)
        wish = f"{into.wish}_{self.label(into, key)}"
        if is_leaf(value):
            if self.is_slot(into, key):
                variable = into.slots[key]
                assert isinstance(variable, Name)
                assert self.frame is not None
                if variable != value:
                    self.emit(Assign(variable, value, stmt.span, getattr(stmt, "comments", None)), self.frame)
                    self.note_text(variable, value)
            else:
                self.touched[id(into)] = into
                into.slots[key] = held = self.own_variable(value, wish, stmt)
                into.own.add(held.id)
        else:
            self.touched[id(into)] = into
            into.slots[key] = self.settled(value, wish, stmt)

    def check_whole(self, value: Value | None, stmt: Stmt) -> None:
        """A structure whose items are asked for: they have to be the same on every way that comes here."""
        if isinstance(value, Struct) and not value.is_whole:
            self.go_on_as_list(value)
            self.fail(
                stmt, f"this use of the {value.kind} {value.wish}", TWO_WAYS,
                "give it the same items on every way, or use arrays or plain names", "containers",
            )  # fmt: skip

    def check_cycle(self, into: Struct, value: Value, stmt: Stmt) -> None:
        if any(one is into for one in structs(value)):
            self.fail(
                stmt, f"this {into.kind}, which refers to itself,", "its parts would never end",
                "keep the objects in a list, and refer to them by their index", "containers",
            )  # fmt: skip

    def check_frozen(self, into: Struct, stmt: Stmt) -> None:
        """For a structure that is changed: notes it of an argument, and refuses where it may not change."""
        self.note_stored(into)
        plain = into.kind in ("object", "dict") and all(map(is_leaf, into.slots.values()))
        if into.frozen and into.item_of is not None and plain and ("rows", into.item_of) not in self.dynamic:
            raise NotKnown(("rows", into.item_of), None)
        if (into.frozen and not into.is_immutable) or into.home is not None:
            self.fail(
                stmt, f"a change of this {into.kind}", "it is an item of a list, which would change with it",
                "put a new one into the list", "containers",
            )  # fmt: skip

    def note_stored(self, into: Struct) -> None:
        """For a structure that may be changed: an argument, or a part of one."""
        if is_argument(into):
            assert into.like is not None
            self.stored |= reads(into.like)

    def stored_arguments(self) -> frozenset[str]:
        """The arguments and leaves, among other variables, into which something is put under whatever name."""
        found, pending = set[str](), [*self.stored, *self.grown]
        while pending:
            name = pending.pop()
            if name not in found:
                found.add(name)
                pending += self.lists_of.get(name, ())
        return frozenset(found)

    @staticmethod
    def label(value: Struct, key: Hashable) -> str:
        if value.kind == "tuple" and value.cls is not None and isinstance(key, int):
            return str(value.cls._fields[key])  # type: ignore[attr-defined]
        text = str(key)
        return text if text.replace("_", "a").isalnum() else "part"

    def go_on_as_list(self, value: Value | None) -> None:
        raise NotImplementedError

    def held(self, value: Expr, stmt: Stmt) -> Name:
        raise NotImplementedError

    def write_item(self, into: Struct, key: Hashable, value: Value, stmt: Stmt) -> None:
        raise NotImplementedError

    def placed(self, value: Value, site: Hashable, target: Name | None, wish: str, stmt: Stmt) -> Value:
        raise NotImplementedError

    def taken_over(self, value: Sequence, target: Name, stmt: Stmt) -> Sequence:
        raise NotImplementedError

    def moved(self, value: Sequence, target: Name, stmt: Stmt) -> Sequence:
        raise NotImplementedError


def all_temporary(value: Value) -> bool:
    """Whether a tuple or list holds nothing but temporaries, which nobody assigns again before it is read."""
    if isinstance(value, Struct):
        return (value.is_immutable or value.kind == "list") and all(map(all_temporary, value.slots.values()))
    return isinstance(value, Const) or (isinstance(value, Name) and value.temporary)
