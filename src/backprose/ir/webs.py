"""Webs: a variable that is bound anew for something else becomes two variables.

A web is a set of bindings of one name that share a reader (Muchnick, 1997, section 16.3.3). A view of ``x`` stays a
view of what ``x`` was when ``x`` is bound anew: with a name for each, the view can be followed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TypeVar, cast

from backprose.ir.names import NameSupply
from backprose.ir.nodes import Assign, Block, Break, Expr, For, Function, If, Name, Stmt, Try, Tuple, Verbatim, While
from backprose.ir.walk import expressions, map_statement, rebinds, rebuild, statement_reads, statements

E = TypeVar("E", bound=Expr)
Binding = tuple[str, int]  # a name and the statement that binds it, 0: the function's beginning
State = dict[str, frozenset[Binding]]


def split_temporaries(function: Function, supply: NameSupply) -> Function:
    """The flat function in which temporaries of statements that were written out more than once are different ones."""
    temporaries = {name for stmt in statements(function.body) for name in rebinds(stmt) if name.startswith("_t")}
    return split_webs(function, temporaries, supply)


def split_webs(function: Function, wanted: Iterable[str], supply: NameSupply) -> Function:
    """The flat function with a name for each web of the ``wanted`` variables; the first web keeps the name.

    >>> from backprose.emit import emit
    >>> from backprose.ir.nodes import Program
    >>> from backprose.lower import lower
    >>> from backprose.parse import parse
    >>> supply = NameSupply(("x", "v"))
    >>> def f(x):
    ...     v = x[0]
    ...     x = v * 2.0
    ...     return x
    >>> print(emit(Program((split_webs(lower(parse(f), supply), ("x",), supply),))).text, end="")
    def f(x):
        v = x[0]
        x_1 = v * 2.0
        return x_1
    """
    bindings: dict[str, int] = {}
    for stmt in statements(function.body):
        for name in rebinds(stmt):
            bindings[name] = bindings.get(name, 0) + 1
    parameters = {parameter.name for parameter in function.parameters}
    often = {name for name in wanted if bindings.get(name, 0) + (name in parameters) > 1}
    verbatim = {name for stmt in statements(function.body) for part in expressions(stmt) for name in _written(part)}
    webs = _Webs(often - verbatim)
    if not webs.wanted:
        return function
    webs.block(function.body, {name: frozenset({(name, 0)}) for name in webs.wanted})
    webs.names(parameters, supply)
    return replace(function, body=webs.renamed(function.body))


@dataclass
class _Webs:
    wanted: set[str]
    parents: dict[Binding, Binding] = field(default_factory=dict)  # of a union-find over the bindings
    used: dict[tuple[int, str], Binding] = field(default_factory=dict)  # one of those that reach a statement
    bound: dict[tuple[int, str], Binding] = field(default_factory=dict)
    chosen: dict[Binding, str] = field(default_factory=dict)
    at_break: list[list[State]] = field(default_factory=list)
    tried: int = 0

    def root(self, binding: Binding) -> Binding:
        while (parent := self.parents.setdefault(binding, binding)) != binding:
            binding = parent
        return binding

    def join(self, bindings: Iterable[Binding]) -> None:
        first, *others = map(self.root, bindings)
        for other in others:
            self.parents[self.root(other)] = self.root(first)

    # ------------------------------------------------------------ which bindings reach what
    def block(self, block: Block, state: State) -> State:
        for stmt in block:
            state = self.statement(stmt, state)
        return state

    def statement(self, stmt: Stmt, state: State) -> State:
        match stmt:
            case If():
                return self.branch(stmt, state)
            case For() | While():
                return self.loop(stmt, state)
            case Break():
                self.at_break[-1].append(state)
                return {}
        self.use(stmt, state)
        return self.bind(stmt, state)

    def use(self, stmt: Stmt, state: State) -> None:
        for name in statement_reads(stmt) & self.wanted & state.keys():
            self.join(state[name])
            self.used[id(stmt), name] = min(state[name])

    def bind(self, stmt: Stmt, state: State) -> State:
        for name in set(rebinds(stmt)) & self.wanted:
            made = (name, id(stmt))
            self.bound[id(stmt), name] = made
            reached = frozenset({made})
            if self.tried or not _is_plain(stmt):  # the old value may stay, or be read by the same name
                reached |= state.get(name, frozenset())
                self.join(reached)
            state = {**state, name: reached}
        return state

    def branch(self, stmt: If, state: State) -> State:
        self.use(stmt, state)
        if isinstance(stmt, Try):
            self.tried += 1
            state = self.bind(stmt, state)
            after = _both(state, self.block(stmt.orelse, state))
            after = _both(after, self.block(stmt.body, after))
            self.tried -= 1
            return after
        return _both(self.block(stmt.body, state), self.block(stmt.orelse, state))

    def loop(self, stmt: For | While, state: State) -> State:
        while True:
            self.use(stmt, state)
            self.at_break.append([])
            inside = self.bind(stmt, state)
            after = _both(state, self.block(stmt.body, inside))
            left = self.at_break.pop()
            if after == state:
                break
            state = after
        state = self.block(stmt.orelse, state)
        for one in left:
            state = _both(state, one)
        return state

    # ------------------------------------------------------------ their names
    def names(self, parameters: set[str], supply: NameSupply) -> None:
        kept = {name for name in self.wanted if name in parameters}
        for name in kept:
            self.chosen[self.root((name, 0))] = name
        for (_, name), binding in self.bound.items():  # in the order of the program
            root = self.root(binding)
            if root not in self.chosen:
                self.chosen[root] = name if name not in kept else _another(name, supply)
                kept.add(name)

    def renamed(self, block: Block) -> Block:
        result: list[Stmt] = []
        for stmt in block:
            old = {name: self.name(self.used.get((id(stmt), name)), name) for name in statement_reads(stmt)}
            new = {name: self.name(self.bound.get((id(stmt), name)), name) for name in rebinds(stmt)}
            made = stmt
            match stmt:
                case Assign(target=target, value=value) if _is_plain(stmt):
                    made = replace(stmt, target=_with_names(target, new), value=_with_names(value, old))
                case For(target=target, iterable=iterable):
                    made = replace(stmt, target=_with_names(target, new), iterable=_with_names(iterable, old))
                case _ if old or new:
                    both = {**old, **new}
                    made = map_statement(stmt, lambda expr, both=both: _with_names(expr, both))  # type: ignore[misc]
            if isinstance(made, (If, For, While)):
                made = replace(made, body=self.renamed(made.body), orelse=self.renamed(made.orelse))
            result.append(made)
        return tuple(result)

    def name(self, binding: Binding | None, name: str) -> str:
        return name if binding is None else self.chosen.get(self.root(binding), name)


def _another(name: str, supply: NameSupply) -> str:
    return supply.temporary().id if name.startswith("_t") else supply.fresh(supply.numbered.get(name, name))


def _is_plain(stmt: Stmt) -> bool:
    """Whether what a statement binds stands apart from what it reads."""
    if isinstance(stmt, For):
        return all(isinstance(one, Name) for one in _items(stmt.target))
    return isinstance(stmt, Assign) and all(isinstance(one, Name) for one in _items(stmt.target))


def _items(target: Expr) -> tuple[Expr, ...]:
    return target.items if isinstance(target, Tuple) else (target,)


def _both(one: State, other: State) -> State:
    return {name: one.get(name, frozenset()) | other.get(name, frozenset()) for name in one.keys() | other.keys()}


def _with_names(expr: E, names: dict[str, str]) -> E:
    """The expression with other names for variables, whose types stay."""
    if isinstance(expr, Name):
        new = names.get(expr.id, expr.id)
        return expr if new == expr.id else cast("E", replace(expr, id=new))
    return cast("E", rebuild(expr, lambda part: _with_names(part, names)))


def _written(expr: Expr) -> set[str]:
    """The names in code that is kept as it was written."""
    if isinstance(expr, Verbatim):
        return set(expr.reads)
    found: set[str] = set()

    def look(part: Expr) -> Expr:
        found.update(_written(part))
        return part

    rebuild(expr, look)
    return found
