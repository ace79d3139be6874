"""What a function and the world outside it do to each other: globals, captured objects, objects that are not known.

Writes to them happen once, in the forward sweep, as in the primal. Two things would go wrong unseen and are refused: a
value that is differentiated which is put where it can be read apart from its variable, and a computation that reads
what the call changes, which the backward sweep would read as it is by then.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from types import FunctionType, MethodDescriptorType, ModuleType, WrapperDescriptorType
from typing import Any

import gast
import numpy as np

from backprose.analyse.activity import Activity, activity
from backprose.analyse.dependence import flows, through
from backprose.analyse.effects import changes_nothing, is_write
from backprose.analyse.expressions import dotted
from backprose.analyse.types import type_of
from backprose.differentiate.refuse import Refuse
from backprose.differentiate.texts import Texts, returns_text
from backprose.differentiate.unseen import acts_unseen, changed_unseen
from backprose.errors import UnsupportedError
from backprose.ir.names import NameSupply
from backprose.ir.nodes import (
    Apply,
    Assign,
    Attribute,
    Block,
    Call,
    Compare,
    Const,
    Enter,
    Expr,
    For,
    Function,
    Global,
    If,
    Name,
    Raise,
    Stmt,
    Subscript,
    Tuple,
    Verbatim,
    While,
    children,
)
from backprose.ir.shared import SIMPLE, is_data, is_namespace, meet
from backprose.ir.types import Type
from backprose.ir.walk import (
    base,
    calls,
    expressions,
    globals_in,
    inplace_target,
    is_outside,
    is_path,
    map_block,
    map_blocks,
    map_statement,
    operations,
    rebuild,
    root_of,
    statements,
    subexpressions,
    substitute,
    targets,
    whole_of,
    with_body,
    writes,
)
from backprose.ir.webs import split_webs
from backprose.rules.registry import op_of, rule_of

# what these modules are given they only look at
HARMLESS_MODULES = frozenset({"builtins", "warnings", "logging", "math", "time", "operator", "_operator", "io", "_io"})
CHANGING_BUILTINS = frozenset({"next", "setattr", "delattr", "exec", "eval"})
# functions of ``operator`` that are assignments
ASSIGNING = frozenset(
    "setitem delitem iadd iand iconcat ifloordiv ilshift imatmul imod imul ior ipow irshift isub itruediv ixor".split()
)
ARITHMETIC = frozenset({"add", "subtract", "multiply", "divide", "power", "matmul", "mod", "floor_divide"})
# what makes a list or tuple of the items of others
GATHERING = frozenset({"list", "tuple", "reversed", "sorted", "add", "multiply", "copy"})
READING = frozenset("get items keys values copy index count __getitem__ __len__ __contains__ __getattribute__".split())


@dataclass(frozen=True)
class World:
    """What a function sees: ``lookup`` gives the object that a dotted name means now, ``callee`` what is called where
    that is a function of the user's."""

    lookup: Callable[[Expr], object]
    callee: Callable[[Call], Callee | None]
    refuse: Refuse


@dataclass(frozen=True)
class Callee:
    """A function of the user's that is called, with the argument of each parameter, and what it sees itself."""

    function: Function
    given: Mapping[str, Expr]
    world: World


@dataclass
class Changes:
    """Objects that a call changes, global names that it binds anew, and attributes that it does, with their objects."""

    objects: list[object] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    attributes: list[tuple[object, str]] = field(default_factory=list)
    changed: dict[tuple[FunctionType, str], None] = field(default_factory=dict)  # what names these
    read: dict[tuple[FunctionType, str], None] = field(default_factory=dict)  # names of what is taken for unchanged
    links: dict[tuple[FunctionType, str], None] = field(default_factory=dict)  # to functions of which the code was read
    classes: dict[type, None] = field(default_factory=dict)  # of which it was
    numbers: dict[tuple[FunctionType, str], None] = field(default_factory=dict)  # names of what has to stay a number
    met: dict[tuple[FunctionType, str], None] = field(default_factory=dict)  # names of all objects outside, read or not

    def __bool__(self) -> bool:
        return bool(self.objects or self.names or self.attributes)

    def meet(self, found: object) -> bool:
        """Whether anything of an object is changed."""
        return meet(found, [*self.objects, *(owner for owner, _ in self.attributes)])


@dataclass(frozen=True)
class Followed:
    """Where the functions were found that are carried out in place: ``holders`` are containers and objects outside,
    ``links`` attributes of these, ``names`` globals."""

    holders: Collection[object] = ()
    links: Collection[tuple[object, str]] = ()
    names: Collection[str] = ()

    def is_changed(self, changes: Changes) -> bool:
        anew = any(owner is other and attr == name for owner, attr in self.links for other, name in changes.attributes)
        return (
            anew or not changes.names.isdisjoint(self.names) or any(meet(one, changes.objects) for one in self.holders)
        )


