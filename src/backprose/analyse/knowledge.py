"""The symbols of one program and what is proved of them, block by block."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from backprose.analyse.extents import LONGEST, Scope, Symbols, map_dims
from backprose.ir.nodes import Block, Expr, For, Global, If, Name, Stmt, While
from backprose.ir.types import Dim, Extent, Type
from backprose.ir.walk import bottom_up, map_statement


class Knowledge(Symbols):
    """Makes symbols with names that depend on the program only, and keeps proofs in the scope of the present block."""

    def __init__(self, arguments: Iterable[Type]) -> None:
        self.loops: frozenset[int] = frozenset()  # those around the present statement
        self.scope = Scope()
        self.order: dict[str, int] = {}  # symbols by age
        self.scopes: dict[int, tuple[Stmt, Scope, Scope]] = {}  # of the blocks in a statement, by its id
        self._loops_of: dict[str, frozenset[int]] = {}  # which loops bind a symbol anew
        self._count = 0
        for type in arguments:
            self.introduce(type)
        self.fixed = frozenset(self.order)  # the symbols of the arguments

    # ------------------------------------------------------------ symbols
    def introduce(self, type: Type) -> None:
        """The symbols of a type are the same number in all of the program."""
        map_dims(type, self._register)

    def _register(self, dim: Dim, loops: frozenset[int] = frozenset()) -> Dim:
        if isinstance(dim, Extent) and dim.symbol not in self.order:
            self.order[dim.symbol] = len(self.order)
            self._loops_of[dim.symbol] = loops
        return dim

    def symbol(self, loops: frozenset[int]) -> str:
        """A new symbol, bound anew by ``loops``; one in the signature, a caller's, may have a number too."""
        self._count += 1
        while f"#{self._count}" in self.order:
            self._count += 1
        self._register(Extent(f"#{self._count}"), loops)
        return f"#{self._count}"

    def fresh(self, not_one: bool = False) -> Extent:
        return Extent(self.symbol(self.loops), not_one=not_one)

    def derived(self, text: str, dims: Iterable[Dim], not_one: bool = False) -> Extent:
        if len(text) > LONGEST:
            return self.fresh(not_one)
        made = Extent(text, not_one=not_one)
        self._register(made, frozenset().union(*map(self.loops_of, dims)))
        return made

    def loops_of(self, dim: Dim) -> frozenset[int]:
        return self._loops_of.get(dim.symbol, frozenset()) if isinstance(dim, Extent) else frozenset()

    # ------------------------------------------------------------ proofs
    def prove(self, a: Dim, b: Dim) -> None:
        # Outside its loop a symbol is only that of the last turn; max(a - 1, 0) == max(b - 1, 0) proves nothing.
        loops = self.scope.loops
        if self.scope.open and all(isinstance(d, int) or (not d.less and self.loops_of(d) <= loops) for d in (a, b)):
            for dim in (a, b):
                self._register(dim)
            self.scope.unite(a, b, self.order)

    @contextmanager
    def perhaps(self) -> Iterator[None]:
        """What is evaluated here may not be evaluated when the program runs: it proves nothing."""
        with self.within(Scope(self.scope, self.loops, open=False)):
            yield

    @contextmanager
    def within(self, scope: Scope) -> Iterator[None]:
        outer, self.scope = self.scope, scope
        try:
            yield
        finally:
            self.scope = outer

    def settled(self, block: Block, scope: Scope) -> Block:
        """The block with every length in canonical form, by all that its scope proved."""
        scope.settle(self.order)
        known: dict[int, tuple[Type, Type]] = {}

        def canonical(type: Type) -> Type:
            if id(type) not in known:
                known[id(type)] = (type, scope.canonical(type))
            return known[id(type)][1]

        def change(expr: Expr) -> Expr:
            if not isinstance(expr, (Name, Global)) or (found := canonical(expr.type)) is expr.type:
                return expr
            return replace(expr, type=found)

        result: list[Stmt] = []
        nothing = scope.knows_nothing()
        for stmt in block:
            done = stmt if nothing else map_statement(stmt, lambda expr: bottom_up(expr, change))
            if isinstance(done, (If, For, While)) and id(stmt) in self.scopes:  # not so in code that is never reached
                _, body, orelse = self.scopes[id(stmt)]
                done = replace(done, body=self.settled(done.body, body), orelse=self.settled(done.orelse, orelse))
            result.append(done)
        return tuple(result)
