"""What a call changes outside itself: objects and names that it writes to, by whatever it calls, seen or not."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from types import FunctionType, MethodDescriptorType, ModuleType, WrapperDescriptorType
from typing import Any

import gast
import numpy as np

from backprose.analyse.effects import is_write
from backprose.analyse.expressions import dotted
from backprose.analyse.types import type_of
from backprose.differentiate.refuse import Refuse
from backprose.differentiate.unseen import Unseen, acts_unseen, changed_unseen
from backprose.ir.nodes import (
    Apply,
    Assign,
    Attribute,
    Call,
    Compare,
    Const,
    Enter,
    Expr,
    Function,
    Global,
    Name,
    Raise,
    Stmt,
    Subscript,
    Tuple,
    Verbatim,
    children,
)
from backprose.ir.shared import SIMPLE, held_in, is_data, is_namespace, meet, reached
from backprose.ir.values import is_sparse
from backprose.ir.walk import (
    bound,
    calls,
    expressions,
    globals_in,
    inplace_target,
    is_outside,
    is_path,
    names,
    root_of,
    statements,
    subexpressions,
    targets,
    whole_of,
    writes,
)
from backprose.rules.registry import is_owner

# what these modules are given they only look at
HARMLESS_MODULES = frozenset({"builtins", "warnings", "logging", "math", "time", "operator", "_operator", "io", "_io"})
CHANGING_BUILTINS = frozenset({"next", "setattr", "delattr", "exec", "eval"})
# functions of ``operator`` that are assignments
ASSIGNING = frozenset(
    "setitem delitem iadd iand iconcat ifloordiv ilshift imatmul imod imul ior ipow irshift isub itruediv ixor".split()
)
# what makes a list or tuple of the items of others
GATHERING = frozenset({"list", "tuple", "reversed", "sorted", "add", "multiply", "copy"})
RANDOM = (np.random.Generator, np.random.RandomState)
READING = frozenset("get items keys values copy index count __getitem__ __len__ __contains__ __getattribute__".split())
READING_OF_SPARSE = frozenset(
    "copy count_nonzero diagonal dot max mean min multiply nonzero sum toarray tobsr tocoo tocsc tocsr todense todia"
    " todok tolil trace transpose".split()
)


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
        """Whether anything of an object is changed, or of what the functions of its class read."""
        return meet([found, *read_by(found).found], [*self.objects, *(owner for owner, _ in self.attributes)])


@dataclass(frozen=True)
class Followed:
    """Where the functions were found that are carried out in place: ``holders`` are containers and objects outside,
    ``links`` attributes of these, ``names`` globals; ``constants``: attributes of classes of which the text has the
    values."""

    holders: Collection[object] = ()
    links: Collection[tuple[object, str]] = ()
    names: Collection[str] = ()
    constants: Collection[tuple[object, str]] = ()

    def is_changed(self, changes: Changes) -> bool:
        anew = any(owner is other and attr == name for owner, attr in self.links for other, name in changes.attributes)
        names = {*self.names, *(attr for _, attr in self.constants)}
        return anew or not changes.names.isdisjoint(names) or any(meet(one, changes.objects) for one in self.holders)


NOTHING = Followed()


def note_changes(
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
    spaces = spaces_of(function, world.lookup)
    for stmt in statements(function.body):
        changes.names |= bound_in_spaces(stmt, spaces, world.lookup)
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
        for used in used_by(stmt, world):
            found = aliases.get(used.id) if isinstance(used, Name) else world.lookup(used)
            if acts_unseen(found):
                world.refuse.acts(stmt, shown(used), found)
        for expr in expressions(stmt):
            written = inplace_target(expr)
            if written is not None:
                note(written)
            for part in subexpressions(expr):
                operands = part.args if isinstance(part, Apply) else part.operands if isinstance(part, Compare) else ()
                for arg in operands:
                    if is_path(arg) and hasattr(type(world.lookup(arg)), "__next__"):
                        world.refuse.acts(stmt, shown(arg), world.lookup(arg))  # it may be left out of the text
                taken = part.value if isinstance(part, Subscript) else None
                if taken is not None and hasattr(type(world.lookup(taken)), "__missing__"):
                    note(taken)  # a defaultdict makes what it is asked for
                if is_path(part) and root_outside(part, world) is part and is_data(found := world.lookup(part)):
                    changes.met[function.home, dotted(part)] = None
                    unseen = read_by(found)
                    changes.met |= {**unseen.named, **unseen.read}
                    changes.classes |= unseen.classes
                if isinstance(part, Attribute) and is_path(part):
                    for computing in computed_by(world.lookup(part.value), part.attr):
                        note_unseen(computing, changes)
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
        note_changes(inner.function, inner.world, changes, seen, held_by(inner, world, aliases))
        changed = changed_names(inner.function)
        own = aliases_within(inner.function)
        for parameter, arg in inner.given.items():
            if changed & own.get(parameter, {parameter}):
                note(arg)
        return
    if isinstance(call.function, Attribute):
        owner = world.lookup(call.function.value)
        reads = only_reads(owner, call.function.attr) or copied_array(call) is not None
        if (is_data(owner) and not reads) or isinstance(root_of(call.function), Name):
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
    changes.met |= {**unseen.named, **unseen.read}
    changes.links |= unseen.links
    changes.classes |= unseen.classes
    return bool(unseen.functions)


def read_by(found: object) -> Unseen:
    """What the functions read of the classes of an object outside and of what it holds: properties, ``__iter__``."""
    read = Unseen()
    for cls in {type(one): None for one in (reached([found]) or {id(found): found}).values()}:
        if is_namespace(cls):
            one = changed_unseen(cls)
            read.named |= one.named
            read.read |= one.read
            read.classes |= one.classes
            read.found += [*one.found, *one.objects]
    return read


def computed_by(owner: object, attr: str) -> Iterator[object]:
    """The functions that compute an attribute of something outside: of properties, ``__getattr__``."""
    if owner is None or isinstance(owner, ModuleType):
        return
    made = inspect.getattr_static(owner, attr, None)
    if isinstance(made, property) and made.fget is not None:
        yield made.fget
    elif made is None:
        yield from filter(None, (inspect.getattr_static(type(owner), "__getattr__", None),))


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
    assigned = [stmt for stmt in statements(function.body) if isinstance(stmt, Assign) and bound(stmt.target)]

    def named() -> None:
        for stmt in assigned:
            root = root_outside(hands_out(stmt.value, world) or stmt.value, world)
            whole = found.get(root.id) if isinstance(root, Name) else world.lookup(root)
            if isinstance(stmt.value, Call) and not is_data(whole) and world.callee(stmt.value) is None:
                called = world.lookup(stmt.value.function)
                holder = getattr(called, "__self__", called)
                holds = [] if isinstance(holder, RANDOM) or is_owner(holder) else held_in(called)
                whole = [*changed_unseen(called).found, *filter(is_data, holds)] or None
            if whole is not None and is_data(whole):
                parts = isinstance(stmt.target, Tuple) or isinstance(stmt.value, Attribute | Subscript | Call)
                whole_of = {one.id: whole for one in names(stmt.target) if not (parts and one.type.is_immutable_scalar)}
                found.update(whole_of)  # a number is no part of what it was read from

    named()
    if found:
        named()  # a name of a name may come first in a loop
    return found


def items_outside(function: Function, world: World, aliases: Mapping[str, object]) -> set[str]:
    """Names of items of lists that are made of those of containers outside: ``(LAYERS + LAYERS)[0]``."""

    def holds(expr: Expr) -> bool:
        found: Any = aliases.get(expr.id) if isinstance(expr, Name) else world.lookup(expr) if is_path(expr) else None
        items = found.values() if isinstance(found, dict) else found if isinstance(found, list | tuple | set) else ()
        return any(map(is_data, items))

    gathered: set[str] = set()
    items: set[str] = set()
    assigned = [
        stmt for stmt in statements(function.body) if isinstance(stmt, Assign) and isinstance(stmt.target, Name)
    ]

    def gather() -> None:
        for stmt in assigned:
            assert isinstance(stmt.target, Name)
            if isinstance(stmt.value, Apply):
                listed = stmt.value.op in GATHERING and type_of(stmt.value).kind not in ("array", "python", "numpy")
                inner = any(isinstance(arg, Name) and arg.id in gathered for arg in stmt.value.args)
                if listed and (inner or any(map(holds, stmt.value.args))):
                    gathered.add(stmt.target.id)
            elif isinstance(stmt.value, Name | Subscript):
                root = root_of(stmt.value)
                if isinstance(root, Name) and root.id in gathered | items:
                    (gathered if root is stmt.value and root.id in gathered else items).add(stmt.target.id)

    gather()
    if gathered:
        gather()
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
    found = world.lookup(owner)
    return None if isinstance(found, RANDOM) or is_owner(found) else owner


def copied_array(call: Call) -> Expr | None:
    """The array that a call gives a copy of, where it is no variable: an attribute of a global."""
    method = call.function
    copied = isinstance(method, Attribute) and method.attr == "copy" and type_of(method.value).kind == "array"
    return method.value if isinstance(method, Attribute) and copied else None


def gives_namespace(call: Call, world: World) -> bool:
    """Whether a call gives the variables of the module or of the function, to be read and bound by their names."""
    found = world.lookup(call.function)
    return found in (globals, locals) or (found is vars and not call.arguments)


def bound_in_spaces(stmt: Stmt, spaces: Mapping[str, object], lookup: Callable[[Expr], object]) -> set[str]:
    """The variables of modules, classes and functions of the user's that a statement binds by other ways than
    ``module.name = ...``: ``setattr``, ``vars(module)``. All of them, where it is not known which."""
    found: set[str] = set()
    for target in targets(stmt):
        for item in target.items if isinstance(target, Tuple) else (target,):
            if isinstance(item, Subscript) and (space := space_of(item.value, spaces, lookup)) is not None:
                found |= _named_by(item.index, space)
    for expr in expressions(stmt):
        for call in calls(expr):
            if call.args and changes_its_first(lookup(call.function)) and has_data(lookup(call.args[0])):
                found |= _named_by(call.args[1] if len(call.args) > 1 else None, lookup(call.args[0]))
            if isinstance(call.function, Attribute) and call.function.attr not in READING:
                space = space_of(call.function.value, spaces, lookup)
                if space is not None:
                    found |= {*vars(space), *(name for name, _ in call.keywords)}
    return found


def spaces_of(function: Function, lookup: Callable[[Expr], object]) -> dict[str, object]:
    """Names of the dicts that hold the variables of modules and the like: ``vars(module)``."""
    found: dict[str, object] = {}
    for stmt in statements(function.body):
        if isinstance(stmt, Assign) and isinstance(stmt.target, Name):
            space = space_of(stmt.value, found, lookup)
            if space is not None:
                found[stmt.target.id] = space
    return found


def space_of(expr: Expr, spaces: Mapping[str, object], lookup: Callable[[Expr], object]) -> object | None:
    """The module, class or function of the user's whose variables an expression gives as a dict."""
    match expr:
        case Name(id=name):
            return spaces.get(name)
        case Attribute(value=owner, attr="__dict__"):
            found = lookup(owner)
        case Call(function=function, args=(owner,)) if lookup(function) is vars:
            found = lookup(owner)
        case _:
            return None
    return found if has_data(found) else None