NOTHING = Followed()


def check_outside(
    function: Function,
    wrt: frozenset[str],
    world: World,
    supply: NameSupply,
    followed: Followed = NOTHING,
) -> tuple[Function, Changes]:
    """Refuses what would go wrong unseen in a typed function whose parameters ``wrt`` are differentiated.

    Returns the function, in which numbers that the call changes outside are read into variables, and what it changes.
    A name of a global that is bound anew to something else may be written: it is looked at again with a name for each.
    """
    try:
        return function, _checked(function, wrt, world, followed)
    except UnsupportedError as refused:
        held = _with_numbers_held(function, wrt, world, supply)
        several = split_webs(held, aliases_of(held, world, {}), supply.copy())
        for one in dict.fromkeys((id(held), id(several))):
            looked_at = held if one == id(held) else several
            if looked_at is function:
                continue
            try:
                return held, _checked(looked_at, wrt, world, followed)
            except UnsupportedError:
                pass
        raise refused from None


def _with_numbers_held(function: Function, wrt: frozenset[str], world: World, supply: NameSupply) -> Function:
    """The function with ``k = SETTING.k`` before a statement that reads it, where the call changes it later."""
    changes = Changes()
    _note_changes(function, world, changes, set(), {})
    check = _Check(function, activity(function, wrt), world, changes, {}, {})
    renamed: dict[str, Expr] = {}

    def named(path: Expr, known: Type) -> Name:
        while isinstance(path, Subscript):
            path = path.value
        wish = path.attr if isinstance(path, Attribute) else path.id if isinstance(path, Global | Name) else "held"
        return Name(supply.fresh(wish.lower()), known)

    def hold(stmt: Stmt) -> list[Stmt]:
        made: dict[Expr, Name] = {}

        def exchange(expr: Expr) -> Expr:
            if is_outside(expr) and type_of(expr).is_immutable_scalar and any(map(check.changes_root, _parts(expr))):
                if expr not in made:
                    made[expr] = named(expr, type_of(expr))
                return made[expr]
            return rebuild(expr, exchange)

        if isinstance(stmt, While | For):
            return [stmt]
        if not check.computes(stmt):
            match stmt:
                case Assign(target=Name(temporary=True, type=known) as target) if known.is_immutable_scalar:
                    changed = next(filter(check.changes_root, _parts(stmt.value)), None)
                    if changed is not None:
                        renamed[target.id] = named(changed, known)
            return [stmt]
        done = map_statement(stmt, exchange)
        return [*(Assign(name, path, getattr(stmt, "span", None)) for path, name in made.items()), done]

    def within(block: Block) -> Block:
        done = [one for stmt in block for one in hold(stmt)]
        return tuple(map_blocks(stmt, within) for stmt in done)

    body = within(function.body) if changes else function.body
    return with_body(function, map_block(body, lambda expr: substitute(expr, renamed)) if renamed else body)


def _checked(function: Function, wrt: frozenset[str], world: World, followed: Followed) -> Changes:
    changes = Changes()
    _note_changes(function, world, changes, set(), {})
    if followed.is_changed(changes):
        world.refuse.functions_changed(function.body[0])
    _Check(function, activity(function, wrt), world, changes, {}, {}).check(True)
    return changes


