"""Save or recompute: which primal temporaries the backward sweep computes again instead of keeping them.

A temporary is recomputed where its operands still have, at the place of the reader, the values they had when it was
made. Views are always recomputed (they cost nothing); inside loops so is cheap arithmetic, because keeping a value
there costs a list (advice: save the state that a loop carries, recompute its cheap body).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

import numpy as np

from backprose.analyse.types import type_of
from backprose.differentiate.steps import AnyStep, adjoint_names, substitute_in_adjoints
from backprose.ir.nodes import (
    Apply,
    Assign,
    Attribute,
    Augment,
    Block,
    Const,
    Expr,
    Global,
    Name,
    Stmt,
    Subscript,
    Tuple,
    children,
)
from backprose.ir.walk import map_statement, reads, rebinds, rebuild, statements, touches, writes

VIEWS = frozenset({"transpose", "reshape", "ravel", "expand_dims", "squeeze", "swapaxes", "real", "imag"})
CHEAP = VIEWS | {"len", "add", "subtract", "multiply", "divide", "negative", "square", "absolute", "conj"}
MOST_OPERATIONS = 4


@dataclass
class _Frame:
    made: dict[str, tuple[int, Expr]] = field(default_factory=dict)
    changed: dict[str, list[int]] = field(default_factory=dict)
    position: int = 0
    stored: frozenset[str] = frozenset()  # numbers that are written into an array
    ranks: dict[str, int] = field(default_factory=dict)  # of arrays written in place, in a loop: of the smallest part


def operations(expr: Expr) -> int:
    """The arithmetic in an expression; views cost nothing."""
    own = isinstance(expr, Apply) and expr.op not in VIEWS
    return own + sum(map(operations, children(expr)))


def stored_number(stmt: Stmt) -> Name | None:
    """``t`` of ``x[i] = t``, where ``x[i]`` is the same number afterwards."""
    match stmt:
        case Assign(target=Subscript(value=Name() as array, index=index), value=Name(temporary=True) as number):
            items = index.items if isinstance(index, Tuple) else (index,)
            steady = all(isinstance(item, Name) and type_of(item).dtype == "int64" for item in items)
            is_element = array.type.kind == "array" and array.type.rank == len(items) and steady
            if is_element and number.type.is_immutable_scalar and number.type.dtype == array.type.dtype is not None:
                return number
    return None


def ranks_written(block: Block) -> dict[str, int]:
    """The arrays that a block writes into, with the least rank of a part that is written; -1 where it is not known."""
    found: dict[str, int] = {}
    for stmt in statements(block):
        place = stmt.target if isinstance(stmt, Assign | Augment) else None
        rank = None if place is None or isinstance(place, Tuple) else type_of(place).rank
        for name in writes(stmt):
            found[name] = min(found.get(name, 99), -1 if rank is None else rank)
    return found


def is_part(expr: Expr) -> bool:
    """Whether an expression is a variable, or a view or part of one."""
    while isinstance(expr, Subscript) or (isinstance(expr, Apply) and expr.op in VIEWS):
        expr = expr.value if isinstance(expr, Subscript) else expr.args[0]
    return isinstance(expr, Name)


class Recompute:
    """Follows the reverse pass through the blocks of the primal. ``lookup`` gives the present object of a global."""

    def __init__(self, lookup: Callable[[Expr], object]) -> None:
        self.lookup = lookup
        self.frames: list[_Frame] = []
        self.loops = 0
        self.touched: set[str] = set()  # objects that methods change, which nothing puts back
        self.put_off: dict[str, Expr] = {}  # arrays that are kept or computed again, as what else is read has it
        self.kept: set[str] = set()

    def enter(self, block: Block) -> None:
        frame = _Frame()
        for position, stmt in enumerate(block):
            if isinstance(stmt, Assign) and isinstance(stmt.target, Name) and stmt.target.temporary:
                frame.made[stmt.target.id] = (position, stmt.value)
            for inner in statements((stmt,)):
                for name in (*rebinds(inner), *writes(inner)):
                    frame.changed.setdefault(name, []).append(position)
                self.touched |= touches(inner)
        if self.loops:
            frame.stored = frozenset(value.id for stmt in block if (value := stored_number(stmt)) is not None)
            frame.ranks = ranks_written(block)
        self.frames.append(frame)

    def at(self, position: int) -> None:
        self.frames[-1].position = position

    def leave(self) -> None:
        self.frames.pop()

    def made_here(self, name: Name) -> Expr | None:
        """What a temporary holds, if the innermost block makes it and nothing binds it again."""
        frame = self.frames[-1]
        position, made = frame.made.get(name.id, (frame.position, None))
        return made if position < frame.position and len(frame.changed[name.id]) == 1 else None

    def of_same_shape(self, name: Name, written: Collection[str], views_only: bool) -> Expr:
        """What is there anyway and has the shape of a temporary: a part of an array that nothing writes into.

        ``views_only``: numbers may be complex, and what is not complex has another kind of adjoint.
        """
        for depth, frame in enumerate(self.frames):
            if name.id not in frame.made:
                continue
            position, made = frame.made[name.id]
            if position > frame.position or len(frame.changed[name.id]) != 1:
                break
            match made:
                case Subscript(value=Name() as array) if array.id not in written and not array.temporary:
                    steady = not any(self._changed(source, depth, position) for source in reads(made))
                    return made if steady else name
                case Apply(op="add" | "subtract" | "multiply" | "divide", args=(one, other), keywords=()):
                    for operand, number in ((one, other), (other, one)):
                        is_number = isinstance(number, Const) or type_of(number).shape == ()
                        if is_number and isinstance(operand, Name) and operand.temporary and not views_only:
                            found = self.of_same_shape(operand, written, views_only)
                            return name if found is operand else found
            break
        return name

    def statement(self, stmt: Stmt) -> Stmt:
        return map_statement(stmt, self.expression)

    def expression(self, expr: Expr) -> Expr:
        if isinstance(expr, Name):
            return self.value(expr) or expr
        return rebuild(expr, self.expression)

    def value(self, name: Name) -> Expr | None:
        """What to write instead of a temporary's name, or None: keep it, or decide when all is known (``settle``)."""
        whole = self._value(name)
        if whole is None:
            self.kept.add(name.id)
        elif self._costs_saves(name, whole):
            self.put_off[name.id] = whole
            return None
        return whole

    def _value(self, name: Name) -> Expr | None:
        for depth, frame in enumerate(self.frames):
            if name.id in frame.made:
                position, made = frame.made[name.id]
                if name.id in frame.stored or not self._cheap(made) or position > frame.position:
                    return None
                whole = self._whole(made)
                if len(frame.changed[name.id]) != 1 or operations(whole) > MOST_OPERATIONS:
                    return None
                if any(source in self.touched or self._changed(source, depth, position) for source in reads(made)):
                    return None
                return whole
        return None

    def _whole(self, expr: Expr) -> Expr:
        if isinstance(expr, Name):
            return self._value(expr) or expr
        return rebuild(expr, self._whole)

    def _costs_saves(self, name: Name, whole: Expr) -> bool:
        """Whether an array would be computed from arrays that the loop overwrites, in parts as large as it is: these
        would have to be saved, and put back, which takes as much storage and more time."""
        rank = name.type.rank
        if not self.loops or not rank or is_part(whole):
            return False
        ranks = [frame.ranks[source] for frame in self.frames for source in reads(whole) if source in frame.ranks]
        return bool(ranks) and min(ranks) >= rank

    def settle(self, steps: list[AnyStep]) -> None:
        """Decides for the arrays that were put off: they are computed again where what they are made from is read by
        other adjoints, too, and kept where it would be saved for them alone."""
        put_off = {name: whole for name, whole in self.put_off.items() if name not in self.kept}
        read: set[str] = set()  # up to here: what is read later does not have to be put back for it
        for step in steps if put_off else ():
            here = adjoint_names(step)
            read |= here
            written = {name for stmt in statements((step.stmt,)) for name in writes(stmt)}
            again = {name: put_off[name] for name in here & put_off.keys() if reads(put_off[name]) & written <= read}
            substitute_in_adjoints([step], again)

    def _changed(self, name: str, depth: int, since: int) -> bool:
        for frame in self.frames[depth:]:
            changes = frame.changed.get(name, [])
            start = bisect_right(changes, since) if frame is self.frames[depth] else 0
            if start < len(changes) and changes[start] <= frame.position:
                return True
        return False

    def _cheap(self, value: Expr) -> bool:
        if isinstance(value, Subscript):
            outside = isinstance(value.value, Global | Attribute)  # another item may be there when a pullback is called
            return not outside or isinstance(self.lookup(value.value), np.ndarray | tuple)
        if isinstance(value, Apply):
            power = value.op == "power" and type_of(value).is_immutable_scalar
            return value.op in (CHEAP if self.loops else VIEWS) or (power and self.loops > 0)
        return False
