"""Sparse matrices that are made in a function, of values that may be differentiated: objects with entries."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from backprose.expand.stars import Stars
from backprose.expand.values import Known, Struct, Value, is_leaf
from backprose.ir.nodes import Const, Name, Stmt
from backprose.ir.walk import names
from backprose.rules.registry import targets_of
from backprose.stand_ins import entries

BY_ROWS = frozenset(["csr_array", "csr_matrix"])
BY_COLS = frozenset(["csc_array", "csc_matrix"])
BY_PLACES = frozenset(["coo_array", "coo_matrix", *BY_ROWS, *BY_COLS])
DIAGONAL: Any = entries.of_diagonal
FACTORS = frozenset(["splu", "factorized"])


class SparseMatrices(Stars):
    """Calls of one function that make sparse matrices, or solve systems with these."""

    def system(self, op: str, args: list[Value], keywords: dict[str, Value], stmt: Stmt, wish: str) -> Value | None:
        """An operation with such a matrix: ``spsolve(A, b)``, ``splu(A)``."""
        made = isinstance(args[0], Struct) and args[0].cls is entries.Entries if args else False
        return self.sparse_matrix(targets_of(op)[0], args, keywords, stmt, wish) if made else None

    def sparse_matrix(
        self, found: Any, args: list[Value], keywords: dict[str, Value], stmt: Stmt, wish: str
    ) -> Value | None:
        """A sparse matrix, or the solution of a system with one; None where the call is none of these."""
        if not args or not str(getattr(found, "__module__", "")).startswith("scipy.sparse"):
            return None
        first, name = args[0], getattr(found, "__name__", "")
        if isinstance(first, Struct) and first.cls is entries.Entries:
            if name == "spsolve" and len(args) == 2 and not keywords:
                return self.method(first, "solve", [args[1]], stmt)
            return first if name in FACTORS and len(args) == 1 and not keywords else None
        if name in ("diags", "diags_array") and len(args) == 1 and not keywords and self.moves(first):
            return self.invoke(Known(DIAGONAL), [first], {}, stmt, wish)
        shape = args[1] if len(args) == 2 else keywords.get("shape", Const(None))
        if name not in BY_PLACES or len(args) > 2 or keywords.keys() - {"shape"} or not isinstance(first, Struct):
            return None
        if first.kind != "tuple" or not self.moves(first.slots.get(0, Const(0))):
            return None
        places = [part for key, part in first.slots.items() if key != 0]
        if len(places) == 1 and isinstance(places[0], Struct):
            maker: Any = entries.of_places
        elif len(places) == 2 and name in BY_ROWS | BY_COLS:
            maker = entries.of_rows if name in BY_ROWS else entries.of_cols
        else:
            return None
        data = first.slots[0]
        if isinstance(data, Struct):
            data = self.array_of(data, stmt)
        made = replace(first, slots={**first.slots, 0: data})
        return self.invoke(Known(maker), [made, shape], {}, stmt, wish)

    def moves(self, data: Value) -> bool:
        """Whether the values of a sparse matrix may be differentiated: they are not made of constants alone."""
        if isinstance(data, Struct):
            return any(map(self.moves, data.slots.values()))
        if not is_leaf(data):
            return False
        if isinstance(data, Name):
            made = self.made_of.get(data.id)
            return data.type.may_be_differentiable if made is None or made == data else self.moves(made)
        return any(self.moves(name) for name in names(data))

    def array_of(self, value: Value, stmt: Stmt) -> Value:
        raise NotImplementedError