class _Check:
    """``held``: parameters that are given globals, or parts of them; ``texts``: those that are given texts in which a
    value that is differentiated is written."""

    def __init__(
        self,
        function: Function,
        facts: Activity,
        world: World,
        changes: Changes,
        seen: dict[tuple[int, frozenset[str]], _Check | None],
        held: Mapping[str, object],
        texts: frozenset[str] = frozenset(),
    ) -> None:
        self.function, self.facts, self.world, self.changes, self.seen = function, facts, world, changes, seen
        self.aliases = aliases_of(function, world, held)
        for name in self.numbers_read():
            self.aliases.pop(name, None)
        self.wholes = wholes_of(function)
        written = frozenset().union(*map(self.written_later, statements(function.body)))
        self.written = with_parts(function, written) if written else written
        self.checked = False
        self.texts = Texts(function, facts, texts, world.lookup, self.returns_text)

    def check(self, whole: bool) -> None:
        """``whole``: the structures are gone from the program, so that an object that is left is not known."""
        self.checked = True
        late = self.read_late() if self.changes else {}
        for stmt in statements(self.function.body):
            varied = self.facts.varied_before[id(stmt)]
            if self.changes and self.computes(stmt):
                for expr in (*expressions(stmt), *targets(stmt)):
                    for name in _parts(expr):
                        if isinstance(name, Name) and name.id in late:
                            self.world.refuse.read_late(stmt, late[name.id])
                        if self.changes_root(name):
                            self.world.refuse.read_late(stmt, _shown(name))
            self.held_in_an_object(stmt, varied)
            self.iterated(stmt)
            self.beside_a_list(stmt, varied, whole)
            if self.texts.reads_back(stmt) and not self.is_followed(stmt):
                self.world.refuse.text(stmt)
            if any(is_field(place) and not self.is_dict_outside(place) for place in targets(stmt)):
                self.world.refuse.write(stmt)
            place = self.outside_target(stmt)
            if place is not None and flows_from(stmt) & (varied | self.written):
                self.world.refuse.leaves(stmt, _shown(place))
            for expr in expressions(stmt):
                for call in calls(expr):
                    self.call(stmt, call, varied | self.written, whole)

    def is_dict_outside(self, place: Expr) -> bool:
        """Whether a place is an item of what is no array now, and can become none unseen."""
        whole = whole_of(place)
        return whole is not None and is_outside(whole) and isinstance(self.world.lookup(whole), dict | list)

    def written_later(self, stmt: Stmt) -> frozenset[str]:
        """The arrays into which a statement writes what is varied: they may have been put away before."""
        flow = flows(stmt)
        return flow.kept if flow.sources & self.facts.varied_before[id(stmt)] else frozenset()

    # ------------------------------------------------------------ what is read late
    def numbers_read(self) -> set[str]:
        """Names of numbers that were read from attributes outside which the call leaves alone."""
        found: dict[str, bool] = {}
        for stmt in statements(self.function.body):
            for target in targets(stmt):
                if isinstance(target, Name) and target.id in self.aliases:
                    path = stmt.value if isinstance(stmt, Assign) and is_path(stmt.value) else None
                    number = path is not None and isinstance(
                        self.world.lookup(path), int | float | complex | np.generic
                    )
                    stays = number and path is not None and not self.changes_root(path)
                    found[target.id] = found.get(target.id, True) and stays
                    if stays and path is not None:
                        self.changes.numbers[self.function.home, dotted(path)] = None
        return {name for name, stays in found.items() if stays}

    def computes(self, stmt: Stmt) -> bool:
        """Whether a derivative passes through a statement or through one in it."""
        if isinstance(stmt, (If, For, While)):
            return any(map(self.computes, (*stmt.body, *stmt.orelse)))
        flow, varied = flows(stmt), self.facts.varied_before[id(stmt)]
        return bool(flow.sources & varied and flow.bound | flow.kept) or not varied.isdisjoint(flow.kept)

    def changes_root(self, part: Expr) -> bool:
        """Whether a global or a name of one may be changed by the call."""
        if self.binds_anew(part):
            return True
        if self.changes and is_path(part):
            owners = [part.value] if isinstance(part, Attribute) else []
            self.changes.read |= {(self.function.home, dotted(one)): None for one in (part, *owners)}
        if isinstance(part, Attribute):
            owner = self.world.lookup(part.value)
            of_class = isinstance(owner, ModuleType | FunctionType | type) or part.attr not in getattr(
                owner, "__dict__", ()
            )
            if of_class and part.attr in self.changes.names:
                return True
            found = self.world.lookup(part)
            if of_class and is_data(found):
                return self.changes.meet(found)
            anew = any(one is owner and attr == part.attr for one, attr in self.changes.attributes)
            if anew or (is_data(owner) and meet(owner, self.changes.objects)):
                return True
            return self.changes_root(part.value) if isinstance(part.value, Attribute) else self.binds_anew(part.value)
        found = self.world.lookup(part) if isinstance(part, Global) else self.aliases.get(getattr(part, "id", ""))
        return found is not None and is_data(found) and self.changes.meet(found)

    def binds_anew(self, part: Expr) -> bool:
        return isinstance(part, Global) and part.id in self.changes.names

    def read_late(self) -> dict[str, str]:
        """Temporaries, and names of parts of globals, that stand for what the call changes; how each is shown."""
        late: dict[str, str] = {}
        for _ in range(2):  # a temporary may be read before it is made in a loop
            for stmt in statements(self.function.body):
                if isinstance(stmt, Assign) and isinstance(stmt.target, Name):
                    shown = [late.get(getattr(one, "id", "")) for one in _parts(stmt.value)]
                    changed = next(filter(self.changes_root, _parts(stmt.value)), None)
                    number = stmt.target.type.is_immutable_scalar
                    part = isinstance(stmt.value, Global | Subscript | Attribute) and not number
                    if changed is not None and (stmt.target.temporary or part):
                        late[stmt.target.id] = _shown(changed)
                    elif stmt.target.temporary and (known := next(filter(None, shown), None)) is not None:
                        late[stmt.target.id] = known
        return late

    # ------------------------------------------------------------ what leaves
    def held_in_an_object(self, stmt: Stmt, varied: frozenset[str]) -> None:
        """Refuses a value that comes out of an object which is not known, or of a set."""
        if isinstance(stmt, Assign) and not flows(stmt).bound.isdisjoint(self.facts.useful_after[id(stmt)]):
            told = isinstance(stmt.value, Call) and self.texts.writes_text(stmt.value)
            for name in () if told else through(stmt.value):
                if name.type.kind == "other" and name.id in varied:
                    self.world.refuse.value(stmt, stmt.value)
        for expr in expressions(stmt):
            for found in sets_in(expr):
                if varied.intersection(found.reads):
                    self.world.refuse.value(stmt, found)
            for display in containers_in(expr):
                if any(name.id in varied for name in through(display)):
                    self.world.refuse.value(stmt, display)

    def iterated(self, stmt: Stmt) -> None:
        """Refuses a loop over what has no items by index, or others than a loop takes."""
        match stmt:
            case Assign(value=Apply(op="len", args=(Name() as sequence,), spelling="")) if not stmt.ours:
                if sequence.type.kind in ("other", "unknown") and isinstance(sequence.type.value, type):
                    self.world.refuse.iterated(stmt, sequence, sequence.type.value)

    def beside_a_list(self, stmt: Stmt, varied: frozenset[str], whole: bool) -> None:
        """Refuses arithmetic with a list that is not known to be an array by then: it may be repeated or joined. Those
        of several items in a callee are settled where its own program is made."""
        for operation in (part for expr in expressions(stmt) for part in operations(expr)):
            lists = [arg for arg in operation.args if type_of(arg).kind == "list"]
            if not whole and all(len(type_of(arg).items or ()) > 1 for arg in lists):
                continue
            others = [arg for arg in operation.args if type_of(arg).kind != "list"]
            moves = any(name.id in varied for arg in others for name in through(arg))
            if operation.op in ARITHMETIC and lists and moves:
                self.world.refuse.list_operand(stmt)

    def is_followed(self, stmt: Stmt) -> bool:
        """Whether a statement calls a function of the user's, which is looked into."""
        value = getattr(stmt, "value", None)
        return isinstance(value, Call) and self.world.callee(value) is not None

    def outside_target(self, stmt: Stmt) -> Expr | None:
        """The global, the name of a part of one or the object that is not known that a statement writes into."""
        updated = [place for place in map(inplace_target, expressions(stmt)) if place is not None]
        for target in (*targets(stmt), *updated):
            for item in target.items if isinstance(target, Tuple) else (target,):
                root = root_of(item)
                if isinstance(root, Global) or (
                    isinstance(root, Name) and root is not item and root.type.kind == "other"
                ):
                    return root
        return next((Name(name) for name in writes(stmt) if name in self.aliases), None)

    def within(self, inner: Callee, moves: Callable[[Expr], bool], tells: Callable[[Expr], bool]) -> _Check | None:
        """The check of a function that is called; None where it is being made."""
        wrt = frozenset(name for name, value in inner.given.items() if moves(value))
        texts = frozenset(name for name, value in inner.given.items() if tells(value))
        key = (id(inner.function.home), wrt | texts)
        if key not in self.seen:
            self.seen[key] = None
            facts, held = activity(inner.function, wrt), held_by(inner, self.world, self.aliases)
            self.seen[key] = _Check(inner.function, facts, inner.world, self.changes, self.seen, held, texts)
        return self.seen[key]

    def returns_text(self, call: Call, moves: Callable[[Expr], bool], tells: Callable[[Expr], bool]) -> bool:
        """Whether a function of the user's returns a text in which what it is given is written."""
        if not any(moves(arg) or tells(arg) for arg in call.arguments):
            return False
        inner = self.world.callee(call)
        within = None if inner is None else self.within(inner, moves, tells)
        return within is not None and returns_text(within.function, within.texts)

    def call(self, stmt: Stmt, call: Call, varied: frozenset[str], whole: bool) -> None:

        def moves(expr: Expr) -> bool:
            return any(name.id in varied for name in through(expr))

        def tells(expr: Expr) -> bool:
            return self.texts.told(expr, stmt)

        if not any(moves(arg) or tells(arg) for arg in call.arguments):
            return
        inner = self.world.callee(call)
        if inner is not None:
            within = self.within(inner, moves, tells)
            if within is not None and not within.checked:
                within.check(False)
            return
        if not any(map(moves, call.arguments)):
            return
        owner = call.function.value if isinstance(call.function, Attribute) else None
        root = None if owner is None else root_of(owner)
        if isinstance(root, Const):
            return  # a method of a string
        if isinstance(call.function, Name) and call.function.id in self.aliases:
            self.world.refuse.leaves(stmt, _shown(call.function))
        if isinstance(root, Name) and root.id not in self.aliases:
            useful = self.facts.useful_after[id(stmt)]
            if whole and keeps_what_it_is_given(call) and not useful.isdisjoint(self.wholes.get(root.id, {root.id})):
                self.world.refuse.leaves(stmt, _shown(root))
            return
        found = self.world.lookup(call.function)
        if changes_its_first(found) and call.args and type_of(call.args[0]).kind != "array":
            self.world.refuse.leaves(stmt, _shown(call.function))
        if op_of(found) is not None or changes_nothing(found):
            return  # a function with a rule, which does not know this form of call, or one of NumPy's without
        holder: object = found
        if isinstance(root, Name):
            holder = self.aliases[root.id]
        elif owner is not None and is_data(self.world.lookup(owner)):
            holder = self.world.lookup(owner)
        if is_data(holder):
            if type(holder).__module__.split(".")[0] not in HARMLESS_MODULES or type(holder) in (list, dict, set):
                self.world.refuse.leaves(stmt, _shown(call.function))
            return
        module = str(getattr(found, "__module__", None) or "").split(".")[0]
        if isinstance(found, type) or module in (*HARMLESS_MODULES, "numpy") or op_of(found) is not None:
            return
        for arg in call.arguments:
            kind = arg.type.kind if isinstance(arg, Name) else "list"
            if kind in ("list", "dict", "object", "other", "unknown") and not isinstance(arg, Apply):
                self.world.refuse.leaves(stmt, _shown(arg) if isinstance(arg, Name) else _shown(call.function))


