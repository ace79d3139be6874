"""What a function and the world outside it do to each other: globals, captured objects, objects that are not known.

Writes to them happen once, in the forward sweep, as in the primal. Two things would go wrong unseen and are refused: a
value that is differentiated which is put where it can be read apart from its variable, and a computation that reads
what the call changes, which the backward sweep would read as it is by then.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from types import FunctionType, ModuleType

import gast
import numpy as np

from backprose.analyse.activity import Activity, activity
from backprose.analyse.dependence import flows, through
from backprose.analyse.effects import changes_nothing
from backprose.analyse.expressions import dotted
from backprose.analyse.liveness import has_effect
from backprose.analyse.types import type_of
from backprose.differentiate.changes import (
    HARMLESS_MODULES,
    NOTHING,
    Callee,
    Changes,
    Followed,
    World,
    aliases_of,
    changes_its_first,
    held_by,
    keeps_what_it_is_given,
    note_changes,
    shown,
)
from backprose.differentiate.texts import Texts, returns_text
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
    Evaluate,
    Expr,
    For,
    Function,
    Global,
    If,
    Name,
    Ours,
    Push,
    Raise,
    Span,
    Stmt,
    Subscript,
    Tuple,
    Verbatim,
    While,
    children,
)
from backprose.ir.shared import is_data, meet
from backprose.ir.types import PYTHON_INT, Type
from backprose.ir.walk import (
    base,
    calls,
    expressions,
    inplace_target,
    is_outside,
    is_path,
    map_block,
    map_blocks,
    map_statement,
    operations,
    rebinds,
    rebuild,
    root_of,
    statements,
    substitute,
    targets,
    whole_of,
    with_body,
    writes,
)
from backprose.ir.webs import split_webs
from backprose.rules.registry import op_of, rule_of, solver_of, why_uncovered

FLOAT = Type("unknown", "float64", ())
NUMBERS = {float: FLOAT, np.float64: FLOAT, int: PYTHON_INT}  # what ``isinstance`` with these tells
IDENTITY = frozenset({"is", "is not", "in", "not in"})
ARITHMETIC = frozenset({"add", "subtract", "multiply", "divide", "power", "matmul", "mod", "floor_divide"})


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
        held = _with_reads_held(function, wrt, world, supply)
        several = split_webs(held, aliases_of(held, world, {}), supply.copy())
        for looked_at in (held, several) if several is not held else (held,):
            if looked_at is not function:
                try:
                    return held, _checked(looked_at, wrt, world, followed)
                except UnsupportedError:
                    pass
        raise refused from None


def _with_reads_held(function: Function, wrt: frozenset[str], world: World, supply: NameSupply) -> Function:
    """The function with ``k = SETTING.k`` before a statement that reads it, where the call changes it later, and with
    ``weights = WEIGHTS.copy()`` of an array that it writes into.

    Where the call may put something else there, the text makes sure that it is a number still.
    """
    changes = Changes()
    note_changes(function, world, changes, set(), {})
    check = _Check(function, activity(function, wrt), world, changes, {}, {})
    renamed: dict[str, Name] = {}

    def named(path: Expr, known: Type) -> Name:
        while isinstance(path, Subscript):
            path = path.value
        wish = path.attr if isinstance(path, Attribute) else path.id if isinstance(path, Global | Name) else "held"
        return Name(supply.fresh(wish.lower()), known)

    def number_of(expr: Expr) -> Type | None:
        known = type_of(expr)
        if not is_outside(expr) or known.is_immutable_scalar:
            return known if is_outside(expr) else None
        return NUMBERS.get(type(world.lookup(expr))) if known.kind == "unknown" else None

    def array_of(expr: Expr) -> Type | None:
        known = type_of(expr)
        if not is_outside(expr) or not isinstance(world.lookup(expr), np.ndarray):
            return None
        return Type("array") if known.kind != "array" or check.may_be_bound_anew(expr) else known

    def still(found: Expr, wanted: Expr, path: Expr, span: Span | None) -> Stmt:
        """What makes sure that something outside is what it was when the text was written."""
        test = Apply("not", (Call(Ours("isinstance"), (found, wanted)),))
        error = Call(Ours("ValueError"), (Const(f"{shown(path)} is no {shown(wanted)} any more"),))
        return If(test, (Raise(error, span=span, ours=True),), span=span)

    def still_a_number(name: Name, path: Expr, span: Span | None) -> list[Stmt]:
        wanted = Ours("int" if name.type == PYTHON_INT else "float")
        return [] if type_of(path).is_immutable_scalar else [still(name, wanted, path, span)]

    def read(name: Name, path: Expr, span: Span | None) -> list[Stmt]:
        if name.type.kind != "array":
            return [Assign(name, path, span), *still_a_number(name, path, span)]
        order = () if name.type.rank == 1 else (("order", Const("K")),)  # the order of a sum changes its bits
        copy = Assign(name, Apply("copy", (path,), order, "method:copy"), span)
        known = name.type == type_of(path)
        return [copy] if known else [still(path, Attribute(Ours("np"), "ndarray"), path, span), copy]

    def hold(stmt: Stmt) -> list[Stmt]:
        made: dict[Expr, Name] = {}

        def exchange(expr: Expr, *, only_read: bool = False) -> Expr:
            known = number_of(expr) or (array_of(expr) if only_read else None)
            if known is not None and any(map(check.changes_root, check.parts(expr))):
                if expr not in made:
                    made[expr] = named(expr, known)
                return made[expr]
            within_a_part = isinstance(expr, Subscript | Attribute) and only_read
            return rebuild(expr, partial(exchange, only_read=within_a_part or only_computes(expr)))

        if isinstance(stmt, While | For) or calls_inside(stmt):
            return [map_blocks(stmt, within)]
        if check.computes(stmt):
            done, span = map_statement(stmt, exchange), getattr(stmt, "span", None)
            held = [one for path, name in made.items() for one in read(name, path, span)]
            return [*held, map_blocks(done, within)]
        match stmt:
            case Assign(target=Name(temporary=True, type=known) as target):
                changed = next(filter(check.changes_root, check.parts(stmt.value)), None)
                number = known if known.is_immutable_scalar else number_of(stmt.value)
                if changed is not None and number is not None:
                    name = renamed[target.id] = named(changed, number)
                    return [stmt, *(() if known.is_immutable_scalar else still_a_number(name, stmt.value, stmt.span))]
        return [map_blocks(stmt, within)]

    def within(block: Block) -> Block:
        return tuple(one for stmt in block for one in hold(stmt))

    body = within(function.body) if changes else function.body
    return with_body(function, map_block(body, lambda expr: substitute(expr, renamed)) if renamed else body)


def only_computes(expr: Expr) -> bool:
    """Whether an operation gives something new, computed of operands that it only reads: a copy of one would do."""
    if isinstance(expr, Compare):
        return IDENTITY.isdisjoint(expr.ops)
    if not isinstance(expr, Apply) or inplace_target(expr) is not None or expr.op.partition(".")[0] not in dir(np):
        return False
    rule = rule_of(expr.op)
    shares = rule.shares or rule.shares_any or rule.shares_where is not None
    return not (shares or rule.by_user or rule.kind == "not yet")


def put_into(stmt: Stmt) -> Iterator[tuple[Name, Expr]]:
    """The variables that a statement binds, or that it puts something into, each with that."""
    match stmt:
        case Assign(target=target, value=value) | For(target=target, iterable=value):
            for item in target.items if isinstance(target, Tuple) else (target,):
                root = root_of(item)
                if isinstance(root, Name) and (root is item or root.type.kind != "array"):
                    yield root, value
        case Push(stack=stack, value=value):
            yield stack, value
    for call in (call for expr in expressions(stmt) for call in calls(expr)):
        if isinstance(call.function, Attribute) and isinstance(call.function.value, Name):
            yield from ((call.function.value, arg) for arg in call.arguments)


def may_hold(held: Name, value: Expr) -> bool:
    """Whether a variable may stand for a part of what a value is made of, or have it in it."""
    simple = held.type.is_immutable_scalar or (isinstance(value, Call) and value.shares == ())
    return not (simple or only_computes(value) or isinstance(value, Const))


def calls_inside(stmt: Stmt) -> bool:
    """Whether a statement calls something in the middle of an expression: what stands there is read after that."""
    for expr in expressions(stmt):
        parts = children(expr) if isinstance(expr, Call) and isinstance(stmt, Assign | Evaluate) else (expr,)
        if any(map(has_effect, parts)):
            return True
    return False


def _checked(function: Function, wrt: frozenset[str], world: World, followed: Followed) -> Changes:
    changes = Changes()
    note_changes(function, world, changes, set(), {})
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
        self.paths = paths_of(function)
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
                    for name in self.parts(expr):
                        if isinstance(name, Name) and name.id in late:
                            self.world.refuse.read_late(stmt, late[name.id])
                        if self.changes_root(name):
                            self.world.refuse.read_late(stmt, shown(name))
            self.held_in_an_object(stmt, varied)
            self.iterated(stmt)
            self.beside_a_list(stmt, varied, whole)
            if self.texts.reads_back(stmt) and not self.is_followed(stmt):
                self.world.refuse.text(stmt)
            if any(is_field(place) and not self.is_dict_outside(place) for place in targets(stmt)):
                self.world.refuse.write(stmt)
            place = self.outside_target(stmt)
            if place is not None and flows_from(stmt) & (varied | self.written):
                self.world.refuse.leaves(stmt, shown(place))
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

    def parts(self, expr: Expr) -> Iterator[Expr]:
        """The names, globals and parts of globals that an expression reads, the functions that it calls left out."""
        if isinstance(expr, Attribute | Subscript):
            path = with_root(expr, self.paths)
            if is_outside(path):
                yield path
                return
        if isinstance(expr, (Name, Global)):
            yield expr
        for child in children(expr):
            if not (isinstance(expr, Call) and child is expr.function):
                yield from self.parts(child)

    # ------------------------------------------------------------ what is read late
    def numbers_read(self) -> set[str]:
        """Names of numbers that were read from attributes outside which the call leaves alone."""
        found: dict[str, bool] = {}
        for stmt in statements(self.function.body):
            for target in targets(stmt):
                if isinstance(target, Name) and target.id in self.aliases:
                    path = with_root(stmt.value, self.paths) if isinstance(stmt, Assign) else target
                    number = is_outside(path) and isinstance(
                        self.world.lookup(path), int | float | complex | np.generic
                    )
                    stays = number and not self.changes_root(path)
                    found[target.id] = found.get(target.id, True) and stays
                    if stays:
                        named = path if is_path(path) else root_of(path)
                        self.changes.numbers[self.function.home, dotted(named)] = None
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
        if is_outside(part) and not is_path(part):
            return self.changes_item(part)
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

    def changes_item(self, part: Expr) -> bool:
        """Whether what is reached through an item, by a constant, of a container outside may be changed, or the way."""
        root = root_of(part)
        found = self.world.lookup(part)
        if found is None:
            return self.changes_root(root)
        if is_data(found) and self.changes.meet(found):
            return True
        while isinstance(part, Attribute | Subscript):
            owner = self.world.lookup(part.value)
            if isinstance(part, Attribute) and any(
                one is owner and attr == part.attr for one, attr in self.changes.attributes
            ):
                return True
            if is_data(owner) and meet(owner, self.changes.objects):
                return True
            part = part.value
        return self.binds_anew(part)

    def may_be_bound_anew(self, part: Expr) -> bool:
        """Whether the call may put another object in the place of one outside."""
        if not isinstance(part, Attribute):
            return not isinstance(part, Global) or self.binds_anew(part)
        owner = self.world.lookup(part.value)
        anew = part.attr in self.changes.names or any(attr == part.attr for _, attr in self.changes.attributes)
        return anew or owner is None or self.may_be_bound_anew(part.value)

    def binds_anew(self, part: Expr) -> bool:
        return isinstance(part, Global) and part.id in self.changes.names

    def read_late(self) -> dict[str, str]:
        """Temporaries, names of parts of globals, and what holds such parts, that stand for what the call changes; how
        each is shown."""
        late: dict[str, str] = {}
        before = -1
        while before < len(late):  # what is read may be made below it in a loop
            before = len(late)
            for stmt in statements(self.function.body):
                for held, value in put_into(stmt):
                    told = [late.get(getattr(one, "id", "")) for one in self.parts(value)]
                    changed = next(filter(self.changes_root, self.parts(value)), None)
                    shows = next(filter(None, told), None) if changed is None else shown(changed)
                    if shows is not None and (held.temporary or may_hold(held, value)):
                        late.setdefault(held.id, shows)
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
            self.world.refuse.leaves(stmt, shown(call.function))
        if isinstance(root, Name) and root.id not in self.aliases:
            useful = self.facts.useful_after[id(stmt)]
            if whole and keeps_what_it_is_given(call) and not useful.isdisjoint(self.wholes.get(root.id, {root.id})):
                self.world.refuse.leaves(stmt, shown(root))
            return
        found = self.world.lookup(call.function)
        if changes_its_first(found) and call.args and type_of(call.args[0]).kind != "array":
            self.world.refuse.leaves(stmt, shown(call.function))
        if op_of(found) is not None or solver_of(found) is not None or changes_nothing(found) or why_uncovered(found):
            return  # a function with a rule, which does not know this form of call, or one without that is known
        holder: object = found
        if isinstance(root, Name):
            holder = self.aliases[root.id]
        elif owner is not None and is_data(self.world.lookup(owner)):
            holder = self.world.lookup(owner)
        if is_data(holder):
            if type(holder).__module__.split(".")[0] not in HARMLESS_MODULES or type(holder) in (list, dict, set):
                self.world.refuse.leaves(stmt, shown(call.function))
            return
        module = str(getattr(found, "__module__", None) or "").split(".")[0]
        if isinstance(found, type) or module in (*HARMLESS_MODULES, "numpy") or op_of(found) is not None:
            return
        for arg in call.arguments:
            kind = arg.type.kind if isinstance(arg, Name) else "list"
            if kind in ("list", "dict", "object", "other", "unknown") and not isinstance(arg, Apply):
                self.world.refuse.leaves(stmt, shown(arg) if isinstance(arg, Name) else shown(call.function))


def paths_of(function: Function) -> dict[str, Expr]:
    """Names that stand for a part of a global wherever they are bound, at most once."""
    bound = Counter(name for stmt in statements(function.body) for name in rebinds(stmt))
    bound.update(parameter.name for parameter in function.parameters)
    found: dict[str, Expr] = {}
    for stmt in statements(function.body):
        if isinstance(stmt, Assign) and isinstance(stmt.target, Name) and bound[stmt.target.id] == 1:
            path = with_root(stmt.value, found)
            if isinstance(path, Attribute | Subscript) and is_outside(path):
                found[stmt.target.id] = path
    return found


def with_root(place: Expr, paths: Mapping[str, Expr]) -> Expr:
    """A part of something, where that has a name which stands for a part of a global, as a part of the global."""
    if isinstance(place, Name):
        return paths.get(place.id, place)
    if isinstance(place, Attribute | Subscript):
        return replace(place, value=with_root(place.value, paths))
    return place


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
