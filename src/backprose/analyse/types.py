"""Kinds, dtypes, ranks and lengths of every value: an abstract run of the program over what is known of its arguments.

The state maps each variable to its type. Branches are joined where they meet, loops run until their head is stable. A
symbol made inside a loop is the length of the present turn: what a variable brings from the last turn gets a symbol of
its own at the head of the loop. What an operation proves (inner lengths of a matmul are equal) holds in the block in
which it certainly ran, for the statements before it too: these types serve the derivative, which runs afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from backprose.analyse.expressions import Lookup, Typer, dotted, no_lookup, type_of
from backprose.analyse.extents import LONGEST, Scope, Symbols, map_dims, not_one, same, weaker
from backprose.analyse.indexing import subscript
from backprose.analyse.joining import JoinDims, Path, fresh_joins, join, join_all, without_extents
from backprose.analyse.operands import Operand, Operation
from backprose.analyse.promotion import is_numeric
from backprose.analyse.transfer import transfer
from backprose.analyse.values import is_module
from backprose.ir.nodes import (
    AUGMENTED,
    Apply,
    Assign,
    Attribute,
    Augment,
    Block,
    Break,
    Call,
    Expr,
    For,
    Function,
    Global,
    If,
    List,
    Name,
    Pop,
    Push,
    Raise,
    Return,
    Stmt,
    Subscript,
    Target,
    Tuple,
    Verbatim,
    While,
)
from backprose.ir.types import PYTHON_INT, UNKNOWN, Dim, Extent, Type
from backprose.ir.walk import blocks, bottom_up, expressions, map_statement, reads, rebinds, statements

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
    results: Callable[[Call], Type] = lambda call: UNKNOWN,
) -> Inferred:
    """The same program with a sound type on every name.

    ``lookup`` gives the present object of a global (KeyError where there is none); ``results`` gives the
    type of a call of the user's own functions, from the types of its arguments.

    >>> from backprose.ir.nodes import Const
    >>> body = (Assign(Name("y"), Subscript(Name("x"), Const(0))), Return(Name("y")))
    >>> x = Type("array", "float64", (Extent("x.0"), Extent("x.1", not_one=True)))
    >>> done = infer(Function("f", (), body, None), {"x": x}).function
    >>> print(done.body[-1].value.type)
    array float64[x.1]
    """
    inference = _Inference(function, signature, lookup, results, stacks_of(function.body))
    found = inference.run()
    if inference.stale:  # something was pushed after a pop had been typed: nothing is known of what is popped
        found = _Inference(function, signature, lookup, results, frozenset()).run()
    return found


def stacks_of(body: Block) -> frozenset[str]:
    """Local lists that start empty and are only pushed to, popped from and handed out."""
    made: set[str] = set()
    spoiled: set[str] = set()
    for stmt in statements(body):
        if isinstance(stmt, Assign) and isinstance(stmt.target, Name) and stmt.value == List(()):
            made.add(stmt.target.id)
            continue
        spoiled.update(rebinds(stmt))
        if not isinstance(stmt, Return):
            parts = [stmt.value] if isinstance(stmt, Push) else [] if isinstance(stmt, Pop) else expressions(stmt)
            spoiled.update(name for part in parts for name in reads(part))
    return frozenset(made - spoiled)


class _Inference(Symbols):
    """One abstract run."""

    def __init__(
        self,
        function: Function,
        signature: Mapping[str, Type],
        lookup: Lookup,
        results: Callable[[Call], Type],
        stacks: frozenset[str],
    ) -> None:
        self.function = function
        self.typer = Typer(self, self._look_up(lookup), results)
        self.globals_used: dict[str, Type] = {}
        self.stacks = stacks
        self.elements: dict[str, Type] = {}  # what was pushed on each stack
        self.popped: set[str] = set()
        self.stale = False
        self.fixed_symbols: set[str] = set()  # those of the arguments
        self.loops: frozenset[int] = frozenset()  # those around the present statement
        self.loops_of: dict[str, frozenset[int]] = {}  # which loops bind a symbol anew
        self.order: dict[str, int] = {}  # symbols by age
        self.count = 0
        self.scope = Scope()
        self.state: dict[str, Type] = {}
        self.lists: set[str] = set()  # variables that hold lists with known items
        self.forgotten = 0  # how often the items of lists were forgotten
        self.breaks: list[list[dict[str, Type | None]]] = []
        self.assigned_in: dict[int, frozenset[str]] = {}
        self.leaves: dict[int, bool] = {}
        self.numbers: dict[int, int] = {}  # of loops
        self.heads: dict[int, dict[str, Type | None]] = {}
        self.phis: dict[tuple[int, str, Path], str] = {}
        self.scopes: dict[int, tuple[Stmt, Scope, Scope]] = {}
        for parameter in function.parameters:
            fixed = {"starred": Type("tuple"), "double-starred": Type("other")}.get(parameter.kind, UNKNOWN)
            self.state[parameter.name] = signature.get(parameter.name, fixed)
        for name, type in signature.items():
            self.state.setdefault(name, type)
        for type in self.state.values():
            map_dims(type, self._register)
        self.fixed_symbols = set(self.order)

    def run(self) -> Inferred:
        parameters = tuple(replace(one, type=self.state[one.name]) for one in self.function.parameters)
        body, _ = self.block(self.function.body)
        body = self.settled(body, self.scope)
        canonical = tuple(replace(one, type=self.scope.canonical(one.type)) for one in parameters)
        return Inferred(replace(self.function, parameters=canonical, body=body), self.globals_used)

    @staticmethod
    def _look_up(lookup: Lookup) -> Lookup:
        known: dict[str, object] = {}

        def look_up(name: str) -> object:
            if name not in known:
                known[name] = lookup(name)
            return known[name]

        return look_up

    def push(self, stack: str, type: Type) -> None:
        """Lengths other than the arguments' own may differ from push to push."""
        type = replace(type, extent=None, items=None)
        if type.shape is not None and any(
            isinstance(d, Extent) and d.symbol not in self.fixed_symbols for d in type.shape
        ):
            type = UNKNOWN
        old = self.elements.get(stack)
        new = type if old is None or old == type else join_all(self, (old, type)) if type.shape == () else UNKNOWN
        if new != old:
            self.stale = self.stale or stack in self.popped
            self.elements[stack] = new

    # ------------------------------------------------------------ symbols
    def _register(self, dim: Dim, loops: frozenset[int] = frozenset()) -> Dim:
        if isinstance(dim, Extent) and dim.symbol not in self.order:
            self.order[dim.symbol] = len(self.order)
            self.loops_of[dim.symbol] = loops
        return dim

    def _name(self) -> str:
        """The name of a new symbol; one in the signature, a caller's, may look the same."""
        self.count += 1
        while f"#{self.count}" in self.order:
            self.count += 1
        return f"#{self.count}"

    def fresh(self, not_one: bool = False) -> Extent:
        made = Extent(self._name(), not_one=not_one)
        self._register(made, self.loops)
        return made

    def derived(self, text: str, dims: Iterable[Dim], not_one: bool = False) -> Extent:
        if len(text) > LONGEST:
            return self.fresh(not_one)
        made = Extent(text, not_one=not_one)
        self._register(made, frozenset().union(*map(self.loops_around, dims)))
        return made

    def loops_around(self, dim: Dim) -> frozenset[int]:
        return self.loops_of.get(dim.symbol, frozenset()) if isinstance(dim, Extent) else frozenset()

    def prove(self, a: Dim, b: Dim) -> None:
        # A symbol of an inner loop is here only the one of its last turn; max(a - 1, 0) == max(b - 1, 0) proves nothing.
        loops = self.scope.loops
        usable = all(isinstance(dim, int) or (not dim.less and self.loops_around(dim) <= loops) for dim in (a, b))
        if usable and self.scope.open:
            for dim in (a, b):
                self._register(dim)
            self.scope.unite(a, b, self.order)

    # ------------------------------------------------------------ expressions
    def typed(self, expr: Expr) -> Expr:
        """The expression with the present types on its names."""
        return bottom_up(expr, self._with_type)

    def _with_type(self, expr: Expr) -> Expr:
        if isinstance(expr, Name):
            return replace(expr, type=self.scope.canonical(self.state.get(expr.id, UNKNOWN)))
        if isinstance(expr, Global):
            found = self.typer.global_type(replace(expr, type=UNKNOWN))
            self._note(expr, found)
            return replace(expr, type=found)
        if isinstance(expr, Attribute):
            found_object = self.typer.global_type(expr)
            self._note(expr, found_object)
        return expr

    def _note(self, expr: Expr, type: Type) -> None:
        """Remember what was used of a global; constants of NumPy and ``math`` are not rebound."""
        if type == UNKNOWN or (type.kind == "other" and (type.dtype is None or is_module(type))):
            return
        owner = self.typer.object_of(expr.value) if isinstance(expr, Attribute) else None
        if getattr(owner, "__name__", None) not in ("numpy", "math"):
            self.globals_used[dotted(expr)] = type
            map_dims(type, self._register)

    def evaluated(self, expr: Expr) -> Type:
        type = self.typer.type_of(expr)
        if self.lists and _has_effects(expr):
            self.forget_lists()
        return type

    def forget_lists(self) -> None:
        for name in self.lists:
            self.state[name] = _without_items(self.state[name])
        self.forgotten += len(self.lists)
        self.lists.clear()

    def forget_shapes(self) -> None:
        """After ``x.shape = ...``, which every other name of the array sees."""
        for name, type in self.state.items():
            if type.kind in ("array", "numpy", "tuple", "list"):
                self.state[name] = Type("array") if type.kind == "array" else UNKNOWN
        self.forgotten += 1

    # ------------------------------------------------------------ statements
    def block(self, block: Block) -> tuple[Block, bool]:
        """The block with types, and whether its end can be reached."""
        result: list[Stmt] = []
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
                case _:
                    done = self.simple(stmt)
                    alive = not isinstance(stmt, (Break, Raise, Return))
            result.append(done)
            if isinstance(stmt, Break):
                self.breaks[-1].append(dict(self.state))
            if self.scope.open and self.may_leave(stmt):
                self.scope.open = False
        return tuple(result), alive

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
        outer = self.scope
        self.scope = scope = Scope(outer, self.loops)
        done, alive = self.block(block)
        self.scope = outer
        return done, alive, scope

    def simple(self, stmt: Stmt) -> Stmt:
        if isinstance(stmt, Augment):
            return self.augment(stmt)
        if isinstance(stmt, Assign):
            value = self.typed(stmt.value)
            type = self.evaluated(value)
            return replace(stmt, target=self.bind(stmt.target, type), value=value)
        if isinstance(stmt, Pop):
            stack = self.typed(stmt.stack)
            assert isinstance(stack, Name)
            self.popped.add(stack.id)
            target = self.bind(stmt.target, self.elements.get(stack.id, UNKNOWN))
            return replace(stmt, target=target, stack=stack)  # type: ignore[arg-type]
        done = map_statement(stmt, self.typed)
        for expr in expressions(done):
            self.evaluated(expr)
        if isinstance(stmt, Push) and stmt.stack.id in self.stacks:
            assert isinstance(done, Push)
            self.push(stmt.stack.id, self.typer.type_of(done.value))
        if isinstance(stmt, Push):
            self.forget_lists()
        return done

    def bind(self, target: Target, type: Type) -> Target:
        """Assign a value of a type; the target with types."""
        if isinstance(target, Name):
            (self.lists.add if _holds_lists(type) else self.lists.discard)(target.id)
            self.state[target.id] = type
            return replace(target, type=self.scope.canonical(type))
        if isinstance(target, Tuple):
            parts = self.unpacked(type, len(target.items))
            bound = tuple(self.bind(item, part) for item, part in zip(target.items, parts, strict=True))  # type: ignore[arg-type]
            return Tuple(bound)
        done = self.typed(target)
        if isinstance(done, Attribute):
            self.forget_shapes()
            self.forget_lists()
        elif isinstance(done, Subscript):
            self.written(self.typer.type_of(done.value), done, type)
        return done  # type: ignore[return-value]

    def unpacked(self, type: Type, count: int) -> tuple[Type, ...]:
        if type.kind in ("tuple", "list") and type.items is not None and len(type.items) == count:
            return type.items
        return (self.element(type),) * count

    def element(self, type: Type) -> Type:
        """What iterating over a value gives."""
        if type.kind == "other" and type.shape is not None:
            return PYTHON_INT
        if type.kind == "array" and type.shape:
            return Type("array" if type.rank != 1 else "scalar", type.dtype, type.shape[1:])
        if type.kind == "tuple" and type.dtype == "int64":
            return PYTHON_INT
        if type.kind in ("tuple", "list") and type.items:
            return join_all(self, type.items)
        return UNKNOWN

    def written(self, base: Type, place: Expr, value: Type) -> None:
        """A write into a place: a value can be stretched to it, and not the other way round."""
        if base.kind != "array":
            self.forget_lists()
        if base.kind == "array" and isinstance(place, Subscript):
            self.fits(subscript(self, base, place.index, self.typer.type_of), value)

    def fits(self, place: Type, value: Type) -> None:
        if place.shape is None or value.shape is None or not is_numeric(value):
            return
        for wide, dim in zip(reversed(place.shape), reversed(value.shape), strict=False):
            if not same(wide, dim) and (not_one(dim) or wide == 1):
                self.prove(wide, dim)

    def augment(self, stmt: Augment) -> Stmt:
        value = self.typed(stmt.value)
        given = self.evaluated(value)
        target = self.typed(stmt.target)
        old = self.typer.type_of(target)
        if isinstance(target, Name):
            if old.kind == "array":
                if stmt.op != "matmul":
                    self.fits(old, given)
                new = old
            else:
                operands = (Operand(target, old), Operand(value, given))
                new = transfer(Operation(self, stmt.op, operands, {}, "operator"), None)
                if old.is_immutable_scalar:  # nothing is changed in place
                    whole = Apply(stmt.op, (target, value), spelling=AUGMENTED)
                    return Assign(self.bind(target, new), whole, stmt.span, stmt.comments, stmt.ours)
                if old.kind not in ("python", "scalar"):
                    new = (
                        join_all(self, (new, old)) if old.kind in ("numpy", "unknown") and is_numeric(old) else UNKNOWN
                    )
            return replace(stmt, target=self.bind(target, new), value=value)  # type: ignore[arg-type]
        if isinstance(target, Subscript):
            base = self.typer.type_of(target.value)
            if base.kind != "array":
                self.forget_lists()
            elif stmt.op != "matmul":
                self.fits(old, given)
        else:
            self.forget_shapes()
            self.forget_lists()
        return replace(stmt, target=target, value=value)  # type: ignore[arg-type]

    # ------------------------------------------------------------ branches
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

    def capture(self, names: Iterable[str]) -> dict[str, Type | None]:
        return {name: self.state.get(name) for name in names}

    def restore(self, saved: Mapping[str, Type | None]) -> None:
        for name, type in saved.items():
            if type is None:
                self.state.pop(name, None)
                self.lists.discard(name)
            else:
                self.state[name] = type
                if _holds_lists(type):
                    self.lists.add(name)

    def meet(self, ways: list[dict[str, Type | None]]) -> None:
        """Join the states of the ways that lead here; a variable that one way leaves unbound is read on none of it."""
        result = ways[0]
        for way in ways[1:]:
            dims = fresh_joins(self)
            result = {name: self.joined(result[name], way[name], dims) for name in result}
        self.restore(result)

    @staticmethod
    def joined(a: Type | None, b: Type | None, dims: JoinDims) -> Type | None:
        if a is None or b is None:
            return b if a is None else a
        return join(a, b, dims)

    def branch(self, stmt: If) -> tuple[Stmt, bool]:
        test = self.typed(stmt.test)
        self.evaluated(test)
        outcome = self.typer.decided(test)
        names = sorted(self.assigned(stmt))
        before, forgotten = self.capture(names), self.forgotten
        ways = []
        body, alive, body_scope = self.inner(stmt.body)
        if alive and outcome is not False:
            ways.append(self.capture(names))
        if self.forgotten > forgotten:
            before = {name: type and _without_items(type) for name, type in before.items()}
        self.restore(before)
        orelse, alive, orelse_scope = self.inner(stmt.orelse)
        if alive and outcome is not True:
            ways.append(self.capture(names))
        if ways:
            self.meet(ways)
        done = replace(stmt, test=test, body=body, orelse=orelse)
        self.scopes[id(done)] = (done, body_scope, orelse_scope)
        return done, bool(ways)

    # ------------------------------------------------------------ loops
    def loop(self, stmt: For | While) -> tuple[Stmt, bool]:
        number = self.numbers.setdefault(id(stmt), len(self.numbers))
        names = sorted(self.assigned(stmt))
        source = UNKNOWN
        if isinstance(stmt, For):
            stmt = replace(stmt, iterable=self.typed(stmt.iterable))
            source = self.evaluated(stmt.iterable)
        head = {name: type for name, type in self.capture(names).items()}
        for name, type in self.heads.get(number, {}).items():
            head[name] = self.at_head(number, name, head[name], type)
        outer, self.loops = self.loops, self.loops | {number}
        for left in reversed(range(ROUNDS)):
            if not left:
                head = dict.fromkeys(names, UNKNOWN)
            done, again, exits, scope = self.turn(stmt, number, names, head, source)
            if again == head and not self._list_forgotten:
                break
            head = again
        self.loops = outer
        self.heads[number] = head
        self.restore(self.after_loop(number, head))
        endless = isinstance(stmt, While) and self.typer.decided(done.test) is True  # type: ignore[union-attr]
        orelse, alive, orelse_scope = self.inner(stmt.orelse)
        ways = ([self.capture(names)] if alive and not endless else []) + [
            self.after_loop(number, way) for way in exits
        ]
        if ways:
            self.meet(ways)
        done = replace(done, orelse=orelse)
        self.scopes[id(done)] = (done, scope, orelse_scope)
        return done, bool(ways)

    def turn(
        self, stmt: For | While, number: int, names: list[str], head: dict[str, Type | None], source: Type
    ) -> tuple[For | While, dict[str, Type | None], list[dict[str, Type | None]], Scope]:
        """One round through the body: the statement with types, the head that follows, and the states at breaks."""
        self.restore(head)
        forgotten = self.forgotten
        changes: dict[str, Expr | Block]
        if isinstance(stmt, For):
            changes = {"target": self.bind(stmt.target, self.element(source))}
        else:
            changes = {"test": self.test(stmt.test)}
        self.breaks.append([])
        body, alive, scope = self.inner(stmt.body)
        again = head
        if alive:
            again = {name: self.at_head(number, name, head[name], self.state.get(name)) for name in names}
        exits = [{name: way.get(name) for name in names} for way in self.breaks.pop()]
        self._list_forgotten = self.forgotten > forgotten
        return replace(stmt, body=body, **changes), again, exits, scope  # type: ignore[arg-type]

    def test(self, test: Expr) -> Expr:
        """The test of a ``while``, which is read once more than the body: it proves nothing."""
        outer = self.scope
        self.scope = Scope(outer, self.loops, open=False)
        test = self.typed(test)
        self.evaluated(test)
        self.scope = outer
        return test

    def at_head(self, number: int, name: str, head: Type | None, back: Type | None) -> Type | None:
        """The type at the head of a loop, from that so far and the one at the end of a turn.

        Symbols of the loop do not outlive their turn: the head has symbols of its own.
        """
        if back is None:
            return head

        def dims(a: Dim, b: Dim, path: Path) -> Dim:
            if same(a, b) and number not in self.loops_around(b):
                return weaker(a, b)
            symbol = self.phis.get((number, name, path))
            if symbol is None:
                symbol = self.phis[number, name, path] = self._name()
                self._register(Extent(symbol), self.loops | {number})
            return Extent(symbol, not_one=not_one(a) and not_one(b))

        joined = join(back if head is None else head, back, dims)
        return joined if self.stays(joined, number) else without_extents(joined)

    def after_loop(self, number: int, state: dict[str, Type | None]) -> dict[str, Type | None]:
        """A state that leaves the loop: what its symbols are in the end gets new symbols."""
        known: dict[str, str] = {}

        def renamed(dim: Dim) -> Dim:
            if number not in self.loops_around(dim):
                return dim
            assert isinstance(dim, Extent)
            if dim.symbol not in known:
                known[dim.symbol] = self.fresh().symbol
            return replace(dim, symbol=known[dim.symbol])

        return {name: type and map_dims(type, renamed) for name, type in state.items()}

    def stays(self, type: Type, number: int) -> bool:
        """No Python int of the type is said to equal a length of the loop's last turn."""
        if type.extent is not None and number in self.loops_around(type.extent):
            return False
        return all(self.stays(item, number) for item in type.items or ())

    # ------------------------------------------------------------ proofs
    def settled(self, block: Block, scope: Scope) -> Block:
        """The block with every length in canonical form, by all that its scope proved."""
        scope.settle(self.order)
        known: dict[int, tuple[Type, Type]] = {}

        def canonical(type: Type) -> Type:
            if id(type) not in known:
                known[id(type)] = (type, scope.canonical(type))
            return known[id(type)][1]

        def change(expr: Expr) -> Expr:
            return replace(expr, type=canonical(expr.type)) if isinstance(expr, (Name, Global)) else expr

        result: list[Stmt] = []
        nothing = scope.knows_nothing()
        for stmt in block:
            done = stmt if nothing else map_statement(stmt, lambda expr: bottom_up(expr, change))
            if isinstance(stmt, (If, For, While)) and isinstance(done, (If, For, While)):
                if id(stmt) in self.scopes:  # not so in code that is never reached
                    _, body, orelse = self.scopes[id(stmt)]
                    done = replace(done, body=self.settled(stmt.body, body), orelse=self.settled(stmt.orelse, orelse))
            result.append(done)
        return tuple(result)


# ---------------------------------------------------------------- lists
def _holds_lists(type: Type) -> bool:
    """Whether something is known of the items of a list, which a call may change."""
    if type.kind == "list":
        return type.items is not None
    return type.kind == "tuple" and any(map(_holds_lists, type.items or ()))


def _without_items(type: Type) -> Type:
    if type.kind == "list":
        return Type("list")
    if type.kind == "tuple" and type.items is not None:
        return replace(type, items=tuple(map(_without_items, type.items)))
    return type


def _has_effects(expr: Expr) -> bool:
    from backprose.ir.nodes import children

    if isinstance(expr, (Call, Verbatim)):
        return True
    return any(map(_has_effects, children(expr)))