# ---------------------------------------------------------------- what a call changes
def _note_changes(
    function: Function, world: World, changes: Changes, seen: set[int], held: Mapping[str, object]
) -> None:
    """Notes what a function changes outside itself, by whatever it calls."""
    if id(function.home) in seen:
        return
    seen.add(id(function.home))
    aliases = aliases_of(function, world, held)
    for default in (*(function.home.__defaults__ or ()), *(function.home.__kwdefaults__ or {}).values()):
        note_unseen(default, changes)  # functions that may be called

    def note(expr: Expr) -> None:
        root = root_outside(expr, world)
        found = aliases.get(root.id) if isinstance(root, Name) else world.lookup(root)
        if found is not None and is_data(found):
            changes.objects.append(found)
            named = {dotted(root)} if is_path(root) else globals_in(function.body)
            for name in sorted(named):
                if is_path(root) or world.lookup(Global(name)) is found:
                    changes.changed[function.home, name] = None

    items = items_outside(function, world, aliases)
    for stmt in statements(function.body):
        for target in targets(stmt):
            for item in target.items if isinstance(target, Tuple) else (target,):
                if not isinstance(item, Name) and getattr(root_of(item), "id", None) in items:
                    world.refuse.write(stmt)
                if isinstance(item, Global):
                    changes.names.add(item.id)
                elif isinstance(item, Attribute) and isinstance(
                    world.lookup(item.value), ModuleType | FunctionType | type
                ):
                    changes.names.add(item.attr)
                elif isinstance(item, Attribute) and isinstance(world.lookup(item.value), np.ndarray):
                    note(item.value)  # W.real
                elif isinstance(item, Attribute) and is_outside(item) and is_data(owner := world.lookup(item.value)):
                    changes.attributes.append((owner, item.attr))
                    root = item.value if is_path(item.value) else root_of(item.value)
                    changes.changed[function.home, dotted(root)] = None
                elif not isinstance(item, Name):
                    note(item)
        for name in writes(stmt):
            note(Name(name))
        if isinstance(stmt, Enter):
            note(stmt.context)
            note_named(stmt.context, function.home, world, changes)
        if isinstance(stmt, Raise) and stmt.exception is not None:
            note_named(stmt.exception, function.home, world, changes)  # a class: it is made
        for used in _used_by(stmt, world):
            found = aliases.get(used.id) if isinstance(used, Name) else world.lookup(used)
            if acts_unseen(found):
                world.refuse.acts(stmt, _shown(used), found)
        for expr in expressions(stmt):
            written = inplace_target(expr)
            if written is not None:
                note(written)
            for part in subexpressions(expr):
                operands = part.args if isinstance(part, Apply) else part.operands if isinstance(part, Compare) else ()
                for arg in operands:
                    if is_path(arg) and hasattr(type(world.lookup(arg)), "__next__"):
                        world.refuse.acts(stmt, _shown(arg), world.lookup(arg))  # it may be left out of the text
                taken = part.value if isinstance(part, Subscript) else None
                if taken is not None and hasattr(type(world.lookup(taken)), "__missing__"):
                    note(taken)  # a defaultdict makes what it is asked for
                if is_path(part) and root_outside(part, world) is part and is_data(world.lookup(part)):
                    changes.met[function.home, dotted(part)] = None
            for call in calls(expr):
                if gives_namespace(call, world):
                    world.refuse.namespace(stmt, call)
                _note_call(call, function.home, world, changes, seen, note, aliases)


