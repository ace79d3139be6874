"""Views become places: a view of an array that is written while the view is held is written as the part that it is.

Then one variable sees each array, and the adjoint of a write through a view is a write through the same view of the
adjoint. A view is followed where it is known to be one, of which array and through which indexes, on every way through
the program; what is left is for ``aliases`` to refuse.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import reduce
from typing import Any

from backprose.analyse.types import type_of
from backprose.differentiate.aliases import conflicts, groups_sharing
from backprose.differentiate.layout import is_view, reorders
from backprose.differentiate.places import (
    HOLE,
    Choice,
    Known,
    Lost,
    Place,
    as_view,
    is_itself,
    is_view_index,
    options_of,
    shortened,
    source_of,
)
from backprose.ir.names import NameSupply
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
    Evaluate,
    Expr,
    For,
    Function,
    If,
    Name,
    Ours,
    Pop,
    Raise,
    Remark,
    Slice,
    Span,
    Stmt,
    Subscript,
    Try,
    Tuple,
    Verbatim,
    While,
    children,
)
from backprose.ir.types import PYTHON_INT, Type
from backprose.ir.walk import (
    VIEWS_IN_ORDER,
    bound,
    expressions,
    inplace_target,
    map_blocks,
    map_statement,
    names,
    reads,
    rebinds,
    rebuild,
    statement_reads,
    statements,
    substitute,
    targets,
    writes,
)
from backprose.ir.webs import split_webs

MAKES_IN_ORDER = frozenset({"zeros", "ones", "full", "empty", "eye", "arange", "linspace"})
READ_ONLY = frozenset({"diagonal", "broadcast_to"})  # views that NumPy lets nobody write through
ROUNDS = 12  # views of views, each round one level
SEVERAL = 4  # the most places that a variable may be
LABEL = Type("str")


def resolve_views(function: Function, supply: NameSupply) -> Function:
    """The typed flat function without variables through which a write into another one would be seen.

    >>> from backprose.emit import emit
    >>> from backprose.ir.nodes import Parameter, Program, Return
    >>> A, row = Name("A", Type("array", "float64", (3, 2))), Name("row", Type("array", "float64", (2,)))
    >>> body = (Assign(row, Subscript(A, Const(1))), Assign(Subscript(row, Const(0)), Const(2.0)), Return(A))
    >>> done = resolve_views(Function("f", (Parameter("A", type=A.type),), body, None), NameSupply(("A", "row")))
    >>> print(emit(Program((done,))).text, end="")
    def f(A):
        A[1, 0] = 2.0
        return A
    """
    views: set[tuple[str, Span | None]] = set()
    function = _resolved(function, supply, views, closely=False)
    seen = _in_conflict(function)
    groups = groups_sharing(function.body) if seen else {}
    around = seen.union(function.outside, _views_of_themselves(function), *(groups.get(name, ()) for name in seen))
    split = split_webs(function, around, supply)
    function = function if split is function else _resolved(split, supply, views, closely=False)
    if not seen:
        return function
    before = supply.mark()
    resolved = _resolved(function, supply, views, closely=True)
    after = supply.mark()
    if conflicts(resolved):
        supply.back_to(before)
        apart = _resolved(function, supply, views, closely=True, apart=True)
        if not conflicts(apart):
            return apart
        supply.back_to(after)
    return resolved


def _with_both_ways(block: Block, perhaps: set[tuple[str, Span | None]], supply: NameSupply) -> Block:
    """The block with a test beside each of these reshaped arrays: it is a view, or else a copy."""
    made: list[Stmt] = []
    for stmt in block:
        if isinstance(stmt, If | For | While):
            stmt = map_blocks(stmt, lambda inner: _with_both_ways(inner, perhaps, supply))
        if not (isinstance(stmt, Assign) and isinstance(stmt.target, Name) and isinstance(stmt.value, Apply)):
            made.append(stmt)
            continue
        if stmt.value.op not in VIEWS_IN_ORDER or (stmt.target.id, stmt.span) not in perhaps:
            made.append(stmt)
            continue
        held = supply.temporary(stmt.target.type)
        copied = (Assign(held, stmt.value, stmt.span), replace(stmt, value=Apply("copy", (held,))))
        made.append(If(is_view(stmt.value, stmt.value.args[0]), (stmt,), copied, span=stmt.span))
    return tuple(made)


def _views_of_themselves(function: Function) -> set[str]:
    """Variables bound to a view of what they were: ``x = x[::2]``, perhaps through a temporary."""
    made: dict[str, str] = {}
    found: set[str] = set()
    for stmt in statements(function.body):
        if isinstance(stmt, Assign) and isinstance(stmt.target, Name) and (source := source_of(stmt.value)) is not None:
            root = made.get(source.id, source.id)
            if stmt.target.temporary:
                made[stmt.target.id] = root
            elif root == stmt.target.id:
                found.add(root)
    return found


def _in_conflict(function: Function) -> set[str]:
    return {name.id for conflict in conflicts(function) for name in (conflict.written, conflict.other)}


def _resolved(
    function: Function,
    supply: NameSupply,
    views: set[tuple[str, Span | None]],
    *,
    closely: bool,
    apart: bool = False,
) -> Function:
    """The function with places for variables. ``views``: reshaped arrays, by name and place, that are made where a test
    has shown them to be views. ``apart``: each assignment of a new array has a name of its own, for
    variables that are followed closely, and those whose arrays they see."""
    refused: set[str] = set()
    held: set[tuple[str, str]] = set()
    followed: set[str] = set()
    rounds = 0
    while rounds < ROUNDS and (seen := _with_temporaries(_in_conflict(function), function.body) - refused):
        mark = supply.mark()
        chosen = seen | (followed - refused if apart else set())
        attempt = _Substitution(function, chosen, held, followed & chosen, supply, refused if apart else None, views)
        body = attempt.whole()
        if perhaps := attempt.perhaps - views:
            supply.back_to(mark)
            function = replace(function, body=_with_both_ways(function.body, perhaps, supply))
            views |= perhaps
            continue
        if not attempt.failed:
            function, rounds = replace(function, body=body), rounds + 1
            continue
        supply.back_to(mark)
        for name, lost in attempt.failed.items():
            if lost.index is not None and (name, lost.index) not in held:
                held.add((name, lost.index))  # an index that changes: its value is held under a name of its own
            elif closely and name not in followed:
                followed.add(name)
            else:
                refused.add(name)
    return function


def _with_temporaries(seen: set[str], body: Block) -> set[str]:
    """Those of the variables that are assigned a view or another variable, with the temporaries on the way to it."""
    sources: dict[str, set[str]] = {}
    for stmt in statements(body):
        if isinstance(stmt, Assign) and isinstance(stmt.target, Name) and (source := source_of(stmt.value)) is not None:
            sources.setdefault(stmt.target.id, set()).update({source.id} if source.temporary else ())
        if isinstance(stmt, For) and isinstance(stmt.iterable, Name) and isinstance(stmt.target, Name):
            sources.setdefault(stmt.target.id, set())
        if isinstance(stmt, Assign) and isinstance(stmt.target, Tuple) and isinstance(stmt.value, Name):
            for name in bound(stmt.target):
                sources.setdefault(name, set())
    found: set[str] = set()
    pending = seen & sources.keys()
    while pending:
        found |= pending
        pending = set().union(*(sources[name] for name in pending)) & sources.keys() - found
    return found


def _in_order(function: Function) -> set[str]:
    """Variables whose arrays surely have their elements in C order."""
    made: dict[str, bool] = {parameter.name: False for parameter in function.parameters}
    for stmt in statements(function.body):
        for name in rebinds(stmt):
            fits = isinstance(stmt, Assign) and isinstance(stmt.value, Apply) and stmt.value.op in MAKES_IN_ORDER
            plain = fits and not any(key == "order" for key, _ in getattr(getattr(stmt, "value", None), "keywords", ()))
            made[name] = made.get(name, True) and (plain or (isinstance(stmt, Augment) and name in made))
    return {name for name, plain in made.items() if plain}


def _out_of_order(function: Function) -> set[str]:
    """Variables whose arrays have their elements in another order than C for most shapes."""
    made = ((stmt.target, stmt.value) for stmt in statements(function.body) if isinstance(stmt, Assign))
    turned = (target for target, value in made if reorders(value) or _in_fortran_order(value))
    return {target.id for target in turned if isinstance(target, Name)}


def _in_fortran_order(value: Expr) -> bool:
    if not isinstance(value, Apply):
        return False
    return value.op == "asfortranarray" or dict(value.keywords).get("order") == Const("F")


# ---------------------------------------------------------------- the pass
class _Substitution:
    """Writes ``chosen`` variables as the places that they are; ``failed`` are those of which it is not known.

    Of those that are ``followed`` closely more is known: where ways meet they may be one of several places, and a
    variable of ours says which; and an array of theirs that is bound anew is kept under another name.
    """

    def __init__(
        self,
        function: Function,
        chosen: set[str],
        held: set[tuple[str, str]],
        followed: set[str],
        supply: NameSupply,
        refused: set[str] | None,
        views: set[tuple[str, Span | None]],
    ) -> None:
        self.function, self.chosen, self.held, self.supply = function, chosen, held, supply
        self.views = views  # reshaped arrays that are made where they are known to be views
        self.apart, self.refused = refused is not None, refused or set()
        self.in_order, self.out_of_order = _in_order(function), _out_of_order(function)
        self.readers = Counter(name for stmt in statements(function.body) for name in statement_reads(stmt))
        self.which: dict[str, Name] = {}
        types = {name.id: name for stmt in statements(function.body) for one in targets(stmt) for name in names(one)}
        for name in sorted(followed):
            temporary = name in types and types[name].temporary
            wish = f"{name}_is"
            self.which[name] = supply.temporary(LABEL) if temporary else Name(supply.fresh(wish), LABEL)
        self.labels: dict[Place, str] = {}
        self.kept: dict[tuple[str, str], Name] = {}  # other names of arrays that are bound anew
        self.arrays: dict[tuple[str, Span | None], str] = {}  # names of arrays that are made, where they are apart
        self.failed: dict[str, Lost] = {}
        self.perhaps: set[tuple[str, Span | None]] = set()  # reshaped arrays that may be views and may be copies
        self.known: Known = {}
        self.at_break: list[list[Known]] = []
        self.points: list[list[Known]] = []  # for each ``try`` around, what is known at the points of what it tries
        self.out: list[Stmt] = []

    def whole(self) -> Block:
        def start() -> None:
            for parameter in self.function.parameters:
                if parameter.name in self.which:
                    self.own(Name(parameter.name, parameter.type), None)

        return (*self.collect(start), *self.block(self.function.body))

    def collect(self, make: Callable[[], None]) -> Block:
        outer, self.out = self.out, []
        make()
        made, self.out = tuple(self.out), outer
        return made

    # ------------------------------------------------------------ the flow of the program
    def block(self, block: Block) -> Block:
        return self.collect(lambda: self.run(block))

    def run(self, block: Block) -> None:
        done = 0
        self.point()
        while done < len(block):
            size = _line(block, done)
            self.keep_all(block[done : done + size])
            several = self.one_of_several(block[done]) if size else None
            if several is None:
                self.statement(block[done])
                self.point()
                done += 1
                continue
            while (more := _line(block, done + size)) and self.goes_on(block[done + size :][:more], several[0]):
                size += more
            self.at_each(*several, block[done : done + size])
            self.point()
            done += size

    def goes_on(self, line: Block, name: str) -> bool:
        """Whether a line stands with those before it, once for each of the places that a variable may be."""
        after = self.one_of_several(line[0])
        bases = {place.base.id for one in self.known.keys() & self.which.keys() for place in self.places(one)}
        arrays = {self.array_name(bound, stmt) for stmt in line for bound in self.bound_anew(stmt)}
        return after is not None and after[0] == name and not bases & arrays

    def bound_anew(self, stmt: Stmt) -> tuple[str, ...]:
        """The variables that have an array of their own after the statement."""
        return () if self.only_points(stmt) else rebound(stmt)

    def array_name(self, name: str, stmt: Stmt) -> str:
        """What the new array that the statement makes for a variable is called."""
        if not (self.apart and name in self.which and isinstance(stmt, Assign) and isinstance(stmt.target, Name)):
            return name
        if (name, stmt.span) not in self.arrays:
            first = all(parameter.name != name for parameter in self.function.parameters)
            first = first and all(other != name for other, _ in self.arrays)
            self.arrays[name, stmt.span] = name if first else self.supply.fresh(name)
        return self.arrays[name, stmt.span]

    def keep_all(self, line: Block) -> None:
        names = [(name, self.array_name(name, stmt)) for stmt in line for name in self.bound_anew(stmt)]
        if names:
            self.keep({array for _, array in names}, {name for name, _ in names}, line[0])

    def only_points(self, stmt: Stmt) -> bool:
        """Whether a variable becomes another place, and the array of its name stays where it is."""
        if not (isinstance(stmt, Assign) and isinstance(stmt.target, Name) and stmt.target.id in self.which):
            return False
        return stmt.target.type.kind == "array" and source_of(stmt.value) is not None

    def statement(self, stmt: Stmt) -> None:
        match stmt:
            case Try():
                self.attempt(stmt)
            case If():
                self.branch(self.read(stmt))
            case For() | While():
                self.loop(stmt)
            case Break():
                self.at_break[-1].append(dict(self.known))
                self.out.append(stmt)
            case Assign(target=Name() as target) if target.id in self.chosen and self.define(stmt, target, stmt.value):
                pass
            case Assign(target=Tuple(items=items), value=Name() as value) if (
                self.chosen & set(bound(stmt.target)) and type_of(value).kind == "array"
            ):
                for position, item in enumerate(items):
                    self.statement(Assign(item, Subscript(value, Const(position)), stmt.span))  # type: ignore[arg-type]
            case _:
                self.bind_anew(stmt, self.read(stmt))

    def bind_anew(self, stmt: Stmt, done: Stmt) -> None:
        """A statement that makes no view: ``done``, as it is written."""
        variables = [name for target in targets(stmt) for name in names(target) if name.id in rebound(stmt)]
        arrays = [replace(name, id=self.array_name(name.id, stmt)) for name in variables]
        self.forget(rebound(stmt), stmt, {array.id for array in arrays})
        if isinstance(done, Assign) and isinstance(done.target, Name):
            done = replace(done, target=arrays[0])
        self.out.append(done)
        for name, array in zip(variables, arrays, strict=True):
            if name.id in self.which:
                self.place_at(name, Place(array), stmt)

    def one_of_several(self, stmt: Stmt) -> tuple[str, Choice] | None:
        """A variable that the statement uses, and that may be one of several places; not where it names another."""
        if isinstance(stmt, Assign) and self.chosen & set(bound(stmt.target)) and source_of(stmt.value) is not None:
            return None
        for name in sorted(statement_reads(stmt).union(writes(stmt))):
            if isinstance(found := self.known.get(name), Choice):
                return name, found
        return None

    def at_each(self, name: str, choice: Choice, block: Block) -> None:
        """The statements for each of the places that a variable may be, each time with temporaries of their own."""
        before, after = self.known, []
        read = Counter(name for stmt in block for name in statement_reads(stmt))
        made = [one for stmt in block for one in _temporaries(stmt) if one.id not in self.chosen]
        own = [one for one in made if read[one.id] == self.readers[one.id]]

        def make(place: Place) -> None:
            self.known = {**before, name: place}
            new = {one.id: self.supply.temporary(one.type) for one in own}
            for old, one in new.items():  # a name that an earlier look at a loop gave back may have another count
                self.readers[one.id] = self.readers[old]
            # facts are kept by statement: each place has statements of its own
            self.run(tuple(replace(map_statement(stmt, lambda expr: substitute(expr, new))) for stmt in block))
            after.append(self.known)

        self.for_each(choice, make, block[-1])
        self.known = reduce(self.meet, after)

    def for_each(self, known: Place | Choice, make: Callable[[Place], None], stmt: Stmt) -> None:
        """What ``make`` writes for the place, behind a test where it is one of several."""
        if isinstance(known, Place):
            make(known)
            return
        which, options = known.which, known.options

        def rest(position: int) -> None:
            label, place = options[position]
            if position == len(options) - 1:
                make(place)
                return
            body, orelse = self.collect(lambda: make(place)), self.collect(lambda: rest(position + 1))
            self.out.append(If(Compare((which, Const(label)), ("==",)), body, orelse, span=stmt.span, ours=True))

        rest(0)

    def branch(self, stmt: Stmt) -> None:
        assert isinstance(stmt, If)
        before = dict(self.known)
        body = self.block(stmt.body)
        after, self.known = self.known, before
        orelse = self.block(stmt.orelse)
        if _leaves(orelse):
            self.known = after
        elif not _leaves(body):
            self.known = self.meet(after, self.known)
        self.out.append(replace(stmt, body=body, orelse=orelse))

    def attempt(self, stmt: Try) -> None:
        """Where an exception is caught, what was tried may have come to any point."""
        done = self.read(stmt)
        assert isinstance(done, Try)
        self.points.append([])
        orelse = self.block(stmt.orelse)
        after, points = self.known, self.points.pop()
        self.known = reduce(self.meet, points)
        body = self.block(stmt.body)
        if _leaves(body):
            self.known = after
        elif not _leaves(orelse):
            self.known = self.meet(after, self.known)
        self.out.append(replace(done, body=body, orelse=orelse))

    def point(self) -> None:
        """Notes what is known here, where an exception may end what is tried."""
        for points in self.points:
            if not points or points[-1] != self.known:
                points.append(dict(self.known))

    def meet(self, one: Known, other: Known) -> Known:
        """What is known where two ways meet."""
        return {name: self.both(name, one.get(name), other.get(name)) for name in one.keys() | other.keys()}

    def both(self, name: str, one: Place | Choice | Lost | None, other: Place | Choice | Lost | None) -> Any:
        if one == other:
            return one
        if name not in self.which or not isinstance(one, Place | Choice) or not isinstance(other, Place | Choice):
            return Lost()
        first, second = self.options(one), self.options(other)
        if any(first[label] != second[label] for label in first.keys() & second.keys()):
            return Lost()
        options = sorted({**first, **second}.items())
        return Choice(self.which[name], tuple(options)) if len(options) <= SEVERAL else Lost()

    def options(self, known: Place | Choice) -> dict[str, Place]:
        return {self.label(known): known} if isinstance(known, Place) else dict(known.options)

    def label(self, place: Place) -> str:
        if place not in self.labels:
            name = "new" if place.base.temporary else place.base.id
            name = f"part of {name}" if place.steps else name
            same = sum(label.partition(",")[0] == name for label in self.labels.values())
            self.labels[place] = f"{name}, {same + 1}" if same else name
        return self.labels[place]

    def lose(self, changed: set[str], among: Iterable[str]) -> None:
        """Views that are bound again somewhere, or whose array or index is, are not known there."""
        for name in list(among):
            place = self.known[name]
            if name in changed:
                self.known[name] = Lost()
            elif not isinstance(place, Lost) and place.reads & changed:
                self.known[name] = _lost(place, changed)

    def loop(self, stmt: For | While) -> None:
        if isinstance(stmt, For):
            stmt = self.read(stmt)  # type: ignore[assignment]
        changed = {name for inner in statements(stmt.body) for name in rebound(inner)}
        changed |= set(bound(stmt.target)) if isinstance(stmt, For) else set()
        before = dict(self.known)
        self.lose(changed, self.known.keys() - self.which.keys())
        row = stmt.target if isinstance(stmt, For) else None
        over = self.rows(stmt) if isinstance(stmt, For) else None
        stmt = stmt if over is None else over[0]
        head = self.known
        while True:  # until what is known at the head holds for every turn
            mark, failed, size = self.supply.mark(), dict(self.failed), len(self.out)
            self.known = dict(head)
            test = self.inline(stmt.test) if isinstance(stmt, While) else None
            self.at_break.append([])
            body = self.collect(lambda: self.turn(stmt, row, over))
            left, end = self.at_break.pop(), self.known
            joined = head if _leaves(body) else self.at_head(head, end)
            if joined == head:
                break
            self.supply.back_to(mark)
            self.supply.reserve((*(name.id for name in self.kept.values()), *self.arrays.values()))
            self.failed, head = failed, joined
            del self.out[size:]
        self.known = before if _leaves(body) else self.meet(end, before)
        orelse = self.block(stmt.orelse)
        for known in left:
            self.known = self.meet(self.known, known)
        made = replace(stmt, body=body, orelse=orelse)
        self.out.append(made if test is None else replace(made, test=test))  # type: ignore[arg-type]

    def at_head(self, head: Known, end: Known) -> Known:
        """What holds before every turn of a loop, of what holds before the first one and after a turn."""
        lost = {name: Lost() for name in end.keys() - head.keys() - self.which.keys()}  # before, an array of its own
        return {**head, **lost, **self.meet(*map(self.closely, (head, end)))}

    def closely(self, known: Known) -> Known:
        return {name: place for name, place in known.items() if name in self.which}

    def turn(self, stmt: For | While, row: Expr | None, over: tuple[For, Place] | None) -> None:
        self.forget([] if row is None else bound(row), stmt)
        if over is not None:
            assert isinstance(row, Name)
            self.forget(bound(over[0].target), stmt)
            self.place_at(row, over[1], stmt)
        else:
            for name in names(row):
                self.own(name, stmt)
        self.run(stmt.body)

    def rows(self, stmt: For) -> tuple[For, Place] | None:
        """``for row in A`` over the indexes of ``A``, where ``row`` is a view that is written, or whose array is."""
        target, array = stmt.target, stmt.iterable
        if not (isinstance(target, Name) and target.id in self.chosen and isinstance(array, Name)):
            return None
        if type_of(array).kind != "array" or target.type.kind != "array":
            self.failed.setdefault(target.id, Lost())
            return None
        index = Name(self.supply.fresh("i"), PYTHON_INT)
        place = Place(array, ((Subscript(Name(HOLE), index), target.type),))
        return replace(stmt, target=index, iterable=Apply("range", (Apply("len", (array,)),))), place

    def define(self, stmt: Assign, target: Name, value: Expr) -> bool:
        """Whether ``target = value`` makes a view that is followed from here on."""
        source, value = source_of(value), as_view(value)
        if source is None or target.type.kind != "array":
            return False
        before = self.known.get(source.id)
        if isinstance(before, Lost) or (before is None and (source.temporary or type_of(source).kind != "array")):
            return False  # (a temporary is a value: it is never written)
        if isinstance(before, Choice) and target.id not in self.which:
            self.failed.setdefault(target.id, Lost())
            return False
        places = before or Place(source)
        if target.id in reads(value) - {source.id} or (target.id in places.reads and target.id not in self.which):
            return False
        own = self.indexes_held(target, places, stmt)
        step: tuple[tuple[Expr, Type], ...] = ()
        if not isinstance(value, Name) and not (isinstance(value, Apply) and is_itself(value)):
            form: Expr = value
            for name in sorted(reads(value) - {source.id}):
                if (target.id, name) in self.held:
                    index = Name(name, _type_in(value, name))
                    kept = self.index_of(target, index)
                    self.hold_index(target, kept, index, stmt)
                    form = substitute(form, {name: kept})
                    if kept.id in places.with_indexes(own).reads:  # of the view that the variable was
                        self.failed.setdefault(target.id, Lost())
                        return False
            step = ((substitute(form, {source.id: Name(HOLE, source.type)}), target.type),)
        if target.id not in self.which:
            self.forget((target.id,), stmt)
        if isinstance(value, Apply) and value.op in VIEWS_IN_ORDER and (target.id, stmt.span) not in self.views:
            self.for_each(places, lambda place: self.guard(stmt, target, place), stmt)
        self.become(target, places, own, step, stmt)
        if stmt.comments is not None:
            said = (*stmt.comments.before, *(() if stmt.comments.beside is None else (stmt.comments.beside,)))
            self.out.extend(Remark(line.lstrip("# ")) for line in said)
        return True

    def indexes_held(self, target: Name, places: Place | Choice, stmt: Stmt) -> dict[str, Name]:
        """The indexes of the places of another variable that change while this one has them: values of its own."""
        found = {one.id: one for place in options_of(places) for one in place.indexes}
        own = {
            name: self.index_of(target, one) for name, one in sorted(found.items()) if (target.id, name) in self.held
        }

        def make(place: Place) -> None:
            for name in sorted(own.keys() & place.reads):
                self.hold_index(target, own[name], found[name], stmt)

        if own:
            self.for_each(places, make, stmt)
        return own

    def index_of(self, target: Name, index: Name) -> Name:
        """The name for the value that an index has when a variable becomes a part at it."""
        return replace(index, id=self.supply.fresh(f"{index.id.partition('_of_')[0]}_of_{target.id}"))

    def hold_index(self, target: Name, kept: Name, index: Name, stmt: Stmt) -> None:
        """Holds the value of an index for one variable: no other one is at the place that was there any more."""
        self.out.append(Assign(kept, index, stmt.span))
        for name, place in self.known.items():
            if name != target.id and not isinstance(place, Lost) and kept.id in place.reads:
                self.known[name] = Lost(kept.id)

    def become(
        self,
        target: Name,
        places: Place | Choice,
        own: Mapping[str, Name],
        step: tuple[tuple[Expr, Type], ...],
        stmt: Stmt,
    ) -> None:
        """From here on, the variable is one of these places, with its ``own`` indexes, or a part of it."""
        if isinstance(places, Choice) and not (step or own):
            self.known[target.id] = Choice(self.which[target.id], places.options)
            self.out.append(Assign(self.which[target.id], places.which, stmt.span))
            return
        made: list[Place] = []

        def make(place: Place) -> None:
            made.append(Place(place.base, (*place.with_indexes(own).steps, *step)))
            if self.points and any(_may_raise(form) for form, _ in step):
                self.out.append(Evaluate(made[-1].expression(), span=stmt.span))
            self.place_at(target, made[-1], stmt)

        self.for_each(places, make, stmt)
        if len(made) > 1:
            options = sorted((self.label(place), place) for place in made)
            self.known[target.id] = Choice(self.which[target.id], tuple(options))

    def place_at(self, target: Name, place: Place, stmt: Stmt | None) -> None:
        """From here on, the variable is this place."""
        self.known[target.id] = place
        if target.id in self.which:
            label = Const(self.label(place))
            self.out.append(Assign(self.which[target.id], label, None if stmt is None else stmt.span))

    def own(self, name: Name, stmt: Stmt | None) -> None:
        """From here on, the variable has an array of its own."""
        if name.id in self.which:
            self.place_at(name, Place(name), stmt)

    def guard(self, stmt: Assign, target: Name, place: Place) -> None:
        """A check that a reshaped array is a view: NumPy makes a copy where the elements do not lie in order."""
        array = place.expression()
        through = (
            isinstance(stmt.value, Apply) and stmt.value.spelling == "attribute:flat"
        )  # no array, and never a copy
        if not through and (reorders(array) or place.base.id in self.out_of_order):
            self.perhaps.add((target.id, stmt.span))
            return
        if place.base.id in self.in_order and not reorders(array):
            return
        ordered = Attribute(Attribute(array, "flags"), "c_contiguous")
        name = "this array" if target.temporary else target.id
        message = f"{name} is written as a view, and would be a copy here: the array it is made of is not in C order"
        error = Call(Ours("ValueError"), (Const(message),))
        self.out.append(If(Apply("not", (ordered,)), (Raise(error, span=stmt.span, ours=True),), span=stmt.span))

    def forget(self, changed: Iterable[str], stmt: Stmt, arrays: set[str] | None = None) -> None:
        """These names are bound anew; ``arrays``: where their new arrays have other names."""
        variables = set(changed)
        lost = variables if arrays is None else arrays
        for name in variables:
            self.known.pop(name, None)
        self.keep(lost, variables, stmt)
        for name, place in self.known.items():
            if not isinstance(place, Lost) and place.reads & lost:
                self.known[name] = _lost(place, lost)

    def keep(self, changed: set[str], variables: set[str], stmt: Stmt) -> None:
        """The arrays of the names that change, under other names, where a variable that is followed closely sees one.

        Where arrays are apart, it is rather followed which array the name stands for.
        """
        for name in sorted((self.known.keys() & self.which.keys()) - variables):
            for place in self.places(name):
                if place.base.id in changed and (base := self.kept_base(name, place.base)) != place.base:
                    known = self.which.keys() | self.refused | set(self.arrays.values())
                    if self.apart and place.base.id not in known and not place.base.temporary:
                        self.failed.setdefault(place.base.id, Lost())
                    self.move(name, place, base, stmt)

    def kept_base(self, name: str, base: Name) -> Name:
        """The other name of an array for one variable, which is a part of it; itself where it is that already."""
        if base in self.kept.values():
            return base
        if (name, base.id) not in self.kept:
            self.kept[name, base.id] = Name(self.supply.fresh(f"{base.id}_of_{name}"), base.type)
        return self.kept[name, base.id]

    def places(self, name: str) -> list[Place]:
        found = self.known[name]
        return [] if isinstance(found, Lost) else [place for _, place in sorted(self.options(found).items())]

    def move(self, name: str, old: Place, base: Name, stmt: Stmt) -> None:
        """The variable is a part of the array by its other name, where it is this place."""
        found, which, new = self.known[name], self.which[name], replace(old, base=base)
        for other, place in self.known.items():
            if other != name and not isinstance(place, Lost) and base.id in place.reads:
                self.known[other] = Lost()
        change = (Assign(base, old.base, stmt.span), Assign(which, Const(self.label(new)), stmt.span))
        if isinstance(found, Place):
            self.known[name] = new
            self.out.extend(change)
        elif isinstance(found, Choice):
            options = dict(found.options)
            del options[(label := self.label(old))]
            options[self.label(new)] = new
            left = tuple(sorted(options.items()))
            self.known[name] = Choice(which, left) if len(left) > 1 else new
            self.out.append(If(Compare((which, Const(label)), ("==",)), change, span=stmt.span))

    # ------------------------------------------------------------ reading
    def read(self, stmt: Stmt) -> Stmt:
        """The statement with places instead of the variables that are views; what it reads of them stands before it."""
        found = {name for expr in expressions(stmt) for name in reads(expr)} & self.known.keys()
        for name in sorted(found):
            place = self.known[name]
            if isinstance(place, Lost):
                self.failed.setdefault(name, place)
            if isinstance(place, Lost) or _is_array_of(name, place):
                found.discard(name)
        if not found:
            return stmt
        for name in sorted({name for expr in expressions(stmt) for name in _verbatim(expr)} & found):
            self.restore(name, stmt)
        made: dict[str, Expr] = {}

        def operand(expr: Expr) -> Expr:
            return self.operand(expr, made, stmt)

        match stmt:
            case Assign(value=Call() as call) | Evaluate(value=Call() as call) if call.writes:
                places = [self.array(arg) if k in call.writes else operand(arg) for k, arg in enumerate(call.arguments)]
                keywords = zip(call.keywords, places[len(call.args) :], strict=True)
                passed = replace(
                    call, args=tuple(places[: len(call.args)]), keywords=tuple((key, arg) for (key, _), arg in keywords)
                )
                return replace(stmt, value=passed)
            case Assign(target=Name(), value=Subscript(value=Name() as array, index=index)) if (
                array.id in found and is_view_index(index) and self.may_be_written(array.id)
            ):
                return replace(stmt, value=shortened(Subscript(self.array(array), operand(index))))
            case Assign(target=Name(id=name), value=Name() as array) if (
                isinstance(is_now := self.known.get(array.id), Place) and name not in is_now.reads
            ):
                return replace(stmt, value=self.view(is_now, stmt, whole=False))
            case Assign() | Augment():
                bind = isinstance(stmt, Assign) and isinstance(stmt.target, Name)
                target = stmt.target if bind else self.target(stmt.target, operand)
                return replace(stmt, target=target, value=operand(stmt.value))  # type: ignore[arg-type]  # as it was
            case For():
                return replace(stmt, iterable=operand(stmt.iterable))
            case Evaluate(value=Apply(args=(changed, *rest)) as update) if inplace_target(update) is not None:
                args = (self.array(changed), *map(operand, rest))
                return replace(stmt, value=replace(update, args=args))
            case Pop(target=Subscript()):
                return replace(stmt, target=self.target(stmt.target, operand))
        return map_statement(stmt, operand)

    def restore(self, name: str, stmt: Stmt) -> None:
        """The variable itself, for Python that is not taken apart."""

        def make(place: Place) -> None:
            self.out.append(Assign(Name(name, place.type), place.expression(), stmt.span))

        found = self.place(name)
        if any(place.base.id == name and place.steps for place in self.places(name)):
            self.failed.setdefault(name, Lost())
        self.forget((name,), stmt)
        self.known[name] = found
        self.for_each(found, make, stmt)

    def may_be_written(self, name: str) -> bool:
        """Whether a variable is one place, and so a part of it is, to which the backward sweep can add."""
        place = self.known[name]
        return isinstance(place, Place) and not any(
            isinstance(form, Apply) and form.op in READ_ONLY for form, _ in place.steps
        )

    def place(self, name: str) -> Place | Choice:
        found = self.known[name]
        assert not isinstance(found, Lost)
        return found

    def whole_place(self, name: str) -> Expr | None:
        """The place that a variable is, as an expression; None where it is an array of its own."""
        found = self.known.get(name)
        if isinstance(found, Place) and not _is_array_of(name, found):
            return found.expression()
        if not isinstance(found, Choice):
            return None
        *others, (_, last) = found.options
        whole = last.expression()
        for label, place in reversed(others):
            whole = Conditional(Compare((found.which, Const(label)), ("==",)), place.expression(), whole)
        return whole

    def operand(self, expr: Expr, made: dict[str, Expr], stmt: Stmt) -> Expr:
        """An expression in which each view is a temporary that is made just before the statement."""
        if isinstance(expr, Name) and self.whole_place(expr.id) is not None:
            if expr.id not in made:
                made[expr.id] = self.value(expr, self.place(expr.id), stmt)
            return made[expr.id]
        return rebuild(expr, lambda part: self.operand(part, made, stmt))

    def value(self, name: Name, known: Place | Choice, stmt: Stmt) -> Expr:
        if isinstance(known, Place):
            return self.view(known, stmt)
        held = self.supply.temporary(name.type)
        self.for_each(known, lambda place: self.out.append(Assign(held, self.view(place, stmt), span=stmt.span)), stmt)
        return held

    def view(self, place: Place, stmt: Stmt, *, whole: bool = True) -> Expr:
        """The place as a variable, one operation a statement; not ``whole``: the last operation."""
        array: Expr = place.base
        made: tuple[Expr, Type] | None = None
        for form, type in place.steps:
            value = shortened(substitute(form, {HOLE: array if made is None else made[0]}))
            if made is not None and not (isinstance(value, Subscript) and isinstance(value.value, Name)):
                array = self.hold(*made, stmt)
                value = substitute(form, {HOLE: array})
            made = value, type
        if made is None:
            return array
        return self.hold(*made, stmt) if whole else made[0]

    def hold(self, value: Expr, type: Type, stmt: Stmt) -> Name:
        held = self.supply.temporary(type)
        self.out.append(Assign(held, value, span=stmt.span))
        return held

    def inline(self, expr: Expr) -> Expr:
        """A test that is evaluated again and again, with whole places in it."""
        for name in sorted(reads(expr)):
            if isinstance(known := self.known.get(name), Lost):
                self.failed.setdefault(name, known)
        for name in _verbatim(expr):
            if name in self.known:
                self.failed.setdefault(name, Lost())
        places = {name: self.whole_place(name) for name in reads(expr)}
        return substitute(expr, {name: place for name, place in places.items() if place is not None})

    def target(self, target: Any, operand: Callable[[Expr], Expr]) -> Any:
        """What a statement binds or writes into, as a part of an array that no view is held of."""
        if isinstance(target, Subscript):
            return shortened(Subscript(self.array(target.value), operand(target.index)))
        if isinstance(target, Name) and (whole := self.whole_place(target.id)) is not None:
            return Subscript(whole, Const(...)) if isinstance(whole, Apply) else whole
        return target

    def array(self, expr: Expr) -> Expr:
        if isinstance(expr, Name):
            return self.whole_place(expr.id) or expr
        return rebuild(expr, self.array)


def _may_raise(form: Expr) -> bool:
    """Whether the view may not be there: an element beyond the end, a shape of another size."""
    if not isinstance(form, Subscript):
        return not (isinstance(form, Apply) and form.op in ("transpose", "ravel"))
    entries = form.index.items if isinstance(form.index, Tuple) else (form.index,)
    return not all(isinstance(entry, Slice) or entry in (Const(None), Const(...)) for entry in entries)


def _is_array_of(name: str, place: Place | Choice) -> bool:
    """Whether a variable is the array that its own name stands for."""
    return isinstance(place, Place) and place.base.id == name and not place.steps


def _lost(place: Place | Choice, changed: set[str]) -> Lost:
    bases = {place.base.id} if isinstance(place, Place) else {option.base.id for _, option in place.options}
    return Lost(None if bases & changed else min(place.reads & changed))


def _line(block: Block, start: int) -> int:
    """How many statements from there on make a line: temporaries, and what they are for. 0: one with blocks."""
    size = 0
    for stmt in block[start:]:
        if not isinstance(stmt, Assign | Augment | Evaluate):
            break
        size += 1
        if not _temporaries(stmt):
            break
    return size


def _temporaries(stmt: Stmt) -> tuple[Name, ...]:
    target = stmt.target if isinstance(stmt, Assign) else None
    return (target,) if isinstance(target, Name) and target.temporary else ()


def _leaves(block: Block) -> bool:
    return bool(block) and isinstance(block[-1], Break)


def rebound(stmt: Stmt) -> tuple[str, ...]:
    """The names that a statement binds to another value: not those whose array it changes in place."""
    return () if isinstance(stmt, Augment) and type_of(stmt.target).kind == "array" else rebinds(stmt)


def _verbatim(expr: Expr) -> Iterator[str]:
    if isinstance(expr, Verbatim):
        yield from expr.reads
    for child in children(expr):
        yield from _verbatim(child)


def _type_in(value: Expr, name: str) -> Type:
    if isinstance(value, Name) and value.id == name:
        return value.type
    for child in children(value):
        found = _type_in(child, name)
        if found != Type():
            return found
    return Type()
