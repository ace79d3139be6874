"""A tangent function for several directions at once: one in each row of what it is given, and of what it returns.

Every tangent gets one axis more, in front. That is worked out from the number of axes alone, which is known of every
value beforehand: arithmetic broadcasts from the last axis on, so the axis in front goes along where a tangent has as
many axes as what it meets, and gets axes of length 1 behind it where it has fewer. Indices, sums and products of
matrices get their axis shifted. Whatever is not in this list, and every value with an unknown number of axes, has no
such form: None, and the directions are gone through in a loop.

A number that the program reads out of an array is an array here, which may be a part of another one. So it is copied
where arrays are written, and an update of a number is an assignment.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from backprose.analyse.expressions import type_of
from backprose.ir.nodes import (
    AUGMENTED,
    Apply,
    Assign,
    Augment,
    Block,
    Const,
    Expr,
    For,
    Function,
    If,
    List,
    Name,
    Return,
    Slice,
    Stmt,
    Subscript,
    Target,
    Tuple,
    While,
)
from backprose.ir.types import Extent, Type
from backprose.ir.walk import bound, reads, rebinds, statement_reads, statements, writes

BY_ELEMENT = frozenset({"add", "subtract", "multiply", "divide", "negative", "positive", "where"})
UPDATES = frozenset({"add", "subtract", "multiply", "divide"})
ALL = Slice(None, None, None)


class OneByOneError(Exception):
    """The directions have to be gone through one by one."""


def in_rows(tangent: Function, dots: Mapping[str, str]) -> tuple[Function, int] | None:
    """The tangent function for directions in rows, and the number of axes of its result, the first one left out.

    ``dots``: its parameters for tangents, by those that they belong to. None where that is not known to be right.

    >>> from backprose.emit import emit
    >>> from backprose.ir.nodes import Parameter, Program
    >>> line, number = Type("array", "float64", (Extent("n"),)), Type("array", "float64", (Extent("m"),))
    >>> x, x_dot, w = Name("x", line), Name("x_dot", line), Name("w", number)
    >>> s_dot = Name("s_dot", Type("scalar", shape=()))
    >>> parameters = tuple(Parameter(one.id, type=one.type) for one in (x, w, x_dot))
    >>> last = Return(Apply("multiply", (w, s_dot)))
    >>> body = Assign(s_dot, Subscript(x_dot, Const(0))), last
    >>> function, rank = in_rows(Function("scaled_tangent", parameters, body, None), {"x": "x_dot"})
    >>> print(emit(Program((function,))).text, end="")
    # x_dot: a direction in each row
    def scaled_tangent(x, w, x_dot):
        s_dot = x_dot[:, 0]
        return w * s_dot[:, None]
    >>> rank
    1
    """
    types = {one.name: one.type for one in tangent.parameters}
    ranks: dict[str, int] = {}
    for own, dot in dots.items():
        rank = types[own].rank
        if types[own].kind != "array" or rank is None:
            return None
        ranks[dot] = rank
    rows = _Rows(ranks, next(iter(dots.values())), double=all(types[own].dtype == "float64" for own in dots))
    try:
        body = rows.done(tangent.body)
    except OneByOneError:
        return None
    parameters = tuple(replace(one, type=Type()) if one.name in ranks else one for one in tangent.parameters)
    header = (*tangent.header, *(f"# {dot}: a direction in each row" for dot in dots.values()))
    assert rows.result is not None
    return replace(tangent, parameters=parameters, body=body, header=header), rows.result


class _Rows:
    """One program. ``ranks``: the variables with a row for each direction, and their number of axes without it;
    ``double``: the directions are of ``float64``, as zeros are that a sum begins with."""

    def __init__(self, ranks: dict[str, int], first: str, *, double: bool) -> None:
        self.ranks, self.first, self.double = ranks, Name(first), double
        self.writes = False
        self.result: int | None = None

    def done(self, body: Block) -> Block:
        if [one for one in statements(body) if isinstance(one, Return)] != [*body[-1:]]:
            raise OneByOneError
        while self.grown(body):
            pass
        self.writes = any(map(self.changes_array, statements(body)))
        return self.block(body)

    # ------------------------------------------------------------ which variables
    def grown(self, body: Block) -> bool:
        """Whether a variable was found that has to have rows, because something with rows is put into it."""
        before = len(self.ranks)
        for stmt in statements(body):
            if isinstance(stmt, Assign | Augment) and self.has_rows(stmt.value):
                owner = owner_of(stmt.target)
                if isinstance(owner, Name) and owner.id not in self.ranks:
                    rank = self.rank_of(owner)
                    if rank == 0 and not owner.type.is_immutable_scalar:  # an array without axes may be written
                        raise OneByOneError
                    self.ranks[owner.id] = rank
                elif isinstance(owner, Tuple):
                    for name in owner.items:
                        if not isinstance(name, Name):
                            raise OneByOneError
                        self.ranks.setdefault(name.id, 0)
        return len(self.ranks) > before

    def has_rows(self, expr: Expr) -> bool:
        return not reads(expr).isdisjoint(self.ranks)

    @staticmethod
    def rank_of(expr: Expr) -> int:
        known = type_of(expr)
        if known.rank is None or not (known.is_number or known.is_immutable_scalar):
            raise OneByOneError
        return known.rank

    def changes_array(self, stmt: Stmt) -> bool:
        if not isinstance(stmt, Assign | Augment):
            return False
        owner = owner_of(stmt.target)
        if not isinstance(owner, Name) or owner.id not in self.ranks:
            return False
        return isinstance(stmt.target, Subscript) or (isinstance(stmt, Augment) and self.ranks[owner.id] > 0)

    # ------------------------------------------------------------ statements
    def block(self, block: Block) -> Block:
        return tuple(self.statement(stmt) for stmt in block)

    def statement(self, stmt: Stmt) -> Stmt:
        touched = statement_reads(stmt) | set(rebinds(stmt)) | set(writes(stmt))
        match stmt:
            case Return(value=value) if value is not None:
                made, self.result = self.rows(value)
                return replace(stmt, value=made)
            case Assign(spelling="") if touched & self.ranks.keys():
                return self.assigned(stmt)
            case Augment() if touched & self.ranks.keys():
                return self.updated(stmt)
            case If() | For() | While() if type(stmt) in (If, For, While) and not touched & self.ranks.keys():
                return replace(stmt, body=self.block(stmt.body), orelse=self.block(stmt.orelse))
            case _ if not touched & self.ranks.keys() and not isinstance(stmt, If | For | While):
                return stmt
        raise OneByOneError

    def assigned(self, stmt: Assign) -> Stmt:
        match stmt.target:
            case Name() as name:
                value, rank = self.started(name, stmt.value)
                if rank != self.ranks.get(name.id):
                    raise OneByOneError
                if self.writes and rank == 0 and isinstance(value, Subscript):
                    value = Apply("copy", (value,))
                return replace(stmt, target=self.named(name), value=value)
            case Tuple(items=items) if not self.writes:
                value, rank = self.rows(stmt.value)
                if rank != 1 or any(self.ranks.get(name, -1) != 0 for item in items for name in bound(item)):
                    raise OneByOneError
                turned = Apply("transpose", (value,), (), "attribute:T")
                return replace(stmt, target=Tuple(tuple(self.named(item) for item in items)), value=turned)
            case Subscript():
                return replace(stmt, **self.written(stmt))
        raise OneByOneError

    def updated(self, stmt: Augment) -> Stmt:
        if stmt.op not in UPDATES:
            raise OneByOneError
        match stmt.target:
            case Name() as name if self.ranks.get(name.id) == 0:
                value, rank = self.rows(Apply(stmt.op, (name, stmt.value)))
                if rank:
                    raise OneByOneError
                return Assign(self.named(name), value, stmt.span, stmt.comments, stmt.ours)
            case Name() as name if name.id in self.ranks:
                return replace(stmt, target=self.named(name), value=self.fitted(stmt.value, self.ranks[name.id]))
            case Subscript():
                return replace(stmt, **self.written(stmt))
        raise OneByOneError

    def written(self, stmt: Assign | Augment) -> dict[str, Any]:
        """The target and the value of a statement that writes into an array."""
        assert isinstance(stmt.target, Subscript)
        target, rank = self.rows(stmt.target)
        return {"target": target, "value": self.fitted(stmt.value, rank)}

    def fitted(self, expr: Expr, rank: int) -> Expr:
        """What goes into a place with so many axes."""
        if not self.has_rows(expr):
            if self.rank_of(expr) > rank:
                raise OneByOneError
            return expr
        made, own = self.rows(expr)
        return self.stretched(made, own, rank)

    def started(self, name: Name, value: Expr) -> tuple[Expr, int]:
        """The value of an assignment: zeros, where something with rows is added to them later."""
        if self.has_rows(value):
            return self.rows(value)
        rank = self.ranks.get(name.id)
        length = Apply("len", (self.first,))
        match value:
            case _ if not self.double:
                pass
            case Const(value=int() | float() as number) if rank == 0 and type(number) is not bool and number == 0:
                return Apply("zeros", (length,)), 0
            case Apply(op="zeros_like", args=(like,), keywords=()) if rank and not self.has_rows(like):
                known = type_of(like)
                if known.kind == "array" and known.dtype == "float64" and known.rank == rank:
                    shape = Apply("add", (Tuple((length,)), Apply("shape", (like,))))
                    return Apply("zeros", (shape,)), rank
        raise OneByOneError

    def named(self, target: Expr) -> Name:
        """The variable, with what is known of it."""
        if not isinstance(target, Name):
            raise OneByOneError
        shape = tuple(Extent(f"{target.id}.{axis}") for axis in range(self.ranks[target.id] + 1))
        return replace(target, type=Type("array", target.type.dtype, shape))

    # ------------------------------------------------------------ expressions
    def rows(self, expr: Expr) -> tuple[Expr, int]:
        """The expression with a row for each direction, and its number of axes without that one."""
        match expr:
            case Name(id=name) if name in self.ranks:
                return self.named(expr), self.ranks[name]
            case Subscript(value=value, index=index) if self.has_rows(value) and not self.has_rows(index):
                made, rank = self.rows(value)
                items = index.items if isinstance(index, Tuple) else (index,)
                left = self.left_by(items, rank)
                if not items or left < 0:
                    raise OneByOneError
                return Subscript(made, Tuple((ALL, *items))), left
            case Apply(op="copy", args=(value,), keywords=()):
                made, rank = self.rows(value)
                return replace(expr, args=(made,)), rank
            case Apply(op=op, args=args, keywords=()) if op in BY_ELEMENT:
                if op == "where" and (len(args) != 3 or self.has_rows(args[0])):
                    raise OneByOneError
                return self.by_element(expr)
            case Apply(op="sum", args=(value,), keywords=keywords):
                return self.summed(expr, value, dict(keywords))
            case Apply(op="matmul", args=(a, b), keywords=()):
                return self.product(expr, a, b)
            case Apply(op="concatenate", args=(List(items=items),), keywords=keywords):
                return self.joined(expr, items, dict(keywords))
            case Apply(op="array", args=(List(items=items),), keywords=()):
                together, rank = self.all_rows(items)
                return Apply("stack", (List(together),), (("axis", Const(1)),)), rank + 1
        raise OneByOneError

    def left_by(self, items: tuple[Expr, ...], rank: int) -> int:
        """How many axes an index leaves."""
        for item in items:
            match item:
                case Slice():
                    continue
                case Const(value=None):
                    rank += 1
                case Const(value=value) if value is ...:
                    continue
                case Const(value=int() as value) if type(value) is int:
                    rank -= 1
                case _:
                    known = type_of(item)
                    if known.dtype is None or not known.dtype.startswith(("int", "uint")):
                        raise OneByOneError
                    if known.kind in ("python", "scalar"):
                        rank -= 1
                    elif known.kind == "array" and known.rank and len(items) == 1:
                        rank += known.rank - 1
                    else:
                        raise OneByOneError
        return rank

    def by_element(self, expr: Apply) -> tuple[Expr, int]:
        parts = [self.rows(one) if self.has_rows(one) else (one, self.rank_of(one)) for one in expr.args]
        rank = max(own for _, own in parts)
        args = [
            self.stretched(made, own, rank) if self.has_rows(one) else made
            for one, (made, own) in zip(expr.args, parts, strict=True)
        ]
        spelling = "" if expr.spelling == AUGMENTED else expr.spelling  # an update of a number is an assignment
        return replace(expr, args=tuple(args), spelling=spelling), rank

    @staticmethod
    def stretched(expr: Expr, own: int, rank: int) -> Expr:
        """With axes of length 1 behind the first one, so that it is broadcast as it would be without that."""
        if own > rank:
            raise OneByOneError
        return expr if own == rank else Subscript(expr, Tuple((ALL, *[Const(None)] * (rank - own))))

    def summed(self, expr: Apply, value: Expr, keywords: dict[str, Expr]) -> tuple[Expr, int]:
        made, rank = self.rows(value)
        if keywords.keys() - {"axis"} or not rank:
            raise OneByOneError
        axis = keywords.get("axis", Const(None))
        match axis:
            case Const(value=None):
                axes = tuple(Const(k) for k in range(1, rank + 1))
                along: Expr = axes[0] if rank == 1 else Tuple(axes)
                return Apply("sum", (made,), (("axis", along),)), 0
            case Const(value=int() as number) if type(number) is int and -rank <= number < rank:
                along = Const(number + 1 if number >= 0 else number)
                return replace(expr, args=(made,), keywords=(("axis", along),)), rank - 1
        raise OneByOneError

    def product(self, expr: Apply, a: Expr, b: Expr) -> tuple[Expr, int]:
        if self.has_rows(a) and self.has_rows(b):
            raise OneByOneError
        if self.has_rows(a):
            (made, left), right = self.rows(a), self.rank_of(b)
            if (left, right) not in ((1, 1), (1, 2), (2, 1), (2, 2)):
                raise OneByOneError
            return replace(expr, args=(made, b)), left + right - 2
        left, (made, right) = self.rank_of(a), self.rows(b)
        match left, right:
            case 1, 1:
                return replace(expr, args=(made, a)), 0
            case 2, 1:
                return replace(expr, args=(made, Apply("transpose", (a,), (), "attribute:T"))), 1
            case ((1 | 2), 2):
                return replace(expr, args=(a, made)), left + right - 2
        raise OneByOneError

    def joined(self, expr: Apply, items: tuple[Expr, ...], keywords: dict[str, Expr]) -> tuple[Expr, int]:
        made, rank = self.all_rows(items)
        axis = keywords.get("axis", Const(0))
        if keywords.keys() - {"axis"} or not isinstance(axis, Const) or type(axis.value) is not int:
            raise OneByOneError
        if not -rank <= axis.value < rank:
            raise OneByOneError
        along = Const(axis.value + 1 if axis.value >= 0 else axis.value)
        return replace(expr, args=(List(made),), keywords=(("axis", along),)), rank

    def all_rows(self, items: tuple[Expr, ...]) -> tuple[tuple[Expr, ...], int]:
        """Several, each of which has rows, and as many axes as the others."""
        parts = [self.rows(item) for item in items]
        if len({rank for _, rank in parts}) != 1:
            raise OneByOneError
        return tuple(made for made, _ in parts), parts[0][1]


def owner_of(target: Target) -> Expr:
    """The variable that an assignment puts something into."""
    owner: Expr = target
    while isinstance(owner, Subscript):
        owner = owner.value
    return owner