def _note_call(
    call: Call,
    home: FunctionType,
    world: World,
    changes: Changes,
    seen: set[int],
    note: Callable[[Expr], None],
    aliases: Mapping[str, object],
) -> None:
    inner = world.callee(call)
    if inner is not None:
        _note_changes(inner.function, inner.world, changes, seen, held_by(inner, world, aliases))
        changed = changed_names(inner.function)
        own = aliases_within(inner.function)
        for parameter, arg in inner.given.items():
            if changed & own.get(parameter, {parameter}):
                note(arg)
        return
    if isinstance(call.function, Attribute):
        owner = world.lookup(call.function.value)
        only_reads = type(owner) in (dict, list, set, tuple) and call.function.attr in READING
        only_reads = only_reads or copied_array(call) is not None
        if (is_data(owner) and not only_reads) or isinstance(root_of(call.function), Name):
            note(call.function.value)
    if isinstance(call.function, Name):
        note(call.function)  # a method under a name of its own
    found = world.lookup(call.function)
    note_named(call.function, home, world, changes)
    module = str(getattr(found, "__module__", None) or "").split(".")[0]
    if module in (*HARMLESS_MODULES, "numpy") and not changes_its_first(found):
        return
    for arg in call.arguments:
        note(arg)


def note_named(named: Expr, home: FunctionType, world: World, changes: Changes) -> None:
    """Notes what calling or entering what has a name outside may change, if it is not looked into."""
    found = world.lookup(named)
    if note_unseen(found, changes) and isinstance(found, FunctionType | type) and is_path(named):
        changes.links[home, dotted(named)] = None


