"""Frames and the state of the program between two statements."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass, field

from backprose.expand.values import LENGTH, Chosen, Lost, Struct, Value, same, structs
from backprose.ir.nodes import Const, Expr, Function, Name, Span, Stmt
from backprose.ir.walk import expressions, reads, statements
from backprose.parse import Parsed


@dataclass(eq=False)
class Frame:
    """One call: what its names are in the expanded program, and where the free ones of a nested function are found."""

    parsed: Parsed
    local: frozenset[str]
    names: dict[str, Expr] = field(default_factory=dict)  # of an inlined call: its variables by name
    outer: Frame | None = None
    outermost: bool = False
    span: Span | None = None  # of the call, where it is inlined
    many: frozenset[str] = frozenset()  # names that are bound at more than one place, or in a loop
    caller: Frame | None = None
    loops: int = 0  # how many loops of the expanded program its call stands in
    stacks: frozenset[str] = frozenset()  # lists that are only pushed to and popped from
    function: Function | None = None
    wish: str = "part"  # what structures that it makes for its caller are named for
    reads_of: Counter[str] | None = None
    renamed: dict[str, str] = field(default_factory=dict)  # of the outermost call: names that mean something else too
    fresh: set[str] = field(default_factory=set)  # the variables that are its own in the expanded program
    line: tuple[list[Stmt], int] = field(default_factory=lambda: ([], 0))  # where the statements of its line begin
    at: Span | None = None  # the line that it is in

    def read_once(self, name: str) -> bool:
        """Whether a temporary has done its work when it was read."""
        if self.reads_of is None:
            body = () if self.function is None else self.function.body
            self.reads_of = Counter(
                name for stmt in statements(body) for expr in expressions(stmt) for name in reads(expr)
            )
        return self.reads_of[name] == 1

    @property
    def key(self) -> Hashable:
        """The same for each call of the same function."""
        return self.parsed.function.__code__, "" if self.function is None else self.function.name

    def owner(self, name: str) -> Frame | None:
        """The frame that a name belongs to; None for a name of the compiler's."""
        frame: Frame | None = self
        while frame is not None and name not in frame.local:
            frame = frame.outer
        return frame


@dataclass
class State:
    """Which names stand for structures and functions now, and what the slots of these hold."""

    bindings: dict[str, Value] = field(default_factory=dict)
    constants: dict[str, Const] = field(default_factory=dict)  # what variables that stay in the text are now
    objects: dict[str, Expr | Chosen] = field(default_factory=dict)  # objects outside that such variables are now
    stacked: frozenset[str] = frozenset()  # lists that are on a stack as well: they may not change
    present: frozenset[str] = frozenset()  # variables that surely are not None now

    def forget(self, name: str) -> None:
        """A variable that is assigned something else."""
        self.constants.pop(name, None)
        self.objects.pop(name, None)
        self.present -= {name}

    def forget_all(self) -> None:
        self.constants.clear()
        self.objects.clear()
        self.present = frozenset()

    def snapshot(self) -> Snapshot:
        found = {id(one): one for value in self.bindings.values() for one in structs(value)}
        return Snapshot(
            dict(self.bindings),
            dict(self.constants),
            dict(self.objects),
            self.stacked,
            self.present,
            {key: (one, dict(one.slots)) for key, one in found.items()},
        )

    def restore(self, kept: Snapshot) -> None:
        self.bindings, self.constants = dict(kept.bindings), dict(kept.constants)
        self.objects = dict(kept.objects)
        self.stacked, self.present = kept.stacked, kept.present
        for one, slots in kept.slots.values():
            one.slots = dict(slots)


@dataclass(frozen=True)
class Snapshot:
    bindings: dict[str, Value]
    constants: dict[str, Const]
    objects: dict[str, Expr | Chosen]
    stacked: frozenset[str]
    present: frozenset[str]
    slots: dict[int, tuple[Struct, dict[Hashable, Value]]]

    def differences(self, other: Snapshot) -> tuple[set[str], set[int]]:
        """The names and the structures, known in both, that differ."""
        names = {
            name
            for name in self.bindings.keys() | other.bindings.keys()
            if not same(self.bindings.get(name), other.bindings.get(name))
        }
        changed = {
            key
            for key in self.slots.keys() & other.slots.keys()
            if not _same_slots(self.slots[key][1], other.slots[key][1])
        }
        return names, changed

    def all_lost(self, key: int) -> bool:
        slots = self.slots[key][1]
        return bool(slots) and all(isinstance(value, Lost) for value in slots.values())


def _same_slots(one: dict[Hashable, Value], other: dict[Hashable, Value]) -> bool:
    return list(one) == list(other) and all(same(value, other[key]) for key, value in one.items())


def meet(state: State, one: Snapshot, other: Snapshot, reason: str) -> None:
    """The state after two ways through the program: what differs is lost."""
    state.restore(one)
    state.constants = {name: value for name, value in one.constants.items() if other.constants.get(name) == value}
    state.objects = {name: value for name, value in one.objects.items() if other.objects.get(name) == value}
    state.stacked, state.present = one.stacked | other.stacked, one.present & other.present
    names, changed = one.differences(other)
    for name in names:
        state.bindings[name] = Lost(reason)
    for key, (struct, slots) in other.slots.items():
        if key not in one.slots:
            struct.slots = dict(slots)
    for key in changed:
        struct, slots = one.slots[key]
        theirs = other.slots[key][1]
        if list(slots) == list(theirs):
            struct.slots = {slot: value if same(value, theirs[slot]) else Lost(reason) for slot, value in slots.items()}
        else:
            struct.slots = {slot: Lost(reason) for slot in {**slots, **theirs}}
            struct.slots[LENGTH] = Lost(reason)


def lose(struct: Struct, reason: str) -> None:
    """Of a structure that may have been changed nothing is known."""
    struct.slots = {slot: Lost(reason) for slot in struct.slots}
    struct.slots[LENGTH] = Lost(reason)


def variable(name: str) -> Name:
    return Name(name, temporary=name.startswith("_t"))
