"""What a function and the world outside it do to each other: globals, captured objects, objects that are not known.

Writes to them happen once, in the forward sweep, as in the primal. Two things would go wrong unseen and are refused: a
value that is differentiated which is put where it can be read apart from its variable, and a computation that reads
what the call changes, which the backward sweep would read as it is by then.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from types import FunctionType, MethodDescriptorType, WrapperDescriptorType

import gast
import numpy as np

from backprose.analyse.activity import Activity, activity
from backprose.analyse.dependence import flows, through
from backprose.analyse.effects import is_write
from backprose.analyse.expressions import dotted
from backprose.analyse.types import type_of
from backprose.differentiate.refuse import Refuse
from backprose.differentiate.texts import Texts, returns_text
from backprose.errors import UnsupportedError
from backprose.ir.names import NameSupply
from backprose.ir.nodes import (
    Apply,
    Assign,
    Attribute,
    Call,
    Const,
    Expr,
    For,
    Function,
    Global,
    If,
    Name,
    Stmt,
    Subscript,
    Tuple,
    Verbatim,
    While,
    children,
)
from backprose.ir.shared import SIMPLE, is_data, meet
from backprose.ir.walk import (
    base,
    calls,
    expressions,
    globals_in,
    inplace_target,
    is_outside,
    is_path,
    operations,
    root_of,
    statements,
    subexpressions,
    targets,
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
) -> Changes:
    """Refuses what would go wrong unseen in a typed function whose parameters ``wrt`` are differentiated.

    Returns what the function changes outside. A name of a global that is bound anew to something else may
    be written: it is looked at again with a name for each.
    """
    try:
        return _checked(function, wrt, world, followed)
    except UnsupportedError as refused:
        several = split_webs(function, aliases_of(function, world, {}), supply.copy())
        if several is function:
            raise
        try:
            return _checked(several, wrt, world, followed)
        except UnsupportedError:
            raise refused from None


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
            if any(map(is_field, targets(stmt))):
                self.world.refuse.write(stmt)
            place = self.outside_target(stmt)
            if place is not None and flows_from(stmt) & (varied | self.written):
                self.world.refuse.leaves(stmt, _shown(place))
            for expr in expressions(stmt):
                for call in calls(expr):
                    self.call(stmt, call, varied | self.written, whole)

    def written_later(self, stmt: Stmt) -> frozenset[str]:
        """The arrays into which a statement writes what is varied: they may have been put away before."""
        flow = flows(stmt)
        return flow.kept if flow.sources & self.facts.varied_before[id(stmt)] else frozenset()

    # ------------------------------------------------------------ what is read late
    def computes(self, stmt: Stmt) -> bool:
        """Whether a derivative passes through a statement or through one in it."""
        if isinstance(stmt, (If, For, While)):
            return any(map(self.computes, (*stmt.body, *stmt.orelse)))
        flow = flows(stmt)
        return bool(flow.sources & self.facts.varied_before[id(stmt)]) and bool(flow.bound | flow.kept)

    def changes_root(self, part: Expr) -> bool:
        """Whether a global or a name of one may be changed by the call."""
        if self.binds_anew(part):
            return True
        if self.changes and is_path(part):
            owners = [part.value] if isinstance(part, Attribute) else []
            self.changes.read |= {(self.function.home, dotted(one)): None for one in (part, *owners)}
        if isinstance(part, Attribute):
            owner = self.world.lookup(part.value)
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
        for stmt in statements(self.function.body):
            if isinstance(stmt, Assign) and isinstance(stmt.target, Name):
                changed = next(filter(self.changes_root, _parts(stmt.value)), None)
                part = isinstance(stmt.value, Global | Subscript | Attribute)
                if changed is not None and (stmt.target.temporary or part):
                    late[stmt.target.id] = _shown(changed)
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
        if op_of(found) is not None:
            return  # a function with a rule, which does not know this form of call
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

    def note(expr: Expr) -> None:
        root = root_of(expr)
        found = world.lookup(root) if isinstance(root, Global) else aliases.get(getattr(root, "id", ""))
        if found is not None and is_data(found):
            changes.objects.append(found)
            named = {root.id} if isinstance(root, Global) else globals_in(function.body)
            for name in sorted(named):
                if world.lookup(Global(name)) is found:
                    changes.changed[function.home, name] = None

    for stmt in statements(function.body):
        for target in targets(stmt):
            for item in target.items if isinstance(target, Tuple) else (target,):
                if isinstance(item, Global):
                    changes.names.add(item.id)
                elif isinstance(item, Attribute) and is_outside(item) and is_data(owner := world.lookup(item.value)):
                    changes.attributes.append((owner, item.attr))
                    root = item.value if is_path(item.value) else root_of(item.value)
                    changes.changed[function.home, dotted(root)] = None
                elif not isinstance(item, Name):
                    note(item)
        for name in writes(stmt):
            note(Name(name))
        for expr in expressions(stmt):
            written = inplace_target(expr)
            if written is not None:
                note(written)
            for part in subexpressions(expr):
                taken = part.value if isinstance(part, Subscript) else None
                if taken is not None and hasattr(type(world.lookup(taken)), "__missing__"):
                    note(taken)  # a defaultdict makes what it is asked for
            for call in calls(expr):
                if is_namespace(call, world):
                    world.refuse.namespace(stmt, call)
                _note_call(call, world, changes, seen, note, aliases)


def _note_call(
    call: Call,
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
    module = str(getattr(found, "__module__", None) or "").split(".")[0]
    if module in (*HARMLESS_MODULES, "numpy") and not changes_its_first(found):
        return
    for arg in call.arguments:
        note(arg)


def held_by(callee: Callee, world: World, aliases: Mapping[str, object]) -> dict[str, object]:
    """The parameters of a callee that are given globals, or parts of them."""
    found: dict[str, object] = {}
    for parameter, value in callee.given.items():
        root = root_of(value)
        whole = world.lookup(root) if isinstance(root, Global) else aliases.get(getattr(root, "id", ""))
        if whole is not None and is_data(whole):
            found[parameter] = whole
    return found


def aliases_of(function: Function, world: World, held: Mapping[str, object]) -> dict[str, object]:
    """Names of parts of globals, each with the whole object."""
    found = dict(held)
    for _ in range(2):  # a name of a name may come first in a loop
        for stmt in statements(function.body):
            if isinstance(stmt, Assign) and isinstance(stmt.target, Name):
                if isinstance(stmt.value, Attribute) and stmt.target.type.is_immutable_scalar:
                    continue  # a number is no part of what it was read from
                root = root_of(hands_out(stmt.value, world) or stmt.value)
                whole = world.lookup(root) if isinstance(root, Global) else found.get(getattr(root, "id", ""))
                if whole is not None and is_data(whole):
                    found[stmt.target.id] = whole
    return found


def hands_out(value: Expr, world: World) -> Expr | None:
    """What a call gives a part of: ``obj`` of ``vars(obj)`` and of ``getattr(obj, name)``, ``d`` of ``d.get(key)``."""
    if not isinstance(value, Call) or world.callee(value) is not None:
        return None
    if world.lookup(value.function) in (vars, getattr):
        return value.args[0] if value.args else None
    if copied_array(value) is not None:
        return None
    return value.function.value if isinstance(value.function, Attribute) else None


def copied_array(call: Call) -> Expr | None:
    """The array that a call gives a copy of, where it is no variable: an attribute of a global."""
    method = call.function
    copied = isinstance(method, Attribute) and method.attr == "copy" and type_of(method.value).kind == "array"
    return method.value if isinstance(method, Attribute) and copied else None


def is_namespace(call: Call, world: World) -> bool:
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