def note_unseen(found: object, changes: Changes) -> bool:
    """Notes what the code of an object's functions may change; whether there are any."""
    unseen = changed_unseen(found)
    changes.objects += unseen.objects
    changes.names |= unseen.names
    changes.changed |= unseen.named
    changes.met |= unseen.named
    changes.links |= unseen.links
    changes.classes |= unseen.classes
    return bool(unseen.functions)


def held_by(callee: Callee, world: World, aliases: Mapping[str, object]) -> dict[str, object]:
    """The parameters of a callee that are given globals, or parts of them."""
    found: dict[str, object] = {}
    for name, parameter_of in inspect.signature(callee.function.home).parameters.items():
        if name not in callee.given and is_data(parameter_of.default):
            found[name] = parameter_of.default
    for parameter, value in callee.given.items():
        root = root_outside(value, world)
        whole = aliases.get(root.id) if isinstance(root, Name) else world.lookup(root)
        if whole is not None and is_data(whole):
            found[parameter] = whole
    return found


def aliases_of(function: Function, world: World, held: Mapping[str, object]) -> dict[str, object]:
    """Names of parts of globals, each with the whole object."""
    found = dict(held)
    for _ in range(2):  # a name of a name may come first in a loop
        for stmt in statements(function.body):
            if isinstance(stmt, Assign) and isinstance(stmt.target, Name):
                if isinstance(stmt.value, Attribute | Subscript) and stmt.target.type.is_immutable_scalar:
                    continue  # a number is no part of what it was read from
                root = root_outside(hands_out(stmt.value, world) or stmt.value, world)
                whole = found.get(root.id) if isinstance(root, Name) else world.lookup(root)
                if whole is not None and is_data(whole):
                    found[stmt.target.id] = whole
    return found


