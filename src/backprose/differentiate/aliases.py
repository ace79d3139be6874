"""Aliases: which variables may share memory, and which of them are read after a write through another one.

A may-point-to analysis over the structured program. Objects are the arguments and the places where arrays are made;
what a place in a loop made last is told from what it made in earlier turns (recency abstraction; Balakrishnan and Reps,
2006), so that two arrays that change places every turn are two arrays.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeGuard

from backprose.analyse.several import results_of
from backprose.analyse.sharing import may_be_view
from backprose.analyse.types import type_of
from backprose.differentiate.overlaps import may_read_what_it_wrote
from backprose.differentiate.refuse import Refuse
from backprose.ir.nodes import (
    Apply,
    Assign,
    Attribute,
    Augment,
    Block,
    Break,
    Call,
    Compare,
    Conditional,
    Const,
    Enter,
    Evaluate,
    Expr,
    For,
    Function,
    Global,
    If,
    List,
    Name,
    Pop,
    Push,
    Return,
    Stmt,
    Subscript,
    Try,
    Tuple,
    While,
    once,
)
from backprose.ir.types import Type
from backprose.ir.walk import (
    bound,
    join,
    names,
    rebinds,
    statement_reads,
    statements,
    targets,
    whole_of,
    writes,
    written_place,
)
from backprose.rules.registry import may_share_any, rule_of

NO_ARRAYS = ("none", "str", "other", "function")  # kinds of values that hold no memory of an array's
Object = tuple[str, object]  # ("argument", name), ("global", name), ("new" or "old", place), ("item", list)
Objects = frozenset[Object]
NOTHING: Objects = frozenset()
SAVED = "saved value of "


def disjoint(one: Expr, other: Expr) -> bool:
    """Whether two parts of arrays surely have no element in common: ``A[0]`` and ``A[1]``."""
    if not (isinstance(one, Subscript) and isinstance(other, Subscript) and one.value == other.value):
        return False
    entries = [index.items if isinstance(index, Tuple) else (index,) for index in (one.index, other.index)]
    for a, b in zip(*entries, strict=False):
        if not all(isinstance(entry, Const) and type(entry.value) is int for entry in (a, b)):
            return False
        assert isinstance(a, Const)
        assert isinstance(b, Const)
        if a.value != b.value:
            return bool((a.value >= 0) == (b.value >= 0))
    return False


def receiver(call: Call) -> tuple[Expr, ...]:
    """What a method is called of; nothing for a function of a module."""
    path = call.function
    while isinstance(path, Attribute):
        path = path.value
    return () if isinstance(path, Global) or not isinstance(call.function, Attribute) else (call.function.value,)


def shared_by(call: Call) -> tuple[Expr, ...]:
    """What the result of a call may share memory with: all that it is given, where nothing is known of it."""
    if call.shares is None:
        return (*receiver(call), *call.arguments)
    return tuple(call.arguments[position] for position in call.shares)


def copies(index: Expr) -> bool:
    """Whether an index surely makes a copy: an array or a list of integers, or a mask."""
    if isinstance(index, Tuple):
        return any(map(copies, index.items))
    found = type_of(index)
    if found.kind == "tuple" and found.items is not None:
        return any(map(_copies_by_type, found.items))
    return isinstance(index, (List, Compare)) or _copies_by_type(found)


def _copies_by_type(found: Type) -> bool:
    return found.kind == "array" and bool(found.rank or found.dtype == "bool")


@dataclass(frozen=True)
class Conflict:
    """``reader`` reads ``other`` after ``stmt`` wrote into ``written``, which may share memory with it."""

    stmt: Stmt
    written: Name
    other: Name
    reader: Stmt


def check_aliases(function: Function, refuse: Refuse) -> Mapping[int, frozenset[str]]:
    """Refuses a write into an array when another variable that may share its memory is read after it.

    What is left are variables that are not read any more: gives them for each write, by ``id``. The values that the
    backward sweep reads of them have to be kept.
    """
    flow = _followed(function)
    for stmt in flow.early:
        refuse.early(stmt)
    for stmt in flow.reread:
        refuse.reread(stmt)
    for stmt in flow.read_only:
        refuse.read_only(stmt)
    for stmt, call, written, other in flow.overlaps:
        refuse.overlap(stmt, call, written, other)
    for stmt, name in flow.outside:
        refuse.alias(stmt, name, f"code outside that reads {name}")
    for conflict in flow.conflicts:
        if conflict.other.temporary:
            refuse.alias(conflict.stmt, "an array", "a view of it that is read later")
        refuse.alias(
            conflict.stmt, "an array" if conflict.written.temporary else conflict.written.id, conflict.other.id
        )
    return {key: frozenset(names) for key, names in flow.shared.items()}


def conflicts(function: Function) -> list[Conflict]:
    """The reads of a variable whose content was changed through another one.

    >>> from backprose.ir.nodes import Const, Parameter, Return
    >>> x, y = Name("x"), Name("y")
    >>> write = Assign(Subscript(y, Const(0)), Const(1.0))
    >>> function = Function("f", (Parameter("x"),), (Assign(y, x), write, Return(x)), None)
    >>> [(one.written.id, one.other.id) for one in conflicts(function)]
    [('y', 'x')]
    """
    return _followed(function).conflicts


def written_arguments(function: Function) -> set[str]:
    """The parameters of a typed function whose content it may change, through any variable.

    >>> from backprose.ir.names import NameSupply
    >>> from backprose.lower import lower
    >>> from backprose.parse import parse
    >>> def f(x, y, z):
    ...     row = x[0]
    ...     row[1:] = y
    ...     z = z.copy()
    ...     z[0] = 0.0
    >>> written_arguments(lower(parse(f), NameSupply(())))
    {'x'}
    """
    return _arguments(_followed(function).written)


@dataclass(frozen=True)
class Effects:
    """What a caller sees of a function beside its result: parameters that it writes into, and those that its result may
    share memory with. ``returned``: the parameter that its result is; ``apart``: its result is a tuple whose items do
    not share memory with each other; ``none``: it has no result."""

    writes: frozenset[str] = frozenset()
    shares: frozenset[str] = frozenset()
    returned: str | None = None
    apart: bool = False
    none: bool = False


def effects(function: Function) -> Effects:
    """The effects of a typed function, the calls in which are marked with theirs."""
    flow = _followed(function)
    last = function.body[-1] if function.body else None
    value = last.value if isinstance(last, Return) else None
    own = value.id if isinstance(value, Name) and {value.id} == _arguments(flow.returned) else None
    if own is not None and any(own in rebinds(stmt) for stmt in statements(function.body) if not _in_place(stmt)):
        own = None
    parts = flow.returned_parts
    apart = len(parts) > 1 and sum(map(len, parts)) == len(frozenset().union(*parts))
    none = value in (None, Const(None))
    return Effects(frozenset(_arguments(flow.written)), frozenset(_arguments(flow.returned)), own, apart, none)


def _in_place(stmt: Stmt) -> bool:
    return isinstance(stmt, Augment) and type_of(stmt.target).kind == "array"


def _arguments(objects: Iterable[Object]) -> set[str]:
    return {str(which) for kind, which in objects if kind == "argument"}


@once("_followed")
def _followed(function: Function) -> _Flow:
    flow = _Flow()
    for parameter in function.parameters:
        if not parameter.type.is_immutable_scalar and parameter.type.kind not in ("none", "str"):
            flow.state.objects[parameter.name] = frozenset({("argument", parameter.name)})
    flow.outside_arrays = function.outside
    flow.block(function.body)
    return flow


@dataclass
class _State:
    objects: dict[str, Objects] = field(default_factory=dict)
    stale: dict[str, tuple[Stmt, Name]] = field(default_factory=dict)  # what was changed through another variable

    def copy(self) -> _State:
        return _State(dict(self.objects), dict(self.stale))

    def join(self, other: _State) -> bool:
        """Becomes what holds on both ways; whether that is anything new."""
        changed = False
        for name, objects in other.objects.items():
            known = self.objects.get(name)
            if known is not objects and (known is None or not objects <= known):
                self.objects[name] = objects if known is None else known | objects
                changed = True
        for name, change in other.stale.items():
            changed = changed or name not in self.stale
            self.stale.setdefault(name, change)
        return changed


class _Flow:
    """Follows the program and notes what is written, and what of it is seen."""

    def __init__(self) -> None:
        self.written: set[Object] = set()
        self.returned: Objects = NOTHING
        self.returned_parts: list[Objects] = []  # of the items of a tuple
        self.outside_arrays: tuple[str, ...] = ()  # parameters whose content is read after the end
        self.overlaps: list[tuple[Stmt, Call, Expr, Expr]] = []  # arguments of a call that writes into one of them
        self.outside: list[tuple[Stmt, str]] = []  # writes into what code outside can see
        self.line = NOTHING  # what the calls of a line of the program have written so far
        self.early: list[Stmt] = []  # augmented assignments whose target a call changes that stands in them
        self.reread: list[Stmt] = []  # writes of one element after the other, of values that they may change
        self.read_only: list[Stmt] = []  # writes through ``np.diagonal``
        self.parts: dict[str, Expr] = {}  # variables that are parts of arrays
        self.conflicts: list[Conflict] = []
        self.shared: dict[int, set[str]] = {}
        self.copied: set[Object] = set()  # made by copying: nobody needs their values later
        self.kept: set[str] = set()  # variables whose earlier values are changed by a later write
        self.state = _State()
        self.points: list[_State] = []  # for each ``try`` around, what holds at some point of what it tries
        self.at_break: list[list[_State]] = []  # what holds where the loops around are left
        self.heads: dict[int, _State] = {}  # what holds at the head of a loop, from the last turn of a loop around
        self.holders: dict[Object, set[str]] = {}  # the variables that ever held an array that a place made, or an item
        self.nodes: dict[str, Name] = {}

    def block(self, block: Block) -> None:
        for stmt in block:
            self.statement(stmt)
            for point in self.points:
                point.join(self.state)

    def read(self, stmt: Stmt) -> None:
        read = statement_reads(stmt) | set(self.outside_arrays if isinstance(stmt, Return) else ())
        for name in sorted(read & self.state.stale.keys()):
            change, written = self.state.stale[name]
            self.conflicts.append(Conflict(change, written, self.nodes.get(name, Name(name)), stmt))

    def statement(self, stmt: Stmt) -> None:
        self.read(stmt)
        match stmt:
            case Break():
                self.at_break[-1].append(self.state)
                self.state = _State()  # nothing follows here
                return
            case If():
                before = self.state.copy()
                if isinstance(stmt, Try):  # what was tried may have come to any point
                    self.points.append(before.copy())
                    self.block(stmt.orelse)
                    self.state = self.points.pop()
                self.block(stmt.body)
                after, self.state = self.state, before
                self.block(stmt.orelse)
                self.state.join(after)
                return
            case For() | While():
                self.loop(stmt)
                return
        self.note_order(stmt)
        for name in writes(stmt):
            self.write(stmt, name)
        if isinstance(stmt, (Assign, Evaluate)) and isinstance(stmt.value, Call):
            self.overlap(stmt, stmt.value)
        match stmt:
            case Return(value=value):
                self.returned = NOTHING if value is None else self.pointed(value, stmt)
                self.returned_parts = [self.pointed(part, stmt) for part in _parts(value)]
            case Assign(target=Subscript(value=Name(id=name, type=Type(kind="list"))), value=value):
                self.put(name, self.state.objects.get(name, NOTHING) | self.pointed(value, stmt))
            case Assign(target=Tuple() as target, value=Call(apart=True) as call):
                self.bind(target, NOTHING, stmt)
                shared = frozenset() if call.shares == () else self.pointed(call, stmt)
                for position, item in enumerate(_parts(target)):
                    assert isinstance(item, Name)
                    if not item.type.is_immutable_scalar:
                        self.put(item.id, shared | self.made(stmt, position))
            case Assign(target=Tuple() as target, value=Apply() as value) if results_of(value) > 1:
                self.bind(target, NOTHING, stmt)
                shared = self.union(value.args, stmt) if rule_of(value.op).shares else frozenset()
                for position, item in enumerate(_parts(target)):
                    assert isinstance(item, Name)
                    self.put(item.id, shared | self.made(stmt, position))
            case Assign(target=target, value=value):
                self.bind(target, self.pointed(value, stmt), stmt)
                if isinstance(value, Apply) and value.op in ("copy", "own"):
                    self.copied.add(("new", (id(stmt), 0)))
            case Enter(context=context, target=Name() as target):
                self.bind(target, self.pointed(context, stmt), stmt)
            case Push(stack=stack, value=value):
                found = self.state.objects.get(stack.id, NOTHING)
                own = frozenset({("item", stack.id)})
                self.put(stack.id, found | (own if self.handed_over(value) else self.pointed(value, stmt)))
            case Pop(target=target, stack=stack):
                found = self.state.objects.get(stack.id, NOTHING)
                self.bind(target, self.made(stmt) if self.is_only_holder(stack, found) else found, stmt)

    def note_order(self, stmt: Stmt) -> None:
        """Python reads the target of an augmented assignment before it calls what stands in the value."""
        if isinstance(stmt, Augment) and self.line & self.union(names(stmt.target), stmt):
            self.early.append(stmt)
        match stmt:
            case Assign(target=Name(temporary=True), value=Call(written=places)):
                self.line |= self.union(places, stmt)
            case Assign(target=Name(temporary=True)):
                pass
            case _:
                self.line = NOTHING

    def handed_over(self, value: Expr) -> bool:
        """Whether a copy goes into a list that no variable has any more."""
        if not (isinstance(value, Name) and value.temporary):
            return False
        objects = self.state.objects.get(value.id, NOTHING)
        return objects <= self.copied and self.holders_of(objects) <= {value.id, SAVED + value.id}

    def is_only_holder(self, stack: Name, items: Objects) -> bool:
        """Whether each item of a list is an array that no variable, and no other item, has a part of."""
        return items == {("item", stack.id)} and self.holders_of(items) <= {stack.id}

    def holders_of(self, objects: Objects) -> set[str]:
        """The variables that hold one of these now."""
        ever = set().union(*(self.holders.get(one, ()) for one in objects))
        return {name for name in ever if objects & self.state.objects.get(name, NOTHING)}

    def loop(self, stmt: For | While) -> None:
        if id(stmt) in self.heads:
            self.state.join(self.heads[id(stmt)])
        rebound = sorted({name for inner in statements(stmt.body) for name in rebinds(inner)})
        while True:
            before = self.state.copy()
            if isinstance(stmt, For):
                self.bind(stmt.target, self.pointed(stmt.iterable, stmt), stmt)
            else:
                self.read(stmt)
            self.at_break.append([])
            self.block(stmt.body)
            left = self.at_break.pop()
            made = self.state
            for self.state in (*left, made):
                for name in rebound:
                    self.keep(name)
            self.state = before
            if not self.state.join(made):
                break
        self.heads[id(stmt)] = self.state.copy()
        self.block(stmt.orelse)
        for state in left:
            self.state.join(state)

    def keep(self, name: str) -> None:
        """The value of a variable may be saved here, where it is bound anew or a turn ends."""
        objects = self.state.objects.get(name, NOTHING)
        if objects:
            self.put(SAVED + name, self.state.objects.get(SAVED + name, NOTHING) | objects)

    def bind(self, target: Expr, objects: Objects, stmt: Stmt) -> None:
        for one in targets(stmt):
            for variable in names(one):
                self.nodes[variable.id] = variable
        for item in target.items if isinstance(target, Tuple) else (target,):
            if isinstance(item, (Name, Tuple)):
                for name in bound(item):
                    self.keep(name)
                    self.state.stale.pop(name, None)
                    self.state.objects.pop(name, None)
            if isinstance(item, Tuple):
                self.bind(item, objects, stmt)
            elif isinstance(item, Name) and objects and not item.type.is_immutable_scalar:
                self.put(item.id, objects)
        if isinstance(stmt, Assign) and isinstance(target, Name):
            self.parts[target.id] = stmt.value

    def pointed(self, value: Expr, stmt: Stmt) -> Objects:
        """The objects whose memory a value may be, or be a view of."""
        match value:
            case Name():
                return NOTHING if value.type.is_immutable_scalar else self.state.objects.get(value.id, NOTHING)
            case Global(id=name):
                return frozenset({("global", name)})
            case Subscript(value=inner, index=index):
                return self.made(stmt) if copies(index) else self.pointed(inner, stmt)
            case Attribute(value=inner, attr=attr):
                found = type_of(value)
                apart = attr in ("shape", "strides") or found.is_immutable_scalar or found.kind in NO_ARRAYS
                return NOTHING if apart else self.pointed(inner, stmt)
            case Apply(op=op, args=(first, *_)) as value if _may_be_view(value) or _may_not_copy(value):
                if not may_share_any(op):  # of a number it is an array of its own
                    whole = type_of(first)
                    own = NOTHING if whole.shape or whole.kind in ("array", "list", "tuple") else self.made(stmt)
                    return self.pointed(first, stmt) | own
                return self.union((*value.args, *(part for _, part in value.keywords)), stmt) | self.made(stmt)
            case Apply(op="conj", args=(first,), spelling=how) if how.startswith("method:"):
                copied = type_of(first).is_complex  # a real array is its own conjugate
                fresh = NOTHING if copied is False else self.made(stmt)
                return fresh if copied else fresh | self.pointed(first, stmt)
            case Tuple(items=items) | List(items=items):
                return self.union(items, stmt)
            case Call():
                return self.union(shared_by(value), stmt) | self.made(stmt)
            case Conditional(body=body, orelse=orelse):
                return self.union((body, orelse), stmt)
            case Apply(op="list", args=(first,)) | Apply(op="multiply", args=(List() as first, _)):
                return self.pointed(first, stmt)  # another list of the same items
            case Apply():
                return self.made(stmt)
        return NOTHING

    def union(self, parts: Iterable[Expr], stmt: Stmt) -> Objects:
        return NOTHING.union(*(self.pointed(part, stmt) for part in parts))

    def made(self, stmt: Stmt, position: int = 0) -> Objects:
        """A new array: what this place made before is from now on an old one. ``position``: of several."""
        place = (id(stmt), position)
        new, old = ("new", place), ("old", place)
        for name in self.holders.get(new, ()):
            objects = self.state.objects.get(name, NOTHING)
            if new in objects:
                self.state.objects[name] = (objects - {new}) | {old}
        return frozenset({new})

    def put(self, name: str, objects: Objects) -> None:
        """What a variable holds from now on."""
        self.state.objects[name] = objects
        for made in objects:
            if made[0] in ("new", "item"):
                self.holders.setdefault(made, set()).add(name)

    def overlap(self, stmt: Stmt, call: Call) -> None:
        """Notes the arguments of a call that may share memory with one that it writes into."""
        given = call.arguments
        for position in call.writes:
            written = given[position]
            objects = self.pointed(written, stmt)
            for at, other in enumerate(given):
                if at != position and objects & self.pointed(other, stmt) and not disjoint(written, other):
                    self.overlaps.append((stmt, call, written, other))

    def write(self, stmt: Stmt, name: str) -> None:
        if _is_put(stmt) or (isinstance(stmt, (Push, Pop)) and name == stmt.stack.id):
            return  # a list is changed, not what is in it
        objects = self.state.objects.get(name, NOTHING)
        if _goes_by_element(stmt) and objects & self.union(names(stmt.value), stmt):
            self.reread.append(stmt)
        if isinstance(stmt, Assign) and isinstance(stmt.target, Subscript):
            value = self.parts.get(stmt.value.id, stmt.value) if isinstance(stmt.value, Name) else stmt.value
            if may_read_what_it_wrote(stmt.target, value):
                self.reread.append(stmt)
        if self.is_diagonal(written_place(stmt)):
            self.read_only.append(stmt)
        self.written |= objects
        self.outside += [(stmt, str(which)) for kind, which in sorted(objects, key=str) if kind == "global"]
        for other, shared in self.state.objects.items():
            if other.startswith(SAVED):
                self.kept |= {other.removeprefix(SAVED)} if shared & objects else set()
            elif other != name and shared & objects:
                self.state.stale[other] = stmt, self.nodes.get(name, Name(name))
                self.shared.setdefault(id(stmt), set()).add(other)

    def is_diagonal(self, place: Expr | None) -> bool:
        """Whether a place is a part of a diagonal, which only methods such as ``np.add.at`` can write."""
        seen: set[str] = set()
        while place is not None and not (isinstance(place, Apply) and place.op == "diagonal"):
            if not isinstance(place, Name):
                place = whole_of(place)
            elif place.id in seen:
                return False
            else:
                seen.add(place.id)
                place = self.parts.get(place.id)
        return place is not None


def _may_be_view(value: Apply) -> bool:
    """Whether the result of an operation may be an operand or a view of it; sums of products are new arrays."""
    return may_be_view(value) and not (value.op == "einsum" and len(value.args) > 2) and not _casts(value)


def _casts(value: Apply) -> bool:
    """Whether what is made has surely another dtype, so that it is a new array: ``np.asarray(x, dtype=complex)``."""
    if value.op not in ("asarray", "astype", "array") or not value.args:
        return False
    dtypes = {type_of(value.args[0]).dtype, type_of(value).dtype}
    return len(dtypes) == 2 and None not in dtypes


def _may_not_copy(value: Apply) -> bool:
    """Whether ``np.array(x, copy=...)`` or ``x.astype(..., copy=...)`` may be what it is given."""
    by_place = {"array": 2, "astype": 5}.get(value.op)
    copy = dict(value.keywords).get("copy", Const(True))
    return by_place is not None and not _casts(value) and (len(value.args) > by_place or copy != Const(True))


def _parts(value: Expr | None) -> list[Expr]:
    """The items of a display, those of displays in it apart."""
    if isinstance(value, Tuple | List):
        return [part for item in value.items for part in _parts(item)]
    return [] if value is None else [value]


def _goes_by_element(stmt: Stmt) -> TypeGuard[Assign]:
    """Whether NumPy reads one value after the other while it writes them: elsewhere it looks whether they overlap."""
    match stmt:
        case Assign(spelling="place" | "fill_diagonal"):
            return True
        case Assign(target=Subscript(value=Apply(spelling="attribute:flat")), spelling=""):
            return True
    return False


def _is_put(stmt: Stmt) -> bool:
    """Whether another item takes the place of one in a list: the memory of both stays as it is."""
    match stmt:
        case Assign(target=Subscript(value=Name(type=Type(kind="list")))):
            return True
    return False


# ---------------------------------------------------------------- what is saved
def changed_when_rebound(function: Function) -> frozenset[str]:
    """Variables of which an earlier value is changed by a later write, through another variable.

    >>> from backprose.ir.names import NameSupply
    >>> from backprose.lower import lower
    >>> from backprose.parse import parse
    >>> def f(x, u):
    ...     row = x * u
    ...     other = row
    ...     row = u
    ...     other[0] = 1.0
    >>> changed_when_rebound(lower(parse(f), NameSupply(())))
    frozenset({'row'})
    """
    return frozenset(_followed(function).kept)


def shares_when_saved(function: Function) -> frozenset[str]:
    """Variables whose value, kept when they are bound anew, may be changed by a later write.

    >>> from backprose.ir.names import NameSupply
    >>> from backprose.lower import lower
    >>> from backprose.parse import parse
    >>> def f(x):
    ...     row = x[0]
    ...     row = row.copy()
    ...     x[0] = 1.0
    >>> shares_when_saved(lower(parse(f), NameSupply(())))
    frozenset({'row'})
    """
    written = {
        name
        for stmt in statements(function.body)
        for name in writes(stmt)
        if not isinstance(stmt, Push) and not (isinstance(stmt, Pop) and isinstance(stmt.target, Name))
    }
    groups = groups_sharing(function.body)  # of a variable alone: it is never bound to a view, of itself either
    return frozenset(name for name in _followed(function).kept if name in groups and written & groups[name])


def groups_sharing(body: Block) -> dict[str, set[str]]:
    """For each name those that are ever bound to it, or to a view of it, or of which it is a view."""
    groups: dict[str, set[str]] = {}
    for stmt in statements(body):
        if isinstance(stmt, Assign) and isinstance(stmt.target, (Name, Tuple)):
            parts, sources = names(stmt.target), _sources(stmt.value)
        elif isinstance(stmt, For):
            parts, sources = names(stmt.target), _sources(stmt.iterable)
        elif isinstance(stmt, Push):
            parts, sources = names(stmt.stack), _sources(stmt.value)
        elif isinstance(stmt, Pop):
            parts, sources = names(stmt.target), [stmt.stack]
        else:
            continue
        for part in parts:
            for source in sources:
                join(groups, source.id, part.id)
    return groups


def _sources(value: Expr) -> list[Name]:
    """The variables whose memory a value may share."""
    match value:
        case Name():
            return [] if value.type.is_immutable_scalar else [value]
        case Subscript(value=inner) | Attribute(value=inner):
            return _sources(inner)
        case Apply(op=op, args=args, keywords=keywords) if _may_be_view(value) or op == "conj" or keywords:
            return [name for part in (args if may_share_any(op) else args[:1]) for name in _sources(part)]
        case Conditional(body=body, orelse=orelse):
            return _sources(body) + _sources(orelse)
        case Call():
            return [name for part in shared_by(value) for name in _sources(part)]
        case Tuple(items=items) | List(items=items):
            return [name for item in items for name in _sources(item)]
    return []
