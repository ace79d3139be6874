"""Kinds, dtypes, ranks and lengths of every value: an abstract run of the program over what is known of its arguments.

The state maps each variable to its type. Branches are joined where they meet, loops run until their head is stable. A
symbol made inside a loop is the length of the present turn: what a variable brings from the last turn gets a symbol of
its own at the head of the loop, and what leaves the loop gets new symbols. What an operation proves (inner lengths of a
matmul are equal) holds in the block in which it certainly ran, for the statements before it too: these types serve the
derivative, which runs afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from backprose.analyse.assignments import Assignments
from backprose.analyse.expressions import Lookup, no_lookup, type_of
from backprose.analyse.extents import Scope, map_dims, not_one, same, weaker
from backprose.analyse.joining import Path, fresh_joins, join, join_all, without_extents
from backprose.analyse.stacks import Stacks, lists_of
from backprose.analyse.variables import State, without_items
from backprose.ir.nodes import (
    Assign,
    Augment,
    Block,
    Break,
    Call,
    Const,
    Expr,
    For,
    Function,
    If,
    Name,
    Raise,
    Return,
    Stmt,
    Try,
    While,
)
from backprose.ir.types import UNKNOWN, Dim, Extent, Type
from backprose.ir.walk import blocks, rebinds, statement_reads, statements

__all__ = ["Inferred", "infer", "type_of"]

ROUNDS = 12  # a loop that is not stable after so many rounds has nothing known of what it assigns


@dataclass(frozen=True, slots=True)
class Inferred:
    """A program with types, and what was used of the present values of its globals (by name, ``config.rate``)."""

    function: Function
    globals_used: Mapping[str, Type]


def infer(
    function: Function,
    signature: Mapping[str, Type],
    lookup: Lookup = no_lookup,
    results: Callable[[Call], Type] = lambda _call: UNKNOWN,
) -> Inferred:
    """The same program with a sound type on every name.

    ``lookup`` gives the present object of a global (KeyError where there is none); ``results`` gives the
    type of a call of the user's own functions, from the types of its arguments.

    >>> from backprose.ir.nodes import Assign, Const, Name, Subscript
    >>> body = (Assign(Name("y"), Subscript(Name("x"), Const(0))), Return(Name("y")))
    >>> x = Type("array", "float64", (Extent("x.0"), Extent("x.1", not_one=True)))
    >>> done = infer(Function("f", (), body, None), {"x": x}).function
    >>> print(done.body[-1].value.type)
    array float64[x.1]
    """
    stacks = Stacks(lists_of(function.body))
    for _ in range(ROUNDS):
        found = _Inference(function, signature, lookup, results, stacks).run()
        if not stacks.stale:
            return found
        stacks = stacks.again()
    return _Inference(function, signature, lookup, results, Stacks(())).run()


@dataclass(frozen=True, slots=True)
class _Turn:
    """One round through the body of a loop: the statement with types, what it brings to its head, states at breaks."""

    stmt: For | While
    again: State
    exits: list[State]
    scope: Scope
    forgot: bool


class _Inference(Assignments):
    """One abstract run: how control flows."""

    def __init__(
        self,
        function: Function,
        signature: Mapping[str, Type],
        lookup: Lookup,
        results: Callable[[Call], Type],
        stacks: Stacks,
    ) -> None:
        fixed = {"starred": Type("tuple"), "double-starred": Type("other")}
        types = {one.name: signature.get(one.name, fixed.get(one.kind, UNKNOWN)) for one in function.parameters}
        super().__init__({**signature, **types}, lookup, results, stacks, _texts(function))
        self.function = function
        self.breaks: list[list[State]] = []  # for each loop around, the states at its breaks
        self.assigned_only = _assigned_only(function)
        self.assigned_in: dict[int, frozenset[str]] = {}
        self.leaves: dict[int, bool] = {}
        self.numbers: dict[int, int] = {}  # of loops
        self.heads: dict[int, State] = {}
        self.head_symbols: dict[tuple[int, str, Path], str] = {}

    def run(self) -> Inferred:
        given = self.variables.capture(one.name for one in self.function.parameters)
        body, _ = self.block(self.function.body)
        scope = self.knowledge.scope
        body = self.knowledge.settled(body, scope)
        parameters = tuple(
            replace(one, type=scope.canonical(given[one.name] or UNKNOWN)) for one in self.function.parameters
        )
        return Inferred(replace(self.function, parameters=parameters, body=body), self.globals_used)

    # ------------------------------------------------------------ blocks
    def block(self, block: Block) -> tuple[Block, bool]:
        """The block with types, and whether its end can be reached."""
        result: list[Stmt] = []
        scope = self.knowledge.scope
        alive = True
        for stmt in block:
            if not alive:
                result.append(stmt)
                continue
            match stmt:
                case If():
                    done, alive = self.branch(stmt)
                case For() | While():
                    done, alive = self.loop(stmt)
                case Assign() if self.reads_unbound(stmt):
                    done, alive = stmt, False  # an exception, or not reached on any way known so far
                case _:
                    done = self.simple(stmt)
                    alive = not isinstance(stmt, (Break, Raise, Return))
            result.append(done)
            if isinstance(stmt, Break):
                self.breaks[-1].append(dict(self.variables.types))
            if isinstance(stmt, (If, For, While, Break, Return)) and self.may_leave(stmt):
                scope.open = False
        return tuple(result), alive

    def reads_unbound(self, stmt: Assign) -> bool:
        """Whether it reads a variable that has no value yet on any of the ways that lead here."""
        read = statement_reads(stmt) & self.assigned_only
        return any(name not in self.variables.types for name in read)

    def may_leave(self, stmt: Stmt) -> bool:
        """Whether the block that the statement stands in can be left from inside it, other than by an exception."""
        found = self.leaves.get(id(stmt))
        if found is None:
            inner: Iterable[Stmt] = ()
            if isinstance(stmt, If):
                inner = (*stmt.body, *stmt.orelse)
            elif isinstance(stmt, (For, While)):
                inner = stmt.orelse
            found = self.leaves[id(stmt)] = isinstance(stmt, (Break, Return)) or any(map(self.may_leave, inner))
        return found

    def inner(self, block: Block) -> tuple[Block, bool, Scope]:
        """A block that may not run, or run many times."""
        scope = Scope(self.knowledge.scope, self.knowledge.loops)
        with self.knowledge.within(scope):
            done, alive = self.block(block)
        return done, alive, scope

    def assigned(self, stmt: Stmt) -> frozenset[str]:
        """The variables that a statement, or what is in it, may bind."""
        found = self.assigned_in.get(id(stmt))
        if found is None:
            names = set(rebinds(stmt))
            for block in blocks(stmt):
                for inner in block:
                    names |= self.assigned(inner)
            found = self.assigned_in[id(stmt)] = frozenset(names)
        return found

    def meet(self, ways: list[State]) -> None:
        """Join the states of the ways that lead here; what one of them leaves unbound is not read after it."""
        result = ways[0]
        for way in ways[1:]:
            dims = fresh_joins(self.knowledge)
            for name, type in result.items():
                other = way[name]
                result[name] = join(type, other, dims) if type and other else type or other
        self.variables.restore(result)

    # ------------------------------------------------------------ branches
    def branch(self, stmt: If) -> tuple[Stmt, bool]:
        test = self.typed(stmt.test)
        self.evaluated(test)
        outcome = self.typer.decided(test)
        names = sorted(self.assigned(stmt))
        before, forgotten = self.variables.capture(names), len(self.variables.forgotten)
        ways = []
        if isinstance(stmt, Try):
            with self.variables.watched() as seen:
                orelse, alive, orelse_scope = self.inner(stmt.orelse)
            if alive and outcome is not True:
                ways.append(self.variables.capture(names))
            before = self.known_before(before, forgotten)
            self.variables.restore({**before, **self.half_way(stmt, before, seen)})
            body, alive, body_scope = self.inner(stmt.body)
        else:
            body, alive, body_scope = self.inner(stmt.body)
            if alive and outcome is not False:
                ways.append(self.variables.capture(names))
            self.variables.restore(self.known_before(before, forgotten))
            orelse, alive, orelse_scope = self.inner(stmt.orelse)
        if alive and outcome is not True:
            ways.append(self.variables.capture(names))
        if ways:
            self.meet(ways)
        done = replace(stmt, test=test, body=body, orelse=orelse)
        if isinstance(done, Try) and done.caught is not None:
            done = replace(done, caught=self.typed(done.caught))
        self.knowledge.scopes[id(done)] = (done, body_scope, orelse_scope)
        return done, bool(ways)

    def known_before(self, state: State, forgotten: int) -> State:
        """What was known, less what has been forgotten since."""
        if len(self.variables.forgotten) == forgotten:
            return state
        return {name: type and without_items(type) for name, type in state.items()}

    def half_way(self, stmt: Try, before: State, seen: Mapping[str, list[Type]]) -> State:
        """The types where an exception is caught: what was tried may have come to any point."""
        state: State = {}
        for name in sorted(set().union(*map(self.assigned, stmt.orelse))):
            types = [type for type in (before.get(name), *seen.get(name, ())) if type is not None]
            if not types:
                continue  # nothing binds it on the ways known so far
            joined = join_all(self.knowledge, types) if all(map(_is_known_number, types)) else UNKNOWN
            state[name] = map_dims(replace(joined, extent=None), self.anew)
        if stmt.name is not None:
            state[stmt.name.id] = UNKNOWN
        return state

    def anew(self, dim: Dim) -> Dim:
        return dim if isinstance(dim, int) else self.knowledge.fresh()

    # ------------------------------------------------------------ loops
    def loop(self, stmt: For | While) -> tuple[Stmt, bool]:
        number = self.numbers.setdefault(id(stmt), len(self.numbers))
        names = sorted(self.assigned(stmt))
        source = UNKNOWN
        if isinstance(stmt, For):
            stmt = replace(stmt, iterable=self.typed(stmt.iterable))
            source = self.evaluated(stmt.iterable)
        head = self.variables.capture(names)
        for name, type in self.heads.get(number, {}).items():  # from the last turn of a loop around
            head[name] = self.at_head(number, name, head[name], type)
        outer = self.knowledge.loops
        self.knowledge.loops = outer | {number}
        turn = self.turn(stmt, number, head, source)
        for left in reversed(range(ROUNDS)):
            if turn.again == head and not turn.forgot:
                break
            head = turn.again if left else dict.fromkeys(names, UNKNOWN)
            turn = self.turn(stmt, number, head, source)
        self.knowledge.loops = outer
        self.heads[number] = head
        self.variables.restore(self.after_loop(number, head))
        with self.knowledge.perhaps():
            endless = isinstance(turn.stmt, While) and self.typer.decided(turn.stmt.test) is True
        orelse, alive, orelse_scope = self.inner(stmt.orelse)
        ways = [self.variables.capture(names)] if alive and not endless else []
        ways += [self.after_loop(number, way) for way in turn.exits]
        if ways:
            self.meet(ways)
        done = replace(turn.stmt, orelse=orelse)
        self.knowledge.scopes[id(done)] = (done, turn.scope, orelse_scope)
        return done, bool(ways)

    def turn(self, stmt: For | While, number: int, head: State, source: Type) -> _Turn:
        """A turn from a head, over a ``source`` of elements."""
        self.variables.restore(head)
        forgotten = len(self.variables.forgotten)
        head_typed: For | While
        if isinstance(stmt, For):
            head_typed = replace(stmt, target=self.bind(stmt.target, self.element(source)))
        else:
            head_typed = replace(stmt, test=self.test(stmt.test))
        self.breaks.append([])
        body, alive, scope = self.inner(stmt.body)
        again = head
        if alive:
            again = {name: self.at_head(number, name, head[name], self.variables.types.get(name)) for name in head}
        exits = [{name: way.get(name) for name in head} for way in self.breaks.pop()]
        done = replace(head_typed, body=body)
        forgot = not head.keys() >= set(self.variables.forgotten[forgotten:])  # of others than it assigns itself
        return _Turn(done, again, exits, scope, forgot)

    def test(self, test: Expr) -> Expr:
        """The test of a ``while``, which is read once more than the body: it proves nothing."""
        with self.knowledge.perhaps():
            test = self.typed(test)
            self.evaluated(test)
        return test

    def at_head(self, number: int, name: str, head: Type | None, back: Type | None) -> Type | None:
        """The type at the head of a loop, from that so far and the one at the end of a turn.

        Symbols of the loop do not outlive their turn: the head has symbols of its own.
        """
        if back is None:
            return head
        knowledge = self.knowledge

        def dims(a: Dim, b: Dim, path: Path) -> Dim:
            if same(a, b) and number not in knowledge.loops_of(b):
                return weaker(a, b)
            if (number, name, path) not in self.head_symbols:
                self.head_symbols[number, name, path] = knowledge.symbol(knowledge.loops | {number})
            return Extent(self.head_symbols[number, name, path], not_one=not_one(a) and not_one(b))

        joined = join(back if head is None else head, back, dims)
        return joined if self.stays(joined, number) else without_extents(joined)

    def stays(self, type: Type, number: int) -> bool:
        """No Python int of the type is said to equal a length of the loop's last turn."""
        if type.extent is not None and number in self.knowledge.loops_of(type.extent):
            return False
        return all(self.stays(item, number) for item in type.items or ())

    def after_loop(self, number: int, state: State) -> State:
        """A state that leaves the loop: what its symbols are in the end gets new symbols."""
        known: dict[str, str] = {}

        def renamed(dim: Dim) -> Dim:
            if isinstance(dim, int) or number not in self.knowledge.loops_of(dim):
                return dim
            if dim.symbol not in known:
                known[dim.symbol] = self.knowledge.symbol(self.knowledge.loops)
            return replace(dim, symbol=known[dim.symbol])

        return {name: type and map_dims(type, renamed) for name, type in state.items()}


def _texts(function: Function) -> dict[str, Const]:
    """The variables that are bound once, to a text."""
    found: dict[str, Const] = {}
    bound = [one.name for one in function.parameters]
    for stmt in statements(function.body):
        bound.extend(rebinds(stmt))
        match stmt:
            case Assign(target=Name(id=name), value=Const(value=str()) as value):
                found[name] = value
    return {name: value for name, value in found.items() if bound.count(name) == 1}


def _assigned_only(function: Function) -> frozenset[str]:
    """The variables that get their values from assignments and as targets of loops only."""
    names: dict[bool, set[str]] = {True: set(), False: set()}
    for stmt in statements(function.body):
        names[isinstance(stmt, Assign | Augment | For)].update(rebinds(stmt))
    return frozenset(names[True] - names[False])


def _is_known_number(type: Type) -> bool:
    return type.is_immutable_scalar or (type.is_number and type.shape is not None)