def items_outside(function: Function, world: World, aliases: Mapping[str, object]) -> set[str]:
    """Names of items of lists that are made of those of containers outside: ``(LAYERS + LAYERS)[0]``."""

    def holds(expr: Expr) -> bool:
        found: Any = aliases.get(expr.id) if isinstance(expr, Name) else world.lookup(expr) if is_path(expr) else None
        items = found.values() if isinstance(found, dict) else found if isinstance(found, list | tuple | set) else ()
        return any(map(is_data, items))

    gathered: set[str] = set()
    items: set[str] = set()
    for _ in range(2):
        for stmt in statements(function.body):
            if not (isinstance(stmt, Assign) and isinstance(stmt.target, Name)):
                continue
            if isinstance(stmt.value, Apply):
                listed = stmt.value.op in GATHERING and type_of(stmt.value).kind not in ("array", "python", "numpy")
                inner = any(isinstance(arg, Name) and arg.id in gathered for arg in stmt.value.args)
                if listed and (inner or any(map(holds, stmt.value.args))):
                    gathered.add(stmt.target.id)
            elif isinstance(stmt.value, Name | Subscript):
                root = root_of(stmt.value)
                if isinstance(root, Name) and root.id in gathered | items:
                    (gathered if root is stmt.value and root.id in gathered else items).add(stmt.target.id)
    return items


def hands_out(value: Expr, world: World) -> Expr | None:
    """What a call gives a part of: ``obj`` of ``vars(obj)`` and of ``getattr(obj, name)``, ``d`` of ``d.get(key)``."""
    if not isinstance(value, Call) or world.callee(value) is not None:
        return None
    if world.lookup(value.function) in (vars, getattr):
        return value.args[0] if value.args else None
    if copied_array(value) is not None or not isinstance(value.function, Attribute):
        return None
    owner = value.function.value
    return None if isinstance(world.lookup(owner), np.random.Generator | np.random.RandomState) else owner


def copied_array(call: Call) -> Expr | None:
    """The array that a call gives a copy of, where it is no variable: an attribute of a global."""
    method = call.function
    copied = isinstance(method, Attribute) and method.attr == "copy" and type_of(method.value).kind == "array"
    return method.value if isinstance(method, Attribute) and copied else None


def gives_namespace(call: Call, world: World) -> bool:
    """Whether a call gives the variables of the module or of the function, to be read and bound by their names."""
    found = world.lookup(call.function)
    return found in (globals, locals) or (found is vars and not call.arguments)


def changes_its_first(found: object) -> bool:
    """Whether a function of Python's or NumPy's may change its first argument: ``setattr``, ``operator.setitem``,
    ``list.append``, ``np.add.at``."""
    name, module = getattr(found, "__name__", ""), getattr(found, "__module__", None)
    if isinstance(found, MethodDescriptorType | WrapperDescriptorType):
        return found.__objclass__ not in (*SIMPLE, tuple, frozenset, range) and name not in READING
    by_name = {"builtins": CHANGING_BUILTINS, "_operator": ASSIGNING}.get(module or "", frozenset())
    return name in by_name or is_write(found)


def wholes_of(function: Function) -> dict[str, set[str]]:
    """For each name that a part of something was given, or the result of a method of it, the names of that."""
    found: dict[str, set[str]] = {}
    for _ in range(2):
        for stmt in statements(function.body):
            if isinstance(stmt, Assign) and isinstance(stmt.target, Name):
                root = root_of(stmt.value.function if isinstance(stmt.value, Call) else stmt.value)
                if isinstance(root, Name) and not root.type.is_number:
                    found.setdefault(stmt.target.id, {stmt.target.id}).update({root.id}, found.get(root.id, ()))
    return found


def with_parts(function: Function, names: frozenset[str]) -> frozenset[str]:
    """Arrays, and whatever names their parts, and what they are parts of, have."""
    pairs = [
        (stmt.target.id, whole.id)
        for stmt in statements(function.body)
        if isinstance(stmt, Assign) and isinstance(stmt.target, Name) and (whole := base(stmt.value)) is not None
    ]
    while more := {one for pair in pairs if not names.isdisjoint(pair) for one in pair} - names:
        names |= more
    return names


def changed_names(function: Function) -> set[str]:
    """The variables of a function whose content it changes, or that a method changes which is not known."""
    found = {name for stmt in statements(function.body) for name in writes(stmt)}
    for stmt in statements(function.body):
        for expr in expressions(stmt):
            for call in calls(expr):
                root = root_of(call.function)
                if isinstance(call.function, Attribute) and isinstance(root, Name) and keeps_what_it_is_given(call):
                    found.add(root.id)
    return found