def _named_by(key: Expr | None, space: object) -> set[str]:
    return {key.value} if isinstance(key, Const) and isinstance(key.value, str) else set(vars(space))


def only_reads(owner: object, method: str) -> bool:
    """Whether a method of a container leaves it as it is."""
    if is_sparse(owner):
        return method in READING_OF_SPARSE
    return type(owner) in (dict, list, set, tuple) and method in READING


def changes_its_first(found: object) -> bool:
    """Whether a function of Python's or NumPy's may change its first argument: ``setattr``, ``operator.setitem``,
    ``list.append``, ``np.add.at``."""
    name, module = getattr(found, "__name__", ""), getattr(found, "__module__", None)
    if isinstance(found, MethodDescriptorType | WrapperDescriptorType):
        return found.__objclass__ not in (*SIMPLE, tuple, frozenset, range) and name not in READING
    by_name = {"builtins": CHANGING_BUILTINS, "_operator": ASSIGNING}.get(module or "", frozenset())
    return name in by_name or is_write(found)


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
            root = root_of(stmt.value) if isinstance(stmt, Assign) else None
            for group in groups.values():
                if isinstance(stmt, Assign) and isinstance(root, Name) and root.id in group:
                    group.update(bound(stmt.target))
    return groups


def used_by(stmt: Stmt, world: World) -> Iterator[Expr]:
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
        case Verbatim(tree=tree, reads=reads):
            named = (node.id for node in gast.walk(tree) if isinstance(node, gast.Name))
            yield from (Name(name) if name in reads else Global(name) for name in named)
        case _:
            for child in children(expr):
                yield from _used(child, world)


def keeps_what_it_is_given(call: Call) -> bool:
    """Whether a method of something that is not known may put its arguments away; those of arrays do not."""
    assert isinstance(call.function, Attribute)
    return not hasattr(np.ndarray, call.function.attr) or call.function.attr == "put"


def shown(expr: Expr) -> str:
    match expr:
        case Name(id=name) | Global(id=name):
            return "this object" if name.startswith("_t") else name
        case Attribute(value=value, attr=attr):
            return f"{shown(value)}.{attr}"
    return "this object"