def has_data(found: object) -> bool:
    """Whether something is a module, class or function of the user's, whose attributes are data of their own."""
    return isinstance(found, FunctionType) or is_namespace(found)


def root_outside(expr: Expr, world: World) -> Expr:
    """What an expression is a part of: ``a`` of ``a.b[i]``, ``here.a`` of ``here.a.b[i]`` of a module or a class."""
    root = expr
    while (whole := whole_of(root)) is not None:
        root = whole
    while root is not expr and ((found := world.lookup(root)) is not None and has_data(found)):
        inner = expr
        while whole_of(inner) is not root:
            inner = whole_of(inner) or root
        root = inner
    return root


def aliases_within(function: Function) -> dict[str, set[str]]:
    """For each parameter the names of its parts, itself included."""
    groups = {parameter.name: {parameter.name} for parameter in function.parameters}
    for _ in range(2):
        for stmt in statements(function.body):
            if isinstance(stmt, Assign) and isinstance(stmt.target, Name):
                root = root_of(stmt.value)
                for names in groups.values():
                    if isinstance(root, Name) and root.id in names:
                        names.add(stmt.target.id)
    return groups


# ---------------------------------------------------------------- expressions and objects
def _used_by(stmt: Stmt, world: World) -> Iterator[Expr]:
    """What a statement shows, measures, tests or runs through: names of the whole, not of parts and of methods."""
    if not (isinstance(stmt, Assign) and isinstance(stmt.target, Name) and isinstance(stmt.value, Name | Global)):
        for expr in expressions(stmt):
            yield from _used(expr, world)


def _used(expr: Expr, world: World) -> Iterator[Expr]:
    match expr:
        case Name() | Global():
            yield expr
        case Attribute(value=owner):
            if is_path(expr):  # one that is not there is asked of __getattr__
                yield expr if world.lookup(expr) is not None else owner
            elif not isinstance(owner, Name):
                yield from _used(owner, world)
        case Subscript(value=owner, index=index):
            yield from _used(index, world)
            if not isinstance(owner, Name) and not is_path(owner):
                yield from _used(owner, world)
        case Call():
            for arg in expr.arguments if world.callee(expr) is None else ():
                yield from _used(arg, world)
        case Verbatim(tree=tree):
            yield from (Global(node.id) for node in gast.walk(tree) if isinstance(node, gast.Name))
        case _:
            for child in children(expr):
                yield from _used(child, world)


def _parts(expr: Expr) -> Iterator[Expr]:
    """The names, globals and attributes of globals that an expression reads, the functions that it calls left out."""
    if isinstance(expr, Attribute) and is_path(expr):
        yield expr
        return
    if isinstance(expr, (Name, Global)):
        yield expr
    for child in children(expr):
        if not (isinstance(expr, Call) and child is expr.function):
            yield from _parts(child)


def sets_in(expr: Expr) -> Iterator[Verbatim]:
    """The set comprehensions in an expression, those left out of which no more than the length is asked for."""
    if isinstance(expr, Verbatim) and isinstance(expr.tree, gast.SetComp):
        yield expr
    if not (isinstance(expr, Apply) and rule_of(expr.op).kind == "constant"):
        for child in children(expr):
            yield from sets_in(child)


def is_field(place: Expr) -> bool:
    """Whether a place is a field of an array of records, of which one record is a view: ``r[0]["mass"]``."""
    match place:
        case Subscript(value=value, index=Const(value=str())):
            return type_of(value).kind not in ("dict", "object", "other")
    return False


def containers_in(expr: Expr) -> Iterator[Expr]:
    """The tuples and lists of which Python's ``max`` and ``min`` give one, or ``reversed`` the items."""
    if isinstance(expr, Apply) and expr.op in ("max_of", "min_of", "reversed"):
        yield from (arg for arg in expr.args if expr.op == "reversed" or type_of(arg).kind in ("tuple", "list"))
    for child in children(expr):
        yield from containers_in(child)


def flows_from(stmt: Stmt) -> frozenset[str]:
    value = getattr(stmt, "value", None)
    return frozenset() if value is None else frozenset(name.id for name in through(value))


def keeps_what_it_is_given(call: Call) -> bool:
    """Whether a method of something that is not known may put its arguments away; those of arrays do not."""
    assert isinstance(call.function, Attribute)
    return not hasattr(np.ndarray, call.function.attr) or call.function.attr == "put"


def _shown(expr: Expr) -> str:
    match expr:
        case Name(id=name) | Global(id=name):
            return "this object" if name.startswith("_t") else name
        case Attribute(value=value, attr=attr):
            return f"{_shown(value)}.{attr}"
    return "this object"
